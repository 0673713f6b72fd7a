"""All activities: found, counted, sorted, taken away as a file."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from activities.filters import ActivityFilter
from activities.models import Activity, Attendance
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours, pounds

PER_PAGE = 25
HEADER = [
    "Title", "Type", "Counts as", "State", "Priorities", "First session", "People", "Hours",
    "Compulsory", "Own time", "Own learning", "Who it is for", "Purpose",
]  # fmt: skip
MONEY = ["Expected cost", "Cost"]


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def activities(request: StaffRequest) -> HttpResponse:
    filters = ActivityFilter(request.staff, request.GET)
    if request.GET.get("format") == "csv":
        return as_file(request, filters)
    count, sentence = totals(request, filters)
    paginator = Paginator(filters.sorted_rows(), PER_PAGE)
    paginator.count = count  # counted with the totals already
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "sort": filters.sort,
        "rows": [row_of(activity) for activity in page],
        "sentence": sentence,
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/list.html", context)


def totals(request: StaffRequest, filters: ActivityFilter) -> tuple[int, str]:
    """How many there are, and the sentence that says what they come to."""
    found: Any = filters.activities()
    count, cost = found.count_and_cost()
    if not count:
        return 0, "No activities here yet." if not filters.is_narrow else "Nothing was found."
    people, time = Attendance.objects.at(found).people_and_time()
    parts = [
        f"{count} {'activity' if count == 1 else 'activities'}",
        f"{hours(time)} hours of learning by {people} {'person' if people == 1 else 'people'}",
    ]
    if request.staff.can(Permission.SEE_EVERYONES_RECORD) and cost:
        parts.append(f"{pounds(cost)} spent or expected")
    return count, ", ".join(parts) + "."


def row_of(activity: Any) -> dict[str, Any]:
    return {
        "title": activity.title,
        "url": reverse("activities:activity", args=[activity.pk]),
        "type": activity.type.title,
        "state": activity.get_state_display(),
        "date": short_day(activity.first_at),
        "priorities": "; ".join(activity.serves),
        "people": activity.people or 0,
        "hours": hours(activity.time) if activity.time else "",
        "own": activity.is_own_learning,
    }


def short_day(moment: datetime | None) -> str:
    """23 Nov 2026"""
    if moment is None:
        return ""
    day = moment.astimezone(clock.LONDON)
    return f"{day.day} {day:%b %Y}"


def as_file(request: StaffRequest, filters: ActivityFilter) -> HttpResponse:
    """The whole list as it is filtered and sorted; money for those who may see it."""
    with_money = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    LogEntry.objects.create(
        school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what="activities"
    )
    rows = (cells(activity, with_money) for activity in filters.sorted_rows())
    name = f"activities-{clock.today().isoformat()}.csv"
    return csv_response(name, HEADER + MONEY if with_money else HEADER, rows)


def cells(activity: Any, with_money: bool) -> list[Any]:
    money = [activity.expected_cost, activity.cost] if with_money else []
    first = activity.first_at and activity.first_at.astimezone(clock.LONDON).date()
    return [
        activity.title, activity.type.title, Activity.Kind(activity.kind).name.capitalize(),
        activity.get_state_display(), "; ".join(activity.serves), first, activity.people or 0,
        hours(activity.time) if activity.time else 0, activity.is_compulsory,
        activity.is_own_time, activity.is_own_learning, activity.audience, activity.purpose,
        *money,
    ]  # fmt: skip
