"""What was published of a round when it closed."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audits.labels import LEAST
from audits.models.instrument import Question
from audits.models.round import Round
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, staff: Staff) -> Self:
        """Those who run audits; what others may see of them is for later pages to say."""
        return self if staff.can(Permission.RUN_AUDITS) else self.none()

    def before(self, round_: Round) -> Self:
        """Everyone's answers in the last round that asked the same questionnaire before. Two
        activities are not two times."""
        if round_.is_about_activity:
            return self.none()
        earlier = Round.objects.filter(
            school=round_.school_id, instrument__code=round_.instrument.code,
            state=Round.State.CLOSED, closed_at__lt=round_.closed_at,
        )  # fmt: skip
        last = earlier.order_by("-closed_at", "-pk").values("pk")[:1]
        return self.filter(round=last, breakdown=Result.Breakdown.ALL)


class Result(SchoolModel):
    """One place in the tables published of a round: the answers of everyone, a team or a staff
    group to one question, or the fact that they are not shown.

    Written once, by the closing of its round; never changed, never added to. A hidden one carries
    no number. `counts` says how many chose each of the question's words (of a ranking, put it among
    their three), `second_counts` the confidence where importance is asked as well. The label is
    what the team was called that day, `key` which team or group it was.
    """

    class Breakdown(models.TextChoices):
        ALL = "all", "Everyone"
        TEAM = "team", "By team"
        GROUP = "group", "By staff group"
        RANK = "rank", "Leaders and other staff"

    round = models.ForeignKey(Round, models.CASCADE, related_name="results")
    question = models.ForeignKey(Question, models.PROTECT, related_name="results")
    breakdown = models.CharField(max_length=5, choices=Breakdown)
    key = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    n = models.PositiveIntegerField(null=True)
    counts = ArrayField(models.PositiveIntegerField(), default=list)
    second_counts = ArrayField(models.PositiveIntegerField(), default=list)

    objects: ClassVar[Any] = scoped(ResultQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "question", "breakdown", "key"], name="published_once"
            ),
            models.CheckConstraint(
                condition=Q(n__gte=LEAST) | Q(n=None, counts=[], second_counts=[]),
                name="below_five_no_number",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays_as_published", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="published_at_close",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM audits_round r
                        JOIN audits_section s ON s.instrument_id = r.instrument_id
                        JOIN audits_question q ON q.section_id = s.id
                        WHERE r.id = NEW.round_id AND r.state = 'open' AND q.id = NEW.question_id
                    ) THEN RAISE EXCEPTION
                        'results are of questions of their round, written when it closes'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {'not shown' if self.is_hidden else self.n}"

    @property
    def is_hidden(self) -> bool:
        return self.n is None
