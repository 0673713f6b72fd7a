"""One activity on one page, and what can be done with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import actions, booking, codes
from activities.design import check, facts
from activities.forms import CancelForm
from activities.models import Activity, Attendance, NotPossible, Session
from activities.places import line_of, with_standing
from activities.views.costs import costs_of
from activities.views.fetch import changeable_activity, reads_notes_of, visible_activity
from audits.models import Need
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours

MOVES: dict[str, Callable[[Activity], None]] = {
    "plan": actions.plan_draft,
    "finish": Activity.finish,
    "close": Activity.close,
    "reopen": actions.reopen,
}
SAID = {
    "plan": "Planned: everyone here can see it now.",
    "finish": "Finished.",
    "close": "Closed.",
    "reopen": "Open again.",
}
PLANNED_PRIVATE = "Planned: those who take part can see it now."


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def activity(request: StaffRequest, pk: int) -> HttpResponse:
    """What, why, when, who, what it should change, and where its chain is broken."""
    activity = visible_activity(request, pk)
    now = clock.now()
    present = Count("attendances", filter=Q(attendances__was_present=True))
    sessions: list[Any] = list(activity.sessions.annotate(present=present))
    may_change = activity.may_be_changed_by(request.staff)
    may_take_register = (
        activity.register_may_be_taken_by(request.staff) and not activity.is_own_learning
    )
    for session in sessions:
        session.activity = activity
    people = people_in(activity, with_hours=may_take_register)
    takes_part = any(person["pk"] == request.staff.pk for person in people)
    may_read_notes = takes_part or reads_notes_of(activity, request.staff)
    context = {
        "activity": activity,
        "impact": getattr(activity, "intended_impact", None),
        "sessions": [
            row_of(session, now, may_take_register) | noted(session, may_read_notes)
            for session in sessions
        ],
        "ask_again": activity.asked_again_on([s.ends_at for s in sessions if not s.cancelled_at]),
        "people": people,
        "priorities": list(activity.priorities.all()),
        "needs": needs_of(activity, request.staff),
        "summary": summary_of(activity, sessions, people),
        "costs": costs_of(request, activity, sessions, may_change=may_change),
        "place": place_of(activity, request.staff, now),
        "may_keep_places": may_take_register,
        "may_change": may_change,
        "may_undo": activity.may_be_undone_by(request.staff),
        "takes_part": takes_part,
        "sees_what_changed": sees_what_changed(activity, request.staff, takes_part=takes_part),
        "may_reflect": (takes_part or activity.lead_id == request.staff.pk)
        and any(session.starts_at <= now for session in sessions),
        "may_finish": may_finish(activity, sessions),
        "due": first_due(sessions) if may_take_register else None,
        "missing": missing_on_page(activity, sessions, now) if may_change else [],
        "design_said": design_said(activity) if may_change and not activity.is_over else "",
    }
    return render(request, "activities/activity.html", context)


def sees_what_changed(activity: Activity, staff: Staff, *, takes_part: bool) -> bool:
    """Of a private activity only those in it; of others also who may change it."""
    if activity.is_own_learning or activity.state in Activity.NOT_HAPPENING:
        return False
    is_in_it = takes_part or activity.lead_id == staff.pk
    return is_in_it or (not activity.is_private and activity.may_be_changed_by(staff))


def first_due(sessions: list[Session]) -> Session | None:
    """The session whose register waits the longest."""
    waiting = (s for s in sessions if s.register_may_be_taken and not s.register_taken_at)
    return next(waiting, None)


def place_of(activity: Activity, staff: Staff, now: datetime) -> dict[str, Any] | None:
    """How places stand for this reader, where it is open for booking."""
    if not hasattr(activity, "places"):
        return None
    return line_of(with_standing(staff).get(activity=activity), staff, now)


def people_in(activity: Activity, *, with_hours: bool) -> list[dict[str, Any]]:
    """Who takes part; with how long each was there, for those who keep the register."""
    times = {}
    if with_hours:
        attended = Attendance.objects.present().filter(session__activity=activity)
        times = attended.time_per_person()
    return [
        {
            "pk": row.staff_id,
            "name": row.staff.name,
            "job_title": row.staff.job_title,
            "role": row.role,
            "hours": how_long(times[row.staff_id]) if row.staff_id in times else "",
        }
        for row in activity.participations.select_related("staff")
    ]


def needs_of(activity: Activity, staff: Staff) -> dict[str, Any]:
    """The needs it answers that this reader sees; what else was shared, as a number.

    Once it is over somebody says whether they are met: whose they are, or who decides.
    """
    seen = Need.objects.visible_to(staff).values("pk")
    linked = Need.objects.filter(answered_by__activity=activity).with_whom()
    linked = linked.annotate(is_seen=Q(pk__in=seen)).order_by("title", "staff__sort_name", "pk")
    needs = list(linked)
    return {
        "rows": [
            {"need": need, "ask": is_asked_about(activity, need, staff)}
            for need in needs
            if need.is_seen
        ],
        "others": sum(need.is_shared and not need.is_seen for need in needs),
    }


def design_said(activity: Activity) -> str:
    """Its design in a sentence; nothing while nothing is ticked."""
    codes = activity.features.exclude(item__framework__code=facts.RISKS).values_list("item__code")
    ticked = frozenset(code for (code,) in codes)
    return str(check.balance(check.Facts(ticked=ticked))) if ticked else ""


def is_asked_about(activity: Activity, need: Need, staff: Staff) -> bool:
    return activity.state in Activity.OVER and need.is_open and need.may_be_ended_by(staff)


def row_of(session: Any, now: datetime, may_take_register: bool) -> dict[str, Any]:
    """A session as its line on the page shows it."""
    if session.cancelled_at:
        state = "off"
    elif session.register_taken_at:
        state = f"{session.present} there"
    elif session.ends_at < now:
        state = "register not taken"
    else:
        state = "to come"
    return {
        "pk": session.pk,
        "day": session.day,
        "times": session.times,
        "hours": how_long(session.hours),
        "place": session.place,
        "state": state,
        "is_off": session.cancelled_at is not None,
        "is_missing": state == "register not taken",
        "was_taken": session.register_taken_at is not None,
        "may_take": may_take_register and session.register_may_be_taken,
        "shows_code": may_take_register
        and session.register_may_be_taken
        and not session.register_taken_at
        and codes.is_open(session),
    }


def noted(session: Session, may_read_notes: bool) -> dict[str, Any]:
    """What a session took from a form, as its line shows it."""
    return {
        "name": session.name,
        "planning": session.planning_minutes,
        "has_notes": may_read_notes and bool(session.prompts) and not session.activity.is_draft,
    }


def how_long(time: timedelta | float) -> str:
    """1 hour, 2.5 hours"""
    number = hours(time)
    return f"{number} hour" if number == "1" else f"{number} hours"


def summary_of(activity: Activity, sessions: list[Session], people: list[dict]) -> str:
    """The sentence under the title."""
    held = [session for session in sessions if session.cancelled_at is None]
    parts = [str(activity.type)]
    if held:
        first, last = held[0].day, held[-1].day
        parts.append(first if first == last else f"{first} to {last}")
        parts.append(how_long(sum(session.hours for session in held)))
    if not activity.is_own_learning:
        parts.append(f"{len(people)} {'person' if len(people) == 1 else 'people'}")
    return " · ".join(parts)


def may_finish(activity: Activity, sessions: list[Session]) -> bool:
    held = [session for session in sessions if session.cancelled_at is None]
    return (
        activity.state in {Activity.State.PLANNED, Activity.State.UNDER_WAY}
        and bool(held)
        and all(session.register_taken_at for session in held)
    )


def missing_on_page(
    activity: Activity, sessions: list[Session], now: datetime
) -> list[dict[str, str]]:
    return [
        {"text": link.text, "url": reverse(link.view, args=[link.argument])}
        for link in activity.missing_links(sessions, now=now)
    ]


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Out of draft, finished, closed, one step back."""
    if move not in MOVES:
        raise Http404
    activity = changeable_activity(request, pk)
    try:
        MOVES[move](activity)
        booking.follow_people(activity, by=request.staff)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        is_for_few = move == "plan" and activity.is_private
        messages.success(request, PLANNED_PRIVATE if is_for_few else SAID[move])
    return redirect("activities:activity", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    activity = changeable_activity(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            activity.cancel(form.cleaned_data["because"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Cancelled. People's calendars will say so.")
            return redirect("activities:activity", pk)
    return render(request, "activities/cancel.html", {"form": form, "activity": activity})


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft that came to nothing. What was planned is cancelled, never deleted."""
    activity = changeable_activity(request, pk)
    if not activity.is_draft or Attendance.objects.filter(session__activity=activity).exists():
        messages.error(request, "Only a draft can be deleted. Cancel it instead.")
        return redirect("activities:activity", pk)
    activity.delete()
    messages.success(request, f"The draft “{activity}” is deleted.")
    return redirect("activities:list")
