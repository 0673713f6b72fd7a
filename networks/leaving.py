"""A school leaves, or shows less: what it wrote or shared in the network is gone at once."""

from __future__ import annotations

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from cpdhub.models.base import NotPossible
from networks import offering, placing, publishing
from networks.days import changing
from networks.models import Enquiry, Membership, NetworkModel, Offer, OfferPlace
from networks.models.base import OfTheNetwork


def shared_models() -> list[type[NetworkModel]]:
    """Every kind of row that one school writes in a network."""
    return [model for model in apps.get_models() if issubclass(model, NetworkModel)]


@transaction.atomic
def leave(membership: Membership) -> None:
    """Somebody leads what is left, what the school shared is gone, and then it is out. What nobody
    is left in is gone too."""
    if not membership.is_member:
        raise NotPossible("Your school is not in this network any more.")
    others = Membership.objects.members().filter(network=membership.network_id)
    others = others.exclude(pk=membership.pk)
    heir = others.order_by("-is_lead", "since", "pk").first()
    if membership.is_lead and heir is not None:
        membership.hand_on_lead(heir)
    publishing.withdraw(membership)
    between = Q(school=membership.school_id) | Q(asked=membership.school_id)
    Enquiry.objects.filter(between, network=membership.network_id).delete()
    changing.school_leaves(membership)
    _end_offers_and_places(membership)
    keeps = heir.school_id if heir is not None else None
    for model in shared_models():
        model.taken_away(membership.network_id, membership.school_id, keeps)
    if others.exists():
        membership.leave()
    else:
        membership.network.delete()


@transaction.atomic
def step_back(membership: Membership) -> None:
    """It leads no longer; somebody must."""
    others = Membership.objects.leads().filter(network=membership.network_id)
    heir = others.exclude(pk=membership.pk).first()
    if heir is None:
        raise NotPossible("No other school leads this network yet. Let another school lead first.")
    for model in shared_models():
        if issubclass(model, OfTheNetwork):
            model.handed_on(membership.network_id, membership.school_id, heir.school_id)
    membership.is_lead = False
    membership.save(update_fields=["is_lead"])


LESS = {Membership.Figures.NAME: 2, Membership.Figures.TOTALS: 1, Membership.Figures.NOTHING: 0}


def share_figures(membership: Membership, *, before: str) -> int:
    """What was published with the school in it is deleted once it shows less than before; how
    many terms that were."""
    if LESS[Membership.Figures(membership.figures)] >= LESS[Membership.Figures(before)]:
        return 0
    return publishing.withdraw(membership)


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
