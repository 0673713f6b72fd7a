"""A school leaves, or shows less: what it wrote or shared in the network is gone at once."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction

from cpdhub.models.base import NotPossible
from networks import publishing
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
    publishing.withdraw(membership)
    for model in shared_models():
        model.objects.filter(network=membership.network_id, school=membership.school_id).delete()
    membership.leave()


LESS = {Membership.Figures.NAME: 2, Membership.Figures.TOTALS: 1, Membership.Figures.NOTHING: 0}


def share_figures(membership: Membership, *, before: str) -> int:
    """What was published with the school in it is deleted once it shows less than before; how
    many terms that were."""
    if LESS[Membership.Figures(membership.figures)] >= LESS[Membership.Figures(before)]:
        return 0
    return publishing.withdraw(membership)
