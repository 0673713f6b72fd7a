"""Staff records that came, or may come, from a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from cpdhub.models.base import SchoolModel, scoped
from cpdhub.models.staff import Staff
from cpdhub.models.work import Job, StoredFile


class StaffImportQuerySet(models.QuerySet["StaffImport"]):
    def written_since(self, moment: datetime) -> Self:
        """Imports that changed the staff list after this moment, or took their changes back."""
        return self.filter(Q(applied_at__gt=moment) | Q(undone_at__gt=moment))


class StaffImport(SchoolModel):
    """One file of staff: uploaded, looked at, perhaps written, perhaps taken back.

    Nothing in the staff list changes before somebody confirms the preview.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Being read"
        MAPPING = "mapping", "Columns to be matched"
        PREVIEWED = "previewed", "Waiting for you to confirm"
        CONFIRMED = "confirmed", "Being written"
        APPLIED = "applied", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Not readable"

    name = models.CharField("file name", max_length=255)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    header = models.JSONField(default=list, help_text="The file's column names.")
    samples = models.JSONField(default=list, help_text="Three values of each column.")
    mapping = models.JSONField(default=dict, help_text="Our field to the number of its column.")
    counts = models.JSONField(default=dict, help_text="Rows of each outcome.")
    notes = models.JSONField(default=list, help_text="Sentences about the whole file.")
    error = models.CharField(max_length=300, blank=True)
    leaving_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    previewed_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    new_teams = models.JSONField(default=list, help_text="The teams it made, for undoing.")

    objects: ClassVar[Any] = scoped(StaffImportQuerySet)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in {self.State.UPLOADED, self.State.CONFIRMED, self.State.UNDOING}

    @property
    def can_be_confirmed(self) -> bool:
        return self.state == self.State.PREVIEWED

    @property
    def can_be_undone(self) -> bool:
        return self.state == self.State.APPLIED

    @property
    def can_be_mapped(self) -> bool:
        return bool(self.file_id) and self.state in {self.State.MAPPING, self.State.PREVIEWED}


class StaffImportRowQuerySet(models.QuerySet["StaffImportRow"]):
    def to_be_written(self) -> Self:
        """What confirming writes: new people, changes, and leavers somebody ticked."""
        outcome = StaffImportRow.Outcome
        return self.filter(
            is_chosen=True, outcome__in=[outcome.NEW, outcome.CHANGED, outcome.POSSIBLE_LEAVER]
        ) | self.filter(outcome=outcome.ASK, decision__in=["new", "match"])

    def with_problems(self) -> Self:
        """Errors, and remarks on lines that are imported all the same."""
        return self.exclude(problems=[]).exclude(line=0)


class StaffImportRow(SchoolModel):
    """What one line of the file means for the staff list, or a person the file leaves out."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        ASK = "ask", "For you to decide"
        ERROR = "error", "Cannot be imported"
        LEFT_OUT = "left_out", "Left out"
        POSSIBLE_LEAVER = "possible_leaver", "Possible leaver"

    class Decision(models.TextChoices):
        NEW = "new", "Somebody new"
        MATCH = "match", "This colleague"
        SKIP = "skip", "Leave this line out"

    staff_import = models.ForeignKey(StaffImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(help_text="The line in the file; 0 when it is in none.")
    outcome = models.CharField(max_length=16, choices=Outcome)
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=210, blank=True)
    values = models.JSONField(default=dict, help_text="What the line says, field by field.")
    changes = models.JSONField(default=list, help_text="[label, old, new] to be read.")
    writes = models.JSONField(default=dict, help_text="Field to [old, new], to be written.")
    problems = models.JSONField(default=list, help_text="[column, reason].")
    candidates = models.JSONField(default=list, help_text="Colleagues of the same name.")
    is_chosen = models.BooleanField(default=True)
    decision = models.CharField(max_length=5, choices=Decision, blank=True)
    written = models.JSONField(
        default=dict, help_text="Field to [before, after], as it was written: to undo exactly."
    )
    kept = models.CharField("why it was not undone", max_length=200, blank=True)

    objects: ClassVar[Any] = scoped(StaffImportRowQuerySet)

    class Meta:
        ordering = ["line", "name", "pk"]
        indexes = [
            models.Index(fields=["staff_import", "outcome", "line"], name="import_row_by_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.name}"

    @property
    def to_write(self) -> dict[str, list[Any]]:
        """Field to [old, new]: of the line, or of the colleague somebody said it is."""
        if self.decision == self.Decision.MATCH:
            found = [c for c in self.candidates if c["id"] == self.staff_id]
            return found[0]["writes"] if found else {}
        return self.writes
