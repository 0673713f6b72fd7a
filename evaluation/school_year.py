"""The school's year in figures: hours, people, fees, beside the same weeks of last year.

Comparisons stop at the same day of last year, so that November is not measured against July.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from activities.models import Activity, Attendance, Session
from activities.models.querysets import ActivityQuerySet
from activities.models.session import LENGTH, AttendanceQuerySet
from cpdhub import clock
from cpdhub.models import AcademicYear, Staff
from cpdhub.models.staff import StaffQuerySet, in_post
from evaluation.part import WHOLE, Part

Group = Staff.Group
NO_TIME = Cast(Value(None), DurationField())
NO_MONEY = Value(None, output_field=DecimalField())
NONE = timedelta(0)
GROUP_NAMES = {
    Group.TEACHER: "Teachers",
    Group.ASSISTANT: "Teaching assistants",
    Group.SUPPORT: "Other support",
}


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    def of(self, path: str) -> Q:
        """Rows whose moment at this path lies within it, in London."""
        return Q(
            **{
                f"{path}__gte": clock.midnight(self.first),
                f"{path}__lt": clock.midnight_after(self.last),
            }
        )

    def of_days(self, path: str) -> Q:
        """Rows whose day at this path lies within it."""
        return Q(**{f"{path}__range": (self.first, self.last)})


def begun(wanted: str | None, *, today: date) -> tuple[AcademicYear | None, list[AcademicYear]]:
    """The year asked for as 2026/27, else the one we are in; and all that have begun."""
    years = list(
        AcademicYear.objects.filter(starts_on__lte=today).with_half_terms().order_by("-starts_on")
    )
    named = [year for year in years if not wanted or year.name == wanted]
    return (named[0] if named else None), years


def whole(year: AcademicYear) -> Period:
    return Period(year.starts_on, year.ends_on)


def so_far(year: AcademicYear, *, today: date) -> Period:
    """From the year's first day until today, or all of a year that is over."""
    return Period(year.starts_on, max(year.starts_on, min(today, year.ends_on)))


def same_weeks(period: Period, of: AcademicYear, *, into: timedelta = timedelta(0)) -> Period:
    """The same stretch of another year, for a fair comparison; it begins `into` the year."""
    first = min(of.starts_on + into, of.ends_on)
    return Period(first, min(first + (period.last - period.first), of.ends_on))


def year_before(
    year: AcademicYear, years: Iterable[AcademicYear] | None = None
) -> AcademicYear | None:
    """`years`, when the caller has them, newest first, saves a query."""
    if years is None:
        years = AcademicYear.objects.filter(starts_on__lt=year.starts_on).order_by("-starts_on")
    return next((other for other in years if other.starts_on < year.starts_on), None)


def beside(
    period: Period, year: AcademicYear, years: Iterable[AcademicYear] | None = None
) -> Period | None:
    """The same weeks of the year before, if there was one."""
    before = year_before(year, years)
    return same_weeks(period, before, into=period.first - year.starts_on) if before else None


def periods(
    year: AcademicYear, *, today: date, years: Iterable[AcademicYear] | None = None
) -> tuple[Period, Period | None]:
    """This year so far, and the same weeks of the year before, if there was one."""
    this = so_far(year, today=today)
    return this, beside(this, year, years)


