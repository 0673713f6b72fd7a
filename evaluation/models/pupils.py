"""Pupils' voice: what a group of pupils, or of parents, said by a code and without names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from activities.models import Activity
from audits.models import Instrument, Question
from audits.models.instrument import Kind
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from evaluation.models.review import known_to

LEAST, LEAST_OF_A_CLASS = 5, 10
MOST = 2_000
MOST_QUESTIONS = 20


class PupilVoiceQuerySet(models.QuerySet["PupilVoice"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own; and what was made evidence, to whoever knows that activity's impact."""
        return self.filter(
            Q(owner=staff) | Q(is_evidence=True, activity__in=known_to(staff).values("pk"))
        )

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def open(self, *, now: datetime) -> Self:
        return self.filter(closed_at=None, closes_at__gt=now)


@dataclass(frozen=True)
class Said:
    """What a group answered to one question: how many chose each of its words."""

    question: str
    words: list[str]
    counts: list[int]
    n: int | None  # None: fewer answered than may be shown

    @property
    def pairs(self) -> list[tuple[str, int]]:
        return list(zip(self.words, self.counts, strict=True))


class PupilVoice(SchoolModel):
    """One questionnaire put to one group by a code, and once it is closed what the group said.

    Sheets have no name, no number and no time, and are destroyed when it closes. What stays is a
    table of how many chose each word: of fewer than five pupils (of a whole class: ten) nothing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="pupil_voices")
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name="questionnaire"
    )
    group = models.CharField("who is asked", max_length=60)
    is_whole_class = models.BooleanField("it is a whole class", default=True)
    people = models.PositiveSmallIntegerField(
        "how many they are",
        validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)],
    )
    activity = models.ForeignKey(
        Activity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="learning it is about",
    )
    before = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="after"
    )
    code = models.CharField(max_length=8, blank=True, editable=False)
    opened_at = models.DateTimeField(editable=False)
    closes_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    answered = models.PositiveSmallIntegerField(null=True, editable=False)
    figures: Any = models.JSONField(default=list, editable=False)  # as `Said`, question by question
    is_evidence = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = scoped(PupilVoiceQuerySet)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["school", "owner"], name="pupil_voice_by_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "code"], condition=~Q(code=""), name="one_voice_a_code"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, answered=None, figures=[]) & ~Q(code="")
                | Q(closed_at__isnull=False, code=""),
                name="voice_is_told_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(answered=None, figures=[])
                | Q(answered__gte=LEAST, is_whole_class=False)
                | Q(answered__gte=LEAST_OF_A_CLASS, is_whole_class=True),
                name="voice_of_few_is_not_told",
            ),
            models.CheckConstraint(
                condition=Q(people__gte=LEAST, is_whole_class=False)
                | Q(people__gte=LEAST_OF_A_CLASS, is_whole_class=True),
                name="voice_asks_enough_people",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="voice_ends_after_it_begins"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="told_stays_as_told",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(
                    "figures", "answered", "closed_at", "instrument_id", "group", "people"
                ),
                condition=pgtrigger.Q(old__closed_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'what a group said stays as it was told'
                        USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="asks_what_is_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("instrument_id", "school_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_instrument i WHERE i.id = NEW.instrument_id
                        AND i.state = 'published'
                        AND (i.school_id IS NULL OR i.school_id = NEW.school_id)
                    ) THEN RAISE EXCEPTION 'pupils are asked a published questionnaire'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.instrument.title}"

    @property
    def least(self) -> int:
        return LEAST_OF_A_CLASS if self.is_whole_class else LEAST

    @property
    def last_day(self) -> date:
        return clock.day_of(self.closes_at - timedelta(minutes=1))

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def questions(self) -> list[Question]:
        """What is asked: never in free words, which give people away."""
        asked = Question.objects.filter(section__instrument=self.instrument_id).exclude(
            kind__in=[Kind.TEXT, Kind.RANKING, Kind.IMPORTANCE]
        )
        return list(asked.order_by("section__position", "position")[:MOST_QUESTIONS])

    def said(self) -> list[Said]:
        return [Said(**row) for row in self.figures]


class PupilSheet(SchoolModel):
    """What one pupil chose, question by question; nothing else. Gone when the group is told."""

    id = models.UUIDField(primary_key=True, editable=False)
    voice = models.ForeignKey(PupilVoice, models.CASCADE, related_name="sheets")
    chosen: Any = ArrayField(models.PositiveSmallIntegerField())  # 0: left out

    class Meta:
        triggers = [
            pgtrigger.Protect(name="handed_in_is_handed_in", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="only_while_it_is_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_pupilvoice v
                        WHERE v.id = NEW.voice_id AND v.closed_at IS NULL
                        AND (SELECT count(*) FROM evaluation_pupilsheet s
                             WHERE s.voice_id = v.id) < v.people
                    ) THEN RAISE EXCEPTION 'nobody is asked any more'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return "a pupil's sheet"
