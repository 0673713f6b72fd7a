"""Writing down what already happened, in a minute."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from activities import actions
from activities.forms import LogForm, OwnLearningForm, PageForms, PeopleForm
from activities.views.fetch import visible_activity
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def log(request: StaffRequest) -> HttpResponse:
    """For the school by those who plan for others; everybody else logs their own."""
    if not request.staff.can(Permission.PLAN_ACTIVITIES):
        return log_own_form(request)
    data = request.POST if request.method == "POST" else None
    form = LogForm(data)
    people = PeopleForm(data)
    page = PageForms([form, people])
    if data is not None and page.are_valid():
        if people.cleaned_data["everybody"]:
            priority = form.cleaned_data["priority"]
            activity = actions.log_activity(
                form.save(commit=False),
                by=request.staff,
                on=form.cleaned_data["on"],
                length=form.length,
                people=people.cleaned_data["everybody"],
                priorities=[priority] if priority else [],
                cost=form.cleaned_data["cost"],
            )
            messages.success(request, "Logged.")
            return redirect("activities:activity", activity.pk)
        people.add_error("people", "Say who took part: hours follow from it.")
    return render(
        request, "activities/log.html", {"form": page, "log_form": form, "people": people}
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def log_own(request: StaffRequest) -> HttpResponse:
    """Somebody's own learning, also a planner's."""
    return log_own_form(request)


def log_own_form(request: StaffRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = OwnLearningForm(data)
    if form.is_valid():
        activity = actions.log_own_learning(
            form.save(commit=False),
            by=request.staff,
            on=form.cleaned_data["on"],
            length=form.length,
        )
        messages.success(request, "Logged in your own learning.")
        return redirect("activities:activity", activity.pk)
    may_log_for_school = request.staff.can(Permission.PLAN_ACTIVITIES)
    context = {"form": form, "may_log_for_school": may_log_for_school}
    return render(request, "activities/log_own.html", context)


@require_POST
@requires(Permission.LOG_LEARNING)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what one logged by mistake."""
    activity = visible_activity(request, pk)
    if activity.owner_id != request.staff.pk:
        raise PermissionDenied
    if not activity.may_be_undone_by(request.staff):
        messages.error(request, "Only what you logged today can be taken back.")
        return redirect("activities:activity", pk)
    activity.delete()
    messages.success(request, f"“{activity}” is no longer logged.")
    return redirect("activities:list")
