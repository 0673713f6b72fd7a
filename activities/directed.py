"""Directed time: how many hours a teacher may be told to work in a year, and what CPD takes.

1,265 hours for a full-time teacher (School Teachers' Pay and Conditions Document), in
proportion for others; the number stands with the year. Own time is never counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Sum

from activities.models import Activity, Attendance, Participation
from cpdhub import clock
from cpdhub.models import AcademicYear, Staff

NOTHING = timedelta(0)
LENGTH = ExpressionWrapper(
    F("activity__sessions__ends_at") - F("activity__sessions__starts_at"),
    output_field=DurationField(),
)


@dataclass(frozen=True)
class Directed:
    """One person's directed hours of CPD in one year. Without a budget nothing is left or over."""

    done: timedelta
    to_come: timedelta
    budget: Decimal | None

    @property
    def used(self) -> timedelta:
        return self.done + self.to_come

    @property
    def left(self) -> float | None:
        if self.budget is None:
            return None
        return float(self.budget) - self.used.total_seconds() / 3600

    def is_over_with(self, more: timedelta) -> bool:
        return self.left is not None and more.total_seconds() / 3600 > self.left


def budget_of(staff: Staff, year: AcademicYear | None) -> Decimal | None:
    """The hours left for CPD once teaching, meetings and duties have theirs, by FTE; teachers only,
    and not where the school counts no directed time."""
    if year is None or year.directed_hours is None or staff.group != Staff.Group.TEACHER:
        return None
    return (Decimal(year.directed_hours - year.directed_elsewhere) * staff.fte).quantize(
        Decimal("0.1")
    )


def year_of(day: date) -> AcademicYear | None:
    year: AcademicYear | None = AcademicYear.objects.containing(day)
    return year


def hours_in(year: AcademicYear | None, people: Iterable[Staff]) -> dict[int, Directed]:
    """Of each of these people, in two queries: attended, and planned with no register yet."""
    people = list(people)
    pks = [person.pk for person in people]
    done: dict[int, timedelta] = {}
    to_come: dict[int, timedelta] = {}
    if year is not None:
        attended = Attendance.objects.counted().of_school().between(year.starts_on, year.ends_on)
        attended = attended.filter(session__activity__is_own_time=False, staff__in=pks)
        done = attended.time_per_person()
        to_come = _planned(year, pks)
    return {
        person.pk: Directed(
            done.get(person.pk, NOTHING), to_come.get(person.pk, NOTHING), budget_of(person, year)
        )
        for person in people
    }


def _planned(year: AcademicYear, pks: list[int]) -> dict[int, timedelta]:
    """Sessions of the year whose register is not taken, by person."""
    found: Any = Participation.objects.filter(
        staff__in=pks,
        activity__state__in=[Activity.State.PLANNED, Activity.State.UNDER_WAY],
        activity__is_own_learning=False,
        activity__is_own_time=False,
        activity__sessions__cancelled_at=None,
        activity__sessions__register_taken_at=None,
        activity__sessions__starts_at__gte=clock.midnight(year.starts_on),
        activity__sessions__starts_at__lt=clock.midnight_after(year.ends_on),
    )
    return dict(found.order_by().values_list("staff").annotate(time=Sum(LENGTH)))
