"""Background work as rows: what is due, what runs, what must be sent. Celery only moves it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from cpdhub.models.base import scoped
from cpdhub.models.staff import Staff
from cpdhub.walls import scope_of


class MaybeOfSchool(models.Model):
    """A row of a school or, with none, of the installation (sign-in letters, the register)."""

    school = models.ForeignKey(
        "cpdhub.School", models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    def scope(self) -> AbstractContextManager[None]:
        """Open the walls this row stands behind."""
        return scope_of(self.school_id)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def due(self, now: datetime) -> Self:
        return self.filter(state=Reminder.State.WAITING, due_at__lte=now).order_by("due_at", "pk")


class Reminder(models.Model):
    """Something one person will be told at a moment, once. The kind knows what to say."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not needed any more"
        FAILED = "failed", "Could not be written"

    MOST_ATTEMPTS = 5

    school = models.ForeignKey("cpdhub.School", models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField(null=True, blank=True)
    key = models.CharField(
        max_length=120, help_text="What makes it one: the same key is never reminded of twice."
    )
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = scoped(ReminderQuerySet)
    across: ClassVar[Any] = models.Manager.from_queryset(ReminderQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "key"], name="reminded_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="reminder_settled_when_not_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="reminder_due"),
            models.Index(fields=["staff", "kind", "settled_at"], name="reminder_cap"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.staff_id} at {self.due_at:%Y-%m-%d %H:%M}"


class StoredFile(MaybeOfSchool):
    """A file somebody uploaded or a job made, kept in the database in pieces of a megabyte.

    So web and worker may stand on different machines, and a backup holds everything.
    """

    PIECE = 1024 * 1024

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = scoped()
    across: ClassVar[Any] = models.Manager()

    def __str__(self) -> str:
        return self.name

    def pieces(self) -> Iterator[bytes]:
        """The content in order; at most one piece is in memory. The file's scope must be open."""
        position = 0
        while piece := FilePiece.across.filter(file_id=self.pk, position=position).first():
            yield bytes(piece.data)
            position += 1


class FilePiece(MaybeOfSchool):
    """A megabyte, or the rest, of a stored file."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    objects: ClassVar[Any] = scoped()
    across: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="one_piece_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.position}"


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])

    def abandoned(self, now: datetime) -> Self:
        """Waiting with nobody coming, or running with nobody alive: to be queued again.

        So far ahead that no lease reaches it: the clock was set back.
        """
        return self.unfinished().filter(
            Q(next_try_at__lte=now) | Q(next_try_at__gt=now + Job.LONGEST_LEASE)
        )


class Job(MaybeOfSchool):
    """Long work somebody asked for: an import, a report. They may leave and come back to it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    MOST_ATTEMPTS = 3
    LONGEST_LEASE = timedelta(minutes=10)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField("what it is doing now", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    file = models.ForeignKey(
        StoredFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="what it reads",
    )
    result = models.ForeignKey(
        StoredFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="what it made",
    )
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = scoped(JobQuerySet)
    across: ClassVar[Any] = models.Manager.from_queryset(JobQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_abandoned",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_of_a_hundred"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="job_finished_when_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}

    def is_held(self, now: datetime) -> bool:
        """Somebody who runs it said so a moment ago."""
        return (
            self.state == self.State.RUNNING and now < self.next_try_at <= now + self.LONGEST_LEASE
        )


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> Self:
        return self.filter(sent_at=None, next_try_at__lte=now).order_by("next_try_at", "pk")

    def undelivered(self) -> Self:
        """Tried at least once, without success."""
        return self.filter(sent_at=None, attempts__gt=0)


class OutboxMessage(MaybeOfSchool):
    """A letter that will be sent: written with what caused it, sent by the worker.

    Sending may repeat, with the same Message-ID; it is never forgotten.
    """

    MOST_ATTEMPTS = 8

    message_id = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = scoped(OutboxQuerySet)
    across: ClassVar[Any] = models.Manager.from_queryset(OutboxQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="message_due")
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def is_given_up(self) -> bool:
        return self.sent_at is None and self.next_try_at is None

    @property
    def error_without_names(self) -> str:
        """What the mail server said, without whom the letter was for."""
        name = re.escape(self.to.partition("@")[0])
        return re.sub(rf"[^\s'\"<>(){{}}]+@[^\s'\"<>(){{}}:,]+|\b{name}\b", "…", self.error)


class Pulse(models.Model):
    """When a part of the machinery was last seen alive: beat, worker."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"


class Submission(models.Model):
    """A form that was sent once. Sent again, it answers with the first result."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, related_name="+")
    key = models.UUIDField(unique=True)
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = scoped()

    def __str__(self) -> str:
        return str(self.key)
