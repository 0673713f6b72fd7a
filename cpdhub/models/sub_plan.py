"""A part of the improvement plan that somebody looks after: a subject, a phase, digital."""

from __future__ import annotations

from django.db import models

from cpdhub.models.base import SchoolModel, remembered
from cpdhub.models.plan import Plan
from cpdhub.models.staff import Staff


@remembered()
class SubPlan(SchoolModel):
    """A named part of one year's plan. Its priorities are priorities of the plan."""

    class Kind(models.TextChoices):
        SUBJECT = "subject", "Subject"
        PHASE = "phase", "Phase or year group"
        DIGITAL = "digital", "Digital"
        OTHER = "other", "Other"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sub_plans")
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind)
    lead = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "sub-plan"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="one_sub_plan_of_a_title")
        ]

    def __str__(self) -> str:
        return self.title
