"""What outside bodies award to one person: qualifications, statuses, accredited courses, awards."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver

from activities.models import Activity
from cpdhub.models import Staff, StoredFile
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission
from cpdhub.queries import holding


class QualificationQuerySet(models.QuerySet["Qualification"]):
    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def visible_to(self, staff: Staff) -> Self:
        """Like the rest of a record: one's own, that of one's people, or everyone's."""
        if staff.can(Permission.SEE_EVERYONES_RECORD):
            return self
        return self.filter(Q(owner=staff) | Q(owner__line_manager=staff))

    def with_steps(self) -> Self:
        """Adds `asked` and `met`: how many things it asks for, and how many are shown."""
        met = Count("steps", filter=Q(steps__met_on__isnull=False))
        return self.annotate(asked=Count("steps"), met=met)

    def search(self, words: str) -> Self:
        return self.filter(
            holding(words, "title", "awarded_by", "put_forward_by", "owner__sort_name__unaccent")
        )


class Qualification(SchoolModel):
    """One qualification, status, accredited course or award of one person: held, worked towards,
    applied for, or not given this time."""

    class Kind(models.TextChoices):
        QUALIFICATION = "qualification", "Qualification"
        STATUS = "status", "Professional status"
        COURSE = "course", "Accredited course"
        AWARD = "award", "Award"

    class State(models.TextChoices):
        UNDER_WAY = "under_way", "Working towards it"
        APPLIED = "applied", "Applied or put forward"
        HELD = "held", "Held"
        NOT_YET = "not_yet", "Not this time"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="qualifications", editable=False)
    kind = models.CharField("what it is", max_length=13, choices=Kind, default=Kind.QUALIFICATION)
    title = models.CharField("its name", max_length=200)
    awarded_by = models.CharField("awarded by", max_length=120, blank=True)
    level = models.CharField(max_length=60, blank=True)
    credits = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField("how far", max_length=9, choices=State, default=State.UNDER_WAY)
    begun_on = models.DateField("begun, or applied", null=True, blank=True)
    awarded_on = models.DateField("awarded", null=True, blank=True)
    put_forward_by = models.CharField("put forward by", max_length=120, blank=True)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="from which activity",
    )  # fmt: skip
    in_class = models.TextField("what it changes in your classroom", max_length=2000, blank=True)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects: ClassVar[Any] = scoped(QualificationQuerySet)

    class Meta:
        ordering = [
            F("awarded_on").desc(nulls_last=True), F("begun_on").desc(nulls_last=True), "-pk"
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(awarded_on=None) | Q(state="held"), name="awarded_is_held"
            ),
            models.CheckConstraint(
                condition=Q(awarded_on=None) | Q(begun_on=None) | Q(awarded_on__gte=F("begun_on")),
                name="awarded_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def facts(self) -> str:
        """Qualification · Level 7 · 60 credits · University of the North"""
        credits = f"{self.credits} credit{'' if self.credits == 1 else 's'}" if self.credits else ""
        parts = [str(self.get_kind_display()), self.level, credits, self.awarded_by]
        return " · ".join(part for part in parts if part)

    @property
    def day(self) -> date | None:
        """Since when it is as it is; of what was refused nobody asked."""
        is_on_the_way = self.state in {self.State.UNDER_WAY, self.State.APPLIED}
        return self.begun_on if is_on_the_way else self.awarded_on


class QualificationStep(SchoolModel):
    """One thing a qualification asks for (a prerequisite, a module, a visit) and where it is
    shown; met once it has a day."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="steps")
    asked = models.CharField("what it asks for", max_length=200)
    shown_by = models.CharField("where you show it", max_length=300, blank=True)
    met_on = models.DateField("met on", null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.asked


@receiver(post_delete, sender=Qualification)
def destroy_file(sender: Any, instance: Qualification, **kwargs: Any) -> None:
    """A file nobody can find any more is not kept."""
    if instance.file_id:
        StoredFile.objects.filter(pk=instance.file_id).delete()
