"""Budgets and lines of cost: what the database keeps, and what the rules say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities import spending
from activities.models import Activity, Budget, Cost, NotPossible
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    BudgetFactory,
    CostFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
)


@pytest.fixture
def inside(db):
    school = SchoolFactory()
    with school_scope(school):
        yield school


def sums(budget):
    found = Budget.objects.with_sums().get(pk=budget.pk)
    return found.committed, found.spent, found.left


def fee(activity, budget=None, **fields):
    fields.setdefault("falls_on", clock.today())
    return Cost(activity=activity, budget=budget, **fields)


# --- an activity's cost is what its lines add up to -----------------------------------------------
KINDS = st.sampled_from(Cost.Kind.values)
SUMS = st.one_of(st.none(), st.decimals(0, 5000, places=2))
LINES = st.lists(
    st.tuples(KINDS, SUMS, SUMS).filter(lambda line: line[1:] != (None, None)), max_size=5
)


@given(LINES)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
def test_cost_of_an_activity_equals_a_plain_recount(inside, lines):
    activity = ActivityFactory(school=inside, state="planned")
    for kind, expected, actual in lines:
        CostFactory(school=inside, activity=activity, kind=kind, expected=expected, actual=actual)

    activity.refresh_from_db()
    signed = [(-1 if kind in Cost.BRINGS_IN else 1, *rest) for kind, *rest in lines]
    expected = [sign * value for sign, value, _ in signed if value is not None]
    known = [sign * (e if a is None else a) for sign, e, a in signed]
    any_in = any(a is not None for _, _, a in signed)
    assert activity.expected_cost == (sum(expected) if expected else None)
    assert activity.cost == (sum(known) if any_in else None)
    found = Activity.objects.filter(pk=activity.pk)
    assert found.total_cost() == Cost.objects.filter(activity=activity).total() == sum(known)


def test_figures_on_the_activity_cannot_be_written_by_hand(inside):
    activity = ActivityFactory(school=inside, cost=Decimal(50))

    activity.cost = activity.expected_cost = Decimal(7)
    activity.save()
    Activity.objects.update(cost=9)

    activity.refresh_from_db()
    assert (activity.cost, activity.expected_cost) == (Decimal(50), None)


def test_figures_follow_a_line_changed_or_removed(inside):
    activity = ActivityFactory(school=inside, expected_cost=Decimal(50))
    line = activity.costs.get()

    line.expected = Decimal(80)
    line.save()
    activity.refresh_from_db()
    assert activity.expected_cost == 80

    spending.remove_cost(line)
    activity.refresh_from_db()
    assert activity.expected_cost is None


@pytest.mark.parametrize(
    "line",
    [
        {"expected": Decimal(-1)},
        {"actual": Decimal(-1)},
        {"expected": None},
        {"kind": "fee", "cover_unit": "day", "cover_number": 1},
        {"kind": "cover", "cover_unit": "day"},
    ],
)
def test_database_refuses_a_line_that_cannot_be(inside, line):
    with pytest.raises(DatabaseError), transaction.atomic():
        CostFactory(school=inside, **line)


# --- one figure in one field ----------------------------------------------------------------------
def test_one_figure_is_one_line(inside):
    activity = ActivityFactory(school=inside)
    SessionFactory(school=inside, activity=activity)
    day = activity.sessions.get().starts_at.astimezone(clock.LONDON).date()

    spending.set_figures(activity, expected=Decimal(20), actual=None)
    spending.set_figures(activity, expected=Decimal(30), actual=Decimal(25))
    line = activity.costs.get()
    assert (line.kind, line.expected, line.actual, line.falls_on) == ("fee", 30, 25, day)
    assert spending.has_one_figure(activity)

    spending.set_figures(activity, expected=None, actual=None)
    assert not activity.costs.exists()


def test_more_lines_are_no_one_figure(inside):
    activity = ActivityFactory(school=inside, cost=Decimal(10))
    CostFactory(school=inside, activity=activity, kind="travel")

    assert not spending.has_one_figure(activity)


# --- committed, spent, left -----------------------------------------------------------------------
@given(st.lists(st.tuples(st.sampled_from(Activity.State.values), KINDS, SUMS, SUMS).filter(
    lambda line: line[2:] != (None, None)), max_size=5))  # fmt: skip
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
def test_sums_of_a_budget_equal_a_plain_recount(inside, lines):
    budget = BudgetFactory(school=inside, amount=Decimal(10000))
    for state, kind, expected, actual in lines:
        activity = in_state(inside, state)
        CostFactory(
            school=inside, activity=activity, budget=budget, kind=kind,
            expected=expected, actual=actual,
        )  # fmt: skip

    committed = spent = Decimal(0)
    for state, kind, expected, actual in lines:
        if actual is not None:
            spent += -actual if kind in Cost.BRINGS_IN else actual
        elif kind not in Cost.BRINGS_IN and state not in {"draft", "cancelled"}:
            committed += expected
    assert sums(budget) == (committed, spent, 10000 - committed - spent)
    assert sum(line.takes for line in Cost.objects.filter(budget=budget)) == committed + spent


def in_state(school, state):
    if state != "cancelled":
        return ActivityFactory(school=school, kind="statutory", state=state)
    activity = ActivityFactory(school=school, kind="statutory", state="planned")
    activity.cancel("Snow")
    return activity


# --- what a budget refuses ------------------------------------------------------------------------
def refused(line):
    with pytest.raises(spending.BudgetRefuses) as refusal:
        spending.save_cost(line)
    return refusal.value.field, str(refusal.value)


def refused_by_database(**fields):
    with pytest.raises(DatabaseError), transaction.atomic():
        CostFactory(**fields)


def test_closed_budget_takes_nothing_more(inside):
    budget = BudgetFactory(school=inside, name="CPD", closed_at=clock.now())
    activity = ActivityFactory(school=inside, state="planned")

    field, said = refused(fee(activity, budget, expected=Decimal(1)))

    assert (field, said) == ("budget", "“CPD” is closed. Choose another, or open it again.")
    refused_by_database(school=inside, activity=activity, budget=budget)


def test_what_is_noted_on_a_line_of_a_closed_budget_may_change(inside):
    line = CostFactory(school=inside, budget=BudgetFactory(school=inside))
    line.budget.close()

    line.paid_on = clock.today()
    assert spending.save_cost(line).paid_on == clock.today()


def test_day_outside_the_budgets_period_is_refused(inside):
    budget = BudgetFactory(school=inside, name="CPD")
    activity = ActivityFactory(school=inside, state="planned")
    day = budget.ends_on + timedelta(days=1)

    field, said = refused(fee(activity, budget, expected=Decimal(1), falls_on=day))

    assert field == "falls_on"
    assert "“CPD” is for 1 September" in said
    refused_by_database(school=inside, activity=activity, budget=budget, falls_on=day)
    assert spending.save_cost(fee(activity, budget, expected=Decimal(1), falls_on=budget.ends_on))


def test_29_february_is_a_day_of_a_budget(inside):
    budget = BudgetFactory(school=inside, starts_on=date(2028, 2, 29), ends_on=date(2028, 2, 29))
    line = CostFactory(school=inside, budget=budget, falls_on=date(2028, 2, 29))

    assert list(Budget.objects.open_on(date(2028, 2, 29))) == [line.budget]
    assert not Budget.objects.open_on(date(2028, 3, 1)).exists()


def test_hard_budget_refuses_what_it_does_not_have(inside):
    budget = BudgetFactory(school=inside, name="Grant", fund="grant", amount=Decimal(100))
    activity = ActivityFactory(school=inside, state="planned")
    spending.save_cost(fee(activity, budget, expected=Decimal(60)))

    field, said = refused(fee(activity, budget, expected=Decimal("40.01")))

    assert field == "budget"
    assert said.startswith("“Grant” must not be overspent: £40 of it is left, and this is £40.01.")
    refused_by_database(school=inside, activity=activity, budget=budget, expected=41)
    spending.save_cost(fee(activity, budget, expected=Decimal(40)))
    assert (budget.room_for(Decimal(1)), budget.room_for(Decimal(0))) == (False, True)


def test_bill_higher_than_expected_is_measured_against_what_is_left(inside):
    budget = BudgetFactory(school=inside, is_hard=True, amount=Decimal(100))
    line = CostFactory(school=inside, budget=budget, expected=Decimal(90))

    line.actual = Decimal(100)
    spending.save_cost(line)
    line.actual = Decimal(101)
    assert refused(line)[0] == "budget"


def test_own_money_may_be_overspent(inside):
    budget = BudgetFactory(school=inside, amount=Decimal(100))
    CostFactory(school=inside, budget=budget, expected=Decimal(250))

    assert sums(budget) == (250, 0, -150)


def test_drafts_lines_count_when_it_is_planned(inside):
    budget = BudgetFactory(school=inside, name="Grant", is_hard=True, amount=Decimal(100))
    activity = ActivityFactory(school=inside, kind="statutory")
    spending.save_cost(fee(activity, budget, expected=Decimal(70)))
    spending.save_cost(fee(activity, budget, expected=Decimal(70)))

    with pytest.raises(NotPossible, match="£100 of it is left, and this is £140"):
        activity.plan()
    with pytest.raises(DatabaseError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(state="planned")

    activity.costs.first().delete()
    activity.plan()
    assert sums(budget) == (70, 0, 30)


def test_draft_is_not_planned_from_a_closed_budget(inside):
    budget = BudgetFactory(school=inside)
    activity = ActivityFactory(school=inside, kind="statutory")
    spending.save_cost(fee(activity, budget, expected=Decimal(70)))
    budget.close()

    with pytest.raises(NotPossible, match="is closed"):
        activity.plan()


def test_cancelling_frees_what_was_committed_and_keeps_what_was_spent(inside):
    budget = BudgetFactory(school=inside, amount=Decimal(100))
    activity = ActivityFactory(school=inside, state="planned")
    spending.save_cost(fee(activity, budget, expected=Decimal(70)))
    spending.save_cost(fee(activity, budget, expected=Decimal(10), actual=Decimal(10)))

    activity.cancel("Trainer ill")

    assert sums(budget) == (0, 10, 90)


def test_amount_of_a_hard_budget_does_not_fall_below_what_is_taken(inside):
    budget = BudgetFactory(school=inside, is_hard=True, amount=Decimal(100))
    CostFactory(school=inside, budget=budget, expected=Decimal(90))

    with pytest.raises(DatabaseError), transaction.atomic():
        Budget.objects.filter(pk=budget.pk).update(amount=80)
    with pytest.raises(DatabaseError), transaction.atomic():
        Budget.objects.filter(pk=budget.pk).update(fund="grant", is_hard=False)


def test_income_that_was_spent_again_does_not_go(inside):
    budget = BudgetFactory(school=inside, is_hard=True, amount=Decimal(0))
    earned = CostFactory(school=inside, budget=budget, kind="income", expected=None, actual=100)
    CostFactory(school=inside, budget=budget, expected=Decimal(100))

    with pytest.raises(DatabaseError), transaction.atomic():
        earned.delete()


def test_cover_costs_what_the_schools_rate_says(inside):
    inside.cover_rate = Decimal(220)
    inside.save()
    line = CostFactory.build(school=inside, activity=ActivityFactory(school=inside), kind="cover")

    found = []
    for line.cover_unit, line.cover_number in (
        ("day", Decimal(2)), ("half_day", Decimal(3)), ("hour", Decimal("6.5")),
    ):  # fmt: skip
        found.append(line.cover_cost())
    assert found == [440, 330, 220]


# --- carrying over --------------------------------------------------------------------------------
@pytest.fixture
def last_year(inside):
    first = clock.today() - timedelta(days=400)
    return BudgetFactory(school=inside, starts_on=first, ends_on=first + timedelta(days=200))


def test_what_is_left_goes_to_the_next_budget_once(inside, last_year):
    CostFactory(school=inside, budget=last_year, falls_on=last_year.starts_on, actual=300)
    this_year = BudgetFactory(school=inside, amount=Decimal(500))

    assert spending.carry_over(last_year, to=this_year) == 700
    with pytest.raises(NotPossible, match="already"):
        spending.carry_over(last_year, to=this_year)

    assert sums(last_year) == (0, 300, 0)
    assert sums(this_year) == (0, 0, 1200)
    last_year.refresh_from_db()
    assert last_year.is_closed
    with pytest.raises(NotPossible):
        last_year.reopen()


@pytest.mark.parametrize("is_hard", [False, True])
@pytest.mark.parametrize(("bill", "left"), [(100, 1400), (90, 1410), (110, 1390), (None, 1500)])
def test_bill_that_comes_after_carrying_over(inside, last_year, is_hard, bill, left):
    """None: the activity is cancelled instead."""
    Budget.objects.update(is_hard=is_hard)
    late = CostFactory(school=inside, budget=last_year, falls_on=last_year.ends_on)
    this_year = BudgetFactory(school=inside, amount=Decimal(500), is_hard=is_hard)

    assert spending.carry_over(last_year, to=this_year) == 1000

    assert sums(last_year) == (0, 0, 0)
    assert sums(this_year) == (100, 0, 1400)
    late = Cost.objects.get(pk=late.pk)
    if bill is None:
        late.activity.cancel("Nobody came")
    else:
        late.actual = Decimal(bill)
        spending.save_cost(late)
    assert sums(last_year) == (0, 0, 0)
    assert sums(this_year) == (0, bill or 0, left)


def test_what_is_paid_or_not_to_happen_stays_with_the_old_budget(inside, last_year):
    common = {"school": inside, "budget": last_year, "falls_on": last_year.ends_on}
    stay = [
        CostFactory(actual=Decimal(40), **common),
        CostFactory(activity=ActivityFactory(school=inside, state="draft"), **common),
    ]
    CostFactory(kind="income", **common)
    CostFactory(**common)
    this_year = BudgetFactory(school=inside, amount=Decimal(0))

    assert spending.carry_over(last_year, to=this_year) == 960

    assert set(last_year.lines.all()) == set(stay)
    assert sums(this_year) == (100, 0, 860)
    stay[0].actual = Decimal(50)
    with pytest.raises(spending.BudgetRefuses, match="Choose another.$"):
        spending.save_cost(stay[0])


def test_all_of_it_committed_goes_over_with_its_lines(inside, last_year):
    CostFactory(school=inside, budget=last_year, falls_on=last_year.ends_on, expected=1000)
    this_year = BudgetFactory(school=inside, amount=Decimal(500))

    assert spending.carry_over(last_year, to=this_year) == 1000
    assert sums(this_year) == (1000, 0, 500)


def test_more_committed_than_a_hard_budget_takes_is_refused(inside, last_year):
    CostFactory(school=inside, budget=last_year, falls_on=last_year.ends_on, expected=1200)
    this_year = BudgetFactory(school=inside, amount=Decimal(100), is_hard=True)

    with pytest.raises(NotPossible, match="must not be overspent"), transaction.atomic():
        spending.carry_over(last_year, to=this_year)

    assert sums(last_year) == (1200, 0, -200)


def test_carrying_over_is_refused_with_a_reason(inside, last_year):
    this_year = BudgetFactory(school=inside)
    grant = BudgetFactory(school=inside, fund="grant")

    for source, target, reason in (
        (this_year, last_year, "runs until"),
        (last_year, grant, "same fund"),
        (last_year, last_year, "ends later"),
    ):
        with pytest.raises(NotPossible, match=reason):
            spending.carry_over(source, to=target)


def test_money_of_leavers_is_to_free(inside):
    today = clock.today()
    leaver = StaffFactory(school=inside, ends_on=today + timedelta(days=10))
    stays = StaffFactory(school=inside)
    late = today + timedelta(days=30)
    freed = CostFactory(school=inside, staff=leaver, falls_on=late)
    CostFactory(school=inside, staff=leaver, falls_on=today)
    CostFactory(school=inside, staff=leaver, falls_on=late, actual=5)
    CostFactory(school=inside, staff=stays, falls_on=late)

    assert list(Cost.objects.to_free(today=today)) == [freed]
