"""A school leaves: whatever it wrote or shared in the network goes with it, at once."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction

from cpdhub.models.base import NotPossible
from networks.models import Membership, NetworkModel


def shared_models() -> list[type[NetworkModel]]:
    """Every kind of row that one school writes in a network."""
    return [model for model in apps.get_models() if issubclass(model, NetworkModel)]


@transaction.atomic
def leave(membership: Membership) -> None:
    """Somebody leads what is left, what the school shared is gone, and then it is out."""
    if not membership.is_member:
        raise NotPossible("Your school is not in this network any more.")
    others = Membership.objects.members().filter(network=membership.network_id)
    others = others.exclude(pk=membership.pk)
    if membership.is_lead and not others.filter(is_lead=True).exists():
        oldest = others.order_by("since", "pk").first()
        if oldest is not None:
            membership.hand_on_lead(oldest)
    heir = others.order_by("-is_lead", "since", "pk").values_list("school", flat=True).first()
    for model in shared_models():
        model.taken_away(membership.network_id, membership.school_id, heir)
    membership.leave()
