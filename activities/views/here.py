"""Attendance by code: big on the leader's screen, typed on a phone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from activities import codes
from activities.forms import CodeForm
from activities.models import NotPossible
from activities.views.fetch import visible_session
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def code(request: StaffRequest, pk: int) -> HttpResponse:
    """For the screen in the room."""
    session = visible_session(request, pk)
    activity = session.activity
    if not activity.register_may_be_taken_by(request.staff) or activity.is_own_learning:
        raise PermissionDenied
    context = {
        "session": session,
        "activity": activity,
        "is_open": codes.is_open(session) and session.register_may_be_taken,
        "code": codes.code_of(session),
        "here": session.attendances.filter(was_present=True).count(),
    }
    return render(request, "activities/code.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def here(request: StaffRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            session = codes.check_in(request.staff, form.cleaned_data["code"])
        except NotPossible as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"You are here: {session.activity}, {session}.")
            return redirect("activities:activity", session.activity_id)
    return render(request, "activities/here.html", {"form": form})
