"""A month of sessions, and the way into people's own calendars."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities import rules
from activities.calendar import (
    DAYS,
    days_between,
    ics,
    month_after,
    month_before,
    month_grid,
    month_of,
    note_days,
    weeks_of,
)
from activities.calendar_filter import CalendarFilter
from activities.models import Session
from activities.terms import term_named, terms_of, weeks_with
from activities.views.fetch import visible_session
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import InsetDay, School, Staff
from cpdhub.permissions import Permission
from cpdhub.walls import school_scope

FEED_REACHES_BACK = timedelta(days=100)
MOST_IN_A_FEED = 1000


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def month(request: StaffRequest) -> HttpResponse:
    """`?month=2026-11`; `mine`, `team` and `priority` leave out the rest."""
    today = clock.today()
    month = month_of(request.GET.get("month", ""), today)
    which = CalendarFilter(request.staff, request.GET)
    weeks = weeks_of(month)
    first, last = weeks[0][0], weeks[-1][-1]
    sessions = which.sessions(first, last)
    held = [session for session in sessions if session.cancelled_at is None]
    in_month = [s for s in held if clock.day_of(s.starts_at).replace(day=1) == month]
    grid = month_grid(month, sessions, today=today, base=reverse("activities:list"))
    note_days(grid, *days_between(first, last))
    context = {
        "weeks": grid,
        "days": DAYS,
        "month": month,
        "before": f"{month_before(month):%Y-%m}",
        "after": f"{month_after(month):%Y-%m}",
        "before_name": f"{month_before(month):%B}",
        "after_name": f"{month_after(month):%B}",
        "which": which,
        "is_mine": which.is_mine,
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
        "may_keep": request.staff.can(Permission.KEEP_CALENDAR),
        "count": len(in_month),
        "mine": sum(bool(session.is_mine) for session in in_month),
        "feed": request.school.link("activities:feed", request.staff.feed_token),
        "school_feed": request.school.link("activities:school_feed", request.staff.feed_token),
    }
    return render(request, "activities/calendar.html", context)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def term(request: StaffRequest) -> HttpResponse:
    """A term, week by week, to read and to print; `?term=2026-autumn`. How its year's hours are
    spread stands below."""
    which = CalendarFilter(request.staff, request.GET)
    chosen, terms = term_named(request.GET.get("term", ""), terms_of(), clock.today())
    if chosen is None:
        return render(request, "activities/term.html", {"which": which})
    sessions = which.sessions(chosen.first, chosen.last)
    held = [session for session in sessions if session.cancelled_at is None]
    year = which.sessions(chosen.half_terms[0].year.starts_on, chosen.half_terms[0].year.ends_on)
    hours = rules.spread(
        [s for s in year if s.cancelled_at is None],
        [half for one in terms if one.year == chosen.year for half in one.half_terms],
    )
    context = {
        "which": which,
        "term": chosen,
        "terms": [(one.key, one.name) for one in terms],
        "weeks": weeks_with(chosen, sessions, *days_between(chosen.first, chosen.last)),
        "count": len(held),
        "spread": hours,
        "is_lumpy": rules.is_in_one_half_term(hours),
    }
    return render(request, "activities/term.html", context)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def session_ics(request: StaffRequest, pk: int) -> HttpResponse:
    session = visible_session(request, pk)
    session.school = request.school
    return ics_response(ics([session], name=str(session.activity), with_details=True))


def ics_response(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="cpd.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@never_cache
@require_GET
def feed(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """A person's sessions for their own calendar program, which cannot sign in.

    Whoever has the address reads titles and times, so it can be changed; it ends with the post.
    """
    school = get_object_or_404(School, slug=request.school_slug)  # type: ignore[attr-defined]
    with school_scope(school):
        staff = Staff.objects.live(clock.today()).filter(feed_token=token).first()
        if staff is None:
            raise Http404
        sessions = (
            Session.objects.of(staff)
            .filter(starts_at__gte=clock.now() - FEED_REACHES_BACK, activity__is_own_learning=False)
            .select_related("activity")
            .order_by("-starts_at")[:MOST_IN_A_FEED]
        )
        return ics_response(ics(sessions, name=f"CPD – {school}", with_details=False))


@login_not_required
@never_cache
@require_GET
def school_feed(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What the whole school does, at a person's private address: it ends with their post, and
    with the address. Titles and times, as in their own feed."""
    school = get_object_or_404(School, slug=request.school_slug)  # type: ignore[attr-defined]
    with school_scope(school):
        if not Staff.objects.live(clock.today()).filter(feed_token=token).exists():
            raise Http404
        since = clock.now() - FEED_REACHES_BACK
        sessions = Session.objects.settled().filter(
            starts_at__gte=since, activity__is_private=False
        )
        inset = InsetDay.objects.filter(day__gte=clock.day_of(since))
        content = ics(
            sessions.select_related("activity").order_by("-starts_at")[:MOST_IN_A_FEED],
            name=f"CPD of {school}",
            with_details=False,
            inset=inset.prefetch_related("twilights"),
        )
    return ics_response(content)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def inset_ics(request: StaffRequest, pk: int) -> HttpResponse:
    inset = get_object_or_404(InsetDay, pk=pk)
    return ics_response(ics([], name=str(inset), with_details=True, inset=[inset]))


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def new_feed_address(request: StaffRequest) -> HttpResponse:
    """The old address stops answering at once."""
    Staff.objects.filter(pk=request.staff.pk).update(feed_token=uuid.uuid4())
    messages.success(request, "Your calendar has a new address. The old one has stopped working.")
    return redirect("activities:calendar")
