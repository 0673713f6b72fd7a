"""Who was there: one screen, everyone present until somebody says otherwise."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activities import actions
from activities.forms import RegisterForm
from activities.models import Activity, NotPossible, Session
from activities.views.fetch import visible_session
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def register(request: StaffRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    activity = session.activity
    if not activity.register_may_be_taken_by(request.staff) or activity.is_own_learning:
        raise PermissionDenied
    if not session.register_may_be_taken:
        messages.error(
            request, f"The register of {session.day} cannot be taken: {why_not(session)}."
        )
        return redirect("activities:activity", activity.pk)
    was_finished = activity.state == Activity.State.FINISHED
    form = RegisterForm(request.POST if request.method == "POST" else None, session=session)
    if form.is_valid():
        try:
            actions.take_register(
                session,
                by=request.staff,
                listed=form.cleaned_data["listed"],
                present=form.cleaned_data["everybody"],
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            there = len(form.cleaned_data["everybody"])
            messages.success(
                request,
                f"Register of {session.day} saved: {there} there,"
                f" {len(set(form.cleaned_data['listed']) - set(form.cleaned_data['everybody']))}"
                " away.",
            )
            if session.activity.state == Activity.State.FINISHED and not was_finished:
                messages.success(
                    request,
                    "That was the last register, so the activity is finished. Is there more to"
                    " come? Add a session, or reopen it under More.",
                )
            return redirect("activities:activity", activity.pk)
    context = {"form": form, "session": session, "activity": activity}
    return render(request, "activities/register.html", context)


def why_not(session: Session) -> str:
    if session.activity.state == Activity.State.DRAFT:
        return "the activity is still a draft"
    if session.activity.is_over:
        return "the activity is closed or cancelled"
    return "the session is cancelled" if session.cancelled_at else "it is still to come"
