"""Letters to those who were asked: one when it opens; while they have not answered, two more,
half-way and two days before the end."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from audits import keeping, rounds
from audits.models import Invitation, Round
from audits.models.round import MOST_REMINDERS
from audits.wording import WHO_READS
from cpdhub import clock, emails, reminders, sweeps
from cpdhub.emails import Letter
from cpdhub.models import Reminder, School, Staff
from cpdhub.reminders import Due


def find(school: School, now: datetime) -> Iterator[Due]:
    """Everybody whose invitation is unspent, on the days of their round."""
    today = clock.day_of(now)
    due = {
        round_.pk: [(name, day) for name, day in round_.reminder_days().items() if day <= today]
        for round_ in Round.objects.open()
    }
    waiting = Invitation.objects.waiting().filter(
        round__in=[pk for pk, days in due.items() if days], reminded__lt=MOST_REMINDERS
    )
    for round_id, staff_id in waiting.values_list("round", "staff"):
        for name, day in due[round_id]:
            yield Due(
                staff=Staff(pk=staff_id, school=school),
                key=f"{round_id}:{name}",
                object_id=round_id,
                due_at=clock.midnight(day),
            )


def find_opened(school: School, now: datetime) -> Iterator[Due]:
    """Everybody who is asked something that is open, once; those who are asked later, later."""
    return _opened(school, is_about_activity=False)


def find_about_activity(school: School, now: datetime) -> Iterator[Due]:
    """The same about one activity: these are prompts, and capped as such."""
    return _opened(school, is_about_activity=True)


def _opened(school: School, *, is_about_activity: bool) -> Iterator[Due]:
    waiting = Invitation.objects.waiting().filter(
        reminded=0, round__is_about_activity=is_about_activity
    )
    for round_id, opens_on, staff_id in waiting.values_list("round", "round__opens_on", "staff"):
        yield Due(
            staff=Staff(pk=staff_id, school=school),
            key=str(round_id),
            object_id=round_id,
            due_at=clock.midnight(opens_on),
        )


def letter_opened(reminder: Reminder) -> Letter | None:
    """Not one of the two reminders. None when they have answered or were reminded meanwhile."""
    asked = Invitation.objects.waiting().filter(round=reminder.object_id, staff=reminder.staff)
    return _letter(reminder, "audit_opened") if asked.filter(reminded=0).exists() else None


def letter(reminder: Reminder) -> Letter | None:
    """None when they have answered, it has closed, or they had two."""
    waiting = Invitation.objects.waiting().filter(round=reminder.object_id, staff=reminder.staff)
    if not waiting.filter(reminded__lt=MOST_REMINDERS).update(reminded=F("reminded") + 1):
        return None
    return _letter(reminder, "audit")


def _letter(reminder: Reminder, name: str) -> Letter:
    round_ = Round.objects.select_related("instrument").get(pk=reminder.object_id)
    return emails.letter(
        reminder.staff,
        name,
        {
            "round": round_,
            "minutes": round_.instrument.minutes,
            "who_reads": WHO_READS[round_.mode],
            "url": reminder.school.link("needs:answer", round_.pk, 1),
        },
    )


def register() -> None:
    reminders.register(rounds.KIND, find=find, letter=letter)
    reminders.register(rounds.OPENED, find=find_opened, letter=letter_opened)
    reminders.register(
        rounds.ABOUT_ACTIVITY, find=find_about_activity, letter=letter_opened, is_prompt=True
    )
    sweeps.register("rounds", rounds.sweep)
    sweeps.register("old answers", keeping.sweep)
