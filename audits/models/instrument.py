"""Questionnaires: what is asked. Versioned data, never code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from cpdhub.models import FrameworkItem, School, Staff
from cpdhub.models.base import shared
from cpdhub.permissions import Permission

MOST_QUESTIONS = 500
MOST_CHOICES = 10
# How the codes of those begin that are answered without an account; copies keep the code.
FOR_PUPILS, FOR_PARENTS = "pupils-", "parents-"

FROZEN = """
    IF EXISTS ({published}) THEN RAISE EXCEPTION
        'a published questionnaire is frozen: copy it to change it'
        USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def frozen_when_published(published: str) -> pgtrigger.Trigger:
    """Nothing below a published instrument is added, changed or taken away."""
    return pgtrigger.Trigger(
        name="frozen_when_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FROZEN.format(published=published),
    )


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def visible_to(self, staff: Staff) -> Self:
        """The library is for those who run audits; others meet a questionnaire in a round."""
        return self if staff.can(Permission.RUN_AUDITS) else self.none()

    def shipped(self) -> Self:
        return self.filter(school=None)

    def own(self) -> Self:
        return self.filter(school__isnull=False)

    def published(self) -> Self:
        return self.filter(state=Instrument.State.PUBLISHED)

    def without_replaced(self) -> Self:
        """Without shipped versions a later one has taken the place of. A school's own all stay."""
        later = Instrument.objects.shipped().filter(code=OuterRef("code"), pk__gt=OuterRef("pk"))
        return self.exclude(Q(school=None) & Exists(later))

    def without_account(self) -> Self:
        """For pupils and for parents, who answer by a code."""
        either = Q(code__startswith=FOR_PUPILS) | Q(code__startswith=FOR_PARENTS)
        return self.published().without_replaced().filter(either)

    def drafts(self) -> Self:
        """A school's own that may still be changed."""
        return self.own().filter(state=Instrument.State.DRAFT)

    def with_sizes(self) -> Self:
        sized = self.annotate(size=Count("sections__questions"))
        return sized.order_by("title", "version", "pk")  # Meta's order is lost by counting


class Instrument(models.Model):
    """A questionnaire in one version: "digital practice audit, version 1".

    Of no school: shipped with CPD Hub, for everyone to read. Of a school: its own. A draft may
    be changed; a published one is frozen by the database, and is changed by copying it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    code = models.SlugField(max_length=60)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    purpose = models.CharField("what it is for, in one sentence", max_length=300)
    source = models.CharField(
        "what it builds on", max_length=300, blank=True, help_text="Say whose ideas it uses."
    )
    licence = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "minutes it takes", default=5, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = shared(InstrumentQuerySet)

    class Meta:
        verbose_name = "questionnaire"
        ordering = ["title", "version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code", "version"],
                nulls_distinct=False,
                name="one_instrument_of_a_version",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=120), name="minutes_are_bearable"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_stays_as_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
                func="""
                    RAISE EXCEPTION 'a published questionnaire is frozen: copy it to change it'
                        USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="copied_within_the_school",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("copied_from_id", "school_id"),
                condition=pgtrigger.Q(new__copied_from__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_instrument i WHERE i.id = NEW.copied_from_id
                        AND i.state = 'published'
                        AND (i.school_id IS NULL OR i.school_id = NEW.school_id)
                    ) THEN RAISE EXCEPTION 'only what is published, shipped or own, is copied'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_shipped(self) -> bool:
        return self.school_id is None

    @property
    def is_without_account(self) -> bool:
        """Pupils or parents are asked it, never colleagues."""
        return self.code.startswith((FOR_PUPILS, FOR_PARENTS))

    @property
    def may_be_changed(self) -> bool:
        return self.is_draft and not self.is_shipped

    def with_questions(self) -> list[Section]:
        """Its sections with their questions, in order. Two queries."""
        return list(
            self.sections.prefetch_related(
                models.Prefetch("questions", Question.objects.select_related("item__framework"))
            )
        )


