"""Figures of the dashboard, however it is narrowed, and of the reports equal a plain recount."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation import figure_rows, figures, needs, school_year
from evaluation.models.evidence import ORDER, STRENGTH
from evaluation.part import Part
from evaluation.school_year import Period
from tests.evaluation.plain_entered import SCHOOLS, enter
from tests.evaluation.plain_reports import check_reports
from tests.evaluation.plain_school import LAST, THIS, Asked

WHOLE = Asked()
NARROWED = [
    Asked(team=0),
    Asked(form=0),
    Asked(team=1, form=0),
    Asked(priority=0, team=0),
    Asked(team=0, is_open=True),
]
TWO = st.lists(st.sampled_from(NARROWED), min_size=2, max_size=2, unique=True)
# Making a failing school smaller takes minutes: the one that was found says enough.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
any_school = settings(
    max_examples=6, deadline=None, phases=NO_SHRINKING,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large,
    ],
)  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_november_day(at):
    at("2026-11-22 12:00")


def part_of(asked, rows):
    def pk(name, place):
        return 0 if place is None else rows[name][place].pk

    return Part(
        priority=pk("priorities", asked.priority),
        team=pk("teams", asked.team),
        form=pk("forms", asked.form),
        is_open=asked.is_open,
    )


@any_school
@given(SCHOOLS, TWO)
def test_figures_equal_a_plain_recount(school, plain, narrowed):
    """Of the dashboard, narrowed and not, of the rows behind it, and of the reports."""
    recount(school, plain, narrowed)


def recount(school, plain, narrowed):
    with transaction.atomic():
        enter(plain, school)
        with school_scope(school):
            for asked in (WHOLE, *narrowed):
                check_chains(plain, asked)
                check_year(plain, asked)
            check_reports(plain, lambda n: strength(plain, n, plain.chain(n, WHOLE)))
        transaction.set_rollback(True)


@pytest.mark.faults
@settings(any_school, max_examples=150)
@given(SCHOOLS, st.just(NARROWED))
def test_figures_of_many_schools_equal_a_plain_recount(school, plain, narrowed):
    recount(school, plain, narrowed)


def check_chains(plain, asked):
    rows, part = plain.rows, part_of(asked, plain.rows)
    crew = {person.pk: n for n, person in enumerate(rows["crew"])}
    found = {
        chain.priority.pk: chain
        for chain in figures.chains(rows["year"], now=clock.now(), part=part)
    }
    shown = range(2) if asked.priority is None else [asked.priority]
    assert set(found) == {rows["priorities"][n].pk for n in shown}
    for n in shown:
        chain, told = found[rows["priorities"][n].pk], plain.chain(n, asked)
        assert {
            "needs": chain.needs.parts,
            "peoples_needs": chain.peoples_needs.parts,
            "planned": chain.planned,
            "finished": chain.finished,
            "unsaid": chain.unsaid,
            "unneeded": chain.unneeded,
            "registers": chain.registers,
            "cost": chain.cost,
            "hours": chain.time / timedelta(hours=1),
            "put_down": {crew[pk] for pk in chain.put_down},
            "reached": {crew[pk] for pk in chain.reached},
            "sharers": {crew[pk] for pk in chain.sharers},
            "verdicts": sorted(
                word for word, times in chain.judged.number.items() for _ in range(times)
            ),
            "money": chain.judged.money,
            "stopped": chain.judged.stopped,
            "kinds": chain.judged.kinds,
            "waiting": chain.waiting,
        } == told
        assert chain.strength == strength(plain, n, told)
        if n == shown[0]:
            check_rows(rows["priorities"][n], part, told, crew)


def strength(plain, priority, told):
    if any(which == priority for which, _ in plain.readings):
        return "Repeated measure"
    if told["kinds"]:
        return max((STRENGTH[kind] for kind in told["kinds"]), key=ORDER.index)
    return "Self-reported only" if told["sharers"] else "No evidence yet"


def check_rows(priority, part, told, crew):
    """Behind each figure as many rows as it says."""
    activities = figures.activities_of([priority], part)
    assert len(activities) == told["planned"] + told["finished"]
    assert activities.total_cost() == told["cost"]
    assert needs.behind(priority, part).count() == sum(told["needs"])
    people = figure_rows.people_rows(priority, part)
    assert {crew[row.staff.pk] for row in people} == told["put_down"] | told["reached"]
    assert {crew[row.staff.pk] for row in people if row.came} == told["reached"]
    shared = figures.shared_about([priority], part)
    assert {crew[pk] for pk in shared.values_list("owner", flat=True)} == told["sharers"]


def check_year(plain, asked):
    part, now, then = part_of(asked, plain.rows), Period(*THIS), Period(*LAST)
    totals = school_year.totals(now, then, today=clock.today(), part=part)
    this = plain.in_year(asked, THIS)
    before = [] if asked.priority is not None else plain.in_year(asked, LAST)
    assert (totals.activities, totals.activities_before) == (len(this), len(before))
    assert totals.cost == Decimal(sum(each.fee for each in this))
    assert totals.cost_before == Decimal(sum(each.fee for each in before))
    assert school_year.activities_in(now, part).count() == len(this)
    hour = timedelta(hours=1)
    found = {
        row.group: {
            "people": row.people,
            "none_yet": row.none_yet,
            "this_year": row.this_year / hour,
            "last_year": row.last_year / hour,
            "other": row.other / hour,
            "own": row.own / hour,
        }
        for row in totals.groups
    }
    told = {name: plain.group(name, asked) for name in ("teacher", "assistant", "support")}
    assert found == {name: row for name, row in told.items() if row["people"]}
    people = school_year.staff_with_hours(now, then, today=clock.today(), part=part)
    assert len([person for person in people if person.this_year is None]) == totals.none_yet
