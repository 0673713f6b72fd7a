"""What must never be false of the plan, whatever writes to it; and how its deeds behave."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from cpdhub import plan_actions
from cpdhub.models import Plan, Priority, SuccessCriterion
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    AreaForImprovementFactory,
    PlanFactory,
    PriorityFactory,
    ReadingFactory,
    StaffFactory,
    SuccessCriterionFactory,
)

State = Priority.State


def move(priority, state):
    with transaction.atomic():
        Priority.objects.filter(pk=priority.pk).update(state=state)


@pytest.mark.parametrize(
    "lacking",
    [None, {"baseline": None}, {"target": None}, {"measure": ""}],
    ids=["no criterion", "no baseline", "no target", "no measure"],
)
def test_database_refuses_live_priority_that_is_not_measured(school, lacking):
    priority = PriorityFactory(school=school)
    if lacking is not None:
        SuccessCriterionFactory(school=school, priority=priority, **lacking)

    with school_scope(school):
        with pytest.raises(DatabaseError, match="baseline, target and measure"):
            move(priority, State.LIVE)
        with pytest.raises(plan_actions.NotMeasured):
            plan_actions.publish(priority)
        assert Priority.objects.get(pk=priority.pk).state == State.DRAFT


@pytest.mark.parametrize("write", ["delete", "update"])
def test_database_keeps_a_live_priority_measured(school, write):
    priority = PriorityFactory(school=school, live=True)

    with school_scope(school):
        criteria = SuccessCriterion.objects.filter(priority=priority)
        with pytest.raises(DatabaseError, match="keeps baseline"), transaction.atomic():
            criteria.delete() if write == "delete" else criteria.update(target=None)
        assert priority.criteria.get().is_complete


def test_another_complete_criterion_lets_one_go(school):
    priority = PriorityFactory(school=school, live=True)
    SuccessCriterionFactory(school=school, priority=priority, measure="Other")

    with school_scope(school):
        priority.criteria.filter(measure="Other").delete()
        assert priority.criteria.count() == 1


@pytest.mark.parametrize(
    ("steps", "forbidden"),
    [
        ([], State.CLOSED),
        ([State.LIVE], State.DRAFT),
        ([State.LIVE, State.CLOSED], State.DRAFT),
    ],
)
def test_database_refuses_states_the_wrong_way(school, steps, forbidden):
    priority = PriorityFactory(school=school)
    SuccessCriterionFactory(school=school, priority=priority)

    with school_scope(school):
        for step in steps:
            move(priority, step)
        with pytest.raises(DatabaseError, match="Invalid transition"):
            move(priority, forbidden)


def test_closed_priority_goes_live_again(school):
    priority = PriorityFactory(school=school, live=True)

    with school_scope(school):
        plan_actions.close(priority)
        plan_actions.close(priority)
        plan_actions.publish(priority)
        assert Priority.objects.get().state == State.LIVE


def test_published_priority_comes_last_in_the_ranking(school):
    plan = PlanFactory(school=school)
    PriorityFactory(school=school, plan=plan, live=True, rank=4)
    priority = PriorityFactory(school=school, plan=plan)
    SuccessCriterionFactory(school=school, priority=priority)

    with school_scope(school):
        plan_actions.publish(priority)
        priority.refresh_from_db()

    assert priority.rank == 5


def test_area_becomes_one_priority_linked_both_ways(school, at):
    at("2026-11-22 10:00")
    area = AreaForImprovementFactory(school=school, text="Talk " * 60)

    with school_scope(school):
        first = plan_actions.make_priority(area)
        second = plan_actions.make_priority(area)

        assert first == second
        assert (first.area, area.priority) == (area, first)
        assert (first.state, first.source) == (State.DRAFT, Priority.Source.SELF_EVALUATION)
        assert len(first.title) == 200
        assert first.why == area.text
        assert first.starts_on == date(2026, 11, 22)
        assert first.plan.year.name == "2026/27"
        assert first.ends_on < first.plan.year.ends_on


def test_area_does_not_become_a_priority_of_an_archived_plan(school):
    area = AreaForImprovementFactory(school=school)
    with school_scope(school):
        plan_actions.archive(plan_actions.plan_for_this_year(school), carry=[])

        with pytest.raises(plan_actions.PlanArchived):
            plan_actions.make_priority(area)
        assert Priority.objects.count() == 0


def test_archiving_closes_live_ones_and_carries_the_chosen_on(school, at):
    at("2027-07-12 10:00")
    plan = PlanFactory(school=school)
    lead = StaffFactory(school=school)
    goes_on = PriorityFactory(
        school=school, plan=plan, live=True, title="Talk", why="Because", lead=lead
    )
    stays = PriorityFactory(school=school, plan=plan, live=True)
    draft = PriorityFactory(school=school, plan=plan)
    with school_scope(school):
        criterion = goes_on.criteria.get()
    ReadingFactory(school=school, criterion=criterion, value=48, taken_on=date(2027, 1, 5))
    ReadingFactory(school=school, criterion=criterion, value=55, taken_on=date(2027, 7, 5))

    with school_scope(school):
        following = plan_actions.archive(plan, carry=[goes_on])
        again = plan_actions.archive(plan, carry=[goes_on])

        assert following == again
        assert following.year.name == "2027/28"
        assert following.year.half_terms.count() == 6
        copy = following.priorities.get()
        assert (copy.title, copy.why, copy.lead) == ("Talk", "Because", lead)
        assert (copy.state, copy.carried_from) == (State.DRAFT, goes_on)
        new = copy.criteria.get()
        assert (new.measure, new.baseline, new.target) == (
            criterion.measure, Decimal(55), criterion.target,
        )  # fmt: skip
        assert new.readings.count() == 0
        states = dict(Priority.objects.filter(plan=plan).values_list("pk", "state"))
        assert states == {goes_on.pk: "closed", stays.pk: "closed", draft.pk: "draft"}
        assert not Plan.objects.get(pk=plan.pk).is_open


def test_archiving_into_a_year_that_has_a_plan_adds_to_it(school):
    plan = PlanFactory(school=school)
    start = plan.year.starts_on.replace(year=plan.year.starts_on.year + 1)
    following = PlanFactory(school=school, year=AcademicYearFactory(school=school, starts_on=start))
    PriorityFactory(school=school, plan=following)
    priority = PriorityFactory(school=school, plan=plan, live=True)

    with school_scope(school):
        assert plan_actions.archive(plan, carry=[priority]) == following
        assert following.priorities.count() == 2


def test_lead_follows_a_live_priority_and_changes_nothing_else(school):
    lead, other = StaffFactory(school=school), StaffFactory(school=school)
    live = PriorityFactory(school=school, live=True, lead=lead)
    draft = PriorityFactory(school=school, plan=live.plan, lead=lead)

    assert live.may_be_followed_by(lead)
    assert not live.may_be_changed_by(lead)
    assert not live.may_be_followed_by(other)
    assert not draft.may_be_followed_by(lead)
