"""Notes of observations end: with the academic year after the one they were closed in.

Nobody works with them so long, and nobody should find them later. Owners are told before the
summer holiday; until who can be told has had a week, the day moves on, by twelve weeks at most.
That it took place stays. A video's link goes after its own day, and an open door comes off the
board.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from cpdhub import clock, emails, reminders, sweeps
from cpdhub.models import Reminder, School, Staff
from evaluation.models import Observation, OpenDoor
from evaluation.observing import destroy_notes, end_of_next_year

NOTES = "observation notes"
TOLD_BEFORE = timedelta(days=60)  # the last weeks of a summer term
A_WEEK = timedelta(days=7)
AT_MOST = timedelta(weeks=12)


def with_notes() -> Any:
    return Observation.objects.took_place().filter(notes_gone_at=None)


def look_after(school: School, now: datetime) -> None:
    """Found at any time, as often as one likes: it does only what is due."""
    today = clock.day_of(now)
    with_notes().filter(video_until__lt=today).update(video="", video_until=None)
    OpenDoor.objects.filter(until__lt=today).delete()
    for observation in with_notes().filter(notes_end_on__lt=today).select_related("owner__user"):
        if waits_for_the_letter(observation, today=today):
            on = clock.day_of(reminders.next_allowed(now)) + A_WEEK
            Observation.objects.filter(pk=observation.pk).update(notes_end_on=on)
        else:
            destroy_notes(observation)


def waits_for_the_letter(observation: Observation, *, today: date) -> bool:
    """Its owner can be told and has not had a week since, and it is not kept too long."""
    owner, end = observation.owner, observation.notes_end_on
    if not owner.is_live(today) or owner.user is None or not owner.user.is_active:
        return False
    last = observation.closed_at or observation.starts_at
    if end is None or last is None:
        return False
    if end_of_next_year(clock.day_of(last)) + AT_MOST <= today or not emails.address(owner):
        return False
    told = Reminder.objects.filter(
        staff=owner,
        kind=NOTES,
        state=Reminder.State.SENT,
        key=key_of(end),
        settled_at__lt=clock.midnight_after(today - A_WEEK),
    )
    return not told.exists()


def key_of(end: date) -> str:
    """Another day is another letter; several that end on one day are one."""
    return f"{NOTES}:{end}"


def notes_that_end(school: School, now: datetime) -> Iterator[reminders.Due]:
    """Everybody who owns some, two months before."""
    today = clock.day_of(now)
    soon = with_notes().filter(notes_end_on__gte=today, notes_end_on__lte=today + TOLD_BEFORE)
    for owner, end in soon.order_by().values_list("owner", "notes_end_on").distinct():
        yield reminders.Due(
            staff=Staff(pk=owner, school=school),
            key=str(end),
            due_at=clock.at(end - TOLD_BEFORE, time(7)),
        )


def tell_of_the_end(reminder: Reminder) -> emails.Letter | None:
    """Nothing when they took the notes away, or the day has moved."""
    end = date.fromisoformat(reminder.key.removeprefix(f"{NOTES}:"))
    number = with_notes().filter(owner=reminder.staff, notes_end_on=end).count()
    if not number:
        return None
    return emails.letter(
        reminder.staff,
        "observation_notes_end",
        {"number": number, "on": end, "url": reminder.school.link("observations:list")},
    )


def register() -> None:
    reminders.register(NOTES, find=notes_that_end, letter=tell_of_the_end, is_for_all=True)
    sweeps.register(NOTES, look_after)
