"""Frameworks: versioned lists of coded statements. Data, never code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from cpdhub.models.base import shared

OWN_AREAS = "own-areas"  # the code of the list a school writes on a page, not in a file


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def valid_on(self, day: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def in_force(self, day: date) -> Self:
        """Valid on a day, and no later version of the same school, or shipped, is."""
        valid = Framework.objects.valid_on(day).annotate(of=Coalesce("school", 0))
        same = {"of": Coalesce(OuterRef("school"), 0), "code": OuterRef("code")}
        later = valid.filter(pk__gt=OuterRef("pk"), **same)
        return self.valid_on(day).filter(~Exists(later))


class Framework(models.Model):
    """A version of a published or home-made list: inspection areas, the CPD menu, standards.

    Of no school: shipped with CPD Hub, for everyone to read. Of a school: its own.
    A published version never changes; old records keep the one they were made with.
    """

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "Evaluation areas"
        MENU = "menu", "Types of activity"
        QUALITY = "quality", "What makes good CPD"
        ROLE = "role", "Standards for a role"
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

    @property
    def is_shipped(self) -> bool:
        return self.school_id is None

    def items_in_order(self) -> list[FrameworkItem]:
        """Each with its parent, in one query."""
        return list(self.items.select_related("parent"))


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
    follows = ArrayField(
        models.SlugField(max_length=60, db_index=False),
        default=list,
        blank=True,
        help_text="Codes of the items in earlier versions that it takes up, besides its own.",
    )

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["framework", "position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_item_of_a_code"),
        ]

    def __str__(self) -> str:
        return self.title

    def before(self) -> models.QuerySet[FrameworkItem]:
        """The items of earlier versions of this framework that it takes up."""
        earlier: models.QuerySet[FrameworkItem] = FrameworkItem.objects.filter(
            framework__code=self.framework.code,
            framework__lt=self.framework_id,
            code__in=[self.code, *self.follows],
        )
        return earlier


class Branch(NamedTuple):
    """An item as a tree shows it: `depth` is 0 at the top."""

    item: FrameworkItem
    depth: int


def as_tree(items: Iterable[FrameworkItem]) -> list[Branch]:
    """Items in order, each followed by those below it. No query if their parents are there."""
    below: dict[str, list[FrameworkItem]] = {}
    for item in items:
        below.setdefault(item.parent.code if item.parent else "", []).append(item)

    def walk(code: str, depth: int) -> Iterator[Branch]:
        for item in below.get(code, []):
            yield Branch(item, depth)
            yield from walk(item.code, depth + 1)

    return list(walk("", 0))
