"""What a hostile reader found. Each says what should be; each failed when it was written."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from activities.models import Attendance
from cpdhub import clock
from cpdhub.models import HalfTerm
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import figures_job, leaving, placing, publishing
from networks.contributing import OfGroup, Part
from networks.days import record
from networks.models import (
    Account,
    Enquiry,
    Guest,
    Membership,
    Network,
    Offer,
    Publication,
    Thread,
)
from networks.publishing import Counted
from tests.factories import (
    AccountFactory,
    EnquiryFactory,
    JoiningFactory,
    MembershipFactory,
    NetworkFactory,
    OfferFactory,
    PublicationFactory,
    SchoolFactory,
    StaffFactory,
    ThemeFactory,
)
from tests.helpers import url
from tests.networks.offering import another_school, book
from tests.networks.schools import joins, shares, staffed
from tests.networks.shared import Conference, silent


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def network(school):
    return NetworkFactory(school=school, name="Talk cluster")


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
        Counted(number, part(20, groups={"teaching": OfGroup(people, 0, 9)} if people else {}), False)
        for number, people in enumerate((6, 6, 0))
    ]

    assert publishing.added_up(parts)["groups"] == []


# --- what hangs on rows of others ---------------------------------------------------------------
def test_lead_takes_a_theme_off_that_a_draft_elsewhere_names(
    sign_in, school, head, network, other
):
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
    with school_scope(school):
        assert not Network.objects.exists()


def test_last_school_leaves_a_network_that_has_published(school, network):
    PublicationFactory(school=school, network=network)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    connection.check_constraints()


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
def test_no_copy_of_a_name_outlives_the_record_on_an_account(school, network, teacher):
    AccountFactory(school=school, network=network, written_by=f"{teacher.name}, Teacher")
    with school_scope(school):
        teacher.delete()
        assert teacher.last_name not in Account.objects.get().written_by


def test_no_copy_of_a_name_outlives_the_record_on_an_enquiry(school, network, other, teacher):
    EnquiryFactory(school=school, network=network, asked=other, by=teacher, name=teacher.name)
    with school_scope(school):
        teacher.delete()
        assert teacher.last_name not in Enquiry.objects.get().name


def test_school_page_names_nobody_who_has_left(sign_in, school, head, network, other):
    gone = StaffFactory(school=other, first_name="Bo", last_name="Zzyzx", roles=[Role.CPD_LEADER])
    from tests.factories import NetworkRoleFactory

    NetworkRoleFactory(school=other, network=network, staff=gone, part="lead")
    with school_scope(other):
        gone.ends_on = clock.today() - timedelta(days=100)
        gone.save()
    from cpdhub import sweeps

    sweeps.run(school_id=other.pk)

    assert "Zzyzx" not in sign_in(head).get(url(school, "networks:schools", network.pk)).text


# --- the sweep ----------------------------------------------------------------------------------
def test_schools_own_correction_of_a_shared_day_stays(school, cpd_leader, at):
    conference = Conference(school)
    conference.workshop("Stems", at=conference.birch)
    conference.takes_part(conference.birch, 2)
    conference.build(cpd_leader)
    at("2026-12-14 15:00")
    with school_scope(conference.birch):
        Guest.objects.update(was_present=True)
    with school_scope(school):
        conference.day.state = "over"
        conference.day.save(update_fields=["state"])
    with school_scope(conference.birch):
        record.sweep(conference.birch, clock.now())
        first = Attendance.objects.order_by("pk").first()
        first.was_present = False  # their CPD leader knows better
        first.save()
        record.sweep(conference.birch, clock.now())

        assert Attendance.objects.get(pk=first.pk).was_present is False


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
