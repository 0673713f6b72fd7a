"""Places at another school's activity: booked, waited for, given back, handed on.

Everything here locks the offer first, with the host's school open, so that schools which book at
the same moment take turns. The database holds the same promise underneath. What a place means at
home (an entry, credits, a letter) is written with the visitor's school open, and with no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from networks import credits, mirroring, offer_letters
from networks.models import Membership, Offer, OfferPlace

State = OfferPlace.State
IN_TWO_POSTS = "{name} has a place there already, through another school they work at."
WAS_THERE = "{name} has been there already, so the place stays: what they attended counts."


def _locked(pk: int) -> Offer:
    found: Offer = (
        Offer.objects.select_for_update(of=("self",)).select_related("school", "network").get(pk=pk)
    )
    return found


@transaction.atomic
def book(offer: Offer, *, by: Staff, people: Sequence[Staff]) -> list[OfferPlace]:
    """A place for each of these colleagues or, when none is left, on the waiting list. Asking
    twice is harmless. A school that leaves meanwhile waits for it, and gives the places back."""
    with school_scope(by.school_id):
        inside = Membership.objects.members().filter(network=offer.network_id, school=by.school_id)
        if inside.select_for_update(of=("self",)).first() is None:
            raise NotPossible("Your school is not in this network any more.")
    with school_scope(offer.school_id):
        mine = _locked(offer.pk)
        sharing = Membership.objects.members().filter(
            network=mine.network_id, school=mine.school_id, shares_offers=True
        )
        if not sharing.exists():
            raise NotPossible("That school shows no offers at the moment.")
        if refusal := mine.why_not_now():
            raise NotPossible(refusal)
        asked = [_ask(mine, staff, by) for staff in people]
    booked = [place for place, is_new in asked if place.is_booked and is_new]
    credits.take(mine, by.school_id, booked)
    mirroring.add_people(mine, by.school_id, [place.staff_id for place in booked], by=by)
    offer_letters.tell(mine, [one for one in booked if one.staff_id != by.pk], "booked")
    return [place for place, _ in asked]


def _ask(offer: Offer, staff: Staff, by: Staff) -> tuple[OfferPlace, bool]:
    """Their place, and whether it is new."""
    place = OfferPlace.objects.filter(offer=offer, staff=staff).first()
    if place and place.is_open:
        return place, False
    place = place or OfferPlace(offer=offer, host_id=offer.school_id)
    place.take_from(staff)
    place.by, place.asked_at, place.came, place.has_answered = by, clock.now(), {}, False
    place.state = State.BOOKED if has_room(offer, staff.school_id) else State.WAITING
    place.credits = offer.credits if place.is_booked else 0
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        if "two_posts" in str(error):
            raise NotPossible(IN_TWO_POSTS.format(name=staff.name)) from error
        raise NotPossible("It is not open to your school.") from error
    return place, True


def has_room(offer: Offer, school_id: int) -> bool:
    """For one more, of this school."""
    booked = OfferPlace.objects.filter(offer=offer).booked()
    by_school = list(booked.values_list("school", flat=True))
    if len(by_school) >= offer.places:
        return False
    most = offer.most_per_school
    return most is None or by_school.count(school_id) < most


@transaction.atomic
def give_back(place: OfferPlace, *, has_to: bool = False) -> None:
    """Whoever waits longest gets it, whichever school they are at. `has_to`: they left."""
    with school_scope(place.host_id):
        mine = _locked(place.offer_id)
        now = OfferPlace.objects.get(pk=place.pk)
        if not now.is_open:
            return
        if now.has_come and not has_to:
            raise NotPossible(WAS_THERE.format(name=now.name))
        if mine.is_over and not has_to:
            raise NotPossible("It is over.")
        release(mine, now, because="Our places were given back.")
        promote(mine)


def release(offer: Offer, place: OfferPlace, *, because: str) -> None:
    """The place is free again. Inside the host's school, with the offer locked."""
    was_booked, spent = place.is_booked, place.credits
    place.state = State.GIVEN_BACK
    place.credits = spent if place.has_come else 0
    place.save(update_fields=["state", "credits"])
    if was_booked:
        with school_scope(place.school_id):
            if not place.has_come:
                credits.give_back(offer, place, spent)
            mirroring.take_out(offer, place, because=because)


def promote(offer: Offer) -> None:
    """Who waits gets what is free, in the order they asked. Whoever cannot (busy at that hour, no
    credits, their school has its most) waits on, and the next is asked."""
    if offer.why_not_now():
        return
    for place in OfferPlace.objects.filter(offer=offer).waiting():
        if not has_room(offer, place.school_id):
            continue
        try:
            with transaction.atomic():
                _get_it(offer, place)
        except (NotPossible, IntegrityError):
            continue


def _get_it(offer: Offer, place: OfferPlace) -> None:
    place.state, place.credits = State.BOOKED, offer.credits
    place.save(update_fields=["state", "credits"])
    with school_scope(place.school_id):
        staff = Staff.objects.filter(pk=place.staff_id).live(clock.today()).first()
        if staff is None:
            raise NotPossible("They have left.")
        credits.take(offer, place.school_id, [place])
        by = Staff.objects.filter(pk=place.by_id).first() or staff
        mirroring.add_people(offer, place.school_id, [staff.pk], by=by)
    offer_letters.tell(offer, [place], "came_free")


@transaction.atomic
def take_register(offer: Offer, *, key: int, came: dict[int, bool]) -> None:
    """Who of the visitors was there, by place. Taken again, it corrects. The same is written on
    each person's own record, in their school."""
    mine = _locked(offer.pk)
    meeting = next((one for one in mine.held if one.key == key), None)
    if meeting is None or not meeting.has_begun:
        raise NotPossible("Its register can be taken from the day it takes place on.")
    marks: dict[int, dict[int, bool]] = {}
    for place in OfferPlace.objects.filter(offer=mine, pk__in=came).booked():
        place.came = {**place.came, str(key): came[place.pk]}
        place.save(update_fields=["came"])
        marks.setdefault(place.school_id, {})[place.staff_id] = came[place.pk]
    for school_id, who in marks.items():
        mirroring.attend(mine, school_id, key=key, marks=who)


def of_leavers(school: School, now: datetime) -> None:
    """Who will not be here when it begins gives their place back by themselves."""
    places = OfferPlace.objects.of(school).open().exclude(staff__ends_on=None)
    for place in places.select_related("staff", "offer"):
        starts = place.offer.starts_at
        day = max(clock.day_of(now), clock.day_of(starts)) if starts else clock.day_of(now)
        if not place.offer.is_over and not place.staff.is_live(day):
            give_back(place, has_to=True)
