"""The demo school's calendar: part-timers, PPA, INSET days, dates kept free, and a full day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal

from activities.models import Activity, Cover, IntendedImpact, Participation, Session
from activities.school_time import busy_between
from cpdhub import clock
from cpdhub.models import (
    AcademicYear,
    BlockedDates,
    FrameworkItem,
    HalfDay,
    HalfTerm,
    InsetDay,
    InsetTwilight,
    ProtectedTime,
    School,
    Staff,
)
from cpdhub.roof.demo.learning import school_days

TAUGHT = 1180  # hours of teaching, meetings and duties of a full-time teacher


def write(school: School, crew: list[Staff], *, today: date) -> None:
    year = AcademicYear.objects.containing(today)
    year.directed_elsewhere = TAUGHT
    year.save(update_fields=["directed_elsewhere"])
    _part_time(crew)
    _protected(school, crew)
    _inset(school, year, today)
    _kept_free(school, year, today)
    _full_day(school, crew, today)


def _part_time(crew: list[Staff]) -> None:
    """As many half-days as the post has, from Monday on; every other one from Friday back."""
    part_timers = [person for person in crew if person.fte < 1]
    for number, person in enumerate(part_timers):
        count = round(person.fte * 10)
        halves = HalfDay.values[:count] if number % 2 == 0 else HalfDay.values[10 - count :]
        person.working_days = list(halves)
    Staff.objects.bulk_update(part_timers, ["working_days"])


def _protected(school: School, crew: list[Staff]) -> None:
    """Two hours of PPA for each teacher, spread over the week; early in the career, one more."""
    teachers = [person for person in crew if person.group == Staff.Group.TEACHER]
    rows = []
    for number, person in enumerate(teachers):
        rows.append(
            ProtectedTime(
                school=school, staff=person, weekday=number % 5, starts_at=time(13, 15),
                ends_at=time(15, 15),
            )
        )  # fmt: skip
        if person.career_stage == Staff.Stage.EARLY:
            rows.append(
                ProtectedTime(
                    school=school, staff=person, kind=ProtectedTime.Kind.ECT,
                    weekday=(number + 2) % 5, starts_at=time(9), ends_at=time(11),
                )
            )  # fmt: skip
    ProtectedTime.objects.bulk_create(rows)


def _inset(school: School, year: AcademicYear, today: date) -> None:
    """Whole days where the training days are; one is split into four twilights instead."""
    of_year = Session.objects.between(year.starts_on, year.ends_on)
    whole = of_year.filter(activity__type__code="training-day", activity__is_compulsory=True)
    for session in whole.select_related("activity"):
        InsetDay.objects.get_or_create(
            school=school,
            day=clock.day_of(session.starts_at),
            defaults={"theme": session.activity.title.removeprefix("INSET: ").capitalize()},
        )
    days = school_days(year)
    taken = set(InsetDay.objects.values_list("day", flat=True))
    given_back = next(day for day in reversed(days) if day not in taken)
    split = InsetDay.objects.create(
        school=school, day=given_back, theme="Talk in every lesson", hours=Decimal(6)
    )
    coming = [day for day in days if day >= today and day != given_back]
    for share in (0.1, 0.3, 0.5, 0.7):
        day = (coming or days)[int(len(coming or days) * share)]
        InsetTwilight.objects.get_or_create(
            school=school, inset=split, day=day,
            defaults={"starts_at": time(15, 30), "ends_at": time(17)},
        )  # fmt: skip


def _kept_free(school: School, year: AcademicYear, today: date) -> None:
    """The week of the tests in May, and one that is near."""
    second_monday = date(year.ends_on.year, 5, 8)
    second_monday += timedelta(days=-second_monday.weekday() % 7)
    near = next(_school_days_from(today + timedelta(days=21)), today)
    near -= timedelta(days=near.weekday())
    for monday, reason in ((second_monday, "Key stage 2 tests"), (near, "Parents’ evenings")):
        BlockedDates.objects.create(
            school=school, first_day=monday, last_day=monday + timedelta(days=4), reason=reason
        )


def _full_day(school: School, crew: list[Staff], today: date) -> None:
    """Three teachers away on one day, one more than the school's limit."""
    by_email = {person.email.partition("@")[0]: person for person in crew}
    teachers = [p for p in crew if p.group == Staff.Group.TEACHER and p.fte == 1 and not p.roles]
    for day in _school_days_from(today + timedelta(days=8)):
        busy = {one.staff for one in busy_between(day, day)}
        free = [person for person in teachers if person.pk not in busy]
        if len(free) >= 3:
            break
    else:
        return
    visit = Activity.objects.create(
        school=school,
        type=FrameworkItem.objects.filter(code="conference", framework__school=None).first(),
        title="Visit: mathematics at Meadow Lane Primary",
        owner=by_email["cpd"],
    )
    IntendedImpact.objects.create(
        school=school, activity=visit, look_again_on=day + timedelta(weeks=6),
        staff_will="Bring back one routine and try it for a fortnight",
        pupils_will="Answer in full sentences more often", known_by="A look in three classrooms",
    )  # fmt: skip
    visit.plan()
    session = Session.objects.create(
        school=school, activity=visit, place="Meadow Lane Primary",
        starts_at=clock.at(day, time(9, 30)), ends_at=clock.at(day, time(12)),
    )  # fmt: skip
    for person in free[:3]:
        Participation.objects.create(school=school, activity=visit, staff=person)
    for person, source, note in (
        (free[0], Cover.Source.SUPPLY, "Booked with the agency"),
        (free[1], Cover.Source.SWAP, "Swaps music with Year 6"),
    ):
        Cover.objects.create(school=school, session=session, staff=person, source=source, note=note)


def _school_days_from(first: date) -> Iterator[date]:
    for half_term in HalfTerm.objects.filter(ends_on__gte=first).order_by("starts_on"):
        day = max(first, half_term.starts_on)
        while day <= half_term.ends_on:
            if day.weekday() < 5 and not InsetDay.objects.filter(day=day).exists():
                yield day
            day += timedelta(days=1)
