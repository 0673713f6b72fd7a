"""What a report may cover, from the half-terms a school keeps; and the figures of a term."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from activities.models import IntendedImpact
from cpdhub import clock
from cpdhub.models import AcademicYear, HalfTerm, Staff
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from evaluation import dashboard, figures, school_year, terms
from evaluation.part import Part
from evaluation.school_year import Period
from tests.evaluation.test_figures import serve
from tests.factories import (
    AcademicYearFactory,
    MilestoneFactory,
    PlanFactory,
    PriorityFactory,
    ReadingFactory,
    ReflectionFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)

TERM = Period(date(2026, 9, 1), date(2026, 12, 18))


@pytest.fixture
def year(school):
    """2026/27, with the year before, as most schools keep them."""
    with school_scope(school):
        add_year(school, 2025)
        return add_year(school, 2026)


def offered(school, year):
    with school_scope(school):
        years = AcademicYear.objects.with_half_terms().order_by("-starts_on")
        found = terms.choices(years.get(pk=year.pk), years, today=clock.today())
        return [stretch.title for stretch in found], terms.usual(found, year).title


LAST = ["Summer term 2025/26", "Spring term 2025/26", "Autumn term 2025/26"]


@pytest.mark.parametrize(
    ("day", "these", "usual"),
    [
        ("2026-09-01", ["Autumn term 2026/27 so far"], "Autumn term 2026/27 so far"),
        ("2026-11-22", ["Autumn term 2026/27 so far"], "Autumn term 2026/27 so far"),
        ("2026-12-28", ["Autumn term 2026/27"], "Autumn term 2026/27"),
        (
            "2027-03-01",
            ["Spring term 2026/27 so far", "Autumn term 2026/27"],
            "Spring term 2026/27 so far",
        ),
    ],
    ids=["first day", "under way", "holidays", "second term"],
)
def test_terms_that_have_begun_are_offered_and_the_newest_is_usual(
    school, year, at, day, these, usual
):
    at(f"{day} 12:00")

    assert offered(school, year) == ([*these, "2026/27 so far", *LAST], usual)


def test_earlier_year_is_usually_told_whole(school, year, at):
    at("2026-11-22 12:00")
    with school_scope(school):
        before = AcademicYear.objects.get(name="2025/26")

    assert offered(school, before) == ([*LAST, "2025/26"], "2025/26")


def test_without_terms_there_is_the_year_so_far(school, at):
    at("2026-11-22 12:00")
    year = AcademicYearFactory(school=school)

    assert offered(school, year) == (["2026/27 so far"], "2026/27 so far")


def test_term_runs_from_its_first_half_term_to_its_last_or_today(school, year, at):
    at("2026-11-22 12:00")

    with school_scope(school):
        years = AcademicYear.objects.with_half_terms()
        (now,) = terms.terms_of(years.get(pk=year.pk), today=clock.today())
        (later,) = terms.terms_of(years.get(pk=year.pk), today=date(2026, 12, 31))
        HalfTerm.objects.filter(year=year, name="autumn_2").delete()
        (half,) = terms.terms_of(years.get(pk=year.pk), today=date(2026, 12, 31))

    assert (now.days, now.key, now.slug) == (
        Period(TERM.first, date(2026, 11, 22)), "2026/27 autumn", "2026-27-autumn",
    )  # fmt: skip
    assert later.days == TERM
    assert half.days == Period(TERM.first, date(2026, 10, 23))


def test_term_stands_beside_the_same_weeks_of_last_year(school, year):
    with school_scope(school):
        spring = Period(date(2027, 1, 4), date(2027, 2, 4))

        assert school_year.beside(spring, year) == Period(date(2026, 1, 4), date(2026, 2, 4))
        assert school_year.beside(spring, AcademicYear.objects.get(name="2025/26")) is None


# --- the figures of a term -----------------------------------------------------------------------
@pytest.fixture
def priority(school, year, at):
    at("2027-03-01 12:00")
    return PriorityFactory(school=school, plan=PlanFactory(school=school, year=year), live=True)


def ago(day):
    return (clock.today() - day).days


def chain_of(priority, period=TERM):
    with school_scope(priority.school):
        (chain,) = figures.chains(priority.plan.year, now=clock.now(), part=Part(period))
        return chain


INSIDE, OUTSIDE = (TERM.first, TERM.last), (date(2026, 8, 31), date(2026, 12, 19))


@pytest.mark.parametrize(
    ("day", "counts"), [*((day, 1) for day in INSIDE), *((day, 0) for day in OUTSIDE)], ids=str
)
def test_term_counts_its_days_from_the_first_to_the_last(school, priority, day, counts):
    ann, bob = StaffFactory.create_batch(2, school=school)
    served = serve(
        priority, people=[ann, bob], came=[ann], days_ago=ago(day), hours=2, cost=Decimal(90)
    )
    ReflectionFactory(
        school=school, owner=ann, activity=served, audience="everyone", written_on=day
    )
    with school_scope(school):
        criterion = priority.criteria.get()
    ReadingFactory(school=school, criterion=criterion, taken_on=day, value=Decimal(63))
    MilestoneFactory(school=school, priority=priority, due_on=day)
    start = at_four(day)
    SessionFactory(
        school=school, activity=served, starts_at=start, ends_at=start + timedelta(hours=1)
    )

    chain = chain_of(priority)

    assert chain.activities == counts
    assert chain.cost == Decimal(90) * counts
    assert chain.time == timedelta(hours=2) * counts
    assert (len(chain.put_down), len(chain.reached)) == (2 * counts, counts)
    assert len(chain.sharers) == chain.registers == chain.overdue == counts
    assert chain.is_measured_again == bool(counts)


def test_whole_year_as_a_period_counts_what_the_dashboard_counts(school, year, priority):
    ann = StaffFactory(school=school)
    for day in (*INSIDE, OUTSIDE[1]):
        serve(priority, people=[ann], came=[ann], days_ago=ago(day), cost=Decimal(10))
    dashboards, whole = chain_of(priority, None), chain_of(priority, school_year.whole(year))
    autumn, spring = (
        chain_of(priority),
        chain_of(priority, Period(date(2026, 12, 19), clock.today())),
    )

    assert vars(dashboards) | {"part": None} == vars(whole) | {"part": None}
    assert dashboards.activities == autumn.activities + spring.activities == 3
    assert dashboards.time == autumn.time + spring.time


def test_activity_of_two_terms_counts_in_both_with_its_hours_apart(school, priority):
    ann = StaffFactory(school=school)
    activity = serve(priority, people=[ann], came=[ann], days_ago=ago(TERM.last), cost=Decimal(60))
    start = at_four(date(2027, 1, 12))
    SessionFactory(
        school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    off = serve(priority, days_ago=ago(TERM.first))
    with school_scope(school):
        off.sessions.update(cancelled_at=clock.now(), register_taken_at=None)

    autumn, spring = chain_of(priority), chain_of(priority, Period(date(2027, 1, 4), clock.today()))

    assert (autumn.activities, spring.activities) == (1, 1)
    assert (autumn.cost, spring.cost) == (Decimal(60), Decimal(60))
    assert (autumn.time, spring.time) == (timedelta(hours=1), timedelta(0))
    # Sixty pounds an hour would say what the other term's hours cost as well.
    assert dashboard.Row(autumn, [], []).cost_an_hour == ""


def test_empty_term_says_so_of_these_days_only(school, priority):
    with school_scope(school):
        criterion = priority.criteria.get()
    ReadingFactory(school=school, criterion=criterion, taken_on=date(2027, 1, 15))

    chain = chain_of(priority)

    assert [link.text for link in chain.missing()] == [
        "no activity serves it in this period",
        "nobody said what is needed",
        "no reading of pupils in this period",
    ]
    assert chain.strength == "No evidence in this period"
    assert [link.note for link in dashboard.links_of(chain)[1:]] == [
        "nothing planned in this period",
        "nobody put down in this period",
        "nobody to ask in this period",
        "no reading in this period",
    ]
    said = dashboard.finding([chain], first=TERM.first, last=TERM.last)
    assert said.endswith("December 2026. One has no reading of pupils in this period.")


def test_what_waits_to_be_judged_does_so_whenever_it_was_held(school, priority):
    """Held before the term; the day it was to be looked at is over."""
    before = serve(priority, days_ago=ago(TERM.first - timedelta(days=30)), state="finished")
    with school_scope(school):
        IntendedImpact.objects.filter(activity=before).update(
            look_again_on=clock.today() - timedelta(days=1)
        )

    chain = chain_of(priority)

    assert (chain.activities, chain.waiting) == (0, 1)
    assert "1 activity not judged" in [link.text for link in chain.missing()]


def test_what_was_held_before_the_term_is_in_no_figure_of_its_activities(school, priority):
    before = serve(
        priority, days_ago=ago(TERM.first - timedelta(days=30)), state="finished",
        was_logged=True, cost=Decimal(90),
    )  # fmt: skip
    with school_scope(school):
        IntendedImpact.objects.filter(activity=before).update(known_by="")
        (year,) = figures.chains(priority.plan.year, now=clock.now())

    term = chain_of(priority)

    assert (year.finished, year.unsaid, year.unneeded, year.cost) == (1, 1, 1, 90)
    assert (term.finished, term.unsaid, term.unneeded, term.cost) == (0, 0, 0, 0)


def test_chains_of_a_term_cost_the_same_queries_for_one_and_three_priorities(
    school, year, priority, django_assert_num_queries
):
    days_ago = ago(TERM.last)
    serve(priority, people=[StaffFactory(school=school)], days_ago=days_ago)
    with school_scope(school), django_assert_num_queries(7):
        assert len(figures.chains(year, now=clock.now(), part=Part(TERM))) == 1
    for other in PriorityFactory.create_batch(2, school=school, plan=priority.plan, live=True):
        serve(other, people=StaffFactory.create_batch(2, school=school), days_ago=days_ago)

    with school_scope(school), django_assert_num_queries(7):
        assert len(figures.chains(year, now=clock.now(), part=Part(TERM))) == 3


def test_term_counts_those_in_post_on_its_last_day(school, priority):
    left = StaffFactory(school=school, ends_on=date(2027, 1, 1))
    StaffFactory(school=school, ends_on=TERM.last)
    StaffFactory(school=school, starts_on=date(2027, 1, 1))
    serve(priority, people=[left], came=[left], days_ago=ago(TERM.last), hours=3, owner=left)

    with school_scope(school):
        (teachers,) = school_year.totals(TERM, None, today=TERM.last).groups
        rows = school_year.staff_with_hours(TERM, None, today=TERM.last)
        assert [person.pk for person in rows] == [left.pk]

    assert (teachers.group, teachers.people, teachers.none_yet) == (Staff.Group.TEACHER, 1, 0)
    assert teachers.this_year == timedelta(hours=3)


def test_totals_leave_out_what_was_only_cancelled(school, priority):
    """The figure is the number of its rows."""
    off = serve(priority, days_ago=ago(TERM.last), cost=Decimal(5))
    with school_scope(school):
        off.sessions.update(cancelled_at=clock.now(), register_taken_at=None)
        totals = school_year.totals(TERM, None, today=TERM.last)
        rows = school_year.activities_in(TERM)

        assert (totals.activities, totals.cost) == (rows.count(), rows.total_cost()) == (0, 0)
