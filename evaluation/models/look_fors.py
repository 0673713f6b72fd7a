"""What a school agreed to look for, one version after the other."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from evaluation.no_grades import NO_GRADE, NO_NUMBER, says_no_grade


class LookForsQuerySet(models.QuerySet["LookFors"]):
    def in_force(self) -> LookFors | None:
        """The newest version, or none where the school has agreed nothing yet."""
        return self.order_by("-version").first()

    def with_items(self) -> Self:
        return self.prefetch_related("items")


class LookFors(SchoolModel):
    """One version of the school's agreed look-fors. A new agreement is a new version; what was
    observed by an older one keeps it."""

    version = models.PositiveSmallIntegerField()
    agreed_on = models.DateField()
    written_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[Any] = scoped(LookForsQuerySet)

    class Meta:
        verbose_name_plural = "look-fors"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["school", "version"], name="one_version_of_look_fors")
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class LookFor(SchoolModel):
    """One thing to look for in what pupils do and say, with a line that says what it means."""

    look_fors = models.ForeignKey(LookFors, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=120, validators=[says_no_grade])
    hint = models.CharField(max_length=300, blank=True, validators=[says_no_grade])

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["look_fors", "position"], name="look_fors_in_order"),
            models.CheckConstraint(
                condition=Q(heading__iregex=NO_NUMBER, hint__iregex=NO_NUMBER)
                & ~Q(heading__iregex=NO_GRADE)
                & ~Q(hint__iregex=NO_GRADE),
                name="look_for_is_no_grade",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="agreed_stays_agreed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    RAISE EXCEPTION 'agreed look-fors stay as they are: agree a new version'
                        USING ERRCODE = 'check_violation';
                """,
            )
        ]

    def __str__(self) -> str:
        return self.heading


class OpenDoorQuerySet(models.QuerySet["OpenDoor"]):
    def open(self, *, today: date) -> Self:
        """Still on the board, of colleagues who are here."""
        return self.filter(until__gte=today, staff__in=Staff.objects.live(today))


class OpenDoor(SchoolModel):
    """Somebody is happy to be watched: doing what, when. Colleagues ask to come."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="open_doors")
    doing = models.CharField("what you would see", max_length=200)
    when = models.CharField("when", max_length=120)
    place = models.CharField("class or place", max_length=100, blank=True)
    until = models.DateField("on the board until")
    opened_on = models.DateField(editable=False)

    objects: ClassVar[Any] = scoped(OpenDoorQuerySet)

    class Meta:
        ordering = ["-opened_on", "-pk"]
        indexes = [models.Index(fields=["school", "until"], name="open_door_by_end")]

    def __str__(self) -> str:
        return self.doing
