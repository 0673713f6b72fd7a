"""Frameworks: versioned lists of coded statements. Data, never code."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cpdhub.models.base import shared


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def valid_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class Framework(models.Model):
    """A version of a published or home-made list: inspection areas, the CPD menu, standards.

    Of no school: shipped with CPD Hub, for everyone to read. Of a school: its own.
    A published version never changes; old records keep the one they were made with.
    """

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "Evaluation areas"
        MENU = "menu", "Types of activity"
        SUBJECT = "subject", "Subjects"

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=40)
    owner = models.CharField(max_length=200, blank=True)
    source = models.URLField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    scale = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="The words of its judgements, from lowest to highest.",
    )

    objects: ClassVar[Any] = shared(FrameworkQuerySet)

    class Meta:
        ordering = ["kind", "-valid_from", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code", "version"],
                nulls_distinct=False,
                name="one_framework_of_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class FrameworkItem(models.Model):
    """One coded statement of a framework: an area, a type of activity, a standard."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="items")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    scale = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="Only where it differs from the framework's: met or not met.",
    )

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["framework", "position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_item_of_a_code"),
        ]

    def __str__(self) -> str:
        return self.title
