"""What a school's calendar knows besides its terms: INSET days, days kept free, PPA."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.models.plan import Priority
from cpdhub.models.staff import Staff, Team


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"


def length(starts: time, ends: time) -> timedelta:
    """From one time to a later one of the same day, by the clock on the wall."""
    day = date(2000, 1, 1)
    return datetime.combine(day, ends) - datetime.combine(day, starts)


class InsetDayQuerySet(models.QuerySet["InsetDay"]):
    def between(self, first: date, last: date) -> Self:
        """Whose own day or one of whose twilights is on these days."""
        twilights = InsetTwilight.objects.filter(day__gte=first, day__lte=last)
        return self.filter(
            Q(day__gte=first, day__lte=last) | Q(pk__in=twilights.values("inset"))
        ).order_by("day", "pk")


@remembered(exclude=("uid",))
class InsetDay(SchoolModel):
    """One of the days on which staff learn and pupils stay at home.

    Split into twilights, it is the day staff get back for them.
    """

    day = models.DateField("date")
    hours = models.DecimalField(
        "counts as how many hours",
        max_digits=3,
        decimal_places=1,
        default=Decimal(6),
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(12)],
    )
    theme = models.CharField(max_length=200)
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="inset_days"
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = scoped(InsetDayQuerySet)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "day"], name="one_inset_a_day"),
            models.CheckConstraint(
                condition=Q(hours__gte=Decimal("0.5")) & Q(hours__lte=12), name="inset_has_hours"
            ),
        ]

    def __str__(self) -> str:
        return self.theme


class InsetTwilight(SchoolModel):
    """One of the short meetings an INSET day is split into. Their hours count for it."""

    inset = models.ForeignKey(InsetDay, models.CASCADE, related_name="twilights")
    day = models.DateField("date")
    starts_at = models.TimeField("from")
    ends_at = models.TimeField("to")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["day", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inset", "day"], name="one_twilight_a_day"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="twilight_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%-d %B %Y}, {self.starts_at:%H:%M}–{self.ends_at:%H:%M}"


@remembered()
class BlockedDates(SchoolModel):
    """Days kept free of CPD, for a reason, for everybody or for one team."""

    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="only for"
    )

    class Meta:
        verbose_name_plural = "blocked dates"
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="blocked_from_first_to_last"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@remembered()
class ProtectedTime(SchoolModel):
    """A weekly time of a person in which nothing else is directed: PPA, an ECT's time."""

    class Kind(models.TextChoices):
        PPA = "ppa", "PPA time"
        ECT = "ect", "ECT time"

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="protected_times")
    kind = models.CharField("what for", max_length=5, choices=Kind, default=Kind.PPA)
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    starts_at = models.TimeField("from")
    ends_at = models.TimeField("to")

    class Meta:
        ordering = ["weekday", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="protected_time_has_length"
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=0) & Q(weekday__lte=4), name="protected_on_a_weekday"
            ),
        ]

    def __str__(self) -> str:
        when = f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"
        return f"{self.get_kind_display()}, {self.get_weekday_display()}s {when}"
