"""Whether a session fits into the school day: what is found, better days, cover, own time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from activities import actions, rules
from activities.fitting import Fit, fit_of, slot_of
from activities.forms import AllowForm, CoverForm, SessionForm
from activities.models import Activity, AllowedSession, Cover, GivenTime, NotPossible, Session
from activities.school_time import Facts, busy_between, gather
from activities.views.fetch import changeable_activity, changeable_session, visible_session
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import BlockedDates, Staff
from cpdhub.permissions import Permission

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


# --- one session ---------------------------------------------------------------------------------
@require_GET
@requires(Permission.SEE_ACTIVITIES)
def session_fit(request: StaffRequest, pk: int) -> HttpResponse:
    """What the rules find, better days, and who takes whose place; for those who plan it. Whoever
    takes part finds here whether it falls into their own PPA or ECT time."""
    session = fitting_session(request, pk)
    activity = session.activity
    may_change = activity.may_be_changed_by(request.staff)
    fit = fit_of(session)
    # What is said of them alone: a colleague's working days are no business of theirs.
    mine = [one for one in fit.findings if one.said.people == (request.staff.pk,)]
    context = {
        "session": session,
        "activity": activity,
        "fit": fit if may_change else Fit(mine, []),
        "may_change": may_change,
        "may_move": may_change and not session.register_taken_at and not activity.is_over,
        "may_allow": request.staff.can(Permission.SEE_EVERYONES_RECORD),
        "is_in_my_time": any(one.rule.look is rules.in_protected_time for one in mine),
        "has_given": GivenTime.objects.filter(session=session, staff=request.staff).exists(),
        "allowed": session.allowed.select_related("by", "blocked"),
        "cover": cover_rows(session, fit.missed) if may_change else [],
    }
    return render(request, "activities/session_fit.html", context)


def fitting_session(request: StaffRequest, pk: int) -> Session:
    """A session with an hour of its own: what was logged afterwards has none."""
    session = visible_session(request, pk)
    activity = session.activity
    if activity.is_own_learning or activity.was_logged or session.cancelled_at:
        raise Http404
    activity.school = request.school
    return session


def cover_rows(session: Session, missed: list[Staff]) -> list[dict[str, Any]]:
    """Everybody this takes out of the school day, with a form for who takes their place."""
    covers = {cover.staff_id: cover for cover in session.covers.all()}
    return [
        {"person": person, "form": CoverForm(instance=covers.get(person.pk))} for person in missed
    ]


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """The same of a time that is only thought of, beside the form while it is filled in."""
    activity = changeable_activity(request, pk)
    form = SessionForm(request.GET)
    fit = None
    if form.is_valid() and form.has_changed():
        fit = fit_of(thought_of(form, activity, request.GET.get("session", "")))
    return render(request, "activities/_fit.html", {"fit": fit, "is_thought_of": True})


def thought_of(form: SessionForm, activity: Any, session: str = "") -> Session:
    """The session a form describes; of one that is there, so that it does not clash with itself."""
    found = form.session()
    found.activity = activity
    if key := key_of(session):
        found.pk = activity.sessions.filter(pk=key).values_list("pk", flat=True).first()
    return found


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def move_session(request: StaffRequest, pk: int) -> HttpResponse:
    """To the same hours of another day, in one click; not once attendance has been taken."""
    session = changeable_session(request, pk)
    day = asked_day(request.POST.get("day", ""))
    if session.register_taken_at or session.activity.is_over or session.cancelled_at:
        messages.error(request, "It is off or over, or its register has been taken: it stays.")
    elif day is None or day <= clock.today():
        messages.error(request, "Choose a day to come.")
    else:
        start = clock.at(day, session.starts_at.astimezone(clock.LONDON).time())
        end = start + (session.ends_at - session.starts_at)
        try:
            actions.move_session(session, starts_at=start, ends_at=end)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Moved to {session}. Calendars follow.")
    return redirect("activities:session_fit", pk)


def asked_day(text: str) -> date | None:
    """A day an address or a button names, if it is one in our time."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and EARLIEST <= day <= LATEST else None


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def cover(request: StaffRequest, pk: int, staff: int) -> HttpResponse:
    """Say who takes a person's place, or that it is not known any more."""
    session = changeable_session(request, pk)
    person = get_object_or_404(Staff, pk=staff)
    is_in = session.activity.lead_id == staff or (
        session.activity.participations.filter(staff=person).exists()
    )
    if not is_in:
        raise Http404
    kept = Cover.objects.filter(session=session, staff=person).first()
    form = CoverForm(
        request.POST, instance=kept or Cover(school=request.school, session=session, staff=person)
    )
    if not form.is_valid():
        messages.error(
            request, "Choose one of the ways to cover, and a note of 200 letters at most."
        )
    elif form.cleaned_data["source"]:
        form.save()
        messages.success(request, f"Cover for {person} is noted.")
    elif kept:
        Cover.objects.filter(pk=kept.pk).delete()
        messages.success(request, f"No cover is noted for {person}.")
    return redirect("activities:session_fit", pk)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def give_time(request: StaffRequest, pk: int) -> HttpResponse:
    """A person spends their own PPA or ECT time on it, or takes that back: nobody else can."""
    session = fitting_session(request, pk)
    if not session.activity.participations.filter(staff=request.staff).exists():
        raise Http404
    if request.POST.get("do") == "back":
        GivenTime.objects.filter(session=session, staff=request.staff).delete()
        messages.success(request, "Taken back: your time is protected again.")
    else:
        GivenTime.objects.get_or_create(
            session=session, staff=request.staff, defaults={"school": request.school}
        )
        messages.success(request, "Noted as your own choice.")
    return redirect("activities:session_fit", pk)


