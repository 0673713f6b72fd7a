"""What is known of people and steps: attended, written down, planned, missed; one statement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    DateField,
    DurationField,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from activities.models import Activity, Attendance, Participation, Received, Session
from activities.models.session import LENGTH
from cpdhub import clock
from cpdhub.years import first_year_of


class Fact(NamedTuple):
    """One thing known of a person and a step, in whichever version it was said."""

    kind: str  # had, noted, planned, missed, hours
    staff: int
    entitlement: str
    step: str
    on: date
    seconds: Any
    pk: str  # of the activity, or of what was written down

    @property
    def is_receipt(self) -> bool:
        return self.kind in {"had", "noted"}

    @property
    def hours(self) -> float:
        return self.seconds.total_seconds() / 3600 if self.kind == "hours" else 0.0


OF_ACTIVITY = "session__activity__entitles__step"


def facts(steps: Collection[Any], *, today: date, of: int | None = None) -> list[Fact]:
    """Of everyone, or of one person. Hours are of this school year, direct CPD only."""
    parts = [_noted(), _attended(was_present=True), _attended(was_present=False), _planned(today)]
    if any(step.hours and step.counts_all for step in steps):
        parts.append(_hours(today, linked=False))
    if any(step.hours and not step.counts_all for step in steps):
        parts.append(_hours(today, linked=True))
    if of is not None:
        parts = [part.filter(staff=of) for part in parts]
    first, *others = [part.order_by() for part in parts]
    return [Fact(*row) for row in first.union(*others, all=True)]


def _columns(rows: QuerySet, kind: str, step: str, on: Any, pk: str, time: Any = None) -> QuerySet:
    """The same seven columns of every kind."""
    codes = (F(f"{step}__entitlement__code"), F(f"{step}__code")) if step else (Value(""),) * 2
    return rows.values_list(
        Value(kind), "staff", Cast(codes[0], CharField()), Cast(codes[1], CharField()), on,
        time if time is not None else Cast(Value(None), DurationField()), Cast(F(pk), CharField()),
    )  # fmt: skip


def _noted() -> QuerySet:
    return _columns(Received.objects.all(), "noted", "step", F("on"), "pk")


def _attended(*, was_present: bool) -> QuerySet:
    """At activities that are over: half a course is not the course. Or away, at any session."""
    rows = Attendance.objects.filter(
        was_present=was_present, session__activity__entitles__isnull=False
    )
    if was_present:
        rows = rows.filter(session__activity__state__in=Activity.OVER)
    day = TruncDate("session__starts_at", tzinfo=clock.LONDON)
    kind = "had" if was_present else "missed"
    return _columns(rows, kind, OF_ACTIVITY, day, "session__activity_id")


def _planned(today: date) -> QuerySet:
    """In an activity that is planned or under way; its next session, or a day nobody knows."""
    ahead = Session.objects.filter(
        activity=OuterRef("activity"), cancelled_at=None, ends_at__gte=clock.midnight(today)
    )
    next_day = ahead.order_by("starts_at").values(day=TruncDate("starts_at", tzinfo=clock.LONDON))[
        :1
    ]
    rows = Participation.objects.filter(
        activity__entitles__isnull=False,
        activity__state__in=[Activity.State.PLANNED, Activity.State.UNDER_WAY],
    )
    day = Coalesce(Subquery(next_day), Value(date.max), output_field=DateField())
    return _columns(rows, "planned", "activity__entitles__step", day, "activity_id")


def _hours(today: date, *, linked: bool) -> QuerySet:
    year = first_year_of(today)
    rows = (
        Attendance.objects.counted()
        .between(date(year, 9, 1), date(year + 1, 8, 31))
        .filter(session__activity__kind=Activity.Kind.DIRECT)
    )
    step = OF_ACTIVITY if linked else ""
    codes = [f"{step}__entitlement__code", f"{step}__code"] if linked else []
    if linked:
        rows = rows.filter(session__activity__entitles__isnull=False)
    summed = (
        rows.order_by()
        .values("staff", *codes)
        .annotate(time=Sum(LENGTH), latest=Max("session__starts_at"))
    )
    return summed.values_list(
        Value("hours"), "staff",
        *(Cast(F(code) if code else Value(""), CharField()) for code in codes or ("", "")),
        TruncDate("latest", tzinfo=clock.LONDON), "time", Value(""),
    )  # fmt: skip
