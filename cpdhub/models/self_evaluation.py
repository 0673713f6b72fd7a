"""The school's self-evaluation: what it says of itself, area by area. The chain's first link."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cpdhub import clock
from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.models.framework import FrameworkItem
from cpdhub.models.staff import Staff
from cpdhub.permissions import Permission


class Origin(models.TextChoices):
    """Where it comes from that something must get better."""

    SELF_EVALUATION = "self_evaluation", "Self-evaluation"
    INSPECTION = "inspection", "Inspection"
    DATA = "data", "Pupil data"
    STAFF = "staff", "Staff"
    PUPILS = "pupils", "Pupils or parents"
    POLICY = "policy", "Policy or trust"


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def stale(self, *, today: date) -> Self:
        """Judgements whose review is due."""
        return self.filter(next_review_on__lt=today)

    def with_own(self, staff: Staff) -> Self:
        """`is_own`: this person is named as a contributor to the area."""
        named = Contributor.objects.filter(judgement=OuterRef("pk"), staff=staff)
        return self.annotate(is_own=Exists(named))

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
    internal_note = models.TextField("note among those who write it", blank=True)
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

    def may_be_written_by(self, staff: Staff) -> bool:
        """Who writes the statement, the strengths and what must get better, never the grade:
        the self-evaluation's writers and the contributors they named."""
        if staff.can(Permission.EDIT_PLAN):
            return True
        return (
            self.pk is not None
            and staff.can(Permission.SEE_SELF_EVALUATION)
            and self.contributors.filter(staff=staff).exists()
        )


@remembered()
class Contributor(SchoolModel):
    """A colleague named to write one area of the self-evaluation with its writers."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="contributors")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["staff__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["judgement", "staff"], name="contributor_named_once")
        ]

    def __str__(self) -> str:
        return str(self.staff)


class AreaComment(SchoolModel):
    """What somebody said to the others who write an area. Its author may take it back."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="comments")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    text = models.TextField("comment", max_length=1000)
    written_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class AreaForImprovementQuerySet(models.QuerySet["AreaForImprovement"]):
    def candidates(self) -> Self:
        """Not yet a priority, the most pressing first; what is not weighed yet comes last."""
        weighed = F("impact") + F("urgency") - F("effort")
        return self.filter(priority=None, judgement__applies=True).order_by(
            weighed.desc(nulls_last=True), F("impact").desc(nulls_last=True), "pk"
        )


@remembered()
class AreaForImprovement(SchoolModel):
    """One thing a judgement says must get better. It may become a priority."""

    class Impact(models.IntegerChoices):
        SMALL = 1, "1 small"
        FAIR = 2, "2 fair"
        LARGE = 3, "3 large"

    class Urgency(models.IntegerChoices):
        CAN_WAIT = 1, "1 can wait"
        THIS_YEAR = 2, "2 this year"
        NOW = 3, "3 now"

    class Effort(models.IntegerChoices):
        LITTLE = 1, "1 little"
        SOME = 2, "2 some"
        MUCH = 3, "3 much"

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="areas_for_improvement")
    text = models.CharField("what must get better", max_length=400)
    source = models.CharField(
        "where it comes from", max_length=20, choices=Origin, default=Origin.SELF_EVALUATION
    )
    impact = models.PositiveSmallIntegerField(choices=Impact, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, null=True, blank=True)
    effort = models.PositiveSmallIntegerField(choices=Effort, null=True, blank=True)

    objects: ClassVar[Any] = scoped(AreaForImprovementQuerySet)

    class Meta:
        verbose_name_plural = "areas for improvement"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 3)}),
                name=f"{name}_is_one_to_three",
            )
            for name in ("impact", "urgency", "effort")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def pressing(self) -> int | None:
        """Impact plus urgency less effort; None until all three are given."""
        if self.impact is None or self.urgency is None or self.effort is None:
            return None
        return self.impact + self.urgency - self.effort


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
