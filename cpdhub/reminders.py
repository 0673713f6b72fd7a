"""What people are told, when, once.

Apps register kinds. A sweep asks each kind what should be reminded of and writes rows; when a
row is due, the kind writes the letter, or says it is not needed any more. So nothing has to
be kept in step when a session moves or an activity is cancelled.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from cpdhub import clock, outbox
from cpdhub.emails import Letter, address
from cpdhub.models import HalfTerm, Reminder, School, Staff
from cpdhub.walls import school_scope

logger = logging.getLogger(__name__)

OPENS, CLOSES = time(7), time(18)  # letters come within these hours of a school day
WITHOUT_TERMS = timedelta(days=42)  # what a half-term is where none are entered


@dataclass(frozen=True)
class Due:
    """Somebody is to be reminded of something at a moment.

    The key makes it one, per person and kind: what should be said again (a session that was
    moved) needs another key, so put the date into it.
    """

    staff: Staff
    key: str
    due_at: datetime
    object_id: int | None = None


@dataclass(frozen=True)
class Kind:
    find: Callable[[School, datetime], Iterable[Due]]
    letter: Callable[[Reminder], Letter | None]
    is_prompt: bool = False
    is_digest: bool = False
    is_for_all: bool = False


KINDS: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    find: Callable[[School, datetime], Iterable[Due]],
    letter: Callable[[Reminder], Letter | None],
    is_prompt: bool = False,
    is_digest: bool = False,
    is_for_all: bool = False,
) -> None:
    """Say how a kind of reminder is found and written; called in `AppConfig.ready`.

    Both run inside the school's scope. `find` may repeat itself: known keys are ignored.
    `letter` is asked at the last moment and answers None when it is not needed any more.
    Prompts ask for something and are capped; a digest comes to those who want only that. What
    cannot be undone is for all, those who want only the digest too.
    """
    if kind in KINDS:
        raise ImproperlyConfigured(f"There is a kind of reminder called {kind} already.")
    KINDS[kind] = Kind(find, letter, is_prompt, is_digest, is_for_all)


def sweep(*, school_id: int) -> None:
    """Write down what is to be reminded of in one school. A kind that fails stops no other."""
    for name, kind in KINDS.items():
        try:
            with pghistory.context(task="sweep"), school_scope(school_id):
                school = School.objects.get(pk=school_id)
                now = clock.now()
                rows = [
                    Reminder(
                        school=school,
                        staff=due.staff,
                        kind=name,
                        key=f"{name}:{due.key}",
                        object_id=due.object_id,
                        due_at=max(due.due_at, now),  # found late is due now, not overdue
                    )
                    for due in kind.find(school, now)
                ]
                Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        except Exception:
            logger.exception("Reminders of kind %s were not found in school %s", name, school_id)


def deliver(*, school_id: int, reminder_id: int) -> None:
    """Settle one due reminder: the claim and the letter in the outbox are one transaction."""
    try:
        with pghistory.context(task="deliver_reminder"), school_scope(school_id):
            reminder = _claim(reminder_id)
            if reminder is not None:
                _settle(reminder)
    except Exception:
        logger.exception("Reminder %s of school %s was not written", reminder_id, school_id)
        _try_later(school_id, reminder_id)


def _claim(reminder_id: int) -> Reminder | None:
    found: Reminder | None = (
        Reminder.objects.due(clock.now())
        .filter(pk=reminder_id)
        .select_related("staff__user", "school")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    return found


def _settle(reminder: Reminder) -> None:
    kind = KINDS[reminder.kind]
    now = clock.now()
    allowed_at = next_allowed(now)
    if allowed_at > now:
        reminder.due_at = allowed_at
        reminder.save(update_fields=["due_at"])
        return
    letter = kind.letter(reminder) if _is_welcome(reminder, kind, now) else None
    if letter is not None:
        outbox.send(letter, school=reminder.school)
    reminder.state = Reminder.State.DROPPED if letter is None else Reminder.State.SENT
    reminder.settled_at = now
    reminder.save(update_fields=["state", "settled_at"])


def _is_welcome(reminder: Reminder, kind: Kind, now: datetime) -> bool:
    """They are here, can be reached, want such letters and have not had too many."""
    staff = reminder.staff
    if not staff.is_live(clock.today()) or staff.user is None or not staff.user.is_active:
        return False
    if not address(staff):
        return False
    if kind.is_digest:
        return staff.wants_digest
    if staff.wants_digest_only and not kind.is_for_all:
        return False
    return not kind.is_prompt or _prompts_had(staff, now) < staff.school.most_prompts


def _prompts_had(staff: Staff, now: datetime) -> int:
    """How many prompts this person has had this half-term. Two prompts at once take turns."""
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    since = _moment(half_term_began(_london(now).date()), time(0))
    prompts = [name for name, kind in KINDS.items() if kind.is_prompt]
    had: int = Reminder.objects.filter(
        staff=staff, kind__in=prompts, state=Reminder.State.SENT, settled_at__gte=since
    ).count()
    return had


def half_term_began(day: date) -> date:
    """The first day of the half-term a day is in, or six weeks ago where none is entered."""
    term = HalfTerm.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    return term.starts_on if term else day - WITHOUT_TERMS


def _try_later(school_id: int, reminder_id: int) -> None:
    """After five attempts in a day it is put aside, for somebody to look at."""
    with school_scope(school_id), transaction.atomic():
        reminder = _claim(reminder_id)
        if reminder is None:
            return
        now = clock.now()
        reminder.attempts += 1
        reminder.due_at = now.astimezone(UTC) + timedelta(minutes=5) * 6 ** (reminder.attempts - 1)
        if reminder.attempts >= Reminder.MOST_ATTEMPTS:
            reminder.state, reminder.settled_at = Reminder.State.FAILED, now
        reminder.save(update_fields=["attempts", "due_at", "state", "settled_at"])


# --- when a letter may come -----------------------------------------------------------------
def next_allowed(now: datetime) -> datetime:
    """This moment or the next within the hours of a school day; the open school's calendar."""
    local = _london(now)
    day = local.date()
    if local.time() >= CLOSES:
        day += timedelta(days=1)
    first = next_school_day(day)
    if first == local.date() and local.time() >= OPENS:
        return now
    return _moment(first, OPENS)


def next_school_day(day: date) -> date:
    """This day or the next that is a weekday inside a half-term.

    Where the calendar says nothing about the weeks to come, every weekday is a school day.
    """
    for term in HalfTerm.objects.filter(ends_on__gte=day).order_by("starts_on"):
        candidate = _weekday(max(day, term.starts_on))
        if candidate <= term.ends_on:
            return candidate
    return _weekday(day)


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _london(moment: datetime) -> datetime:
    return moment.astimezone(clock.LONDON)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.LONDON).astimezone(UTC)
