"""The weekly digest: Monday morning, what needs you, what will press and what is coming, if there
is anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from activities.models import Session
from activities.models.session import SessionQuerySet
from cpdhub import clock, emails, reminders
from cpdhub.emails import Letter
from cpdhub.models import Reminder, School, Staff
from cpdhub.reminders import Due
from cpdhub.roof import ahead, todo
from evaluation import post_letters

SATURDAY = 5
COMING = timedelta(days=7)


def register() -> None:
    reminders.register("digest", find=find, letter=letter, is_digest=True)


def find(school: School, now: datetime) -> Iterator[Due]:
    """Everybody who wants one, once a week, from Monday at seven; later if Monday was missed."""
    today = now.astimezone(clock.LONDON).date()
    if today.weekday() >= SATURDAY:
        return
    monday = today - timedelta(days=today.weekday())
    due_at = datetime.combine(monday, time(7), tzinfo=clock.LONDON)
    week = f"{today:%G-W%V}"
    for staff in Staff.objects.live(today).filter(user__isnull=False, wants_digest=True):
        yield Due(staff=staff, key=week, due_at=due_at)


def letter(reminder: Reminder) -> Letter | None:
    """None when there is nothing to say: no letter is better than an empty one."""
    now = clock.now()
    staff = reminder.staff
    lines = todo.lines_for(staff, now=now)
    pressing = ahead.lines_for(staff, today=clock.day_of(now))
    sessions = next_sessions(staff, now=now).filter(starts_at__lt=now + COMING)
    coming = [
        (session, staff.school.link("activities:activity", session.activity_id))
        for session in sessions[:5]
    ]
    comments = post_letters.of_the_week(staff, now) if staff.wants_digest_only else []
    if not lines and not pressing and not coming and not comments:
        return None
    return emails.letter(
        staff,
        "digest",
        {
            "lines": [(line, line.link(staff.school)) for line in lines],
            "pressing": [(line, line.link(staff.school)) for line in pressing],
            "coming": coming,
            "comments": comments,
            "minutes": todo.minutes(lines),
            "home_url": staff.school.link("home"),
        },
    )


def next_sessions(staff: Staff, *, now: datetime) -> SessionQuerySet:
    """What is coming for one person, soonest first: what a line of it shows."""
    sessions: SessionQuerySet = Session.objects.of(staff).upcoming(now=now)
    shown = ("starts_at", "ends_at", "place", "activity__title")
    return sessions.select_related("activity").only(*shown)
