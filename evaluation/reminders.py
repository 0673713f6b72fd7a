"""The two prompts of an activity: to reflect, a day after it began; about pupils, a week after.

A letter says the same to everybody who gets it. Whether it is still needed depends on what the
person has written, which only they could tell from getting none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.utils import formats

from activities.models import Activity, Attendance, Participation, Session
from cpdhub import clock, emails, reminders
from cpdhub.emails import Letter
from cpdhub.models import Reminder, School, Staff
from cpdhub.reminders import Due
from evaluation.models import Reflection

TOO_LATE = timedelta(days=7)  # a prompt that could not be sent by then is not sent at all


@dataclass(frozen=True)
class Prompt:
    """One of the two: how long after the first session, and what makes it needless."""

    template: str
    after: timedelta
    is_answered: Q

    def find(self, school: School, now: datetime) -> Iterator[Due]:
        """Everybody who was there, or was put down for it where no register was taken."""
        began = self._activities_due(now)
        for activity_id, staff_id in took_part(began):
            yield Due(
                staff=Staff(pk=staff_id, school=school),
                key=str(activity_id),
                object_id=activity_id,
                due_at=self._due_at(began[activity_id]),
            )

    def _activities_due(self, now: datetime) -> dict[int, datetime]:
        """The school's own direct CPD whose first session was long enough ago, and not too long."""
        held = Session.objects.held()
        found = (
            held.filter(activity__in=asked_about())
            .order_by()
            .values_list("activity")
            .annotate(first=Min("starts_at"))
            .filter(first__gt=now - self.after - TOO_LATE - timedelta(days=1), first__lte=now)
        )
        return {pk: first for pk, first in found if self._due_at(first) <= now}

    def _due_at(self, began_at: datetime) -> datetime:
        """From midnight of that day; the letter waits for a school day's morning."""
        return clock.midnight(_day(began_at) + self.after)

    def letter(self, reminder: Reminder) -> Letter | None:
        """None when the activity is off, they were not there, or they wrote it already."""
        activity = asked_about().filter(pk=reminder.object_id).first()
        if activity is None or not any(
            staff_id == reminder.staff_id for _, staff_id in took_part([activity.pk])
        ):
            return None
        mine = Reflection.objects.owned_by(reminder.staff).saved().filter(activity=activity)
        if mine.filter(self.is_answered).exists():
            return None
        began_at = activity.sessions.held().aggregate(first=Min("starts_at"))["first"]
        return emails.letter(
            reminder.staff,
            self.template,
            {
                "activity": activity,
                "day": formats.date_format(_day(began_at), "l j F") if began_at else "",
                "url": reminder.school.link("reflections:for_activity", activity.pk),
            },
        )


def asked_about() -> Any:
    """What people are asked to reflect on: not briefings, statutory training or own learning."""
    return Activity.objects.of_school().happening().filter(kind=Activity.Kind.DIRECT)


def took_part(activities: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(activity, person): present at some session or, where nobody took a register, put down."""
    present = Attendance.objects.present().filter(session__activity__in=list(activities))
    yield from present.order_by().values_list("session__activity", "staff").distinct()
    register = Attendance.objects.filter(session__activity=OuterRef("activity"))
    yield from (
        Participation.objects.filter(~Exists(register), activity__in=list(activities))
        .order_by()
        .values_list("activity", "staff")
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LONDON).date()


REFLECT = Prompt("reflect", timedelta(days=1), Q())
PUPILS = Prompt("reflect_pupils", Reflection.PUPILS_AFTER, ~Q(seen_in_pupils=""))


def register() -> None:
    reminders.register("reflect", find=REFLECT.find, letter=REFLECT.letter, is_prompt=True)
    reminders.register("pupils", find=PUPILS.find, letter=PUPILS.letter, is_prompt=True)
