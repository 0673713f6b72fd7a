"""The tick: finds what is due in every school, and queues it. It changes no row of a school."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q

from cpdhub import clock, queue
from cpdhub.models import Job, OutboxMessage, Pulse, Reminder, School, Submission
from cpdhub.walls import installation_scope, scope_of

MOST_A_TICK = 10_000
ENOUGH_WAITING = 100  # the last tick's work is not done: no second message for the same rows
HANDFUL = 20
SWEEP_EVERY = timedelta(minutes=15)
TIDY_EVERY = timedelta(days=1)

KEEP_SUBMISSIONS = timedelta(days=2)
KEEP_LETTERS = timedelta(days=30)


def tick() -> None:
    """Safe to run twice at once: every row is claimed by whoever does the work."""
    now = clock.now()
    Pulse.objects.update_or_create(name="beat", defaults={"beat_at": now})
    _queue_due(now)
    if takes_turn("sweep", SWEEP_EVERY, now):
        for school_id in _school_ids():
            queue.publish("sweep_school", priority=queue.REMINDER, school_id=school_id)
    if takes_turn("tidy", TIDY_EVERY, now):
        for tidied in [None, *_school_ids()]:
            queue.publish("tidy", priority=queue.REMINDER, school_id=tidied)


def _queue_due(now: datetime) -> None:
    with installation_scope():
        jobs = list(Job.across.abandoned(now).values_list("school_id", "pk")[:MOST_A_TICK])
    for school_id, pk in jobs:
        queue.publish("run_job", priority=queue.JOB, school_id=school_id, job_id=pk)
    if queue.length() >= ENOUGH_WAITING:
        return
    with installation_scope():
        letters = list(OutboxMessage.across.due(now).values_list("school_id", "pk")[:MOST_A_TICK])
        due = list(Reminder.across.due(now).values_list("school_id", "pk")[:MOST_A_TICK])
    for school_id, pk in letters:
        queue.publish("send_message", priority=queue.LETTER, school_id=school_id, message_id=pk)
    for school_id, pks in _in_handfuls(due):
        queue.publish(
            "deliver_reminders", priority=queue.REMINDER, school_id=school_id, reminder_ids=pks
        )


def _in_handfuls(rows: list[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Rows of one school together: ten thousand messages would take the queue ten seconds."""
    by_school: dict[int, list[int]] = {}
    for school_id, pk in rows:
        by_school.setdefault(school_id, []).append(pk)
    for school_id, pks in by_school.items():
        for start in range(0, len(pks), HANDFUL):
            yield school_id, pks[start : start + HANDFUL]


def takes_turn(name: str, every: timedelta, now: datetime) -> bool:
    """Of several ticks at once, one takes the turn. A clock set back does not stop the turns."""
    pulse, is_new = Pulse.objects.get_or_create(name=name, defaults={"beat_at": now})
    if is_new:
        return True
    is_time = Q(beat_at__lte=now.astimezone(UTC) - every) | Q(beat_at__gt=now)
    return bool(Pulse.objects.filter(is_time, name=name).update(beat_at=now))


def _school_ids() -> list[int]:
    return list(School.objects.values_list("pk", flat=True))


def tidy(*, school_id: int | None) -> None:
    """Delete what has served: answered forms, letters long sent, sessions that are over."""
    now = clock.now().astimezone(UTC)
    with scope_of(school_id):
        if school_id is None:
            letters = OutboxMessage.across.filter(school=None)
            Session.objects.filter(expire_date__lt=now).delete()
        else:
            letters = OutboxMessage.objects.all()
            Submission.objects.filter(created_at__lt=now - KEEP_SUBMISSIONS).delete()
        letters.filter(sent_at__lt=now - KEEP_LETTERS).delete()
    if school_id is None:
        _tidy_mail_folder()


def _tidy_mail_folder() -> None:
    """A trial's letters, by the machine's own clock: the files carry it."""
    oldest = datetime.now(UTC) - KEEP_LETTERS
    for letter in Path(settings.MAIL_FOLDER).glob("*.eml"):
        if letter.stat().st_mtime < oldest.timestamp():
            letter.unlink(missing_ok=True)
