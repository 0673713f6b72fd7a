"""Learning walks: what a school looks like through many doors, and nobody's name."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audits.models import Topic
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission
from evaluation.models.observation import LONGEST, no_grade
from evaluation.no_grades import says_no_grade


class LearningWalkQuerySet(models.QuerySet["LearningWalk"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own, those for everyone, and those for leaders who is one."""
        Audience = LearningWalk.Audience
        may_read = Q(author=staff) | Q(audience=Audience.EVERYONE)
        if staff.can(Permission.SEE_OBSERVATIONS):
            may_read |= Q(audience=Audience.LEADERS)
        return self.filter(may_read)

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(author=staff)


class LearningWalk(SchoolModel):
    """One walk through the school: rooms as numbers, patterns, wonderings, talk with pupils."""

    class Audience(models.TextChoices):
        ONLY_ME = "only_me", "Only me"
        LEADERS = "leaders", "Head and CPD leader"
        EVERYONE = "everyone", "Everyone here"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(Staff, models.CASCADE, related_name="learning_walks")
    walked_on = models.DateField("day of the walk")
    rooms: Any = ArrayField(models.PositiveSmallIntegerField(), verbose_name="rooms, as numbers")
    focus = models.CharField("what to look at", max_length=200, validators=[says_no_grade])
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="topic"
    )
    patterns = models.TextField("patterns across rooms", max_length=LONGEST, blank=True)
    pupil_talk = models.TextField("what pupils told us", max_length=LONGEST, blank=True)
    wonderings = models.TextField("what we wonder now", max_length=LONGEST, blank=True)
    audience = models.CharField(
        "who may read this", max_length=8, choices=Audience, default=Audience.ONLY_ME
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(LearningWalkQuerySet)

    class Meta:
        ordering = ["-walked_on", "-pk"]
        indexes = [models.Index(fields=["school", "walked_on"], name="walk_by_day")]
        constraints = [
            no_grade("focus", "walk_focus_is_no_grade"),
            models.CheckConstraint(
                condition=Q(audience__in=["only_me", "leaders", "everyone"]),
                name="walk_has_an_audience",
            ),
        ]

    def __str__(self) -> str:
        return f"walk {self.uuid}"
