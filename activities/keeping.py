"""Private notes are kept for as long as people work with them, and then destroyed.

Twelve weeks after the activity is over nobody reads them any more. Those who took part are told
a week before, and the page of the activity says the day. That the sessions took place stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from activities.models import Activity, NotesEnd, Participation, SessionRecord
from cpdhub import clock, emails, reminders
from cpdhub.models import Reminder, School

NOTES = "private notes"
KEPT_FOR = timedelta(weeks=12)
TOLD_BEFORE = timedelta(days=7)
OVER = (Activity.State.FINISHED, Activity.State.CLOSED, Activity.State.CANCELLED)


def look_after_notes(school: School, now: datetime) -> None:
    """Found at any time, as often as one likes: it does only what is due."""
    today = now.astimezone(clock.LONDON).date()
    forget_those_reopened()
    set_the_day(school, today=today)
    give_a_week_more(today=today)
    due = NotesEnd.objects.filter(on__lte=today).order_by("pk")
    for activity_id in list(due.values_list("activity", flat=True)):
        destroy(activity_id, today=today)


def with_notes() -> Exists:
    return Exists(SessionRecord.objects.filter(session__activity=OuterRef("pk"), is_private=True))


def forget_those_reopened() -> None:
    """What goes on again keeps its notes."""
    NotesEnd.objects.exclude(activity__state__in=OVER).delete()


def set_the_day(school: School, *, today: date) -> None:
    """For what ended since this was last looked at."""
    ended = Activity.objects.filter(with_notes(), state__in=OVER, notes_end=None)
    NotesEnd.objects.bulk_create(
        [NotesEnd(school=school, activity=activity, on=today + KEPT_FOR) for activity in ended],
        ignore_conflicts=True,
    )


def give_a_week_more(*, today: date) -> None:
    """The machine stood still while people should have been told: they are told first."""
    told = Reminder.objects.filter(kind=NOTES, object_id=OuterRef("activity"))
    somebody = Participation.objects.filter(activity=OuterRef("activity"))
    late = NotesEnd.objects.filter(Exists(somebody), ~Exists(told), on__lte=today)
    late.update(on=today + TOLD_BEFORE)


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
    days = dict(soon.values_list("activity", "on"))
    if not days:
        return
    people = Participation.objects.filter(activity__in=days).select_related("staff")
    for row in people:
        on = days[row.activity_id]
        morning = datetime.combine(on - TOLD_BEFORE, time(7), tzinfo=clock.LONDON)
        yield reminders.Due(
            staff=row.staff,
            key=f"{row.activity_id} on {on}",
            due_at=morning,
            object_id=row.activity_id,
        )


def tell_of_the_end(reminder: Reminder) -> emails.Letter | None:
    """Nothing when it goes on again, or when they have left it meanwhile."""
    end = NotesEnd.objects.filter(activity=reminder.object_id).select_related("activity").first()
    if end is None or not end.activity.participations.filter(staff=reminder.staff).exists():
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
