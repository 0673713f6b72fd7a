"""What those who take part write about a session, and who reads it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models.activity import Activity
from activities.models.session import Participation, Session
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission


class SessionRecordQuerySet(models.QuerySet["SessionRecord"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own; private ones one was named a reader of and still takes part in; of the
        others, what one takes part in or leads, and all for those who see everyone's record."""
        takes_part = Exists(
            Participation.objects.filter(activity=OuterRef("session__activity"), staff=staff)
        )
        is_reader = Exists(RecordReader.objects.filter(record=OuterRef("pk"), staff=staff))
        open_ones: Any = Q(is_private=False)
        if not staff.can(Permission.SEE_EVERYONES_RECORD):
            open_ones &= Q(session__activity__lead=staff) | takes_part
        return self.filter(
            Q(author=staff) | open_ones | Q(is_private=True) & is_reader & takes_part
        )

    def by_others(self, staff: Staff) -> Self:
        return self.exclude(author=staff)


class SessionRecord(SchoolModel):
    """What one person wrote about one session, prompt by prompt.

    A private one is read by the people named when it was saved, and by nobody who comes later,
    whatever their role. No history is kept of it on purpose: a text taken back is gone.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="records")
    author = models.ForeignKey(Staff, models.CASCADE, related_name="session_records")
    answers: Any = models.JSONField(default=list)  # [{"prompt": …, "text": …}]: words as asked
    is_private = models.BooleanField()
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(SessionRecordQuerySet)

    class Meta:
        ordering = ["session", "author__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "author"], name="one_record_a_person")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="private_stays_private",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("is_private"),
                condition=pgtrigger.Q(old__is_private=True, new__is_private=False),
                func="""
                    RAISE EXCEPTION 'what was written as private stays private'
                        USING ERRCODE = 'check_violation';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class RecordReader(SchoolModel):
    """A person who may read a private record besides its author."""

    record = models.ForeignKey(SessionRecord, models.CASCADE, related_name="readers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "staff"], name="one_record_reader_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} may read {self.record_id}"


class NotesEnd(SchoolModel):
    """The day on which the private notes of an activity that is over are destroyed."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="notes_end")
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["school", "on"], name="notes_end_by_day")]

    def __str__(self) -> str:
        return f"notes of {self.activity_id} go on {self.on}"
