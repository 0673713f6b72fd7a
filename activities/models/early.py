"""Early career teachers, and what a leaver hands on."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.permissions import Permission


class EarlyCareerQuerySet(models.QuerySet["EarlyCareer"]):
    def visible_to(self, staff: Staff) -> Self:
        """The teacher, their mentor and tutor, the head and the CPD leader: nobody else."""
        if staff.can(Permission.SEE_EVERYONES_RECORD):
            return self
        return self.filter(Q(staff=staff) | Q(mentor=staff) | Q(tutor=staff))


@remembered()
class EarlyCareer(SchoolModel):
    """An early career teacher's two years: from when, with whom, by which route.

    Their six terms are steps of the entitlement; that a review took place is kept there as a
    day. How it went is kept nowhere.
    """

    class Route(models.TextChoices):
        PROVIDER = "provider", "Provider-led"
        SCHOOL = "school", "School-led"

    TERMS = 6
    FIRST_YEAR, SECOND_YEAR = Decimal("0.10"), Decimal("0.05")

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="early_career")
    starts_on = models.DateField("induction starts on")
    tutor = models.ForeignKey(
        Staff,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tutor_of",
        verbose_name="induction tutor",
    )
    mentor = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="mentor_of"
    )
    body = models.CharField("appropriate body", max_length=120, blank=True)
    route = models.CharField("training", max_length=8, choices=Route, blank=True)
    provider = models.CharField("lead provider", max_length=120, blank=True)
    teaching_hours = models.DecimalField(
        "a full timetable, in hours a week",
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(40)],
        help_text="Of a teacher on the main range who works as much as they do.",
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(EarlyCareerQuerySet)

    class Meta:
        ordering = ["staff__sort_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tutor=None) | Q(mentor=None) | ~Q(tutor=F("mentor")),
                name="tutor_and_mentor_are_two_people",
            ),
            models.CheckConstraint(
                condition=(Q(tutor=None) | ~Q(tutor=F("staff")))
                & (Q(mentor=None) | ~Q(mentor=F("staff"))),
                name="nobody_mentors_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"early career of {self.staff_id}"

    def may_be_kept_by(self, staff: Staff) -> bool:
        """Who writes down that a review took place."""
        return staff.pk != self.staff_id and (
            staff.pk == self.tutor_id or staff.can(Permission.SEE_EVERYONES_RECORD)
        )

    def time_off(self, term: int) -> Decimal:
        """The share of the timetable free for induction, on top of PPA."""
        return self.FIRST_YEAR if term <= self.TERMS // 2 else self.SECOND_YEAR

    def time_off_hours(self, term: int) -> Decimal | None:
        if self.teaching_hours is None:
            return None
        return (self.teaching_hours * self.time_off(term)).quantize(Decimal("0.1"))


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, staff: Staff) -> Self:
        """Whoever leaves, whoever takes it on, the line manager and those who see every record."""
        if staff.can(Permission.SEE_EVERYONES_RECORD):
            return self
        return self.filter(Q(leaver=staff) | Q(to=staff) | Q(leaver__line_manager=staff))


@remembered()
class Handover(SchoolModel):
    """Something a leaver knows or runs, handed on to a colleague with a note."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    leaver = models.ForeignKey(Staff, models.CASCADE, related_name="hands_on")
    to = models.ForeignKey(
        Staff, models.CASCADE, related_name="takes_on", verbose_name="who takes it on"
    )
    about = models.CharField("what is handed on", max_length=200)
    note = models.TextField("what they should know", max_length=2000, blank=True)
    written_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", editable=False
    )
    written_on = models.DateField(default=clock.today, editable=False)

    objects: ClassVar[Any] = scoped(HandoverQuerySet)

    class Meta:
        ordering = ["about", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(leaver=F("to")), name="handed_on_to_somebody_else"),
            models.UniqueConstraint(fields=["leaver", "to", "about"], name="handed_on_once"),
        ]

    def __str__(self) -> str:
        return self.about
