"""What needs are met and where the hours go: whose needs, how soon, which subjects; and who is
left out.

Needs count that people shared and nobody set aside: open ones, and those met in the period.
Hours are the school's direct CPD. An activity that answers needs of two kinds counts in each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from activities.models import Activity, ActivityNeed
from activities.models.session import LENGTH
from audits.models import Need
from audits.models.need import NeedQuerySet
from cpdhub.models import Staff
from evaluation.needs import Needs, counted
from evaluation.part import Part
from evaluation.school_year import GROUP_NAMES, NONE, Period, hours_of

NOTHING = "none"  # beside the keys: activities that answer no need
KINDS = {"balance": "Whose needs", "horizon": "How soon", "subject": "Which subject"}  # by field
OUTWARD = "outward"  # beside the kinds: with whom people learn, whatever need it answers
WITH_WHOM = {"outside": "With somebody from outside or another school", "here": "Among ourselves"}
CHOICES = {"balance": dict(Need.Balance.choices), "horizon": dict(Need.Horizon.choices)}
UNSAID = {"subject": "No subject"}
LITTLE = 0.5  # less than this share of the hours everybody had is under-served


def needs_in(period: Period) -> NeedQuerySet:
    """Open ones that were known by the end of the period, and those met in it."""
    in_it = ~Q(status=Need.Status.MET) | period.of_days("met_on")
    return counted(Part(period)).filter(in_it)


def answers() -> QuerySet[ActivityNeed]:
    """Activities and the needs they answer, as far as anybody may count them."""
    return ActivityNeed.objects.filter(need__in=counted().values("pk"))


@dataclass
class Line:
    """One kind of needs: how far they are, and the hours spent on what answers them."""

    kind: str
    key: str
    name: str
    needs: Needs = field(default_factory=Needs)
    time: timedelta = NONE
    share: int = 0  # of all hours, in per cent

    @property
    def met(self) -> str:
        return f"{self.needs.met:,} of {self.needs.total:,}" if self.needs.total else "none known"


@dataclass
class Balance:
    """The three tables, with whom people learn, and how many of the hours answer any need."""

    tables: dict[str, list[Line]]
    outward: list[Line]
    time: timedelta
    answering: timedelta

    @property
    def share(self) -> int:
        return percent(self.answering, self.time)


def percent(part: timedelta, whole: timedelta) -> int:
    return round(100 * part / whole) if whole else 0


def balance(period: Period) -> Balance:
    """In four queries, however much there is."""
    times = hours_of(period).time_per_activity()
    kinds_of: dict[int, list[tuple[Any, ...]]] = {}
    for activity, *values in answers().values_list(
        "activity", "need__balance", "need__horizon", "need__subject", "need__subject__title"
    ):
        kinds_of.setdefault(activity, []).append(tuple(values))
    counts = list(
        needs_in(period)
        .order_by()
        .values_list(*KINDS, "subject__title", "status")
        .annotate(n=Count("pk"))
    )
    whole = sum(times.values(), NONE)
    answering = sum((time for pk, time in times.items() if pk in kinds_of), NONE)
    tables = {
        kind: _table(kind, place, counts, times, kinds_of) for place, kind in enumerate(KINDS)
    }
    outward = _with_whom(times)
    for table in (*tables.values(), outward):
        for line in table:
            line.share = percent(line.time, whole)
    return Balance(tables, outward, whole, answering)


def _with_whom(times: dict[int, timedelta]) -> list[Line]:
    outside = set(Activity.objects.outward().filter(pk__in=times).values_list("pk", flat=True))
    lines = {key: Line(OUTWARD, key, name) for key, name in WITH_WHOM.items()}
    for activity, time in times.items():
        lines["outside" if activity in outside else "here"].time += time
    return list(lines.values())


def _table(
    kind: str,
    place: int,
    counts: Iterable[tuple[Any, ...]],
    times: dict[int, timedelta],
    kinds_of: dict[int, list[tuple[Any, ...]]],
) -> list[Line]:
    """`place` is where this kind stands in a row: balance, horizon, subject, its title."""
    lines = {key: Line(kind, key, str(name)) for key, name in CHOICES.get(kind, {}).items()}

    def line_of(values: tuple[Any, ...]) -> Line:
        key = str(values[place] or "")
        name = str(values[3]) if key and kind == "subject" else UNSAID.get(kind, key)
        return lines.setdefault(key, Line(kind, key, name))

    for *values, status, number in counts:
        line_of(tuple(values)).needs.add(status, None, number)
    nothing = Line(kind, NOTHING, "Answers no need anybody wrote down")
    for activity, time in times.items():
        found = {id(line): line for line in map(line_of, kinds_of.get(activity, []))}
        for line in found.values() or [nothing]:
            line.time += time
    shown = list(lines.values())
    if kind == "subject":
        shown.sort(key=lambda line: (not line.key, -line.time, line.name))
    return [*shown, nothing]


def needs_of(period: Period, kind: str, key: str) -> NeedQuerySet:
    """The rows behind a line's needs."""
    return needs_in(period).filter(**{kind: key or None})


