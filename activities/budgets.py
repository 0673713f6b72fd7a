"""Where money goes: lines found, and counted by priority, team and staff group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from activities.models import Activity, ActivityPriority, Budget, Cost, Participation
from activities.models.adding_up import COMMITTED, EXPECTED, NOTHING, SPENT
from activities.value import shares
from cpdhub.models import AcademicYear, Priority, Staff
from cpdhub.templatetags.cpdhub import pounds
from cpdhub.years import first_year_of, year_name

GROUPS = dict(Staff.Group.choices)
WHAT = {
    "spent": "Spent",
    "committed": "Committed",
    "unpaid": "Invoices not paid",
    "free": "To free",
}


@dataclass
class Spend:
    """One row of a table: a priority, team or group, and what went to it."""

    kind: str
    key: str
    name: str
    committed: Decimal = NOTHING
    spent: Decimal = NOTHING
    expected: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        return self.committed + self.spent


def counting(first: date, last: date) -> Any:
    """Lines of these days that are spent or committed."""
    is_taken = Q(actual__isnull=False) | ~Q(activity__state__in=Activity.NOT_HAPPENING)
    return Cost.objects.filter(is_taken, falls_on__range=(first, last))


def by_priority(lines: QuerySet[Cost]) -> list[Spend]:
    """What serves two priorities counts in each, so these do not add up to the total."""
    path = "activity__served__priority"
    rows = lines.order_by().values_list(path, f"{path}__title")
    return [
        Spend("priority", str(pk or "none"), title or "Serves no priority", *map(or_nothing, sums))
        for pk, title, *sums in rows.annotate(
            c=Sum(COMMITTED), s=Sum(SPENT), e=Sum(EXPECTED)
        ).order_by(f"{path}__title")
    ]


def of_priorities(priorities: Iterable[Priority], year: AcademicYear) -> list[Spend]:
    """What went to each of these in a year, as the budget page has it; most first."""
    found = {row.key: row for row in by_priority(counting(year.starts_on, year.ends_on))}
    rows = (found.get(str(one.pk), Spend("priority", str(one.pk), one.title)) for one in priorities)
    return in_order(rows)


def or_nothing(value: Decimal | None) -> Decimal:
    return value or NOTHING


def by_people(lines: QuerySet[Cost]) -> tuple[list[Spend], list[Spend]]:
    """By team and by staff group: of the person a line is for, else of all who take part."""
    found = list(lines.select_related("activity"))
    activities = {line.activity_id for line in found}
    people: dict[int, list[int]] = {}
    taking_part = Participation.objects.filter(activity__in=activities)
    for activity, person in taking_part.values_list("activity", "staff"):
        people.setdefault(activity, []).append(person)
    staff = {
        pk: (team, name, group)
        for pk, team, name, group in Staff.objects.values_list("pk", "team", "team__name", "group")
    }
    teams: dict[str, Spend] = {}
    groups: dict[str, Spend] = {}
    for is_spent in (False, True):
        some = [
            (line.activity_id, line.staff_id, line.takes)
            for line in found
            if (line.actual is not None) == is_spent
        ]
        for person, sum_ in shares(some, people).items():
            team, name, group = staff.get(person or 0, (None, None, ""))
            nobody = "Nobody takes part yet"
            for table, row in (
                (teams, Spend("team", str(team or "none"), name or "No team")),
                (groups, Spend("group", group or "none", str(GROUPS.get(group, nobody)))),
            ):
                row = table.setdefault(row.key, row)
                row.spent += sum_ if is_spent else NOTHING
                row.committed += NOTHING if is_spent else sum_
    return in_order(teams.values()), in_order(groups.values())


def tables(lines: Any) -> list[tuple[str, list[Spend]]]:
    """Where the money of these lines goes, three ways."""
    teams, groups = by_people(lines)
    return [("priority", by_priority(lines)), ("team", teams), ("staff group", groups)]


def sentence_of(found: list[Budget]) -> str:
    if not found:
        return "No budget has days in this year yet."
    left, has = sum(row.left for row in found), sum(row.has for row in found)
    over = [row for row in found if row.left < 0]
    said = f"{pounds(left)} of {pounds(has)} is neither spent nor committed."
    if over:
        said += f" {len(over)} {'is' if len(over) == 1 else 'are'} overspent."
    return said


def in_order(rows: Iterable[Spend]) -> list[Spend]:
    return sorted(rows, key=lambda row: (row.key == "none", -row.total, row.name))


def narrowed(lines: Any, chosen: dict[str, str], *, today: date) -> Any:
    """The lines behind a figure. A line shared by several teams is shown whole."""
    if what := chosen.get("what"):
        lines = {
            "spent": lambda: lines.filter(actual__isnull=False),
            "committed": lambda: lines.filter(actual=None).exclude(kind__in=Cost.BRINGS_IN),
            "unpaid": lines.unpaid,
            "free": lambda: lines.to_free(today=today),
        }[what]()
    if priority := chosen.get("priority"):
        served = ActivityPriority.objects.filter(activity=OuterRef("activity"))
        if priority == "none":
            lines = lines.filter(~Exists(served))
        else:
            lines = lines.filter(Exists(served.filter(priority=priority)))
    for name, path in (("team", "team"), ("group", "group")):
        if key := chosen.get(name):
            lines = lines.filter(of_people(path, key))
    return lines


def of_people(path: str, key: str) -> Q:
    takes_part = Participation.objects.filter(activity=OuterRef("activity"))
    if key == "none" and path == "team":
        none = Exists(takes_part.filter(staff__team=None)) | ~Exists(takes_part)
        return Q(staff=None) & Q(none) | Q(staff__isnull=False, staff__team=None)
    if key == "none":
        return Q(staff=None) & ~Q(Exists(takes_part))
    theirs = Exists(takes_part.filter(**{f"staff__{path}": key}))
    return Q(staff=None) & Q(theirs) | Q(**{f"staff__{path}": key})


def years_and(wanted: str | None, *, today: date) -> tuple[AcademicYear | None, list[AcademicYear]]:
    """The year asked for, and all; a school that has no years yet has this one."""
    first = first_year_of(today)
    usual = AcademicYear(
        name=year_name(first), starts_on=date(first, 9, 1), ends_on=date(first + 1, 8, 31)
    )
    years = list(AcademicYear.objects.order_by("-starts_on")) or [usual]
    return chosen_year(years, wanted, today=today), years


def chosen_year(
    years: list[AcademicYear], wanted: str | None, *, today: date
) -> AcademicYear | None:
    """The one asked for, else today's, else the newest; None where it does not exist."""
    if wanted:
        return next((year for year in years if year.name == wanted), None)
    now = (year for year in years if year.starts_on <= today <= year.ends_on)
    return next(now, years[0] if years else None)
