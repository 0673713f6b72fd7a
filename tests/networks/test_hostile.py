"""What a hostile reader found. Each says what should be; each failed when it was written."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from cpdhub import clock, sweeps
from cpdhub.models import HalfTerm
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import answers, catalogue, figures_job, leaving, offering, placing, publishing
from networks.contributing import OfGroup, Part
from networks.models import (
    Account,
    Membership,
    Offer,
    OfferAnswer,
    OfferPlace,
    Publication,
    Thread,
)
from networks.publishing import Counted
from tests.factories import (
    AccountFactory,
    JoiningFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkRoleFactory,
    OfferFactory,
    PublicationFactory,
    SchoolFactory,
    StaffFactory,
    ThemeFactory,
)
from tests.helpers import url
from tests.networks.offering import another_school, book
from tests.networks.schools import joins, shares, staffed


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def other(network):
    other = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=other)
    return other


# --- subtraction -----------------------------------------------------------------------------
def test_term_whose_first_day_moves_is_not_added_up_again_without_the_leaver(school, network, at):
    shares(network, "totals")
    staffed(school, people=6)
    gone, *_ = [joins(network, people=people) for people in (9, 6, 6)]
    now = at("2026-11-21 09:00")
    with school_scope(school):
        figures_job.publish_what_is_over(school, now)
        before = Publication.objects.get().figures
    with school_scope(gone):
        leaving.leave(Membership.objects.get(school=gone))
    with school_scope(school):
        half = HalfTerm.objects.filter(name=HalfTerm.Name.SUMMER_1).order_by("starts_on").first()
        half.starts_on += timedelta(days=1)
        half.save()
        figures_job.publish_what_is_over(school, now)
        after = Publication.objects.standing().first()

    told = before["people"] - after.figures["people"] if after else None
    assert told is None, f"the school that left has {told} people"


def test_two_leads_with_other_term_dates_publish_a_term_once(school, network, at):
    shares(network, "totals")
    staffed(school, people=6)
    second = joins(network)
    joins(network)
    now = at("2026-11-21 09:00")
    with school_scope(school):
        Membership.objects.filter(school=second).update(is_lead=True)
    with school_scope(second):
        half = HalfTerm.objects.filter(name=HalfTerm.Name.SUMMER_1).order_by("starts_on").first()
        half.starts_on += timedelta(days=1)
        half.save()
    for lead in (school, second):
        with school_scope(lead):
            figures_job.publish_what_is_over(lead, now)

    with school_scope(school):
        assert Publication.objects.count() == 1


def part(people, *, none=0, needs=None, **fields):
    return Part(people=people, none=none, hours=people, needs=needs or {}, **fields)


def test_need_tells_no_school_of_one_person_elsewhere():
    """Ours is 7; "5 to 9 people" in three schools leaves one person in each of the others."""
    parts = [
        Counted(number, part(20, needs={"talk": ("Talk", people)}), by_name=False)
        for number, people in enumerate((7, 1, 1))
    ]

    assert publishing.added_up(parts)["needs"] == []


def test_range_does_not_tell_what_a_school_of_few_hides():
    """Four show their own; the fifth's "not shown" is the middle of the range."""
    parts = [
        Counted(number, part(10, none=none), by_name=True)
        for number, none in enumerate((0, 0, 1, 5, 5))
    ]
    assert publishing.shown_of(parts[2].part)["none"] == publishing.HIDDEN

    assert 10 not in publishing.added_up(parts)["range"].get("none", [])


def test_staff_group_of_two_schools_is_not_added_up():
    parts = [
        Counted(
            number, part(20, groups={"teacher": OfGroup(people, 0, 9)} if people else {}), False
        )
        for number, people in enumerate((6, 6, 0))
    ]

    assert publishing.added_up(parts)["groups"] == []


# --- what hangs on rows of others ---------------------------------------------------------------
def test_lead_takes_a_theme_off_that_a_draft_elsewhere_names(sign_in, school, head, network, other):
    theme = ThemeFactory(school=school, network=network)
    draft = AccountFactory(school=other, network=network, theme=theme, shared_on=None)

    answer = sign_in(head).post(
        url(school, "networks:part", network.pk, "theme", theme.pk), {"remove": "1"}
    )

    assert answer.status_code == 302
    connection.check_constraints()  # as the commit does
    with school_scope(other):
        assert Account.objects.get(pk=draft.pk).theme is None


@pytest.mark.parametrize("state", ["invited", "left"])
def test_last_school_leaves_a_network_another_one_weighed(school, network, state):
    other = SchoolFactory()
    row = MembershipFactory(network=network, school=other, state=state)
    JoiningFactory(school=other, membership=row)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    connection.check_constraints()


def test_last_school_leaves_and_the_database_keeps_nothing(school, network):
    """Not only what a policy shows: the row itself, and the figures."""
    PublicationFactory(school=school, network=network)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "SELECT (SELECT count(*) FROM networks_network),"
            " (SELECT count(*) FROM networks_publication)"
        )
        kept = cursor.fetchone()
        cursor.execute(f'SET ROLE "{settings.APP_ROLE}"')
    assert kept == (0, 0)


def test_offer_made_for_one_school_leaves_nobody_else_waiting(sign_in, school, head, network):
    offer = OfferFactory(school=school, network=network, places=1, credits=1)
    first, second = another_school(network), another_school(network)
    with school_scope(school):
        Membership.objects.filter(school=first).update(credits=1)
    has_it, waits = StaffFactory(school=first), StaffFactory(school=second)
    (place,) = book(offer, has_it)
    book(offer, waits)
    with school_scope(first):
        placing.give_back(place)  # the other school has no credits: it waits on
    with school_scope(school):
        now = Offer.objects.get(pk=offer.pk)

    answer = sign_in(head).post(
        url(school, "networks:offer_change", network.pk, offer.pk),
        {"what": "visit", "places": 1, "price": 0, "credits": 0, "for_school": first.pk,
         "revision": now.revision},
    )  # fmt: skip

    assert answer.status_code in {200, 302}