@dataclass
class Hours:
    """What a staff group, or the school, learned this year and in the same weeks of last year."""

    name: str
    group: str
    people: int = 0
    none_yet: int = 0
    this_year: timedelta = NONE
    last_year: timedelta = NONE
    other: timedelta = NONE  # statutory training and briefings this year, counted apart
    own: timedelta = NONE  # their own learning this year, counted apart

    @property
    def each(self) -> float:
        return _each(self.this_year, self.people)

    @property
    def each_last_year(self) -> float:
        return _each(self.last_year, self.people)

    @property
    def other_each(self) -> float:
        return _each(self.other, self.people)

    @property
    def own_each(self) -> float:
        return _each(self.own, self.people)

    def add(self, time: timedelta, *, is_now: bool, is_own: bool, is_direct: bool) -> None:
        """Of this year everything; of the last only what is compared."""
        if is_direct and not is_own:
            self.this_year += time if is_now else NONE
            self.last_year += NONE if is_now else time
        elif is_now and is_own:
            self.own += time
        elif is_now:
            self.other += time

    def joined_with(self, other: Hours) -> Hours:
        """Two small groups as one."""
        return Hours(
            f"{self.name} and {other.name.lower()}",
            "",
            self.people + other.people,
            self.none_yet + other.none_yet,
            self.this_year + other.this_year,
            self.last_year + other.last_year,
            self.other + other.other,
            self.own + other.own,
        )


def _each(time: timedelta, people: int) -> float:
    return round(time.total_seconds() / 3600 / people, 1) if people else 0.0


def attended(part: Part) -> AttendanceQuerySet:
    """Counted attendance at what serves the priority and has the form that were chosen."""
    path = "session__activity__"
    found: AttendanceQuerySet = Attendance.objects.counted()
    chosen = part.kinds(path) & part.served(path)
    return found.filter(chosen) if chosen else found


def hours_of(period: Period, part: Part = WHOLE) -> AttendanceQuerySet:
    """The school's hours: counted attendance at its own direct CPD.

    DfE guidance keeps briefings and statutory training out of it.
    """
    return (
        attended(part)
        .of_school()
        .filter(period.of("session__starts_at"), session__activity__kind=Activity.Kind.DIRECT)
    )


@dataclass
class Totals:
    """The school's year in four figures, beside the same weeks of last year."""

    activities: int
    activities_before: int
    cost: Decimal
    cost_before: Decimal
    groups: list[Hours]
    compares: bool = True  # not of one priority: it belongs to one year

    @property
    def people(self) -> int:
        return sum(row.people for row in self.groups)

    @property
    def none_yet(self) -> int:
        return sum(row.none_yet for row in self.groups)

    @property
    def this_year(self) -> timedelta:
        return sum((row.this_year for row in self.groups), NONE)

    @property
    def last_year(self) -> timedelta:
        return sum((row.last_year for row in self.groups), NONE)

    @property
    def each(self) -> float:
        return _each(self.this_year, self.people)

    @property
    def each_last_year(self) -> float:
        return _each(self.last_year, self.people)


def activities_in(period: Period, part: Part = WHOLE) -> ActivityQuerySet:
    """The school's activities with a session in this period."""
    return _counting(part).between(period.first, period.last)


def _counting(part: Part) -> ActivityQuerySet:
    found: ActivityQuerySet = Activity.objects.of_school().happening()
    return found.filter(part.activities(), part.served())


def with_session(period: Period, path: str = "pk") -> Q:
    """Activities with a session, not cancelled, in a period.

    They are gathered once, not asked activity by activity.
    """
    sessions = Session.objects.filter(cancelled_at=None).between(period.first, period.last)
    return Q(**{f"{path}__in": sessions.values("activity")})


def totals(this: Period, last: Period | None, *, today: date, part: Part = WHOLE) -> Totals:
    """One query: activities with a session then, everybody in post on a day, and their hours."""
    if part.priority:
        last = None  # a priority belongs to one year
    rows = list(
        _activities(this, last, part).union(
            _people(today, part), _times(this, last, today, part), all=True
        )
    )
    fees: dict[bool, list[Decimal]] = {True: [], False: []}
    for what, *_, is_now, _, money in rows:
        if what == ACTIVITY:
            fees[is_now].append(money or Decimal(0))
    return Totals(
        len(fees[True]),
        len(fees[False]),
        sum(fees[True], Decimal(0)),
        sum(fees[False], Decimal(0)),
        _by_group(rows),
        compares=not part.priority,
    )


