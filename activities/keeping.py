"""Private notes are kept for as long as people work with them, and then destroyed.

Twelve weeks after the activity is over nobody reads them any more. Those who took part are told
a week before, and the page of the activity says the day. Until everyone who can be told has had
that week the day moves on. That the sessions took place stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef

from activities.models import Activity, NotesEnd, Participation, SessionRecord
from cpdhub import clock, emails, history, reminders
from cpdhub.models import Reminder, School, Staff

NOTES = "private notes"
KEPT_FOR = timedelta(weeks=12)
AT_MOST = timedelta(weeks=26)
TOLD_BEFORE = timedelta(days=7)
OVER = (Activity.State.FINISHED, Activity.State.CLOSED, Activity.State.CANCELLED)


def look_after_notes(school: School, now: datetime) -> None:
    """Found at any time, as often as one likes: it does only what is due."""
    today = now.astimezone(clock.LONDON).date()
    forget_those_reopened()
    set_the_day(school, today=today)
    for end in NotesEnd.objects.filter(on__lte=today).order_by("pk"):
        if not_told(end, today=today).exists() and not are_kept_too_long(end, today=today):
            move_on(end, now)
        else:
            destroy(end.activity_id, today=today)


def with_notes() -> Exists:
    return Exists(SessionRecord.objects.filter(session__activity=OuterRef("pk"), is_private=True))


def forget_those_reopened() -> None:
    """What goes on again keeps its notes."""
    NotesEnd.objects.exclude(activity__state__in=OVER).delete()


def set_the_day(school: School, *, today: date) -> None:
    """For what ended since this was last looked at: never a week in which no letter came."""
    on = reminders.next_school_day(today + KEPT_FOR - TOLD_BEFORE) + TOLD_BEFORE
    ended = Activity.objects.filter(with_notes(), state__in=OVER, notes_end=None)
    NotesEnd.objects.bulk_create(
        [NotesEnd(school=school, activity=activity, on=on) for activity in ended],
        ignore_conflicts=True,
    )


def not_told(end: NotesEnd, *, today: date) -> Any:
    """Who takes part, can be reached and has not had a letter naming this day for a week."""
    told = Reminder.objects.filter(
        kind=NOTES,
        key=key_of(end),
        state=Reminder.State.SENT,
        settled_at__lt=clock.midnight_after(today - TOLD_BEFORE),
    )
    return (
        Staff.objects.live(today)
        .filter(participations__activity=end.activity_id, user__is_active=True)
        .exclude(user__email="")
        .exclude(pk__in=told.values("staff"))
    )


def are_kept_too_long(end: NotesEnd, *, today: date) -> bool:
    """Whatever became of the letters, half a year after the end they go."""
    moves = history.events(Activity, pgh_obj_id=end.activity_id)
    before = moves.exclude(state__in=OVER).order_by("-pgh_id").first()
    since = moves.filter(pgh_id__gt=before.pgh_id if before else 0)
    ended = since.aggregate(at=Min("pgh_created_at"))["at"]
    return ended is not None and clock.day_of(ended) + AT_MOST <= today


def move_on(end: NotesEnd, now: datetime) -> None:
    """To a week after the next letters may come; they name the new day."""
    end.on = clock.day_of(reminders.next_allowed(now)) + TOLD_BEFORE
    end.save(update_fields=["on"])


def key_of(end: NotesEnd) -> str:
    """Another day is another reminder."""
    return f"{NOTES}:{end.activity_id} on {end.on}"


@transaction.atomic
def destroy(activity_id: int, *, today: date) -> None:
    """The notes of one activity and the day go together or not at all."""
    activity = Activity.objects.select_for_update().get(pk=activity_id)
    due = NotesEnd.objects.filter(activity=activity, on__lte=today)
    if activity.state not in OVER or not due.exists():
        return
    SessionRecord.objects.filter(session__activity=activity, is_private=True).delete()
    due.delete()


def notes_that_end(school: School, now: datetime) -> Iterator[reminders.Due]:
    """Everybody who takes part, a week before."""
    today = now.astimezone(clock.LONDON).date()
    soon = NotesEnd.objects.filter(on__gt=today, on__lte=today + TOLD_BEFORE)
    ends = {end.activity_id: end for end in soon}
    if not ends:
        return
    people = Participation.objects.filter(activity__in=ends).select_related("staff")
    for row in people:
        end = ends[row.activity_id]
        yield reminders.Due(
            staff=row.staff,
            key=key_of(end).removeprefix(f"{NOTES}:"),
            due_at=clock.at(end.on - TOLD_BEFORE, time(7)),
            object_id=row.activity_id,
        )


def tell_of_the_end(reminder: Reminder) -> emails.Letter | None:
    """Nothing when it goes on again, the day has moved, or they have left it meanwhile."""
    end = NotesEnd.objects.filter(activity=reminder.object_id).select_related("activity").first()
    if end is None or reminder.key != key_of(end):
        return None
    if not end.activity.participations.filter(staff=reminder.staff).exists():
        return None
    return emails.letter(
        reminder.staff,
        "private_notes_end",
        {
            "activity": end.activity,
            "on": end.on,
            "url": reminder.school.link("activities:activity", end.activity_id),
        },
    )
