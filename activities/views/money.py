"""Budgets: what is committed, spent and left, and the lines behind every figure."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import budgets, spending
from activities.forms import BudgetForm, CarryForm
from activities.models import Budget, Cost, NotPossible
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response, xlsx_response
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, LogEntry
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import pounds

PER_PAGE = 50
FILES = {"csv": csv_response, "xlsx": xlsx_response}
BUDGETS_HEADER = ["Budget", "Cost code", "Where from", "First day", "Last day", "Closed",
                  "Amount", "Carried in", "Carried over", "Committed", "Spent", "Left",
                  "Challenges"]  # fmt: skip
LINES_HEADER = ["Day", "Activity", "Kind", "What for", "For", "Budget", "Expected", "In the end",
                "Counts", "Invoice", "Invoice date", "Paid on"]  # fmt: skip


def year_of(request: StaffRequest) -> tuple[AcademicYear, list[AcademicYear]]:
    year, years = budgets.years_and(request.GET.get("year"), today=clock.today())
    if year is None:
        raise Http404
    return year, years


def as_file(
    request: StaffRequest, name: str, header: list[str], rows: list[list[Any]]
) -> HttpResponse | None:
    """The file asked for by `?format=`, if one is; who took it is written down."""
    make = FILES.get(form := request.GET.get("format", ""))
    if make is None:
        return None
    LogEntry.objects.create(
        school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what=name
    )
    return make(f"{name}-{clock.today().isoformat()}.{form}", header, rows)


@require_GET
@requires(Permission.MANAGE_BUDGETS)
def budget_list(request: StaffRequest) -> HttpResponse:
    """All budgets of a year, and where their money goes."""
    year, years = year_of(request)
    found = list(Budget.objects.between(year.starts_on, year.ends_on).with_sums())
    if file := as_file(request, "budgets", BUDGETS_HEADER, [cells_of(row) for row in found]):
        return file
    lines = budgets.counting(year.starts_on, year.ends_on)
    context = {
        "year": year,
        "years": years,
        "budgets": found,
        "sentence": budgets.sentence_of(found),
        "tables": budgets.tables(lines),
        "unpaid": lines.unpaid().count(),
        "free": Cost.objects.to_free(today=clock.today()).count(),
    }
    return render(request, "activities/budgets.html", context)


def cells_of(row: Budget) -> list[Any]:
    return [
        row.name, row.code, row.get_fund_display(), row.starts_on, row.ends_on, row.is_closed,
        row.amount, row.carried_in, row.carried_over, row.committed, row.spent, row.left,
        ", ".join(map(str, row.challenges)),
    ]  # fmt: skip


@require_GET
@requires(Permission.MANAGE_BUDGETS)
def cost_list(request: StaffRequest) -> HttpResponse:
    """The lines behind a figure of a year."""
    year, years = year_of(request)
    chosen = chosen_of(request)
    if chosen.get("what") == "free":
        lines = Cost.objects.all()
    else:
        lines = budgets.counting(year.starts_on, year.ends_on)
    lines = budgets.narrowed(lines, chosen, today=clock.today())
    return lines_page(request, lines, "activities/costs.html", {
        "year": year, "years": years, "chosen": chosen, "title": title_of(chosen),
    })  # fmt: skip


def chosen_of(request: StaffRequest) -> dict[str, str]:
    """What the address asks for; anything it cannot mean is not there."""
    found = {k: request.GET[k] for k in ("what", "priority", "team", "group") if request.GET.get(k)}
    ids = [found[k] for k in ("priority", "team") if k in found and found[k] != "none"]
    is_known = found.get("what", "spent") in budgets.WHAT and found.get("group", "none") in {
        "none", *budgets.GROUPS
    }  # fmt: skip
    if not is_known or not all(i.isascii() and i.isdecimal() and len(i) < 16 for i in ids):
        raise Http404
    return found


def title_of(chosen: dict[str, str]) -> str:
    return {
        "spent": "What was the money spent on?",
        "committed": "What is money put aside for?",
        "unpaid": "Which invoices are not paid?",
        "free": "Which money can be freed?",
    }.get(chosen.get("what", ""), "What does our CPD cost?")


def lines_page(
    request: StaffRequest, lines: Any, template: str, context: dict[str, Any]
) -> HttpResponse:
    rows = lines.select_related("activity", "budget", "staff").order_by("-falls_on", "-pk")
    if request.GET.get("format") in FILES:
        file = as_file(request, "costs", LINES_HEADER, [line_cells(row) for row in rows])
        return file or redirect(request.path)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, template, context | {"page": page, "total": lines.total()})


def line_cells(line: Cost) -> list[Any]:
    return [
        line.falls_on, line.activity.title, line.get_kind_display(), line.note,
        line.staff.name if line.staff else "", line.budget.name if line.budget else "",
        line.expected, line.actual, line.takes, line.invoice_number, line.invoiced_on,
        line.paid_on,
    ]  # fmt: skip


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def budget(request: StaffRequest, pk: int) -> HttpResponse:
    """One budget and its lines, for those who manage budgets and whoever holds it."""
    found = get_object_or_404(
        Budget.objects.visible_to(request.staff)
        .with_sums()
        .select_related("holder", "team", "priority", "carried_to"),
        pk=pk,
    )
    may_manage = request.staff.can(Permission.MANAGE_BUDGETS)
    what = request.GET.get("what", "")
    if what and what not in budgets.WHAT:
        raise Http404
    counted = budgets.counting(found.starts_on, found.ends_on).filter(budget=found)
    lines = budgets.narrowed(counted if what else found.lines.all(), {"what": what},
                             today=clock.today())  # fmt: skip
    may_carry = may_manage and not found.carried_to_id and found.spent < found.has
    context = {
        "budget": found,
        "what": what,
        "may_manage": may_manage,
        "carry": CarryForm(budget=found) if may_carry and found.ends_on < clock.today() else None,
        "free": Cost.objects.to_free(today=clock.today()).filter(budget=found).count(),
    }
    return lines_page(request, lines, "activities/budget.html", context)


def managed_budget(pk: int) -> Budget:
    return get_object_or_404(Budget, pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_BUDGETS)
@once
def budget_add(request: StaffRequest) -> HttpResponse:
    year = AcademicYear.objects.containing(clock.today())
    initial = {"starts_on": year.starts_on, "ends_on": year.ends_on} if year else {}
    return budget_form(request, Budget(school=request.school), initial)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_BUDGETS)
def budget_change(request: StaffRequest, pk: int) -> HttpResponse:
    return budget_form(request, managed_budget(pk), {})


def budget_form(request: StaffRequest, found: Budget, initial: dict[str, Any]) -> HttpResponse:
    form = BudgetForm(request.POST or None, instance=found, initial=initial)
    if form.is_valid():
        saved = form.save()
        messages.success(request, "Saved.")
        return redirect("activities:budget", saved.pk)
    return render(request, "activities/budget_change.html", {"form": form, "budget": found})


@require_POST
@requires(Permission.MANAGE_BUDGETS)
def budget_move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Close it, or open it again."""
    if move not in {"close", "reopen"}:
        raise Http404
    found = managed_budget(pk)
    try:
        found.close() if move == "close" else found.reopen()
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        said = "Closed: it takes no more costs." if move == "close" else "Open again."
        messages.success(request, said)
    return redirect("activities:budget", pk)


@require_POST
@requires(Permission.MANAGE_BUDGETS)
@once
def budget_carry(request: StaffRequest, pk: int) -> HttpResponse:
    """What is left goes to the next budget."""
    found = managed_budget(pk)
    form = CarryForm(request.POST, budget=found)
    if not form.is_valid():
        messages.error(request, "Choose the budget that what is left goes to.")
        return redirect("activities:budget", pk)
    target = form.cleaned_data["to"]
    try:
        left = spending.carry_over(found, to=target)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("activities:budget", pk)
    messages.success(request, f"{pounds(left)} went from “{found}” to “{target}”.")
    return redirect("activities:budget", target.pk)
