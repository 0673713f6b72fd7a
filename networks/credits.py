"""Place credits: schools that give places to others can be given places back.

A school's balance stands on its membership and is changed with that row locked, each time with a
line that says why. The database refuses a balance below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from cpdhub.models.base import NotPossible
from cpdhub.words import count
from networks.models import CreditEntry, Membership, Network, Offer, OfferPlace

Why = CreditEntry.Why


def _change(membership: Membership, amount: int, why: str, note: str) -> None:
    membership.credits += amount
    membership.save(update_fields=["credits"])
    CreditEntry.objects.create(
        network_id=membership.network_id, school_id=membership.school_id, amount=amount, why=why,
        note=note[:200],
    )  # fmt: skip


def _locked(network_id: int, school_id: int) -> Membership | None:
    rows = Membership.objects.members().select_for_update(of=("self",))
    found: Membership | None = rows.filter(network=network_id, school=school_id).first()
    return found


def take(offer: Offer, school_id: int, places: Sequence[OfferPlace]) -> None:
    """What these places take, of the school that is open."""
    amount = sum(place.credits for place in places)
    if not amount:
        return
    membership = _locked(offer.network_id, school_id)
    left = membership.credits if membership else 0
    if membership is None or left < amount:
        raise NotPossible(
            f"This takes {count(amount, 'place credit')}, and your school has {left}. A school"
            " that leads the network gives them out."
        )
    _change(membership, -amount, Why.BOOKED, offer.title)


def give_back(offer: Offer, place: OfferPlace, amount: int) -> None:
    """A place was given back before anybody came to it. A school that left had its balance end."""
    if not amount:
        return
    membership = _locked(offer.network_id, place.school_id)
    if membership is not None:
        _change(membership, amount, Why.GIVEN_BACK, offer.title)


@transaction.atomic
def grant(network: Network, schools: Iterable[int], *, amount: int, note: str) -> int:
    """A year's allowance, from a school that leads the network. How many schools got it."""
    given = 0
    for school_id in sorted(schools):
        membership = _locked(network.pk, school_id)
        if membership is not None:
            _change(membership, amount, Why.ALLOWANCE, note)
            given += 1
    return given
