"""The rows behind a figure as a workbook: what their page shows, all of them, and no more.

Cells are made one by one, so that a page that is only read asks for its own rows and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from cpdhub import clock
from cpdhub.exports import xlsx_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry, Staff
from evaluation.figure_rows import PersonRow
from evaluation.narrowing import Narrowing

NEEDS = ["What should be different", "Whose need", "Where it is"]
ACTIVITIES = ["Activity", "First session", "State"]
NUMBERS = ["People came", "Hours", "Fees (£)"]
PEOPLE = ["Name", "Staff group", "Team", "Hours", "Came"]
REFLECTIONS = ["Name", "About", "Day"]
HOURS = ["Name", "Staff group", "Team", "Hours", "Last year", "Statutory, briefings",
         "Own learning"]  # fmt: skip


def as_file(
    request: StaffRequest,
    name: str,
    narrowing: Narrowing,
    header: list[str],
    rows: Iterable[list[Any]],
) -> HttpResponse | None:
    """The workbook, if `?format=xlsx` asks for it; who took it, and of what, is written down."""
    if request.GET.get("format") != "xlsx":
        return None
    cells = list(rows)
    note = f"{len(cells)} rows. {narrowing.words}".strip()
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what=f"impact {name}", note=note
    )  # fmt: skip
    return xlsx_response(f"impact-{name}-{clock.today().isoformat()}.xlsx", header, cells)


def needs(found: Iterable[Any]) -> Iterator[list[Any]]:
    for need in found:
        yield [need.title, need.whose, need.get_status_display()]


def activities(found: Iterable[Any], *, sees_all: bool) -> Iterator[list[Any]]:
    """Who came and what it cost only for those who see it on the page."""
    for each in found:
        day = clock.day_of(each.first_at) if each.first_at else None
        cells = [each.title, day, each.get_state_display()]
        if sees_all:
            fees = each.expected_cost if each.cost is None else each.cost
            cells += [each.came or 0, in_hours(each.time), fees]
        yield cells


def people(rows: Iterable[PersonRow]) -> Iterator[list[Any]]:
    """What happened. Whether somebody shared a reflection stays on the page."""
    for row in rows:
        yield [*_who(row.staff), in_hours(row.time), row.came]


def reflections(found: Iterable[Any]) -> Iterator[list[Any]]:
    """Which there are to read; what somebody wrote stays where they chose its readers."""
    for each in found:
        yield [each.owner.name, each.about, each.written_on]


def hours(found: Iterable[Any]) -> Iterator[list[Any]]:
    for person in found:
        times = (person.this_year, person.last_year, person.other, person.own)
        yield [*_who(person), *map(in_hours, times)]


def _who(person: Staff) -> list[str]:
    return [person.name, str(person.get_group_display()), str(person.team or "")]


def in_hours(time: timedelta | None) -> float:
    return round(time.total_seconds() / 3600, 1) if time else 0
