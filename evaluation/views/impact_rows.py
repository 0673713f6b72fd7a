"""The rows behind the dashboard's figures: the same querysets, narrowed as the page was."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, Priority, Staff
from cpdhub.permissions import Permission
from evaluation import figure_rows, figures, needs, row_files, school_year
from evaluation.narrowing import Narrowing
from evaluation.views.impact import PAGE_SIZE, chosen_year


def _priority(pk: int) -> Priority:
    return get_object_or_404(Priority.objects.readable().select_related("plan__year"), pk=pk)


def _narrowed(request: StaffRequest, year: AcademicYear) -> Narrowing:
    narrowing = Narrowing(request.GET, request.staff, year)
    if narrowing.leads_nobody:
        raise Http404
    return narrowing


def _context(year: AcademicYear, narrowing: Narrowing, **more: Any) -> dict[str, Any]:
    """What the pages of rows have in common: where they came from, and what they are of."""
    home = "impact:dashboard" if narrowing.sees_school else "impact:team"
    return {"year": year, "narrowing": narrowing, "home": home} | more


@require_GET
@requires(Permission.SEE_TEAM_IMPACT)
def impact_needs(request: StaffRequest, pk: int) -> HttpResponse:
    """The needs behind a priority; those this reader may not see by name, as a number."""
    priority = _priority(pk)
    narrowing = _narrowed(request, priority.plan.year)
    behind = needs.behind(priority, narrowing.part)
    readable = needs.waiting_first(behind.visible_to(request.staff).with_whom())
    cells = row_files.needs(readable)
    if file := row_files.as_file(request, "needs", narrowing, row_files.NEEDS, cells):
        return file
    page = Paginator(readable, PAGE_SIZE).get_page(request.GET.get("page"))
    elsewhere = behind.count() - page.paginator.count
    context = _context(
        priority.plan.year, narrowing, priority=priority, page=page, elsewhere=elsewhere
    )
    return render(request, "evaluation/impact_needs.html", context)


@require_GET
@requires(Permission.SEE_TEAM_IMPACT)
def impact_activities(request: StaffRequest, pk: int) -> HttpResponse:
    """The activities that serve a priority."""
    priority = _priority(pk)
    narrowing = _narrowed(request, priority.plan.year)
    found = figures.activities_of([priority], narrowing.part)
    activities = figure_rows.with_rows(found, now=clock.now())
    context = _context(
        priority.plan.year,
        narrowing,
        priority=priority,
        cost=activities.total_cost(),
        has_needs=needs.behind(priority).exists(),
    )
    return _activity_rows(request, activities, f"Activities serving “{priority}”", context)


@require_GET
@requires(Permission.SEE_TEAM_IMPACT)
def impact_year(request: StaffRequest) -> HttpResponse:
    """The school's activities of a year so far, and what they cost."""
    year, years = chosen_year(request)
    if year is None:
        raise Http404
    narrowing = _narrowed(request, year)
    this = school_year.so_far(year, today=until(request))
    found = school_year.activities_in(this, narrowing.part)
    activities = figure_rows.with_rows(found, now=clock.now())
    context = _context(year, narrowing, cost=activities.total_cost(), until=this.last)
    return _activity_rows(request, activities, f"Activities of {year}", context)


def until(request: StaffRequest) -> date:
    """The last day asked for as `?until=2026-11-22`, at most today: last year's same weeks."""
    try:
        asked = date.fromisoformat(request.GET.get("until", ""))
    except ValueError:
        return clock.today()
    return min(asked, clock.today())


def _activity_rows(
    request: StaffRequest, activities: Any, title: str, context: dict[str, Any]
) -> HttpResponse:
    # Who came, and what it cost: not for those who see totals only.
    sees_all = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    header = row_files.ACTIVITIES + (row_files.NUMBERS if sees_all else [])
    cells = row_files.activities(activities, sees_all=sees_all)
    if file := row_files.as_file(request, "activities", context["narrowing"], header, cells):
        return file
    page = Paginator(activities, PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {"title": title, "page": page, "sees_all": sees_all}
    return render(request, "evaluation/impact_activities.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_people(request: StaffRequest, pk: int) -> HttpResponse:
    """Who a priority reached, who never came, and who has shared nothing yet."""
    priority = _priority(pk)
    narrowing = _narrowed(request, priority.plan.year)
    rows = figure_rows.people_rows(priority, narrowing.part)
    cells = row_files.people(rows)
    if file := row_files.as_file(request, "people", narrowing, row_files.PEOPLE, cells):
        return file
    context = _context(
        priority.plan.year,
        narrowing,
        priority=priority,
        rows=rows,
        reached=sum(row.came for row in rows),
        silent=sum(row.came and not row.shared for row in rows),
    )
    return render(request, "evaluation/impact_people.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_reflections(request: StaffRequest, pk: int) -> HttpResponse:
    """Reflections shared about a priority that this person may read; the others as a number."""
    priority = _priority(pk)
    narrowing = _narrowed(request, priority.plan.year)
    shared = figures.shared_about([priority], narrowing.part)
    readable = shared.visible_to(request.staff).select_related("owner", "activity").distinct()
    cells = row_files.reflections(readable)
    if file := row_files.as_file(request, "reflections", narrowing, row_files.REFLECTIONS, cells):
        return file
    page = Paginator(readable, PAGE_SIZE).get_page(request.GET.get("page"))
    elsewhere = shared.distinct().count() - page.paginator.count
    context = _context(
        priority.plan.year, narrowing, priority=priority, page=page, elsewhere=elsewhere
    )
    return render(request, "evaluation/impact_reflections.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_hours(request: StaffRequest) -> HttpResponse:
    """Hours person by person, of everyone or one staff group; `?none=1` for those with none yet."""
    year, years = chosen_year(request)
    group = request.GET.get("group", "")
    if year is None or group not in {"", *Staff.Group.values}:
        raise Http404
    narrowing = _narrowed(request, year)
    today = clock.today()
    this, last = school_year.periods(year, today=today, years=years)
    staff = school_year.staff_with_hours(this, last, today=today, part=narrowing.part)
    if group:
        staff = staff.filter(group=group)
    if request.GET.get("none"):
        staff = staff.filter(Q(this_year=None))
    cells = row_files.hours(staff)
    if file := row_files.as_file(request, "hours", narrowing, row_files.HOURS, cells):
        return file
    page = Paginator(staff, PAGE_SIZE).get_page(request.GET.get("page"))
    context = _context(
        year,
        narrowing,
        page=page,
        group=group,
        groups=Staff.Group.choices,
        none=request.GET.get("none", ""),
    )
    return render(request, "evaluation/impact_hours.html", context)
