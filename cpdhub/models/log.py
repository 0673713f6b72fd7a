"""Who did what that no row remembers by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from cpdhub import clock
from cpdhub.models.base import scoped
from cpdhub.models.staff import Staff, User
from cpdhub.models.work import MaybeOfSchool


class LogEntry(MaybeOfSchool):
    """One deed: a sign-in, an export, a look at someone's record, a change of rights.

    Append-only. Holds a kind and an id, never what somebody wrote.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "signed in"
        EXPORTED = "exported", "exported"
        OPENED = "opened", "opened"
        ROLES_CHANGED = "roles_changed", "changed the roles of"
        INVITED = "invited", "invited"
        LEFT = "left", "marked as leaving"
        RETURNED = "returned", "brought back"
        IMPORTED = "imported", "imported"
        UNDID = "undid", "undid"
        SCHOOL_OPENED = "school_opened", "opened the school"

    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    what = models.CharField(max_length=60, blank=True, help_text="A model or a page.")
    object_id = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = scoped()
    across: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name_plural = "log entries"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["school", "-at"], name="log_by_time")]

    @classmethod
    def write(
        cls, kind: Kind, *, by: Staff, what: str, object_id: Any = "", note: str = ""
    ) -> None:
        """Write down what this person has just done, in their school."""
        cls.objects.create(
            school_id=by.school_id,
            by=by,
            user_id=by.user_id,
            kind=kind,
            what=what,
            object_id=str(object_id),
            note=note[:200],
        )

    def __str__(self) -> str:
        return f"{self.by_id or self.user_id} {self.get_kind_display()} {self.what}"
