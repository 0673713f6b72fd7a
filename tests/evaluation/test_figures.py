"""The dashboard's figures, against rows counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.walls import school_scope
from evaluation import figure_rows, figures, school_year
from evaluation.dashboard import links_of
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    ActivityPriorityFactory,
    AttendanceFactory,
    MilestoneFactory,
    ParticipationFactory,
    PlanFactory,
    PriorityFactory,
    ReadingFactory,
    ReflectionFactory,
    SessionFactory,
    StaffFactory,
    SuccessCriterionFactory,
    at_four,
)


@pytest.fixture
def year(school, at):
    at("2026-11-22 12:00")
    return AcademicYearFactory(school=school)


@pytest.fixture
def priority(school, year):
    return PriorityFactory(school=school, plan=PlanFactory(school=school, year=year), live=True)


def serve(priority, *, people=(), came=(), days_ago=10, hours=1, **fields):
    """An activity that serves the priority, held once, with who was put down and who came."""
    school = priority.school
    fields = {"state": "under_way"} | fields
    activity = ActivityFactory(school=school, **fields)
    ActivityPriorityFactory(school=school, activity=activity, priority=priority)
    start = at_four(clock.today() - timedelta(days=days_ago))
    session = SessionFactory(
        school=school,
        activity=activity,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        register_taken_at=start,
    )
    for person in people:
        ParticipationFactory(school=school, activity=activity, staff=person)
        AttendanceFactory(school=school, session=session, staff=person, was_present=person in came)
    return activity


def chain_of(priority):
    with school_scope(priority.school):
        (chain,) = figures.chains(priority.plan.year, now=clock.now())
        return chain


def test_chain_counts_people_hours_and_money_once(school, priority):
    ann, bob, cat = StaffFactory.create_batch(3, school=school)
    serve(priority, people=[ann, bob], came=[ann], hours=2, cost=Decimal(100))
    serve(priority, people=[ann, cat], came=[ann, cat], expected_cost=Decimal(50))
    off = serve(priority, people=[bob], came=[bob])
    with school_scope(school):
        off.cancel("ill")

    chain = chain_of(priority)

    assert (chain.planned, chain.finished) == (2, 0)
    assert chain.cost == Decimal(150)
    assert chain.time == timedelta(hours=4)
    assert chain.put_down == {ann.pk, bob.pk, cat.pk}
    assert set(chain.reached) == {ann.pk, cat.pk}
    assert chain.never_came == 1


def test_chain_never_tells_private_from_unwritten(school, priority):
    ann, bob, cat = StaffFactory.create_batch(3, school=school)
    activity = serve(priority, people=[ann, bob, cat], came=[ann, bob, cat])
    ReflectionFactory(school=school, owner=ann, activity=activity, audience="everyone")
    before = chain_of(priority)

    ReflectionFactory(school=school, owner=bob, activity=activity, audience="only_me")
    after = chain_of(priority)

    assert before.sharers == after.sharers == {ann.pk}
    assert [link.text for link in before.missing()] == [link.text for link in after.missing()]
    assert after.silent == 2


def test_missing_links_of_an_empty_chain_name_the_first_steps(school, priority):
    chain = chain_of(priority)

    assert [link.text for link in chain.missing()] == [
        "no activity serves it yet",
        "nobody said what is needed",
        "no reading of pupils since the baseline",
    ]
    assert chain.strength == "No evidence yet"


def test_missing_links_name_every_break(school, priority):
    ann = StaffFactory(school=school)
    serve(priority, people=[ann], came=[ann], was_logged=True)
    held = ActivityFactory(school=school, state="under_way")
    ActivityPriorityFactory(school=school, activity=held, priority=priority)
    start = at_four(clock.today() - timedelta(days=2))
    SessionFactory(
        school=school, activity=held, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    MilestoneFactory(school=school, priority=priority, due_on=clock.today() - timedelta(days=1))

    assert [link.text for link in chain_of(priority).missing()] == [
        "nobody said what is needed",
        "no reading of pupils since the baseline",
        "1 person has shared nothing yet",
        "1 register not taken",
        "1 activity without an intended impact",
        "no teaching assistant took part",
        "1 milestone overdue",
    ]


@pytest.mark.parametrize(("value", "reached"), [(63, True), (41, False)])
def test_reading_after_the_baseline_is_strong_evidence_whatever_it_says(
    school, priority, value, reached
):
    with school_scope(school):
        criterion = priority.criteria.get()
    ReadingFactory(school=school, criterion=criterion, value=Decimal(value))

    chain = chain_of(priority)

    assert chain.strength == "Repeated measure"
    assert chain.target_reached is reached
    assert links_of(chain)[4].figure == f"41 → {value} %"


def test_criterion_without_a_reading_is_missing_beside_one_that_was_read(school, priority):
    with school_scope(school):
        criterion = priority.criteria.get()
    ReadingFactory(school=school, criterion=criterion, value=Decimal(63))
    SuccessCriterionFactory(school=school, priority=priority, measure="Pupils who ask why")

    chain = chain_of(priority)

    assert "1 of 2 success criteria without a reading" in [link.text for link in chain.missing()]
    assert not chain.target_reached
    assert links_of(chain)[4].note == "1 of 2 criteria reached; target 60 %"


def test_rows_behind_people_equal_the_figure(school, priority):
    ann, bob, cat = StaffFactory.create_batch(3, school=school)
    activity = serve(priority, people=[ann, bob, cat], came=[ann, bob])
    ReflectionFactory(school=school, owner=ann, activity=activity, audience="everyone")

    chain = chain_of(priority)
    with school_scope(school):
        rows = figure_rows.people_rows(priority)

    assert {row.staff.pk for row in rows if row.came} == set(chain.reached)
    assert sum(row.came and not row.shared for row in rows) == chain.silent == 1
    assert {row.staff.pk for row in rows} == chain.put_down


def test_chains_cost_the_same_queries_for_one_and_three_priorities(
    school, year, priority, django_assert_num_queries
):
    plan = priority.plan
    serve(priority, people=[StaffFactory(school=school)])
    with school_scope(school), django_assert_num_queries(7):
        assert len(figures.chains(year, now=clock.now())) == 1
    for other in PriorityFactory.create_batch(2, school=school, plan=plan, live=True):
        serve(other, people=StaffFactory.create_batch(2, school=school))

    with school_scope(school), django_assert_num_queries(7):
        assert len(figures.chains(year, now=clock.now())) == 3


def test_drafts_are_nobodys_figure(school, year, priority):
    PriorityFactory(school=school, plan=priority.plan, title="Still a draft")

    assert chain_of(priority).priority == priority


# --- the school's year ---------------------------------------------------------------------------
def totals_of(school, year):
    today = clock.today()
    this = school_year.so_far(year, today=today)
    last = school_year.Period(date(2025, 9, 1), date(2025, 11, 22))
    with school_scope(school):
        return school_year.totals(this, last, today=today)


def test_hours_compare_the_same_weeks_and_leave_own_learning_apart(school, year, priority):
    ann = StaffFactory(school=school)
    bob = StaffFactory(school=school, group=Staff.Group.ASSISTANT)
    serve(priority, people=[ann], came=[ann], hours=3)
    serve(priority, people=[ann], came=[ann], hours=2, days_ago=370)  # last November
    serve(priority, people=[ann], came=[ann], hours=5, days_ago=200)  # last May: not the same weeks
    own = ActivityFactory(
        school=school, owner=bob, is_own_learning=True, was_logged=True, state="finished"
    )
    start = at_four(clock.today() - timedelta(days=3))
    session = SessionFactory(
        school=school, activity=own, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    AttendanceFactory(school=school, session=session, staff=bob)

    with school_scope(school):
        teachers, assistants = totals_of(school, year).groups

    # ann and the owners of the three activities are teachers
    assert (teachers.people, teachers.none_yet) == (4, 3)
    assert teachers.this_year == timedelta(hours=3)
    assert teachers.last_year == timedelta(hours=2)
    assert (assistants.people, assistants.none_yet) == (1, 1)
    assert (assistants.this_year, assistants.own) == (timedelta(0), timedelta(hours=1))


def test_leavers_and_governors_are_not_counted(school, year, governor):
    StaffFactory(school=school, ends_on=clock.today())

    assert totals_of(school, year).groups == []


def test_rows_behind_none_yet_equal_the_figure(school, year, priority):
    ann, bob = StaffFactory.create_batch(2, school=school)
    serve(priority, people=[ann], came=[ann], owner=ann)

    figure = totals_of(school, year).none_yet
    today = clock.today()
    with school_scope(school):
        rows = school_year.staff_with_hours(
            school_year.so_far(year, today=today), None, today=today
        )
        assert {person for person in rows if person.this_year is None} == {bob}
    assert figure == 1
