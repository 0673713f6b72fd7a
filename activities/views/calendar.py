"""A month of sessions, and the way into people's own calendars."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.calendar import DAYS, ics, month_after, month_before, month_grid, month_of, weeks_of
from activities.models import Activity, Participation, Session
from activities.views.fetch import visible_session
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import School, Staff
from cpdhub.permissions import Permission
from cpdhub.walls import school_scope

FEED_REACHES_BACK = timedelta(days=100)
MOST_IN_A_FEED = 1000


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def month(request: StaffRequest) -> HttpResponse:
    """`?month=2026-11`; `?mine=1` leaves out what one neither leads nor takes part in."""
    today = clock.today()
    month = month_of(request.GET.get("month", ""), today)
    is_mine = request.GET.get("mine") == "1"
    sessions = sessions_between(request.staff, month, is_mine=is_mine)
    held = [session for session in sessions if session.cancelled_at is None]
    in_month = [
        s for s in held if s.starts_at.astimezone(clock.LONDON).date().replace(day=1) == month
    ]
    context = {
        "weeks": month_grid(month, sessions, today=today, base=reverse("activities:list")),
        "days": DAYS,
        "month": month,
        "before": f"{month_before(month):%Y-%m}",
        "after": f"{month_after(month):%Y-%m}",
        "before_name": f"{month_before(month):%B}",
        "after_name": f"{month_after(month):%B}",
        "is_mine": is_mine,
        "count": len(in_month),
        "mine": sum(bool(session.is_mine) for session in in_month),
        "feed": request.school.link("activities:feed", request.staff.feed_token),
    }
    return render(request, "activities/calendar.html", context)


def sessions_between(staff: Staff, month: date, *, is_mine: bool) -> list[Any]:
    """What the weeks of a month hold, in one query."""
    weeks = weeks_of(month)
    takes_part = Participation.objects.filter(activity=OuterRef("activity"), staff=staff)
    sessions = (
        Session.objects.between(weeks[0][0], weeks[-1][-1])
        .filter(Q(activity__is_own_learning=False) | Q(activity__owner=staff))
        .annotate(is_mine=Q(activity__lead=staff) | Exists(takes_part))
        .select_related("activity")
    )
    if not staff.can(Permission.SEE_EVERYONES_RECORD):  # for them it is every activity
        sessions = sessions.filter(activity__in=Activity.objects.visible_to(staff))
    return list(sessions.filter(is_mine=True) if is_mine else sessions)


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


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def new_feed_address(request: StaffRequest) -> HttpResponse:
    """The old address stops answering at once."""
    Staff.objects.filter(pk=request.staff.pk).update(feed_token=uuid.uuid4())
    messages.success(request, "Your calendar has a new address. The old one has stopped working.")
    return redirect("activities:calendar")
