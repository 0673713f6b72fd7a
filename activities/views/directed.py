"""Directed time: what CPD takes of the hours a year allows, for oneself or for everybody."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from activities.directed import Directed, hours_in, year_of
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, LogEntry, Staff
from cpdhub.permissions import Permission

HEADER = ["Name", "Team", "FTE", "Done", "To come", "Directed hours for CPD", "Left"]


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def directed(request: StaffRequest) -> HttpResponse:
    """`?year=2026` is the year that begins then. Everybody sees their own row; who sees everyone's
    record sees all."""
    years = list(AcademicYear.objects.order_by("-starts_on"))
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.starts_on.year) == asked), None)
    year = year or year_of(clock.today())
    sees_all = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    people = people_of(request, year) if sees_all else [request.staff]
    hours = hours_in(year, [*people, request.staff])
    if sees_all and year and request.GET.get("format") == "csv":
        return as_file(request, year, people, hours)
    context = {
        "year": year,
        "years": [(str(one.starts_on.year), str(one)) for one in years],
        "chosen": str(year.starts_on.year) if year else "",
        "mine": hours[request.staff.pk],
        "rows": [(person, hours[person.pk]) for person in people] if sees_all else [],
        "over": sum(is_over(hours[person.pk]) for person in people),
        "sees_all": sees_all,
    }
    return render(request, "activities/directed.html", context)


def people_of(request: StaffRequest, year: AcademicYear | None) -> list[Staff]:
    """Teachers of the year: still here, or here for a part of it."""
    teachers: Any = Staff.objects.filter(group=Staff.Group.TEACHER).select_related("team")
    if year:
        teachers = teachers.live(year.starts_on).exclude(starts_on__gt=year.ends_on)
    return list(teachers)


def is_over(hours: Directed) -> bool:
    return hours.left is not None and hours.left < 0


def as_file(
    request: StaffRequest, year: AcademicYear, people: list[Staff], hours: dict[int, Directed]
) -> HttpResponse:
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="directed time", note=f"{len(people)} rows"
    )
    rows = (
        [
            person.name, person.team or "", person.fte, number(found.done), number(found.to_come),
            found.budget, None if found.left is None else round(found.left, 2),
        ]
        for person in people
        for found in [hours[person.pk]]
    )  # fmt: skip
    return csv_response(f"directed-time-{year}.csv", HEADER, rows)


def number(time: Any) -> float:
    return round(time.total_seconds() / 3600, 2)
