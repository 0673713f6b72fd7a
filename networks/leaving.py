"""A school leaves: whatever it wrote or shared in the network goes with it, at once."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction

from cpdhub.models.base import NotPossible
from networks import offering, placing
from networks.models import Membership, NetworkModel, Offer, OfferPlace


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
    _end_offers_and_places(membership)
    for model in shared_models():
        model.objects.filter(network=membership.network_id, school=membership.school_id).delete()
    membership.leave()


def _end_offers_and_places(membership: Membership) -> None:
    """Who has a place at ours is told and gives it back; so do our people at others'. What was
    attended stays on each person's own record."""
    inside = {"network": membership.network_id}
    for offer in Offer.objects.filter(school=membership.school_id, **inside).order_by("pk"):
        offering.withdraw(offer, f"{membership.school} has left {membership.network}.")
    ours = OfferPlace.objects.of(membership.school_id).filter(offer__network=membership.network_id)
    for place in ours.open().order_by("offer"):  # offers are locked in one order
        placing.give_back(place, has_to=True)
    ours.delete()
