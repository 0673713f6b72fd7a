"""The first page: what needs you."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.roof import digest, todo
from evaluation import posts
from evaluation.views.leavers import left_lately


@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """Straight into the only school somebody works in, else a choice."""
    posts = list(
        Staff.across.live(clock.today())
        .filter(user=request.user.pk)
        .select_related("school")
        .order_by("school__name")
    )
    left = left_lately(request.user).exists()
    if len(posts) == 1 and not left and not getattr(request.user, "is_administrator", False):
        return redirect(f"/s/{posts[0].school.slug}/")
    return render(request, "roof/entrance.html", {"posts": posts, "left": left})


@require_GET
@requires(Permission.SEE_HOME)
def home(request: StaffRequest) -> HttpResponse:
    """What needs you, then what is coming."""
    now = clock.now()
    staff = request.staff
    lines = todo.lines_for(staff, now=now)
    sessions = list(digest.next_sessions(staff, now=now)[:5]) if staff.group else []
    # What needs somebody comes first; the staffroom is there while there is room.
    has_room = len(lines) < todo.MOST and staff.can(Permission.SHARE_POSTS)
    context = {
        "now": now.astimezone(clock.LONDON),
        "greeting": greeting(now),
        "lines": lines,
        "minutes": todo.minutes(lines),
        "sessions": sessions,
        "posts": posts.newest(clock.day_of(now)) if has_room else [],
        "may_log": staff.can(Permission.LOG_LEARNING),
        "may_plan": staff.can(Permission.PLAN_ACTIVITIES),
        "may_see_summary": staff.can(Permission.SEE_IMPACT_SUMMARY),
    }
    return render(request, "roof/home.html", context)


def greeting(now: datetime) -> str:
    hour = now.astimezone(clock.LONDON).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
