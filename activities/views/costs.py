"""What one activity costs, line by line, beside what people had of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities import spending
from activities.forms import CostForm
from activities.models import Activity, Attendance, Cost
from activities.models.adding_up import NOTHING
from activities.value import Value, value_of
from activities.views.asking import ask_first
from activities.views.fetch import changeable_activity
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import pounds


def costs_of(
    request: StaffRequest, activity: Activity, sessions: list[Any], *, may_change: bool
) -> dict[str, Any] | None:
    """The section on the activity's page, for those who may see money."""
    if activity.is_own_learning:
        return None
    if not (may_change or request.staff.can(Permission.SEE_EVERYONES_RECORD)):
        return None
    lines = list(activity.costs.select_related("budget", "staff"))
    for line in lines:
        line.activity = activity
    present = Attendance.objects.present().filter(session__activity=activity)
    value = value_of(
        sum((line.known for line in lines), NOTHING),
        sessions,
        set(present.values_list("session", "staff")),
        lead=activity.lead_id,
        rate=request.school.staff_hour_rate,
    )
    return {
        "lines": lines,
        "value": value,
        "is_valued": value.rate is not None,
        "view": view_of(value),
        "may_see_budgets": request.staff.can(Permission.MANAGE_BUDGETS),
    }


def view_of(value: Value) -> list[tuple[str, Value]]:
    """In cash, and in full where the school values staff time."""
    rows = [("In cash", value.in_cash)]
    return [*rows, ("With staff time", value)] if value.rate is not None else rows


def changeable_cost(request: StaffRequest, pk: int) -> Cost:
    visible = Activity.objects.visible_to(request.staff)
    cost = get_object_or_404(Cost.objects.filter(activity__in=visible), pk=pk)
    cost.activity = changeable_activity(request, cost.activity_id)
    return cost


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def cost_add(request: StaffRequest, pk: int) -> HttpResponse:
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    return cost_form(request, Cost(activity=activity, school=request.school), activity)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def cost_change(request: StaffRequest, pk: int) -> HttpResponse:
    cost = changeable_cost(request, pk)
    return cost_form(request, cost, cost.activity)


def cost_form(request: StaffRequest, cost: Cost, activity: Activity) -> HttpResponse:
    form = CostForm(request.POST or None, instance=cost, by=request.staff, activity=activity)
    if form.is_valid():
        try:
            saved = spending.save_cost(form.save(commit=False))
        except spending.BudgetRefuses as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "Saved.")
            warn_of_overspend(request, saved)
            return redirect("activities:activity", activity.pk)
    context = {"form": form, "activity": activity, "cost": cost if cost.pk else None}
    return render(request, "activities/cost.html", context)


def warn_of_overspend(request: StaffRequest, cost: Cost) -> None:
    if cost.budget and (left := cost.budget.left_now()) < 0:
        messages.warning(
            request,
            f"“{cost.budget}” is overspent by {pounds(-left)}, with what is committed.",
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def cost_remove(request: StaffRequest, pk: int) -> HttpResponse:
    cost = changeable_cost(request, pk)
    if request.method == "GET":
        return ask_first(
            request,
            question=f"Remove “{cost}”?",
            text=f"It is a line of “{cost.activity}”. Nothing of it is kept.",
            deed="Remove it",
            back=reverse("activities:activity", args=[cost.activity_id]),
        )
    try:
        spending.remove_cost(cost)
    except spending.BudgetRefuses as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{cost}” is removed.")
    return redirect("activities:activity", cost.activity_id)
