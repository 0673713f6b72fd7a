"""Schools at the same moment, on real connections: the last place and the last credits go once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import DatabaseError, connection

from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from networks import credits, offering, placing
from networks.models import Membership, Offer, OfferPlace, SchoolPlaces
from tests.factories import (
    ActivityTypeFactory,
    MembershipFactory,
    NetworkFactory,
    OfferFactory,
    SchoolFactory,
    StaffFactory,
)

DONE = "done"

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deeds):
    """Each a school and what it does there; what came of each."""
    gate = threading.Barrier(len(deeds))

    def do(one):
        school, deed = one
        gate.wait(timeout=60)
        try:
            with school_scope(school):
                deed()
            return DONE
        except (NotPossible, DatabaseError) as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.fixture
def network():
    return NetworkFactory(school=SchoolFactory())


@pytest.fixture
def visitors(network):
    schools = SchoolFactory.create_batch(5, name="Visitor")
    for school in schools:
        MembershipFactory(network=network, school=school)
        ActivityTypeFactory(school=school)
    return schools


def booking(offer, person):
    return person.school, partial(placing.book, offer, by=person, people=[person])


def states(offer):
    with school_scope(offer.school):
        return sorted(OfferPlace.objects.values_list("state", flat=True))


def test_last_place_goes_to_one_of_ten_from_five_schools(network, visitors):
    offer = OfferFactory(school=network.school, network=network, places=1)
    people = [StaffFactory(school=school) for school in visitors for _ in range(2)]

    said = at_once([booking(offer, person) for person in people])

    assert said == [DONE] * 10
    assert states(offer) == ["booked"] + ["waiting"] * 9
    with school_scope(network.school):
        row = Offer.objects.get()
    assert (row.taken, row.waiting) == (1, 9)


def test_places_given_back_while_others_ask_go_to_who_waits(network, visitors):
    offer = OfferFactory(school=network.school, network=network, places=2)
    first = [StaffFactory(school=school) for school in visitors]
    for person in first:
        with school_scope(person.school):
            placing.book(offer, by=person, people=[person])
    with school_scope(network.school):
        seats = {one.staff_id: one for one in OfferPlace.objects.all()}
    late = [StaffFactory(school=school) for school in visitors]

    said = at_once(
        [booking(offer, person) for person in late]
        + [(one.school, partial(placing.give_back, seats[one.pk])) for one in first[:3]]
    )

    assert said == [DONE] * 8
    assert states(offer) == ["booked"] * 2 + ["given_back"] * 3 + ["waiting"] * 5
    with school_scope(network.school):
        booked = OfferPlace.objects.booked()
        assert {one.staff_id for one in booked} == {one.pk for one in first[3:]}


def test_last_credits_are_spent_once(network, visitors):
    school = visitors[0]
    with school_scope(network.school):
        credits.grant(network, [school.pk], amount=1, note="")
    offers = [OfferFactory(school=network.school, network=network, credits=1) for _ in range(2)]
    people = StaffFactory.create_batch(2, school=school)

    said = at_once([booking(offer, one) for offer, one in zip(offers, people, strict=True)])

    assert said.count(DONE) == 1
    assert sum("your school has 0" in one for one in said) == 1
    with school_scope(school):
        assert Membership.objects.get(school=school).credits == 0
        assert OfferPlace.objects.booked().count() == 1


def test_withdrawn_while_schools_book_nobody_keeps_a_place(network, visitors):
    offer = OfferFactory(school=network.school, network=network, places=3)
    people = [StaffFactory(school=school) for school in visitors]

    said = at_once(
        [booking(offer, person) for person in people]
        + [(network.school, partial(offering.withdraw, offer, "Ill"))]
    )

    assert all(one == DONE or "withdrawn" in one for one in said)
    assert said[-1] == DONE
    assert not {"booked", "waiting"} & set(states(offer))
    for school in visitors:
        with school_scope(school):
            parts = SchoolPlaces.objects.exclude(activity=None).select_related("activity")
            assert all(part.activity.state == "cancelled" for part in parts)
