"""Things to borrow and learn with: found, taken for a while, brought back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.equipment import EquipmentFilter, could_use
from activities.forms.loan import BorrowForm, EquipmentForm, ReturnForm
from activities.models import Equipment, Loan, NotPossible
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission

PER_PAGE = 25
MOST_LEARNED = 10
HEADER = [
    "Equipment", "Good for", "Kept", "How it differs", "Weeks", "May go home", "With", "Since",
    "Due back", "Last used",
]  # fmt: skip


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def equipment_list(request: StaffRequest) -> HttpResponse:
    filters = EquipmentFilter(request.GET, request.staff)
    if request.GET.get("format") == "csv":
        return as_file(request, filters)
    page = Paginator(filters.equipment(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": [row_of(thing, request) for thing in page],
        "may_change": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/equipment_list.html", context)


def row_of(thing: Any, request: StaffRequest) -> dict[str, Any]:
    loan = thing.held[0] if thing.held else None
    return {
        "thing": thing,
        "loan": loan,
        "is_mine": loan is not None and loan.staff_id == request.staff.pk,
        "is_overdue": loan is not None and loan.is_overdue(clock.today()),
    }


def as_file(request: StaffRequest, filters: EquipmentFilter) -> HttpResponse:
    LogEntry.objects.create(
        school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what="equipment"
    )
    rows = (cells(thing) for thing in filters.equipment())
    return csv_response(f"equipment-{clock.today().isoformat()}.csv", HEADER, rows)


def cells(thing: Any) -> list[Any]:
    loan = thing.held[0] if thing.held else None
    out = [loan.staff.name, loan.lent_on, loan.due_on] if loan else ["", None, None]
    return [
        thing.name, thing.good_for, thing.kept_at, thing.variant, thing.weeks, thing.may_go_home,
        *out, thing.last_used,
    ]  # fmt: skip


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def equipment(request: StaffRequest, pk: int) -> HttpResponse:
    thing = get_object_or_404(Equipment.objects.with_last_used().select_related("topic"), pk=pk)
    return show(request, thing)


def show(
    request: StaffRequest, thing: Equipment, form: BorrowForm | ReturnForm | None = None
) -> HttpResponse:
    loan = Loan.objects.open().filter(equipment=thing).select_related("staff").first()
    if form is None:
        form = ReturnForm(instance=loan) if loan else BorrowForm(equipment=thing)
    may_change = request.staff.can(Permission.PLAN_ACTIVITIES)
    learned = thing.loans.exclude(learned="").exclude(returned_on=None).select_related("staff")
    context = {
        "thing": thing,
        "loan": loan,
        "is_overdue": loan is not None and loan.is_overdue(clock.today()),
        "may_return": loan is not None and may_bring_back(loan, request),
        "is_mine": loan is not None and loan.staff_id == request.staff.pk,
        "form": form,
        "learned": learned[:MOST_LEARNED],
        "could_use": could_use(thing, request.staff) if may_change else [],
        "may_change": may_change,
    }
    return render(request, "activities/equipment.html", context)


def may_bring_back(loan: Loan, request: StaffRequest) -> bool:
    return loan.staff_id == request.staff.pk or request.staff.can(Permission.PLAN_ACTIVITIES)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
@once
def borrow(request: StaffRequest, pk: int) -> HttpResponse:
    thing = get_object_or_404(Equipment.objects.with_last_used().select_related("topic"), pk=pk)
    form = BorrowForm(request.POST, equipment=thing)
    if not form.is_valid():
        return show(request, thing, form)
    try:
        loan = thing.lend(
            to=request.staff,
            until=form.cleaned_data["due_on"],
            at_home=form.cleaned_data.get("at_home", False),
            today=clock.today(),
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Yours until {loan.until}. Play with it: nobody asks for more.")
    return redirect("activities:equipment", pk)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def bring_back(request: StaffRequest, pk: int) -> HttpResponse:
    """By whoever has it; a planner may say so for somebody else, who alone says what it taught."""
    loan = get_object_or_404(Loan.objects.select_related("equipment__topic"), pk=pk)
    if not may_bring_back(loan, request):
        raise PermissionDenied
    form = ReturnForm(request.POST, instance=loan)
    if not form.is_valid():
        return show(request, Equipment.objects.with_last_used().get(pk=loan.equipment_id), form)
    is_own = loan.staff_id == request.staff.pk
    loan.give_back(learned=form.cleaned_data["learned"] if is_own else "", today=clock.today())
    messages.success(request, "Back on the list. Thank you.")
    return redirect("activities:equipment", loan.equipment_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def add_equipment(request: StaffRequest) -> HttpResponse:
    return write(request, Equipment(school=request.school))


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
def change_equipment(request: StaffRequest, pk: int) -> HttpResponse:
    return write(request, get_object_or_404(Equipment.objects.select_related("topic"), pk=pk))


def write(request: StaffRequest, thing: Equipment) -> HttpResponse:
    form = EquipmentForm(request.POST or None, instance=thing, by=request.staff)
    if form.is_valid():
        saved = form.save()
        messages.success(request, "Saved.")
        return redirect("activities:equipment", saved.pk)
    return render(request, "activities/equipment_change.html", {"form": form, "thing": thing})
