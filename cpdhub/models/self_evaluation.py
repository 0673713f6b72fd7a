"""The school's self-evaluation: what it says of itself, area by area. The chain's first link."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models

from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.models.framework import FrameworkItem
from cpdhub.models.staff import Staff


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def stale(self, *, today: date) -> Self:
        """Judgements whose review is due."""
        return self.filter(next_review_on__lt=today)

    def before(self, item: FrameworkItem) -> Self:
        """What was said of the areas of earlier versions this one takes up: as it was said."""
        said = self.filter(item__in=item.before()).exclude(grade="", statement="")
        return said.select_related("item__framework").order_by("-item__framework", "item__position")


@remembered()
class Judgement(SchoolModel):
    """What the school says of itself in one evaluation area; one living row per area."""

    # Few and telling: a hoard of evidence helps nobody.
    MOST_EVIDENCE = 8
    STATEMENT_WORDS = 150  # on the length guide; nine of them print on two sides

    item = models.ForeignKey(FrameworkItem, models.PROTECT, related_name="judgements")
    applies = models.BooleanField("this area applies to our school", default=True)
    grade = models.CharField("judgement", max_length=60, blank=True)
    statement = models.TextField("evaluative statement", blank=True)
    strengths = models.TextField(blank=True)
    reviewed_on = models.DateField("last reviewed", null=True, blank=True)
    reviewed_by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")
    next_review_on = models.DateField("next review", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(JudgementQuerySet)

    class Meta:
        ordering = ["item__position"]
        constraints = [
            models.UniqueConstraint(fields=["school", "item"], name="one_judgement_per_area"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.grade or 'not yet judged'}"

    def is_stale(self, *, today: date) -> bool:
        return self.next_review_on is not None and self.next_review_on < today


@remembered()
class AreaForImprovement(SchoolModel):
    """One thing a judgement says must get better. It may become a priority."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="areas_for_improvement")
    text = models.CharField("what must get better", max_length=400)

    class Meta:
        verbose_name_plural = "areas for improvement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


@remembered()
class EvidencePointer(SchoolModel):
    """Where the evidence for a judgement is, and what it shows in one line. Never the file."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="evidence")
    FRESH_FOR = timedelta(days=365)

    title = models.CharField("what and where it is", max_length=200)
    claim = models.CharField("what it shows", max_length=300, blank=True)
    dated_on = models.DateField("date", null=True, blank=True)
    link = models.URLField(blank=True)

    class Meta:
        ordering = ["-dated_on", "pk"]

    def __str__(self) -> str:
        return self.title

    def is_old(self, *, today: date) -> bool:
        return self.dated_on is not None and self.dated_on < today - self.FRESH_FOR
