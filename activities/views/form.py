"""The forms of activity: looking, copying, changing, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import actions
from activities.forms.forms_of_activity import FormDetailsForm, FormSessions
from activities.forms.layout import LayoutForm
from activities.models import ActivityForm, FormSession
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def forms(request: StaffRequest) -> HttpResponse:
    """The catalogue, by the four groups of the menu; it prints as it stands."""
    words = request.GET.get("q", "").strip()[:100]
    group = request.GET.get("group", "")
    found = ActivityForm.objects.in_use()
    if words:
        found = found.search(words)
    if group in ActivityForm.Group.values:
        found = found.of_group(group)
    rows = list(found.with_sessions().order_by("title", "pk"))
    context = {
        "sections": [
            (label, shown)
            for value, label in ActivityForm.Group.choices
            if (not group or value == group)
            and (shown := [row_of(form) for form in rows if value in form.groups])
        ],
        "number": len(rows),
        "q": words,
        "group": group,
        "groups": ActivityForm.Group.choices,
        "withdrawn": own_withdrawn(request),
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/forms.html", context)


def own_withdrawn(request: StaffRequest) -> list[ActivityForm]:
    if not may_change_forms(request):
        return []
    return list(ActivityForm.objects.own().exclude(withdrawn_at=None))


def row_of(form: ActivityForm) -> dict[str, Any]:
    sessions = list(form.sessions.all())
    return {"form": form, "number": len(sessions), "length": length_of(sessions)}


def length_of(sessions: list[FormSession]) -> str:
    """45 minutes, 2 hours, 3.5 hours: all its sessions together."""
    minutes = sum(session.minutes for session in sessions)
    if minutes < 90:
        return f"{minutes} minutes"
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return f"{hours} hours"


def may_change_forms(request: StaffRequest) -> bool:
    """Whoever plans for the whole school."""
    return request.staff.can(Permission.SEE_EVERYONES_RECORD)


def own_form(pk: int) -> ActivityForm:
    return get_object_or_404(ActivityForm.objects.own(), pk=pk)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def form(request: StaffRequest, pk: int) -> HttpResponse:
    """One form, with its sessions and what people write about them."""
    found = get_object_or_404(ActivityForm.objects.with_sessions(), pk=pk)
    sessions = list(found.sessions.all())
    may_plan = request.staff.can(Permission.PLAN_ACTIVITIES)
    context = {
        "found": found,
        "sessions": sessions,
        "length": length_of(sessions),
        "planning": sum(session.planning_minutes for session in sessions),
        "may_plan": may_plan and not found.withdrawn_at,
        "may_change": may_change_forms(request),
        "layout": LayoutForm(initial={"form": found.pk}, auto_id="layout_%s") if may_plan else None,
    }
    return render(request, "activities/form.html", context)


@require_POST
@requires(Permission.SEE_EVERYONES_RECORD)
@once
def form_copy(request: StaffRequest, pk: int) -> HttpResponse:
    """A copy of the school's own, to change."""
    found = get_object_or_404(ActivityForm.objects.with_sessions(), pk=pk)
    copy = actions.copy_form(found, by=request.staff)
    messages.success(request, "Copied. This one is yours to change; the other stays as it is.")
    return redirect("activities:form_change", copy.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_EVERYONES_RECORD)
def form_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Activities planned with it earlier stay as they are."""
    found = own_form(pk)
    data = request.POST if request.method == "POST" else None
    details = FormDetailsForm(data, instance=found)
    sessions = FormSessions(data, prefix="sessions", queryset=found.sessions.all())
    if data is not None and [details.is_valid(), sessions.is_valid()] == [True, True]:
        sessions.save_for(details.save())
        messages.success(request, "Saved. Activities planned with it before stay as they are.")
        return redirect("activities:form", pk)
    context = {"form": details, "sessions": sessions, "found": found}
    return render(request, "activities/form_change.html", context)


@require_POST
@requires(Permission.SEE_EVERYONES_RECORD)
def form_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Offered to nobody any more, or offered again; asked twice it is what was asked for."""
    found = own_form(pk)
    is_back = request.POST.get("do") == "back"
    found.withdrawn_at = None if is_back else found.withdrawn_at or clock.now()
    found.save(update_fields=["withdrawn_at"])
    messages.success(
        request,
        f"“{found}” is offered again."
        if is_back
        else f"“{found}” is withdrawn. Activities planned with it stay as they are.",
    )
    return redirect("activities:form", pk)
