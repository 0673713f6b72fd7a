"""What people are entitled to: promises with steps, shipped or a school's own."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cpdhub.models import FrameworkItem, Staff
from cpdhub.models.base import shared
from cpdhub.permissions import Role

IN_USE = "an entitlement in use is frozen: copy it to change it"


def shipped_or_own(column: str, table: str) -> pgtrigger.Trigger:
    """The row points at something shipped, or of its own school: no key can say that."""
    return pgtrigger.Trigger(
        name=f"{column.removesuffix('_id')}_shipped_or_own",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(column, "school_id"),
        condition=pgtrigger.Q(**{f"new__{column}__isnull": False}),
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM {table} t WHERE t.id = NEW.{column}
                AND (t.school_id IS NULL OR t.school_id = NEW.school_id)
            ) THEN RAISE EXCEPTION '{column} is shipped or of the same school'
                USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def frozen_in_use(key: str) -> pgtrigger.Trigger:
    """Nothing of an entitlement changes while a school keeps it: it is copied instead."""
    return pgtrigger.Trigger(
        name="frozen_in_use",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF EXISTS (
                SELECT 1 FROM activities_entitlementuse u
                WHERE TG_OP <> 'INSERT' AND u.entitlement_id = OLD.{key}
                   OR TG_OP <> 'DELETE' AND u.entitlement_id = NEW.{key}
            ) THEN RAISE EXCEPTION '{IN_USE}' USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def shipped(self) -> Self:
        return self.filter(school=None)

    def own(self) -> Self:
        return self.filter(school__isnull=False)

    def without_replaced(self) -> Self:
        """Without shipped versions a later one has taken the place of."""
        later = Entitlement.objects.shipped().filter(code=OuterRef("code"), pk__gt=OuterRef("pk"))
        return self.exclude(Q(school=None) & Exists(later))


class Entitlement(models.Model):
    """Something colleagues are promised, in one version: induction, refresher training, a pathway.

    Of no school: shipped with CPD Hub. Of a school: its own. It counts once the school keeps it
    (EntitlementUse), and is frozen from then on: a change is a new version of the same code.
    """

    class Kind(models.TextChoices):
        INDUCTION = "induction", "Induction"
        EARLY = "early", "Early career teachers"
        TRAINING = "training", "Statutory and refresher training"
        HOURS = "hours", "Hours of learning"
        OPPORTUNITIES = "opportunities", "Opportunities by career stage"
        PATHWAY = "pathway", "Career pathway"
        OTHER = "other", "Something else"

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    code = models.SlugField(max_length=60)
    version = models.CharField(max_length=40)
    kind = models.CharField("what it is", max_length=13, choices=Kind, default=Kind.OTHER)
    title = models.CharField(max_length=120)
    short = models.CharField(
        "short name", max_length=24, help_text="It heads a narrow column of the table."
    )
    summary = models.CharField("what people may expect, in a sentence or two", max_length=400)
    source = models.CharField("what it rests on", max_length=300, blank=True)
    unsure = models.CharField("what is not certain about it", max_length=300, blank=True)
    groups = ArrayField(
        models.CharField(max_length=10, choices=Staff.Group.choices),
        default=list,
        blank=True,
        verbose_name="staff groups",
    )
    stages = ArrayField(
        models.CharField(max_length=12, choices=Staff.Stage.choices),
        default=list,
        blank=True,
        verbose_name="career stages",
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, blank=True
    )
    is_by_name = models.BooleanField("only for people chosen by name", default=False)
    is_optional = models.BooleanField("an offer or a target: never overdue", default=False)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = shared(EntitlementQuerySet)

    class Meta:
        ordering = ["kind", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code", "version"],
                nulls_distinct=False,
                name="one_entitlement_of_a_version",
            ),
        ]
        triggers = [
            shipped_or_own("copied_from_id", "activities_entitlement"),
            frozen_in_use("id"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shipped(self) -> bool:
        return self.school_id is None

    @property
    def for_whom(self) -> str:
        """All teachers and teaching assistants, early career; in words."""
        if self.kind == self.Kind.EARLY:
            return "Teachers whose early career page has been begun"
        if self.is_by_name:
            return "People chosen by name"
        groups = [str(Staff.Group(group).label).lower() + "s" for group in self.groups]
        groups = ["other support staff" if name == "other supports" else name for name in groups]
        words = " and ".join(groups) or "everyone on the staff"
        if self.roles:
            roles = [str(Role(role).label) for role in self.roles]
            words = " and ".join(roles) if not groups else f"{words} who are {' or '.join(roles)}"
        if self.stages:
            stages = [str(Staff.Stage(stage).label).lower() for stage in self.stages]
            words += f" ({' or '.join(stages)})"
        return words[0].upper() + words[1:]

    def is_for(self, person: Staff) -> bool:
        """By its rule; those chosen by name and early career teachers are asked for elsewhere."""
        if self.is_by_name or self.kind == self.Kind.EARLY:
            return False
        if not person.group and not self.roles:
            return False  # a governor without a post is only meant where roles are
        return (
            (not self.groups or person.group in self.groups)
            and (not self.stages or person.career_stage in self.stages)
            and (not self.roles or bool(set(self.roles).intersection(person.roles)))
        )


class EntitlementStep(models.Model):
    """One thing of an entitlement that somebody receives, and by when."""

    class Due(models.TextChoices):
        AFTER = "after", "so many months after the day it counts from"
        EVERY = "every", "again every so many months"
        YEARLY = "yearly", "each school year"
        TERM = "term", "at the end of a term of their own (early career teachers)"
        ANY = "any", "when it suits"

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    entitlement = models.ForeignKey(Entitlement, models.CASCADE, related_name="steps")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    title = models.CharField("what they receive", max_length=200)
    text = models.CharField("a sentence about it", max_length=400, blank=True)
    evidence = models.CharField("how we know", max_length=200, blank=True)
    due = models.CharField("by when", max_length=6, choices=Due, default=Due.AFTER)
    number = models.PositiveSmallIntegerField(
        "how many months, or which term",
        null=True,
        blank=True,
        validators=[MaxValueValidator(120)],
        help_text="Each school year: so many months after 1 September; empty: by the end of it.",
    )
    hours = models.DecimalField(
        "hours in a school year",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="For full-time; part-timers have their share.",
    )
    counts_all = models.BooleanField(
        "all direct CPD counts",
        default=False,
        help_text="Otherwise only activities that say they answer this step.",
    )
    type = models.ForeignKey(
        FrameworkItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="usually a",
    )
    word = models.CharField("usually about", max_length=60, blank=True)

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["entitlement", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entitlement", "code"], name="one_step_of_a_code"),
            models.CheckConstraint(
                condition=Q(due="after", number__isnull=False)
                | Q(due="every", number__gte=1)
                | Q(due="term", number__gte=1, number__lte=6)
                | Q(due="yearly") & (Q(number=None) | Q(number__lte=12))
                | Q(due="any", number=None),
                name="step_says_by_when",
            ),
            models.CheckConstraint(
                condition=Q(hours=None, counts_all=False) | Q(hours__gt=0, due="yearly"),
                name="hours_are_of_a_year",
            ),
        ]
        triggers = [frozen_in_use("entitlement_id")]

    def __str__(self) -> str:
        return self.title

    @property
    def by_when(self) -> str:
        """Within 3 months, every 24 months, each school year by the end of October."""
        number = self.number
        if self.due == self.Due.AFTER:
            return "in the first days" if not number else f"within {months(number)}"
        if self.due == self.Due.EVERY and number:
            once = {1: "every month", 12: "every year"}
            return once.get(number, f"every {months(number)}")
        if self.due == self.Due.TERM:
            return f"term {number}"
        if self.due == self.Due.YEARLY:
            hours = f"{self.hours.normalize():f} hours " if self.hours else ""
            first = f", in its first {months(number)}" if number else ""
            return f"{hours}each school year{first}".replace("first a month", "first month")
        return "when it suits"


def months(number: int | None) -> str:
    """a month, 3 months, 2 years."""
    number = number or 0
    if number >= 24 and number % 12 == 0:
        return f"{number // 12} years"
    return "a month" if number == 1 else f"{number} months"
