"""Sessions of an activity: more of them, at another time, not at all."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from activities import actions
from activities.fitting import fit_of
from activities.forms import ChangedSessionForm, PageForms, RepeatForm, SessionForm
from activities.models import NotPossible, Session
from activities.views.fetch import changeable_activity, changeable_session, warn_of_findings
from activities.views.time import thought_of
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

CHANGED = ["name", "planning_minutes", "prompts", "starts_at", "ends_at", "place", "sequence"]


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def add_session(request: StaffRequest, pk: int) -> HttpResponse:
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    if activity.is_over:
        messages.error(request, "It is over: reopen it before you add a session.")
        return redirect("activities:activity", pk)
    data = request.POST if request.method == "POST" else None
    form, repeat = SessionForm(data), RepeatForm(data, prefix="repeat")
    forms = PageForms([form, repeat])
    fit = None
    if data is not None and forms.are_valid() and data.get("do") == "check":
        fit = fit_of(thought_of(form, activity))
    elif data is not None and forms.are_valid():
        session = form.session()
        try:
            actions.add_sessions(activity, [session, *repeat.again([session])])
        except NotPossible as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, "Added.")
            warn_of_findings(request, activity)
            return redirect("activities:activity", pk)
    context = {"form": forms, "session_form": form, "repeat": repeat, "activity": activity}
    context["fit"] = fit
    return render(request, "activities/session.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def change_session(request: StaffRequest, pk: int) -> HttpResponse:
    session = changeable_session(request, pk)
    activity = session.activity
    if activity.is_over or session.cancelled_at:
        messages.error(request, "It is off or over: bring it back before you change it.")
        return redirect("activities:activity", activity.pk)
    form = ChangedSessionForm.of(session, request.POST if request.method == "POST" else None)
    fit = None
    if form.is_valid() and request.POST.get("do") == "check":
        fit = fit_of(thought_of(form, activity, str(pk)))
    elif form.is_valid():
        try:
            save_change(session, form.cleaned_data)
        except NotPossible as refusal:
            session.refresh_from_db(fields=CHANGED)
            form.add_error("day", str(refusal))
        else:
            messages.success(request, f"Changed to {session}.")
            warn_of_findings(request, activity)
            return redirect("activities:activity", activity.pk)
    context = {"form": form, "session_form": form, "session": session, "activity": activity}
    context["fit"] = fit
    return render(request, "activities/session.html", context)


@transaction.atomic
def save_change(session: Session, said: dict[str, Any]) -> None:
    """All of it, or nothing."""
    session.describe(
        name=said["name"], planning_minutes=said["planning_minutes"], prompts=said["prompts"]
    )
    actions.move_session(
        session, starts_at=said["starts_at"], ends_at=said["ends_at"], place=said["place"]
    )


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def cancel_session(request: StaffRequest, pk: int) -> HttpResponse:
    """Asked twice, it is off once."""
    session = changeable_session(request, pk)
    if session.cancelled_at is None:
        try:
            session.cancel()
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{session} is off.")
    return redirect("activities:activity", session.activity_id)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def restore_session(request: StaffRequest, pk: int) -> HttpResponse:
    session = changeable_session(request, pk)
    if session.cancelled_at is not None:
        try:
            actions.restore(session)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{session} takes place after all.")
    return redirect("activities:activity", session.activity_id)