class Section(models.Model):
    """One page of a questionnaire: a heading and the questions below it."""

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("heading", max_length=200)
    text = models.CharField("a sentence below it", max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["instrument", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "position"],
                name="one_section_a_place",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
        triggers = [
            frozen_when_published(
                "SELECT 1 FROM audits_instrument i WHERE i.state = 'published'"
                " AND (TG_OP <> 'INSERT' AND i.id = OLD.instrument_id"
                "   OR TG_OP <> 'DELETE' AND i.id = NEW.instrument_id)"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Kind(models.TextChoices):
    """The ways a question is answered."""

    CONFIDENCE = "confidence", "How confident, 1 to 4"
    IMPORTANCE = "importance", "How important and how confident, each 1 to 4"
    FREQUENCY = "frequency", "How often"
    YES_PARTLY_NO = "yes_partly_no", "Yes, partly or no"
    CHOICE = "choice", "Choose one"
    TEXT = "text", "A few words"
    RANKING = "ranking", "Put first, second and third"
    RUBRIC = "rubric", "Choose the stage that fits"


CONFIDENT = ["Not yet", "A little", "Fairly", "Very"]
IMPORTANT = ["Not at all", "A little", "Fairly", "Very"]
# What a question of a kind begins with. The words are kept on each question, so a school may
# choose others, and old answers keep those they were given with.
USUAL_WORDS: dict[str, list[str]] = {
    Kind.CONFIDENCE: CONFIDENT,
    Kind.IMPORTANCE: [*IMPORTANT, *CONFIDENT],
    Kind.FREQUENCY: ["Never", "Sometimes", "Often", "Every week"],
    Kind.YES_PARTLY_NO: ["Yes", "Partly", "No"],
    Kind.TEXT: [],
}
# How many words a kind has, at least and at most.
SIZES: dict[str, tuple[int, int]] = {
    Kind.CONFIDENCE: (4, 4),
    Kind.IMPORTANCE: (8, 8),
    Kind.FREQUENCY: (4, 4),
    Kind.YES_PARTLY_NO: (3, 3),
    Kind.CHOICE: (2, MOST_CHOICES),
    Kind.TEXT: (0, 0),
    Kind.RANKING: (3, MOST_CHOICES),
    Kind.RUBRIC: (2, MOST_CHOICES),
}


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: its number, its words, for a stage what it looks like."""

    value: int
    label: str
    text: str = ""


class Question(models.Model):
    """One thing that is asked, how it is answered, and of whom."""

    RANKED = 3  # first, second, third

    school = models.ForeignKey("cpdhub.School", models.CASCADE, null=True, blank=True)
    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField("answered by", max_length=15, choices=Kind)
    text = models.CharField("question or statement", max_length=300)
    hint = models.CharField("a hint below it", max_length=300, blank=True)
    choices = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name="words to choose"
    )
    item = models.ForeignKey(
        FrameworkItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name="belongs to",
    )
    groups = ArrayField(
        models.CharField(max_length=10, choices=Staff.Group.choices),
        default=list,
        blank=True,
        verbose_name="only asked of",
    )
    phases = ArrayField(
        models.CharField(max_length=12, choices=School.Phase.choices),
        default=list,
        blank=True,
        verbose_name="only in schools of phase",
    )
    tag = models.CharField(
        "short label",
        max_length=20,
        blank=True,
        help_text="For example TS4: results can be gathered by it.",
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = shared()

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "code"], name="one_question_of_a_code"),
            models.UniqueConstraint(
                fields=["section", "position"],
                name="one_question_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        triggers = [
            frozen_when_published(
                "SELECT 1 FROM audits_section s JOIN audits_instrument i ON i.id = s.instrument_id"
                " WHERE i.state = 'published'"
                " AND (TG_OP <> 'INSERT' AND s.id = OLD.section_id"
                "   OR TG_OP <> 'DELETE' AND s.id = NEW.section_id)"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[Option]:
        """What can be chosen; of importance and confidence, the importance."""
        words = self.choices[:4] if self.kind == Kind.IMPORTANCE else self.choices
        return list(_options(words, are_stages=self.kind == Kind.RUBRIC))

    @property
    def second_options(self) -> list[Option]:
        """The confidence, where importance is asked as well."""
        return list(_options(self.choices[4:])) if self.kind == Kind.IMPORTANCE else []

    def is_asked_of(self, *, group: str, phase: str) -> bool:
        return self.is_asked_of_group(group) and self.is_asked_in(phase)

    def is_asked_of_group(self, group: str) -> bool:
        return not self.groups or group in self.groups

    def is_asked_in(self, phase: str) -> bool:
        return not self.phases or phase in self.phases

    @property
    def wording(self) -> tuple[str, ...]:
        """The same in two versions when it was asked again in the same words."""
        return (self.code, self.kind, self.text, *self.choices)

    @property
    def audience(self) -> str:
        """Of whom it is asked, in words; empty when of everyone."""
        groups = [Staff.Group(group).label.lower() + "s" for group in self.groups]
        groups = ["other support staff" if group == "other supports" else group for group in groups]
        phases = [str(School.Phase(phase).label).lower() for phase in self.phases]
        words = " and ".join(groups)
        if phases:
            words = f"{words or 'everyone'} in {' and '.join(phases)} schools"
        return words


def _options(words: Iterable[str], *, are_stages: bool = False) -> Iterator[Option]:
    for value, word in enumerate(words, start=1):
        label, _, text = word.partition(": ") if are_stages else (word, "", "")
        yield Option(value, label, text)
