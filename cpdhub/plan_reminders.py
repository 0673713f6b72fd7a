"""Milestones: a word to whoever leads the priority, a week before and when the day has gone."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from cpdhub import clock, emails, reminders
from cpdhub.emails import Letter
from cpdhub.models import Milestone, Reminder, School, Staff
from cpdhub.permissions import Role
from cpdhub.reminders import Due

AHEAD = 7  # days
LOOK_BACK = timedelta(days=60)  # what was long overdue before is on the pages, not in letters


def register() -> None:
    reminders.register("milestone_due", find=find_due, letter=letter_due)
    reminders.register("milestone_overdue", find=find_overdue, letter=letter_overdue)


def find_due(school: School, now: datetime) -> Iterator[Due]:
    today = clock.today()
    waiting = Milestone.objects.due_within(AHEAD, today=today)
    return _dues(waiting, on=lambda due_on: due_on - timedelta(days=AHEAD))


def find_overdue(school: School, now: datetime) -> Iterator[Due]:
    today = clock.today()
    waiting = Milestone.objects.overdue(today=today).filter(due_on__gte=today - LOOK_BACK)
    return _dues(waiting, on=lambda due_on: due_on + timedelta(days=1))


def _dues(milestones: Any, *, on: Callable[[date], date]) -> Iterator[Due]:
    rows = list(milestones.select_related("priority__lead"))
    leader = _cpd_leader() if rows else None
    for milestone in rows:
        staff = _who(milestone, leader)
        if staff is not None:
            yield Due(
                staff=staff,
                key=f"{milestone.pk}:{milestone.due_on}",
                due_at=datetime.combine(on(milestone.due_on), time(7), tzinfo=clock.LONDON),
                object_id=milestone.pk,
            )


def _cpd_leader() -> Staff | None:
    found: Staff | None = (
        Staff.objects.live(clock.today()).with_role(Role.CPD_LEADER).order_by("pk").first()
    )
    return found


def _who(milestone: Milestone, leader: Staff | None) -> Staff | None:
    """The priority's lead while they are here; else the CPD leader."""
    lead = milestone.priority.lead
    return lead if lead is not None and lead.is_live(clock.today()) else leader


def letter_due(reminder: Reminder) -> Letter | None:
    return _letter(reminder, "milestone_due")


def letter_overdue(reminder: Reminder) -> Letter | None:
    return _letter(reminder, "milestone_overdue")


def _letter(reminder: Reminder, template: str) -> Letter | None:
    """None when it was answered, moved or closed meanwhile, or is somebody else's now."""
    milestone = (
        Milestone.objects.waiting()
        .filter(pk=reminder.object_id)
        .select_related("priority__lead")
        .first()
    )
    if milestone is None or not reminder.key.endswith(f":{milestone.pk}:{milestone.due_on}"):
        return None
    if _who(milestone, _cpd_leader()) != reminder.staff:
        return None
    if (template == "milestone_overdue") != milestone.is_overdue(today=clock.today()):
        return None
    return emails.letter(
        reminder.staff,
        template,
        {
            "milestone": milestone,
            "priority": milestone.priority,
            "url": reminder.school.link("plan:milestone_change", milestone.pk),
        },
    )
