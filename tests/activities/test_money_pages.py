"""Budget pages and the costs of an activity: who sees what, what is refused, what opens what."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from activities.models import Budget, Cost
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityPriorityFactory,
    BudgetFactory,
    CostFactory,
    ParticipationFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


@pytest.fixture
def planned(school):
    return ActivityFactory(school=school, state="planned")


def cost_data(**fields):
    usual = {"kind": "fee", "expected": "50", "falls_on": clock.today().isoformat()}
    return usual | fields


def lines_of(activity):
    with school_scope(activity.school_id):
        return list(Cost.objects.filter(activity=activity).select_related("budget"))


def now(budget):
    with school_scope(budget.school_id):
        return Budget.objects.get(pk=budget.pk)


def errors(response):
    form = response.context["form"]
    return {name: list(said) for name, said in form.errors.items()}


# --- lines of an activity -------------------------------------------------------------------------
def test_line_is_added_changed_and_removed(desk, school, planned):
    budget = BudgetFactory(school=school)
    sent = cost_data(expected="£1,250.50", budget=budget.pk, invoice_number="A1")
    desk.post(url(school, "activities:cost_add", planned.pk), sent)
    line = lines_of(planned)[0]
    assert (line.expected, line.budget, line.is_unpaid) == (Decimal("1250.50"), budget, True)

    sent |= {"actual": "900", "paid_on": clock.today().isoformat()}
    desk.post(url(school, "activities:cost_change", line.pk), sent)
    line = lines_of(planned)[0]
    assert (line.actual, line.is_unpaid) == (900, False)

    desk.post(url(school, "activities:cost_remove", line.pk))
    assert lines_of(planned) == []


IN_POUNDS = (
    "Write the sum in pounds, for example 50 or £1,250.50. Was it paid in another currency?"
    " Write what it came to in pounds."
)
BELOW = "A sum is never below £0. Money that comes back is a refund or income."


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"expected": "-5"}, "expected", BELOW),
        ({"expected": "−5"}, "expected", BELOW),
        ({"actual": "€50"}, "actual", IN_POUNDS),
        ({"actual": "50 dollars"}, "actual", IN_POUNDS),
        ({"actual": "£1,25"}, "actual", IN_POUNDS),
        ({"actual": "1e3"}, "actual", IN_POUNDS),
        ({"actual": "٥٠"}, "actual", IN_POUNDS),
        ({"actual": "12.345"}, "actual", "Pence have two digits, for example £12.50."),
        ({"actual": "99999999"}, "actual", "Is this right? It is more than £9,999,999."),
        ({"expected": ""}, "expected", "Say what it will cost, or what it cost in the end."),
        ({"cover_number": "2"}, "cover_number",
         "Only cover is counted in days: choose cover above."),
        ({"kind": "cover", "cover_number": "2"}, "cover_unit",
         "Say whether these are days, half-days or hours."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field(desk, school, planned, fields, field, said):
    response = desk.post(url(school, "activities:cost_add", planned.pk), cost_data(**fields))

    assert errors(response)[field] == [said]
    assert lines_of(planned) == []


def test_closed_budget_other_days_and_no_room_are_said_beside_the_field(desk, school, planned):
    path = url(school, "activities:cost_add", planned.pk)
    closed = BudgetFactory(school=school, name="Old", closed_at=clock.now())
    last = clock.today() - timedelta(days=400)
    past = BudgetFactory(school=school, name="Past", starts_on=last, ends_on=last)
    grant = BudgetFactory(school=school, name="Grant", fund="grant", amount=Decimal(20))

    for budget, field, said in (
        (closed, "budget", "“Old” is closed."),
        (past, "falls_on", "“Past” is for"),
        (grant, "budget", "“Grant” must not be overspent: £20 of it is left, and this is £50."),
    ):
        found = errors(desk.post(path, cost_data(budget=budget.pk)))
        assert found[field][0].startswith(said)


def test_overspending_ones_own_money_warns(desk, school, planned):
    budget = BudgetFactory(school=school, name="CPD", amount=Decimal(20))
    path = url(school, "activities:cost_add", planned.pk)

    response = desk.post(path, cost_data(budget=budget.pk), follow=True)

    assert "“CPD” is overspent by £30" in response.text


def test_cover_is_worked_out_from_the_schools_rate(desk, school, planned):
    sent = cost_data(kind="cover", expected="", cover_number="3", cover_unit="half_day")
    desk.post(url(school, "activities:cost_add", planned.pk), sent)

    assert lines_of(planned)[0].expected == school.cover_rate * 3 / 2


def test_budget_of_another_school_does_not_exist(desk, school, planned):
    theirs = BudgetFactory(name="Theirs")

    response = desk.post(
        url(school, "activities:cost_add", planned.pk), cost_data(budget=theirs.pk)
    )

    assert "budget" in errors(response)
    assert desk.get(url(school, "activities:budget", theirs.pk)).status_code == 404


def test_money_is_seen_by_those_who_may(sign_in, school, planned, teacher, cpd_leader):
    CostFactory(school=school, activity=planned, note="Train to Leeds")
    page = url(school, "activities:activity", planned.pk)

    assert "Train to Leeds" in sign_in(cpd_leader).get(page).text
    assert "Train to Leeds" not in sign_in(teacher).get(page).text


def test_page_shows_cash_and_with_staff_time(desk, school, planned):
    with school_scope(school):
        school.staff_hour_rate = Decimal(30)
        school.save()
    CostFactory(school=school, activity=planned, actual=Decimal(200))

    text = desk.get(url(school, "activities:activity", planned.pk)).text

    assert "In cash" in text
    assert "With staff time" in text


def test_forms_with_one_field_leave_lines_alone(desk, school, planned):
    """More than a plain fee: the edit form does not ask for money at all."""
    CostFactory(school=school, activity=planned, kind="travel")
    CostFactory(school=school, activity=planned, kind="venue")

    form = desk.get(url(school, "activities:edit", planned.pk)).context["form"]

    assert not {"cost", "expected_cost"} & form.fields.keys()


# --- budgets --------------------------------------------------------------------------------------
def budget_data(**fields):
    return {
        "name": "CPD", "amount": "£5,000", "starts_on": "2026-09-01", "ends_on": "2027-08-31",
        "fund": "own",
    } | fields  # fmt: skip


def test_budget_is_made_and_changed(desk, school):
    desk.post(url(school, "activities:budget_add"), budget_data(challenges="3, 2"))
    with school_scope(school):
        made = Budget.objects.get()
    assert (made.amount, made.challenges, made.is_hard) == (5000, [2, 3], False)

    sent = budget_data(fund="grant", revision=made.revision)
    desk.post(url(school, "activities:budget_change", made.pk), sent)
    made = now(made)
    assert (made.fund, made.is_hard, made.revision) == ("grant", True, 2)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": "-1"}, "amount"), ({"amount": "5000 €"}, "amount"),
        ({"ends_on": "2026-08-31"}, "ends_on"), ({"challenges": "two"}, "challenges"),
        ({"name": ""}, "name"), ({"starts_on": "2027-02-29"}, "starts_on"),
    ],
)  # fmt: skip
def test_budget_that_cannot_be_is_said_beside_the_field(desk, school, fields, field):
    response = desk.post(url(school, "activities:budget_add"), budget_data(**fields))

    assert field in errors(response)


def test_budget_keeps_the_lines_it_has(desk, school, planned):
    budget = BudgetFactory(school=school, is_hard=True)
    CostFactory(school=school, activity=planned, budget=budget, expected=Decimal(900))
    path = url(school, "activities:budget_change", budget.pk)

    low = budget_data(
        amount="800", is_hard="on", starts_on=budget.starts_on.isoformat(),
        ends_on=budget.ends_on.isoformat(), revision=1,
    )  # fmt: skip
    assert errors(desk.post(path, low))["amount"] == [
        "£900.00 of it is spent or committed already, and it must not be overspent."
    ]
    early = low | {"amount": "900", "ends_on": budget.starts_on.isoformat()}
    if clock.today() != budget.starts_on:
        assert "ends_on" in errors(desk.post(path, early))


def test_closing_reopening_and_carrying_over(desk, school):
    last = clock.today() - timedelta(days=400)
    old = BudgetFactory(school=school, starts_on=last, ends_on=last, amount=Decimal(70))
    new = BudgetFactory(school=school, name="New")

    desk.post(url(school, "activities:budget_move", old.pk, "close"))
    old = now(old)
    assert old.is_closed
    desk.post(url(school, "activities:budget_move", old.pk, "reopen"))
    assert "Carry it over" in desk.get(url(school, "activities:budget", old.pk)).text

    path = url(school, "activities:budget_carry", old.pk)
    assert "Choose the budget" in desk.post(path, follow=True).text
    said = desk.post(path, {"to": new.pk}, follow=True).text
    assert "£70 went from" in said
    old = now(old)
    assert (old.carried_to_id, old.carried_over) == (new.pk, 70)


def test_what_is_all_committed_can_be_carried_over(desk, school):
    last = clock.today() - timedelta(days=400)
    old = BudgetFactory(school=school, starts_on=last, ends_on=last, amount=Decimal(100))
    CostFactory(school=school, budget=old, falls_on=last)
    new = BudgetFactory(school=school, name="New")

    assert (
        "What is committed (£100) goes along"
        in desk.get(url(school, "activities:budget", old.pk)).text
    )
    path = url(school, "activities:budget_carry", old.pk)
    assert "£100 went from" in desk.post(path, {"to": new.pk}, follow=True).text


def test_every_figure_opens_the_lines_behind_it(desk, school, teacher, planned):
    serves = ActivityPriorityFactory(school=school, activity=planned).priority
    ParticipationFactory(school=school, activity=planned, staff=teacher)
    budget = BudgetFactory(school=school)
    spent = CostFactory(school=school, activity=planned, budget=budget, actual=Decimal(30))
    unpaid = CostFactory(school=school, activity=planned, budget=budget, invoice_number="7")
    leaver = StaffFactory(school=school, ends_on=clock.today())
    free = CostFactory(
        school=school, staff=leaver, falls_on=clock.today() + timedelta(days=1),
        activity=ActivityFactory(school=school, state="planned"), budget=None,
    )  # fmt: skip

    page = url(school, "activities:costs")
    for query, expected in (
        ("what=spent", {spent}),
        ("what=committed", {unpaid, free}),
        ("what=unpaid", {unpaid}),
        ("what=free", {free}),
        (f"priority={serves.pk}", {spent, unpaid}),
        ("priority=none", {free}),
        (f"group={teacher.group}", {spent, unpaid, free}),
        ("team=none", {spent, unpaid, free}),
    ):
        response = desk.get(f"{page}?{query}")
        assert set(response.context["page"]) == expected, query
    shown = desk.get(url(school, "activities:budget", budget.pk) + "?what=spent")
    assert list(shown.context["page"]) == [spent]
    for query in ("what=x", "priority=x", "team=²", "group=x", "year=1999/00"):
        assert desk.get(f"{page}?{query}").status_code == 404, query


def test_page_sums_by_priority_team_and_group(desk, school, teacher, planned):
    other = StaffFactory(school=school, group="assistant")
    ParticipationFactory(school=school, activity=planned, staff=teacher)
    ParticipationFactory(school=school, activity=planned, staff=other)
    CostFactory(school=school, activity=planned, expected=Decimal(100))
    CostFactory(school=school, activity=planned, actual=Decimal(40), staff=other)

    tables = dict(desk.get(url(school, "activities:budgets")).context["tables"])

    assert {row.key: (row.committed, row.spent) for row in tables["staff group"]} == {
        "assistant": (50, 40), "teacher": (50, 0),
    }  # fmt: skip
    assert [(row.name, row.total) for row in tables["priority"]] == [("Serves no priority", 140)]


def test_files_hold_what_the_page_shows(desk, school, planned):
    budget = BudgetFactory(school=school, name="=CPD", challenges=[2, 3])
    CostFactory(school=school, activity=planned, budget=budget, actual=Decimal("12.50"))

    text = desk.get(url(school, "activities:budgets") + "?format=csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["Budget"], row["Spent"], row["Left"]) == ("'=CPD", "12.50", "987.50")
    assert row["Challenges"] == "2, 3"
    book = load_workbook(
        io.BytesIO(desk.get(url(school, "activities:costs") + "?format=xlsx").content)
    )
    assert book.active["H2"].value == 12.5


def test_holder_sees_their_budget_only(sign_in, school):
    team_leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    mine = BudgetFactory(school=school, holder=team_leader)
    other = BudgetFactory(school=school)
    client = sign_in(team_leader)

    assert client.get(url(school, "activities:budget", mine.pk)).status_code == 200
    assert client.get(url(school, "activities:budget", other.pk)).status_code == 404
    assert client.get(url(school, "activities:budgets")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("page", "statements"), [("budgets", 21), ("costs", 17), ("budget", 18), ("activity", 22)]
)
def test_pages_cost_the_same_for_one_and_three(
    desk, school, planned, page, statements, count, django_assert_num_queries
):
    for _ in range(count):
        budget = BudgetFactory(school=school)
        ParticipationFactory(school=school, activity=planned)
        for _ in range(count):
            CostFactory(school=school, activity=planned, budget=budget)
    arguments = {"budget": [budget.pk], "activity": [planned.pk]}.get(page, [])
    path = url(school, f"activities:{page}", *arguments)
    desk.get(path)

    with django_assert_num_queries(statements):
        assert desk.get(path).status_code == 200
