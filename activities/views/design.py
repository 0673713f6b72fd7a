"""The design of an activity beside what it is likely to do."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activities.design import check, facts
from activities.forms import DesignForm
from activities.models import Activity, Design
from activities.views.fetch import changeable_activity
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

MOST_ALIKE = 3


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def design(request: StaffRequest, pk: int) -> HttpResponse:
    """Tick what is built in; what that means stands beside it, and is asked again at each tick."""
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    if activity.is_over:
        messages.error(request, "It is over: reopen it before you change its design.")
        return redirect("activities:activity", pk)
    instance = design_of(activity)
    form = DesignForm(request.POST or None, instance=instance)
    if request.method == "POST" and request.POST.get("do") != "check" and form.is_valid():
        with transaction.atomic():
            form.save_for(activity)
        messages.success(request, "Saved.")
        return redirect("activities:activity", pk)
    known = facts.of(activity, ticked=form.ticked(), design=form.typed())
    context = {
        "activity": activity,
        "form": form,
        "balance": check.balance(known),
        "groups": check.GROUPS,
        "findings": check.findings(known),
        "alike": list(facts.like(activity)[:MOST_ALIKE]),
    }
    return render(request, "activities/design.html", context)


def design_of(activity: Activity) -> Design:
    return getattr(activity, "design", None) or Design(school=activity.school, activity=activity)
