"""What a priority costs, on its page and on the plan, for who keeps budgets."""

import re
from decimal import Decimal

import pytest

from activities import budgets
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    ActivityPriorityFactory,
    CostFactory,
    PlanFactory,
    PriorityFactory,
)
from tests.helpers import url


@pytest.fixture
def plan(school):
    return PlanFactory(school=school, year=AcademicYearFactory(school=school))


@pytest.fixture
def priority(school, plan):
    return PriorityFactory(school=school, plan=plan, title="Reasoning in maths", live=True)


def cost(priority, state="planned", **fields):
    activity = ActivityFactory(school=priority.school, state=state)
    ActivityPriorityFactory(school=priority.school, activity=activity, priority=priority)
    return CostFactory(school=priority.school, activity=activity, **fields)


def page(client, view, row):
    return client.get(url(row.school, view, row.pk)).text


def test_priority_says_what_was_expected_spent_and_committed(sign_in, cpd_leader, priority):
    cost(priority, expected=Decimal(100), actual=Decimal(120))
    cost(priority, expected=Decimal("30.50"))
    cost(priority, state="draft", expected=Decimal(999))
    client = sign_in(cpd_leader)

    text = page(client, "plan:priority", priority)

    assert "£120 spent" in text
    assert "£30.50 committed" in text
    assert "£130.50 expected" in text
    (spent,) = re.findall(r'href="([^"]+)">£120 spent', text)
    assert client.get(spent.replace("&amp;", "&")).context["total"] == 120


def test_figures_are_the_budget_pages(sign_in, cpd_leader, school, plan, priority):
    cost(priority, actual=Decimal(120))
    other = PriorityFactory(school=school, plan=plan, title="Talk", live=True)

    rows = sign_in(cpd_leader).get(url(school, "activities:budgets")).context["tables"][0][1]

    with school_scope(school):
        found = budgets.of_priorities([other, priority], plan.year)
    assert found[0] == next(row for row in rows if row.key == str(priority.pk))
    assert (found[1].name, found[1].total) == ("Talk", 0)


def test_plan_shows_live_priorities_beside_each_other(sign_in, head, school, plan, priority):
    cost(priority, actual=Decimal(120))
    PriorityFactory(school=school, plan=plan, title="Talk", live=True)

    text = page(sign_in(head), "plan:year", plan)

    section = text.partition('id="money"')[2].partition("</section>")[0]
    assert "£120" in section
    assert section.index("Reasoning in maths") < section.index("Talk")


def test_nothing_yet_is_said(sign_in, cpd_leader, priority):
    text = page(sign_in(cpd_leader), "plan:priority", priority)

    assert f"Nothing spent or committed in {priority.plan.year}." in text


def test_money_is_not_for_everyone(sign_in, teacher, governor, plan, priority):
    cost(priority, actual=Decimal(120))

    for person in (teacher, governor):
        client = sign_in(person)
        assert "What it costs" not in page(client, "plan:priority", priority)
        assert "What it costs" not in page(client, "plan:year", plan)


@pytest.mark.parametrize("count", [1, 3])
def test_plan_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, plan, count, django_assert_num_queries
):
    for _ in range(count):
        cost(PriorityFactory(school=school, plan=plan, live=True), actual=Decimal(120))
    client = sign_in(cpd_leader)
    client.get(url(school, "plan:year", plan.pk))

    with django_assert_num_queries(20):
        client.get(url(school, "plan:year", plan.pk))
