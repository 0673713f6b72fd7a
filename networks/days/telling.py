"""Letters: a timetable is out, or what somebody has on theirs has moved. Only they are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from cpdhub import clock, emails, reminders
from cpdhub.emails import Letter
from cpdhub.models import Reminder, School, Staff
from networks.models import Seat, SharedDay

KIND = "shared_day"


def register() -> None:
    # For those who want single letters no longer, too: they would stand in the wrong room.
    reminders.register(KIND, find=find, letter=letter, is_for_all=True)


def print_of(day: SharedDay, seats: Iterable[Seat]) -> str:
    """What a timetable says, in short: the same as long as nothing on it has changed."""
    said = [f"{day.day}"] + [
        f"{seat.slot_id} {seat.slot.times} {seat.workshop_id} {seat.workshop.site_id}"
        f" {seat.workshop.room} {seat.workshop.why_off}"
        for seat in seats
    ]
    return sha256("\n".join(sorted(said)).encode()).hexdigest()[:16]


def find(school: School, now: datetime) -> Iterable[reminders.Due]:
    """Whose timetable is not the one they were told of last."""
    days = SharedDay.objects.filter(state=SharedDay.State.TIMETABLED, day__gte=clock.day_of(now))
    for day in days:
        seats: dict[int, list[Seat]] = {}
        for seat in Seat.objects.standing().filter(day=day).in_order():
            seats.setdefault(seat.staff_id, []).append(seat)
        told: dict[int, list[str]] = {}
        before = Reminder.objects.filter(kind=KIND, object_id=day.pk).order_by("pk")
        for staff_pk, key in before.values_list("staff", "key"):
            told.setdefault(staff_pk, []).append(key)
        people = Staff.objects.in_post(day.day).filter(pk__in={*seats, *told})
        for staff in people:
            now_is = print_of(day, seats.get(staff.pk, ()))
            had = told.get(staff.pk, [])
            if not had or not had[-1].endswith(now_is):
                # Moved, moved back and moved again are told each time: the key says how often.
                key = f"{day.pk}:{len(had)}:{now_is}"
                yield reminders.Due(staff=staff, key=key, due_at=now, object_id=day.pk)


def letter(reminder: Reminder) -> Letter | None:
    """What is on it now; a change that was undone before anybody read of it is not told."""
    day = SharedDay.objects.filter(pk=reminder.object_id).first()
    if day is None or not day.is_out or day.day < clock.today():
        return None
    seats = list(Seat.objects.standing().filter(day=day, staff=reminder.staff_id).in_order())
    if not reminder.key.endswith(print_of(day, seats)):
        return None
    sent = (
        Reminder.objects.filter(
            kind=KIND, object_id=day.pk, staff=reminder.staff_id, state=Reminder.State.SENT
        )
        .order_by("-pk")
        .first()
    )
    if sent and sent.key.endswith(print_of(day, seats)):
        return None
    context = {
        "day": day, "seats": seats, "is_changed": sent is not None,
        "url": reminder.school.link("networks:day_mine", day.network_id, day.pk),
    }  # fmt: skip
    return emails.letter(reminder.staff, "shared_day", context)
