"""The digest's weeks ahead: clashes and entitlements, as numbers, for who may see them."""

from datetime import date, time

import pytest

from activities.ahead import clashes
from cpdhub.models import HalfTerm, Reminder
from cpdhub.permissions import Role
from cpdhub.roof import ahead, digest
from cpdhub.walls import school_scope
from tests.activities.test_rules import WEDNESDAY, session_at
from tests.factories import (
    AcademicYearFactory,
    AllowedSessionFactory,
    BlockedDatesFactory,
    EntitlementFactory,
    HalfTermFactory,
    ParticipationFactory,
    ReminderFactory,
    RequestFactory,
    StaffFactory,
    TeamFactory,
)

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def on_a_monday(at, school):
    at("2026-11-23 08:00")
    HalfTermFactory(
        school=school, year=AcademicYearFactory(school=school), name=HalfTerm.Name.AUTUMN_2,
        starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18),
    )  # fmt: skip


def told(school):
    with school_scope(school):
        return [(clash.day, clash.text) for clash in clashes(school, TODAY, date(2026, 12, 20))]


def lines(staff):
    with school_scope(staff.school_id):
        found = ahead.lines_for(staff, today=TODAY)
        return [(line.text, line.why, line.link(staff.school)) for line in found]


def letter_for(staff):
    reminder = ReminderFactory(school=staff.school, staff=staff, kind="digest")
    with school_scope(staff.school_id):
        return digest.letter(Reminder.objects.get(pk=reminder.pk))


def promise(school, **fields):
    EntitlementFactory(
        school=school, steps=[{"due": "every", "number": 12}], in_use=True,
        in_use__since=date(2025, 9, 1), **fields,
    )  # fmt: skip


# --- clashes ------------------------------------------------------------------------------------
def test_somebody_in_two_places_is_counted_once_a_day(school, teacher):
    one = session_at(school, staff=[teacher])
    session_at(school, starts=time(9), ends=time(10), staff=[teacher])
    assert told(school) == []

    two = session_at(school, starts=time(11), ends=time(12))
    ParticipationFactory(school=school, activity=two.activity, staff=teacher)
    assert told(school) == []
    with school_scope(school):
        one.ends_at = two.ends_at
        one.save()

    assert told(school) == [(WEDNESDAY, "1 person is in two places at once")]


def test_too_many_out_of_school_and_of_a_team(school):
    team = TeamFactory(school=school, name="Inclusion", most_out_per_day=1)
    crew = StaffFactory.create_batch(3, school=school, team=team)
    with school_scope(school):
        school.most_out_per_day = 3
        school.save()
    session_at(school, staff=crew)
    assert told(school) == [(WEDNESDAY, "3 of Inclusion out; the team’s limit is 1")]

    with school_scope(school):
        school.most_out_per_day = 2
        school.save()
    assert (WEDNESDAY, "3 people are out; the limit is 2") in told(school)


def test_dates_kept_free_unless_it_was_allowed_or_for_another_team(school, teacher):
    session = session_at(school, staff=[teacher])
    other = TeamFactory(school=school)
    days = {"first_day": WEDNESDAY, "last_day": WEDNESDAY}
    BlockedDatesFactory(school=school, reason="Reports", team=other, **days)
    assert told(school) == []
    blocked = BlockedDatesFactory(school=school, reason="Tests", **days)

    assert told(school) == [(WEDNESDAY, "1 session is on a day kept free: Tests")]
    AllowedSessionFactory(school=school, session=session, blocked=blocked)
    assert told(school) == []


@pytest.mark.parametrize("count", [1, 3])
def test_clashes_cost_the_same_for_one_and_three(school, count, django_assert_num_queries):
    for _ in range(count):
        session_at(school, staff=[StaffFactory(school=school)])
        BlockedDatesFactory(school=school, first_day=WEDNESDAY, last_day=WEDNESDAY)

    with school_scope(school), django_assert_num_queries(11):
        assert clashes(school, TODAY, date(2026, 12, 20))


def test_clashes_are_told_to_who_keeps_the_calendar(school, teacher, cpd_leader, head):
    BlockedDatesFactory(school=school, first_day=WEDNESDAY, last_day=WEDNESDAY, reason="Tests")
    session_at(school, staff=[teacher], title="Coaching Ann")

    expected = (
        "Wednesday 2 December: 1 session is on a day kept free: Tests",
        "move it, or arrange cover",
        f"{school.link('activities:day')}?day=2026-12-02",
    )
    data_manager = StaffFactory(school=school, roles=[Role.DATA_MANAGER])
    assert (lines(cpd_leader), lines(head)) == ([expected], [expected])
    assert (lines(teacher), lines(data_manager)) == ([], [])
    letter = letter_for(cpd_leader)
    assert expected[0] in letter.text
    assert "?day=2026-12-02" in letter.html
    assert "Ann" not in letter.text


# --- entitlements -------------------------------------------------------------------------------
def test_entitlements_are_counted_for_leaders_managers_and_oneself(school, cpd_leader):
    manager = StaffFactory(school=school)
    managed = StaffFactory(school=school, line_manager=manager, last_name="Zebedee")
    promise(school)

    own = ("What you are entitled to", "1 step overdue")
    assert [line[:2] for line in lines(managed)] == [own]
    assert [line[:2] for line in lines(manager)] == [
        ("Entitlements of 1 colleague", "1 step overdue"), own
    ]  # fmt: skip
    assert lines(cpd_leader)[0][:2] == ("Entitlements of 2 colleagues", "2 steps overdue")
    assert "Zebedee" not in letter_for(manager).text


def test_what_is_only_offered_presses_nobody(school, teacher):
    promise(school, is_optional=True)

    assert lines(teacher) == []


def test_governor_is_told_of_their_own_training_at_most(school, governor):
    promise(school)

    assert lines(governor) == []


# --- requests -----------------------------------------------------------------------------------
def test_digest_counts_requests_that_wait_for_who_decides(school, cpd_leader, teacher):
    RequestFactory(school=school, staff=teacher, state="asked")

    assert "1 request waits for your decision" in letter_for(cpd_leader).text
    assert letter_for(teacher) is None