@require_POST
@requires(Permission.SEE_EVERYONES_RECORD)
def allow(request: StaffRequest, pk: int, blocked: int) -> HttpResponse:
    """A session on dates kept free takes place all the same: by whom, and why."""
    session = fitting_session(request, pk)
    dates = get_object_or_404(BlockedDates, pk=blocked)
    form = AllowForm(request.POST)
    if form.is_valid():
        AllowedSession.objects.get_or_create(
            session=session,
            blocked=dates,
            defaults={
                "school": request.school,
                "by": request.staff,
                "because": form.cleaned_data["because"],
            },
        )
        messages.success(request, "Allowed, with your name and reason.")
    else:
        messages.error(request, "Say why it is allowed, in 200 letters at most.")
    return redirect("activities:session_fit", pk)


# --- one day -------------------------------------------------------------------------------------
@require_GET
@requires(Permission.PLAN_ACTIVITIES)
def day(request: StaffRequest) -> HttpResponse:
    """`?day=2026-12-01`: who is out, at what, who takes their place, and what does not fit."""
    day = asked_day(request.GET.get("day", "")) or clock.today()
    busy = busy_between(day, day)
    crew = Staff.objects.filter(pk__in={one.staff for one in busy}).select_related("team")
    facts = gather(request.school, crew, first=day, last=day, busy=busy)
    out = rules.out_on(facts)
    context = {
        "day": day,
        "label": rules.weekday(day),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "out": out,
        "count": len({one.staff.pk for one in out if one.is_missed}),
        "most": request.school.most_out_per_day,
        "uncovered": sum(one.cover is None for one in out),
        "sessions": sessions_of(day, facts, by=request.staff),
        "kept_free": facts.blocked,
        "is_inset": day in facts.inset,
    }
    return render(request, "activities/day.html", context)


def sessions_of(day: date, facts: Facts, *, by: Staff) -> list[dict[str, Any]]:
    """The day's sessions that may be seen, in order, each with what the rules find."""
    seen = Activity.objects.visible_to(by)
    sessions = Session.objects.held().settled().between(day, day).filter(activity__in=seen)
    sessions = sessions.select_related("activity")
    crews: dict[int, set[int]] = {}
    for one in facts.busy:
        crews.setdefault(one.session, set()).add(one.staff)
    rows = []
    for session in sessions:
        its = replace(
            facts, people=[p for p in facts.people if p.pk in crews.get(session.pk, set())]
        )
        slot = slot_of(session, session.activity, is_only_one=False)
        rows.append({"session": session, "findings": rules.look(its, slot)})
    return rows