# --- the third wall -----------------------------------------------------------------------------
def test_database_takes_no_row_from_outside_the_network(network):
    stranger = SchoolFactory()

    with school_scope(stranger), pytest.raises(DatabaseError), transaction.atomic():
        Thread.objects.create(network_id=network.pk, school=stranger, title="Hello", text="Hello")


def test_database_lets_no_school_give_itself_credits_or_the_lead(network, other):
    with school_scope(other), pytest.raises(DatabaseError), transaction.atomic():
        Membership.objects.filter(school=other).update(credits=500, is_lead=True)


def test_database_lets_no_lead_say_what_another_school_shares(school, network, other):
    with school_scope(school), pytest.raises(DatabaseError), transaction.atomic():
        Membership.objects.filter(school=other).update(figures="name", shares_expertise=True)


# --- names --------------------------------------------------------------------------------------
def test_school_page_names_nobody_who_has_left(sign_in, school, head, network, other):
    gone = StaffFactory(school=other, first_name="Bo", last_name="Zzyzx", roles=[Role.CPD_LEADER])
    NetworkRoleFactory(school=other, network=network, staff=gone, part="lead")
    with school_scope(other):
        gone.ends_on = clock.today() - timedelta(days=100)
        gone.save()
    sweeps.run(school_id=other.pk)

    assert "Zzyzx" not in sign_in(head).get(url(school, "networks:schools", network.pk)).text


# --- the sweep ----------------------------------------------------------------------------------
def test_sweep_does_not_count_every_school_each_time_for_nothing(school, network, at, monkeypatch):
    shares(network, "totals")
    staffed(school, people=30)
    joins(network, people=1)
    joins(network, people=1)
    counted = []
    real = publishing.part_of_school
    monkeypatch.setattr(
        publishing, "part_of_school",
        lambda *args, **kwargs: counted.append(1) or real(*args, **kwargs),
    )  # fmt: skip
    for _ in range(3):
        with school_scope(school):
            figures_job.publish_what_is_over(school, at("2026-11-21 09:00"))

    assert len(counted) <= 3


# --- offers -------------------------------------------------------------------------------------
def test_activity_that_becomes_private_is_open_to_nobody_else(school, network):
    offer = OfferFactory(school=school, network=network)
    with school_scope(school):
        activity = offer.activity
        activity.is_private, activity.title = True, "Coaching of Ada"
        activity.save()
        offering.follow(offer)
        now = Offer.objects.get(pk=offer.pk)

    assert now.is_withdrawn
    assert "Ada" not in now.title


def test_results_are_never_one_schools(school, network):
    """Five answers, all from people of one school: the host would read what that school said."""
    offer = OfferFactory(school=school, network=network)
    visitor = another_school(network)
    people = [StaffFactory(school=visitor) for _ in range(5)]
    book(offer, *people)
    with school_scope(school):
        OfferPlace.objects.filter(offer=offer).update(has_answered=True)
        Offer.objects.filter(pk=offer.pk).update(ends_at=clock.now() - timedelta(days=20))
        for _ in range(5):
            OfferAnswer.objects.create(
                school=school, offer=offer, useful="no", pitch="hard", send="no"
            )
        answers.freeze(school, clock.now())

        assert Offer.objects.get(pk=offer.pk).results == {}


def test_school_that_shows_no_offers_is_not_counted_on_the_map(sign_in, school, head, network):
    other = another_school(network)
    OfferFactory(school=other, network=network)
    with school_scope(other):
        Membership.objects.filter(school=other).update(shares_offers=False)
    with school_scope(school):
        rows = catalogue.use_of(network, [other])

    assert rows == [{"school": other, "opened": 0, "taken": 0}]


@pytest.mark.django_db(transaction=True)
def test_school_that_leaves_while_it_books_keeps_no_place():
    lead = SchoolFactory()
    network = NetworkFactory(school=lead)
    offer = OfferFactory(school=lead, network=network)
    visitor = another_school(network)
    ada = StaffFactory(school=visitor)
    booked, left = threading.Event(), threading.Event()

    def books():
        with school_scope(visitor):
            placing.book(Offer.objects.get(pk=offer.pk), by=ada, people=[ada])
            booked.set()
            left.wait(4)
        connection.close()

    def leaves():
        booked.wait(20)
        with school_scope(visitor):
            leaving.leave(Membership.objects.get(school=visitor))
        left.set()
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda deed: deed(), (books, leaves)))

    with school_scope(lead):
        assert not OfferPlace.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_two_leads_that_step_back_at_once_leave_one():
    schools = SchoolFactory.create_batch(2)
    network = NetworkFactory(school=schools[0])
    MembershipFactory(network=network, school=schools[1], is_lead=True)
    gate = threading.Barrier(2)
    real = leaving.shared_models

    def waits():
        with suppress(threading.BrokenBarrierError):
            gate.wait(3)
        return real()

    def steps_back(school):
        try:
            with school_scope(school):
                leaving.step_back(Membership.objects.get(school=school))
        except NotPossible:
            pass
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(leaving, "shared_models", waits)
        list(pool.map(steps_back, schools))

    with school_scope(schools[0]):
        assert Membership.objects.leads().exists()