# What, its key, a person's group, the kind of activity, whether it is somebody's own, whether it
# was in this period (else in the last), how long, how much.
Row = tuple[str, int, str, str, bool, bool, timedelta, Decimal | None]
ACTIVITY, PERSON, TIME = "activity", "person", "time"


def _activities(this: Period, last: Period | None, part: Part) -> QuerySet[Any, Row]:
    """Once for each of the periods that a session of it is in."""
    held = _in_either(this, last, "sessions__starts_at") & Q(sessions__cancelled_at=None)
    return (
        _counting(part).filter(held).order_by()
        .values_list(
            Value(ACTIVITY), "pk", Value(""), Value(""), Value(False),
            _said(this.of("sessions__starts_at")), NO_TIME, Coalesce("cost", "expected_cost"),
        ).distinct()
    )  # fmt: skip


def _people(today: date, part: Part) -> QuerySet[Any, Row]:
    people = Staff.objects.in_post(today).on_staff().filter(part.people(""))
    return people.order_by().values_list(
        Value(PERSON), "pk", "group", Value(""), Value(False), Value(False), NO_TIME, NO_MONEY
    )


def _times(this: Period, last: Period | None, today: date, part: Part) -> QuerySet[Any, Row]:
    activity, starts = "session__activity__", "session__starts_at"
    theirs = in_post(today, "staff__") & part.people("staff__")
    return (
        attended(part).filter(_in_either(this, last, starts), theirs).order_by()
        .values_list(
            Value(TIME), "staff", "staff__group", f"{activity}kind", f"{activity}is_own_learning",
            _said(this.of(starts)),
        ).annotate(time=Sum(LENGTH), money=NO_MONEY)
    )  # fmt: skip


def _in_either(this: Period, last: Period | None, path: str) -> Q:
    return this.of(path) | last.of(path) if last else this.of(path)


def _by_group(rows: list[Row]) -> list[Hours]:
    """One row for each group of staff that somebody is in."""
    groups: dict[str, Hours] = {}
    learned = {
        key
        for what, key, _, kind, is_own, is_now, *_ in rows
        if what == TIME and is_now and not is_own and kind == Activity.Kind.DIRECT
    }
    for what, person, group, *_ in rows:
        if what == PERSON:
            row = groups.setdefault(group, Hours(GROUP_NAMES[Group(group)], group))
            row.people += 1
            row.none_yet += person not in learned
    for what, _, group, kind, is_own, is_now, time, _ in rows:
        if what == TIME and group in groups:
            is_direct = kind == Activity.Kind.DIRECT
            groups[group].add(time, is_now=is_now, is_own=is_own, is_direct=is_direct)
    return [groups[group] for group in Group.values if group in groups]


def _said(condition: Q) -> ExpressionWrapper:
    """Whether it is so, as a column."""
    return ExpressionWrapper(condition, output_field=BooleanField())


def staff_with_hours(
    this: Period, last: Period | None, *, today: date, part: Part = WHOLE
) -> StaffQuerySet:
    """Colleagues with their hours: `this_year`, `last_year`, `other`, `own`; None where none."""

    def time(rows: AttendanceQuerySet) -> Subquery:
        mine = rows.filter(staff=OuterRef("pk")).order_by().values("staff")
        return Subquery(mine.annotate(time=Sum(LENGTH)).values("time"))

    in_this = attended(part).filter(this.of("session__starts_at"))
    other = in_this.of_school().exclude(session__activity__kind=Activity.Kind.DIRECT)
    return (
        Staff.objects.in_post(today)
        .on_staff()
        .filter(part.people(""))
        .select_related("team")
        .annotate(
            this_year=time(hours_of(this, part)),
            last_year=time(hours_of(last, part))
            if last
            else Value(None, output_field=DurationField()),
            other=time(other),
            own=time(in_this.of_own_learning()),
        )
    )
