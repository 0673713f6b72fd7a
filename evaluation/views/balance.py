"""Whether CPD serves everybody: the balance of needs and hours, and the rows behind it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from activities.models import Activity
from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, LogEntry
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours
from evaluation import balance, figure_rows, needs, needs_report, school_year
from evaluation.dashboard import SMALL, is_small
from evaluation.views.impact import PAGE_SIZE, chosen_year

HEADER = ["Table", "Line", "Needs met", "Needs planned or being met", "Needs with nothing planned",
          "Hours", "Share of hours (%)", "People", "Hours each", "People who shared a need",
          "People with none met yet", "Note"]  # fmt: skip


def year_and_period(
    request: StaffRequest,
) -> tuple[AcademicYear, list[AcademicYear], school_year.Period]:
    year, years = chosen_year(request)
    if year is None:
        raise Http404
    return year, years, school_year.so_far(year, today=clock.today())


@require_GET
@requires(Permission.SEE_IMPACT)
def balance_page(request: StaffRequest) -> HttpResponse:
    """Needs met and hours spent by whose they are, how soon, which subject; who is left out."""
    year, years, period = year_and_period(request)
    found = balance.balance(period)
    people = balance.people(period, today=clock.today())
    groups = {kind: balance.groups(people, kind) for kind in balance.GROUPED}
    if request.GET.get("format") == "csv":
        return as_file(request, year, found, groups)
    context = {
        "year": year,
        "years": years,
        "period": period,
        "balance": found,
        "tables": [(balance.KINDS[kind], lines) for kind, lines in found.tables.items()],
        "groups": [(balance.GROUPED[kind], rows) for kind, rows in groups.items()],
        "may_report": request.staff.can(Permission.MAKE_REPORTS),
        "waiting": sum(person.is_waiting for person in people),
        "shared": sum(person.has_shared for person in people),
    }
    return render(request, "evaluation/balance.html", context)


@require_POST
@requires(Permission.MAKE_REPORTS)
@once
def needs_report_page(request: StaffRequest) -> HttpResponse:
    """Ask for the needs report of a year as a PDF."""
    year, _, _ = year_and_period(request)
    job = jobs.start(needs_report.KIND, by=request.staff, params={"year": year.pk})
    return redirect("jobs:job", job.uuid)


def as_file(
    request: StaffRequest, year: AcademicYear, found: balance.Balance, groups: dict[str, Any]
) -> HttpResponse:
    """A file goes further than the page: what fewer than five people said is not in it."""
    LogEntry.objects.create(
        school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what="balance"
    )
    rows: list[list[Any]] = [
        [balance.KINDS[kind], line.name, *line.needs.parts, hours(line.time), line.share]
        for kind, lines in found.tables.items()
        for line in lines
    ]
    rows += [
        ["With whom", line.name, "", "", "", hours(line.time), line.share] for line in found.outward
    ]
    for kind, found_groups in groups.items():
        rows += [group_cells(balance.GROUPED[kind], group) for group in found_groups]
    return csv_response(f"balance-{year.name.replace('/', '-')}.csv", HEADER, rows)


def group_cells(title: str, group: balance.Group) -> list[Any]:
    people = len(group.people)
    said: list[Any] = [group.shared, group.waiting, "; ".join(group.left_out)]
    if people < SMALL or is_small(group.shared, people) or is_small(group.waiting, group.shared):
        said = ["not shown", "not shown", ""]
    return [title, group.name, "", "", "", "", "", people, hours(group.each), *said]


def asked_line(request: StaffRequest) -> tuple[str, str]:
    """`?kind=balance&key=team`; a subject's key is its id, empty where none is said.
    `?kind=outward` has hours only."""
    kind, key = request.GET.get("kind", "balance"), request.GET.get("key", "")
    if kind == balance.OUTWARD and key in balance.WITH_WHOM:
        return kind, key
    if kind not in balance.KINDS:
        raise Http404
    known = {"", balance.NOTHING, *balance.CHOICES.get(kind, {})}
    if key not in known and not (kind == "subject" and is_id(key)):
        raise Http404
    return kind, key


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


@require_GET
@requires(Permission.SEE_IMPACT)
def balance_needs(request: StaffRequest) -> HttpResponse:
    """The needs of one line."""
    year, _, period = year_and_period(request)
    kind, key = asked_line(request)
    if key == balance.NOTHING or kind == balance.OUTWARD:
        raise Http404
    found = balance.needs_of(period, kind, key).visible_to(request.staff).with_whom()
    page = Paginator(needs.waiting_first(found), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "evaluation/balance_needs.html", {"year": year, "page": page})


@require_GET
@requires(Permission.SEE_IMPACT)
def balance_activities(request: StaffRequest) -> HttpResponse:
    """The activities whose hours are in one line."""
    year, _, period = year_and_period(request)
    held = balance.activities_of(period, *asked_line(request))
    activities = figure_rows.with_rows(Activity.objects.filter(pk__in=held), now=clock.now())
    page = Paginator(activities, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "title": "Activities behind these hours",
        "year": year,
        "page": page,
        "sees_all": True,
        "cost": Activity.objects.filter(pk__in=held).total_cost(),
    }
    return render(request, "evaluation/impact_activities.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def balance_people(request: StaffRequest) -> HttpResponse:
    """People by name: of one group, or all; `?none=1` for those with no need met yet."""
    year, _, period = year_and_period(request)
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "")
    if kind and kind not in balance.GROUPED:
        raise Http404
    people = balance.people(period, today=clock.today())
    if kind:
        people = [person for person in people if balance.place_of(person, kind)[0] == key]
    if request.GET.get("none"):
        people = [person for person in people if person.is_waiting]
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"year": year, "page": page, "none": request.GET.get("none", "")}
    return render(request, "evaluation/balance_people.html", context)
