"""Planning backwards, a question on each page; what is said is kept as a draft from the first."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities.forms.activity import activity_types
from activities.forms.backwards import STEPS, Step, StepPage, said
from activities.models import Activity
from activities.providers import offers_about
from activities.views.fetch import changeable_activity
from audits.helpers import people_for
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

CODES = [step.code for step in STEPS]


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def begin(request: StaffRequest) -> HttpResponse:
    """The pupils come first; with them said there is a draft."""
    activity = Activity(school=request.school, owner=request.staff)
    page = StepPage(STEPS[0], activity, request.staff, request.POST or None)
    if request.method == "POST" and page.is_ready():
        pupils = page.impact.cleaned_data["pupils_will"]
        kind = activity_types().first()
        if not pupils:
            page.impact.add_error("pupils_will", "Say what pupils should gain: it starts here.")
        elif kind is None:
            page.impact.add_error("pupils_will", "The school’s menu has no type of activity yet.")
        else:
            activity.title, activity.type = pupils[:200], kind
            with transaction.atomic():
                page.save()
            return redirect(next_page(request, activity, STEPS[0]))
    return show(request, page, STEPS[0])


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def step(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Any of them, in any order; going elsewhere keeps what is written."""
    if code not in CODES:
        raise Http404
    activity = changeable_activity(request, pk)
    if not activity.is_draft or activity.is_own_learning or activity.help_request_id:
        messages.error(request, "This is for plans that are drafts. Change it from here.")
        return redirect("activities:activity", pk)
    now = STEPS[CODES.index(code)]
    page = StepPage(now, activity, request.staff, request.POST or None)
    if request.method == "POST" and page.is_ready():
        with transaction.atomic():
            page.save()
        return redirect(next_page(request, activity, now))
    return show(request, page, now)


def next_page(request: StaffRequest, activity: Activity, now: Step) -> str:
    """Where the button that was pressed leads: a step, the plan page, or the draft."""
    to = request.POST.get("to", "next")
    if to == "leave":
        messages.success(request, "Kept as a draft: only planners and its lead see it.")
        return reverse("activities:activity", args=[activity.pk])
    if to == "next":
        following = CODES[CODES.index(now.code) + 1 :]
        to = following[0] if following else "plan"
    if to in CODES:
        return reverse("activities:step", args=[activity.pk, to])
    if activity.sessions.exists() or activity.participations.exists():
        return reverse("activities:activity", args=[activity.pk])  # more than the plan page asks
    return f"{reverse('activities:plan')}?draft={activity.pk}"


def show(request: StaffRequest, page: StepPage, now: Step) -> HttpResponse:
    saved = Activity.objects.filter(pk=page.object.pk).select_related("intended_impact", "design")
    boxes = said(activity) if (activity := saved.first()) else set()
    context: dict[str, Any] = {
        "page": page,
        "form": page,
        "step": now,
        "number": CODES.index(now.code) + 1,
        "is_last": now is STEPS[-1],
        "activity": activity,
        "steps": [
            {"step": one, "is_said": boxes & {*(one.needed or one.fields)} and one is not now}
            for one in STEPS
        ],
        "missing": [one.name for one in STEPS if {*one.needed} - boxes and one is not now],
    }
    if now.code == "learning" and (topic := page.topic):
        context["helpers"] = people_for(topic, reader=request.staff, today=clock.today())
        context["offers"] = offers_about(topic.title)
        context["topic"] = topic
    return render(request, "activities/step.html", context)
