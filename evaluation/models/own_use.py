"""Where somebody is with something new: said by themselves, and theirs alone."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from evaluation.models.innovation import Innovation


class OwnUseQuerySet(models.QuerySet["OwnUse"]):
    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)


class OwnUse(SchoolModel):
    """How far one person was with an innovation on one day, by their own answers.

    Nobody else reads it and nothing is counted from it: what a group says is asked in a
    questionnaire. The eight levels are those of the Concerns-Based Adoption Model, in our words.
    """

    class Level(models.TextChoices):
        NOT_USING = "not_using", "Not using it"
        FINDING_OUT = "finding_out", "Finding out"
        ABOUT_TO_BEGIN = "about_to_begin", "About to begin"
        FIRST_STEPS = "first_steps", "First steps"
        SETTLED = "settled", "Settled"
        REFINING = "refining", "Refining"
        TOGETHER = "together", "Working with others"
        RENEWING = "renewing", "Renewing"

    owner = models.ForeignKey(Staff, models.CASCADE, related_name="own_uses")
    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="+")
    level = models.CharField(max_length=14, choices=Level)
    said_on = models.DateField()

    objects: ClassVar[Any] = scoped(OwnUseQuerySet)

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "innovation", "said_on"], name="own_use_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} on {self.said_on}"