def activities_of(period: Period, kind: str, key: str) -> Any:
    """The activities behind a line's hours: their ids."""
    held = hours_of(period).order_by().values("session__activity")
    if kind == OUTWARD:
        outside = Activity.objects.outward().values("pk")
        if key == "here":
            return held.exclude(session__activity__in=outside)
        return held.filter(session__activity__in=outside)
    if key == NOTHING:
        return held.exclude(session__activity__in=answers().values("activity"))
    answered = answers().filter(**{f"need__{kind}": key or None}).values("activity")
    return held.filter(session__activity__in=answered)


# --- who is left out ------------------------------------------------------------------------
@dataclass
class Person:
    """A colleague: hours this year, and how far the needs they shared are."""

    staff: Staff
    time: timedelta = NONE
    needs: Needs = field(default_factory=Needs)

    @property
    def has_shared(self) -> bool:
        return self.needs.total > 0

    @property
    def is_waiting(self) -> bool:
        """Shared something, and none of it is met."""
        return self.has_shared and not self.needs.met


@dataclass
class Group:
    """A staff group, team or career stage, and what its people have had."""

    kind: str
    key: str
    name: str
    people: list[Person] = field(default_factory=list)
    everybody: float = 0.0  # hours each, of the whole school
    some_are_met: bool = False  # somebody's need is, in the whole school

    @property
    def each(self) -> float:
        hours = sum((person.time for person in self.people), NONE).total_seconds() / 3600
        return hours / len(self.people) if self.people else 0.0

    @property
    def shared(self) -> int:
        return sum(person.has_shared for person in self.people)

    @property
    def waiting(self) -> int:
        return sum(person.is_waiting for person in self.people)

    @property
    def left_out(self) -> list[str]:
        """Why somebody should look, in words."""
        found = []
        if self.everybody and self.each < LITTLE * self.everybody:
            found.append("less than half the hours of all")
        if self.some_are_met and self.shared and self.waiting == self.shared:
            found.append("none met here, though others have some")
        return found


def people(period: Period, *, today: date) -> list[Person]:
    """Everyone in post, in three queries."""
    staff = Staff.objects.in_post(today).on_staff().select_related("team")
    found = {person.pk: Person(person) for person in staff}
    for pk, time in hours_of(period).order_by().values_list("staff").annotate(time=Sum(LENGTH)):
        if pk in found:
            found[pk].time = time
    for pk, status in needs_in(period).exclude(staff=None).values_list("staff", "status"):
        if pk in found:
            found[pk].needs.add(status, pk)
    return list(found.values())


GROUPED = {"group": "Staff group", "team": "Team", "stage": "Career stage"}


def place_of(person: Person, kind: str) -> tuple[str, str]:
    """Which group of a kind somebody is in: its key and its name."""
    staff = person.staff
    if kind == "group":
        return staff.group, str(GROUP_NAMES[Staff.Group(staff.group)])
    if kind == "team":
        return (str(staff.team_id), str(staff.team)) if staff.team_id else ("", "No team")
    return staff.career_stage, str(staff.get_career_stage_display()) or "Not said"


def groups(found: list[Person], kind: str) -> list[Group]:
    """Those left out first."""
    hours = sum((person.time for person in found), NONE).total_seconds() / 3600
    each = hours / len(found) if found else 0.0
    met = any(person.needs.met for person in found)
    rows: dict[str, Group] = {}
    for person in found:
        key, name = place_of(person, kind)
        group = rows.setdefault(key, Group(kind, key, name, everybody=each, some_are_met=met))
        group.people.append(person)
    return sorted(rows.values(), key=lambda group: (not group.left_out, group.name))
