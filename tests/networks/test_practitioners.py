"""Lead practitioners' days for other schools: so many a year, opened, booked and counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cpdhub import clock
from cpdhub.walls import school_scope
from networks import offering
from networks.models import NetworkRole, Offer
from tests.factories import (
    NetworkFactory,
    NetworkRoleFactory,
    OfferFactory,
    OfferPlaceFactory,
    StaffFactory,
)
from tests.helpers import url
from tests.networks.offering import another_school, planned


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-23 09:00")


@pytest.fixture
def network(school):
    return NetworkFactory(school=school)


@pytest.fixture
def role(school, network, teacher):
    return NetworkRoleFactory(
        school=school, network=network, staff=teacher, part="specialist", days=2
    )


def day(role, **fields):
    return OfferFactory(
        school=role.school, network=role.network, what="day", practitioner=role, **fields
    )


def counts(role):
    with school_scope(role.school):
        now_is = NetworkRole.objects.get(pk=role.pk)
    return now_is.given, now_is.to_come, now_is.days_left


def opened(client, school, role, activity, **more):
    sent = {"activity": activity.pk, "what": "day", "places": 1, "price": 0, "credits": 0}
    page = url(school, "networks:offer_open", role.network_id)
    return client.post(page, sent | {"practitioner": role.pk} | more)


def test_only_a_lead_practitioner_has_days(sign_in, school, network, cpd_leader, teacher):
    client = sign_in(cpd_leader)
    page = url(school, "networks:part_add", network.pk, "person")
    sent = {"staff": teacher.pk, "part": "group", "days": 10}

    assert "Only a lead practitioner" in client.post(page, sent).text
    assert client.post(page, sent | {"part": "specialist"}).status_code == 302
    with school_scope(school):
        assert NetworkRole.objects.get(part="specialist").days == 10
        with pytest.raises(IntegrityError), transaction.atomic():
            NetworkRole.objects.filter(days=10).update(part="friend")


def test_days_are_opened_until_all_are_spoken_for(sign_in, school, role, cpd_leader):
    client = sign_in(cpd_leader)
    for _ in range(2):
        assert opened(client, school, role, planned(school)).status_code == 302
    assert counts(role) == (0, 2, 0)

    refused = opened(client, school, role, planned(school))
    assert f"{role.name} has 2 days for other schools that year" in refused.text
    next_year = opened(client, school, role, planned(school, days=300))
    assert next_year.status_code == 302
    with school_scope(school):
        offering.withdraw(Offer.objects.order_by("pk").first(), "Ill")
    assert counts(role) == (0, 1, 1)
    assert opened(client, school, role, planned(school)).status_code == 302


def test_what_is_somebodys_is_a_specialists_day(sign_in, school, role, cpd_leader):
    answer = opened(sign_in(cpd_leader), school, role, planned(school), what="visit")

    assert "Only the day of a specialist" in answer.text


def test_day_changes_without_counting_twice(sign_in, school, role, cpd_leader):
    offer, _ = day(role), day(role)
    page = url(school, "networks:offer_change", role.network_id, offer.pk)
    sent = {"what": "day", "places": 1, "price": 5, "credits": 0, "revision": offer.revision}

    assert sign_in(cpd_leader).post(page, sent | {"practitioner": role.pk}).status_code == 302


def test_others_read_how_many_are_left_even_of_days_made_for_one(
    sign_in, school, role, network, at
):
    """Given is a day that is over and that somebody had; an open one that nobody took is lost."""
    one, other = another_school(network), another_school(network)
    taken = day(role, for_school=one, starts=clock.now() + timedelta(days=1))
    OfferPlaceFactory(school=one, offer=taken, staff=StaffFactory(school=one))
    day(role, starts=clock.now() + timedelta(days=1))
    assert counts(role) == (0, 2, 0)

    at("2026-11-26 09:00")
    with school_scope(school):
        offering.catch_up(school, clock.now())
        offering.catch_up(school, clock.now())
    page = sign_in(StaffFactory(school=other)).get(url(other, "networks:schools", network.pk))

    assert counts(role) == (1, 0, 1)
    assert "2 days a year for other schools: 1 given, 0 to come, <b>1 left</b>" in page.text


def test_offer_says_whose_day_it_is_and_the_list_finds_days(sign_in, school, role, network):
    visitor = StaffFactory(school=another_school(network))
    offer = day(role)
    OfferFactory(school=school, network=network)

    page = sign_in(visitor).get(url(visitor.school, "networks:offer", network.pk, offer.pk))
    found = sign_in(visitor).get(url(visitor.school, "networks:offers") + "?what=day")

    assert role.name in page.text
    assert [one.pk for one in found.context["page"].object_list] == [offer.pk]


def test_day_stays_open_when_its_practitioner_leaves(school, role):
    offer = day(role)
    with school_scope(school):
        NetworkRole.objects.get(pk=role.pk).delete()
        assert Offer.objects.get(pk=offer.pk).practitioner is None
