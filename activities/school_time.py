"""What the rules of the calendar look at, gathered once for a stretch of days.

Everything here is read in a fixed number of queries, however many people or days; the rules
themselves (`activities.rules`) are plain Python over it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Value, When

from activities.directed import Directed, hours_in, year_of
from activities.models import AllowedSession, Cover, GivenTime, Participation, Session
from activities.models.from_form import OF_THEIR_OWN
from cpdhub import clock
from cpdhub.models import (
    AcademicYear,
    BlockedDates,
    HalfDay,
    HalfTerm,
    InsetDay,
    InsetTwilight,
    ProtectedTime,
    School,
    Staff,
)

NOON = time(12)
WHAT = Case(When(activity__is_private=True, then=Value(OF_THEIR_OWN)), default=F("activity__title"))
A_TERM = timedelta(days=120)


@dataclass(frozen=True)
class Slot:
    """A time somebody thinks of for a session, with what the rules ask of its activity."""

    starts_at: datetime
    ends_at: datetime
    session: int | None = None
    activity: int | None = None
    is_compulsory: bool = False
    is_own_time: bool = False
    is_direct: bool = True
    is_only_one: bool = False
    place: str = ""

    @property
    def day(self) -> date:
        return clock.day_of(self.starts_at)

    @property
    def time(self) -> timedelta:
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)

    def is_at(self, starts_at: datetime, ends_at: datetime) -> bool:
        return overlap(self.starts_at, self.ends_at, starts_at, ends_at)


@dataclass(frozen=True)
class Busy:
    """A person who is somewhere, for a session."""

    needs_cover: bool
    staff: int
    team: int | None
    session: int
    title: str
    starts_at: datetime
    ends_at: datetime
    working_days: list[str]
    place: str = ""


def overlap(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> bool:
    """As moments that pass, also in the night the clocks change."""
    start, end, other_start, other_end = (
        at.astimezone(UTC) for at in (start, end, other_start, other_end)
    )
    return start < other_end and other_start < end


@dataclass
class Facts:
    """What is known of the days in question and of the people."""

    school: School
    people: list[Staff]
    half_terms: list[HalfTerm] = field(default_factory=list)
    inset: dict[date, bool] = field(default_factory=dict)  # day: is it given back for twilights?
    blocked: list[BlockedDates] = field(default_factory=list)
    protected: dict[int, list[ProtectedTime]] = field(default_factory=dict)
    busy: list[Busy] = field(default_factory=list)
    given: set[tuple[int, int]] = field(default_factory=set)  # (session, person)
    allowed: set[tuple[int, int]] = field(default_factory=set)  # (session, blocked dates)
    year: AcademicYear | None = None  # whose directed hours these are
    directed: dict[int, Directed] = field(default_factory=dict)

    def is_term(self, day: date) -> bool:
        """In a half-term, and on a weekday. Where no dates are known, nobody can say otherwise."""
        known = [term for term in self.half_terms if term.starts_on <= day <= term.ends_on]
        return day.weekday() < 5 and bool(known or not self.half_terms)

    def has_pupils(self, day: date) -> bool:
        return self.is_term(day) and day not in self.inset

    def is_worked(self, day: date) -> bool:
        """Staff are in: a school day, or an INSET day that was not given back."""
        return self.inset[day] is False if day in self.inset else self.is_term(day)

    def takes_from_school(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Some of it is while pupils are here."""
        day = clock.day_of(starts_at)
        opens = clock.at(day, self.school.day_starts_at)
        closes = clock.at(day, self.school.day_ends_at)
        return self.has_pupils(day) and overlap(starts_at, ends_at, opens, closes)

    def out(self, day: date) -> list[Busy]:
        """Who is missing from the school day, for whatever reason; where no cover is needed,
        nobody misses them."""
        return [
            one
            for one in self.busy
            if one.needs_cover
            and clock.day_of(one.starts_at) == day
            and self.takes_from_school(one.starts_at, one.ends_at)
            and works(one.working_days, one.starts_at, one.ends_at)
        ]


def half_days(starts_at: datetime, ends_at: datetime) -> set[str]:
    """mon_am, mon_pm… and "weekend" on a day nobody works."""
    day = clock.day_of(starts_at)
    if day.weekday() > 4:
        return {"weekend"}
    noon = clock.at(day, NOON)
    morning, afternoon = HalfDay.values[day.weekday() * 2 : day.weekday() * 2 + 2]
    return {
        half
        for half, touched in ((morning, starts_at < noon), (afternoon, ends_at > noon))
        if touched
    }


def works(working_days: Collection[str], starts_at: datetime, ends_at: datetime) -> bool:
    """Somebody who works these half-days is at work on every one this touches."""
    return half_days(starts_at, ends_at) <= set(working_days)


def gather(
    school: School,
    people: Iterable[Staff],
    *,
    first: date,
    last: date,
    on: date | None = None,
    busy: list[Busy] | None = None,
) -> Facts:
    """The facts of these days for these people; directed hours of the year that holds `on`, or
    the first day. `busy` is who is where then, if it has been asked already."""
    facts = Facts(school, list(people))
    facts.half_terms = list(
        HalfTerm.objects.filter(ends_on__gte=first - A_TERM, starts_on__lte=last + A_TERM)
    )
    is_split = Exists(InsetTwilight.objects.filter(inset=OuterRef("pk")))
    inset = InsetDay.objects.filter(day__gte=first, day__lte=last)
    facts.inset = dict(inset.values_list("day", is_split))
    facts.blocked = list(
        BlockedDates.objects.filter(first_day__lte=last, last_day__gte=first).select_related("team")
    )
    times = defaultdict(list)
    for row in ProtectedTime.objects.filter(staff__in=facts.people):
        times[row.staff_id].append(row)
    facts.protected = dict(times)
    in_days = {
        "session__starts_at__gte": clock.midnight(first),
        "session__starts_at__lt": clock.midnight_after(last),
    }
    facts.busy = busy_between(first, last) if busy is None else busy
    facts.given = set(GivenTime.objects.filter(**in_days).values_list("session", "staff"))
    facts.allowed = set(AllowedSession.objects.filter(**in_days).values_list("session", "blocked"))
    facts.year = year_of(on or first)
    facts.directed = hours_in(facts.year, facts.people)
    return facts


def busy_between(first: date, last: date) -> list[Busy]:
    """Who is where: in what is planned, not in drafts, nor in what was logged afterwards with a
    day and no hour. Three queries: those who take part, those who lead, whom nobody misses."""
    sessions = list(
        Session.objects.held().settled().between(first, last).values_list(
            "activity", "activity__lead", "activity__lead__team", "activity__lead__working_days",
            "pk", WHAT, "starts_at", "ends_at", "place",
        )
    )  # fmt: skip
    # One after the other: joined, each session was read for each person while nothing was known
    # of how many rows there are, as on the day a school begins.
    taking_part = defaultdict(list)
    people: Any = Participation.objects.filter(activity__in={row[0] for row in sessions})
    for activity, *person in people.values_list(
        "activity", "staff", "staff__team", "staff__working_days"
    ):
        taking_part[activity].append(person)
    missed_by_nobody = Cover.objects.filter(
        session__in=[row[4] for row in sessions], source=Cover.Source.NONE
    )
    no_cover = set(missed_by_nobody.values_list("staff", "session"))
    unique = {
        (staff, pk): (staff, team, pk, title, starts_at, ends_at, days, place)
        for activity, *lead, pk, title, starts_at, ends_at, place in sessions
        for staff, team, days in [*taking_part[activity], lead]
        if staff is not None
    }
    return [Busy(key not in no_cover, *row) for key, row in unique.items()]
