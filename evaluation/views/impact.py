"""The head's impact dashboard, and the rows behind its figures."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, Priority, Staff
from cpdhub.permissions import Permission
from evaluation import dashboard, figure_rows, figures, needs, report, school_year, terms
from evaluation.forms.report import ReportForm


def chosen_year(request: StaffRequest) -> tuple[AcademicYear | None, list[AcademicYear]]:
    """The year asked for as 2026/27, else the one we are in; and all that have begun."""
    wanted = request.POST.get("year") or request.GET.get("year")
    year, years = school_year.begun(wanted, today=clock.today())
    if wanted and year is None:
        raise Http404
    return year, years


@require_GET
@requires(Permission.SEE_IMPACT_SUMMARY)
def impact_dashboard(request: StaffRequest) -> HttpResponse:
    """Is our CPD making a difference? Governors are taken to their own page."""
    if not request.staff.can(Permission.SEE_IMPACT):
        return redirect("impact:summary")
    return _dashboard(request, "evaluation/impact_dashboard.html", for_governors=False)


@require_GET
@requires(Permission.SEE_IMPACT_SUMMARY)
def impact_summary(request: StaffRequest) -> HttpResponse:
    """The governors' page: totals, no names, nothing below five people."""
    return _dashboard(request, "evaluation/impact_summary.html", for_governors=True)


def _dashboard(
    request: StaffRequest, template: str, *, for_governors: bool, form: ReportForm | None = None
) -> HttpResponse:
    """The page; with the form that asks for it as a PDF, and what was wrong with it."""
    year, years = chosen_year(request)
    if year is None:
        return render(request, template, {"years": []})
    today = clock.today()
    if form is None and request.staff.can(Permission.MAKE_REPORTS):
        form = ReportForm(year=year, choices=terms.choices(year, years, today=today))
    this, last = school_year.periods(year, today=today, years=years)
    chains = figures.chains(year, now=clock.now())
    totals = school_year.totals(this, last, today=today)
    context = {
        "year": year,
        "years": years,
        "period": this,
        "rows": dashboard.rows(chains, for_governors=for_governors),
        "finding": dashboard.finding(chains, first=this.first, last=this.last),
        "totals": totals,
        "groups": dashboard.groups(totals.groups, for_governors=for_governors),
        "before": next((other for other in years if last and other.starts_on == last.first), None),
        "before_until": last.last if last else None,
        "form": form,
        "year_finding": dashboard.year_finding(totals, for_governors=for_governors),
    }
    return render(request, template, context)


REPORTS = [
    (
        "annual_pdf", "Our CPD in a year",
        "For staff and governors: every priority from need to pupils, who has had what, which types"
        " of activity worked, what is changed and what is stopped.",
    ),
    (
        "evidence_pdf", "What we can show",
        "For a conversation with an inspector: what we would show, and how sure we are of it. No"
        " grades.",
    ),
    (
        "premium_pdf", "Pupil premium and CPD",
        "For the strategy statement: what it paid for, for which challenge, how it was judged.",
    ),
]  # fmt: skip


# --- the rows behind a figure -----------------------------------------------------------------
PAGE_SIZE = 50


def _priority(pk: int) -> Priority:
    return get_object_or_404(Priority.objects.readable().select_related("plan__year"), pk=pk)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_needs(request: StaffRequest, pk: int) -> HttpResponse:
    """The needs behind a priority; those this reader may not see by name, as a number."""
    priority = _priority(pk)
    behind = needs.behind(priority)
    readable = needs.waiting_first(behind.visible_to(request.staff).with_whom())
    page = Paginator(readable, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "priority": priority,
        "year": priority.plan.year,
        "page": page,
        "elsewhere": behind.count() - page.paginator.count,
    }
    return render(request, "evaluation/impact_needs.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_activities(request: StaffRequest, pk: int) -> HttpResponse:
    """The activities that serve a priority."""
    priority = _priority(pk)
    activities = figure_rows.with_rows(figures.activities_of([priority]), now=clock.now())
    context = {
        "priority": priority,
        "year": priority.plan.year,
        "cost": activities.total_cost(),
        "has_needs": needs.behind(priority).exists(),
    }
    return _activity_rows(request, activities, f"Activities serving “{priority}”", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_year(request: StaffRequest) -> HttpResponse:
    """The school's activities of a year so far, and what they cost."""
    year, years = chosen_year(request)
    if year is None:
        raise Http404
    this = school_year.so_far(year, today=until(request))
    activities = figure_rows.with_rows(school_year.activities_in(this), now=clock.now())
    context = {"year": year, "cost": activities.total_cost(), "until": this.last}
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
    page = Paginator(activities, PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {"title": title, "page": page}
    return render(request, "evaluation/impact_activities.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_people(request: StaffRequest, pk: int) -> HttpResponse:
    """Who a priority reached, who never came, and who has shared nothing yet."""
    priority = _priority(pk)
    rows = figure_rows.people_rows(priority)
    context = {
        "priority": priority,
        "year": priority.plan.year,
        "rows": rows,
        "reached": sum(row.came for row in rows),
        "silent": sum(row.came and not row.shared for row in rows),
    }
    return render(request, "evaluation/impact_people.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_reflections(request: StaffRequest, pk: int) -> HttpResponse:
    """Reflections shared about a priority that this person may read; the others as a number."""
    priority = _priority(pk)
    shared = figures.shared_about([priority])
    readable = shared.visible_to(request.staff).select_related("owner", "activity").distinct()
    page = Paginator(readable, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "priority": priority,
        "year": priority.plan.year,
        "page": page,
        "elsewhere": shared.distinct().count() - page.paginator.count,
    }
    return render(request, "evaluation/impact_reflections.html", context)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_hours(request: StaffRequest) -> HttpResponse:
    """Hours person by person, of everyone or one staff group; `?none=1` for those with none yet."""
    year, years = chosen_year(request)
    group = request.GET.get("group", "")
    if year is None or group not in {"", *Staff.Group.values}:
        raise Http404
    today = clock.today()
    this, last = school_year.periods(year, today=today, years=years)
    staff = school_year.staff_with_hours(this, last, today=today)
    if group:
        staff = staff.filter(group=group)
    if request.GET.get("none"):
        staff = staff.filter(Q(this_year=None))
    page = Paginator(staff, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": years,
        "page": page,
        "group": group,
        "groups": Staff.Group.choices,
        "none": request.GET.get("none", ""),
    }
    return render(request, "evaluation/impact_hours.html", context)


@require_POST
@requires(Permission.MAKE_REPORTS)
@once
def impact_report(request: StaffRequest) -> HttpResponse:
    """Ask for the dashboard of a year or a term, or the governors' page, as a PDF."""
    year, years = chosen_year(request)
    if year is None:
        raise Http404
    for_governors = request.POST.get("for_governors") == "1"
    choices = terms.choices(year, years, today=clock.today())
    form = ReportForm(request.POST, year=year, choices=choices)
    if not form.is_valid():
        page = "summary" if for_governors else "dashboard"
        template = f"evaluation/impact_{page}.html"
        return _dashboard(request, template, for_governors=for_governors, form=form)
    chosen = form.chosen
    params = {"year": chosen.year.pk, "term": chosen.term, "for_governors": for_governors}
    job = jobs.start(report.KIND, by=request.staff, params=params)
    return redirect("jobs:job", job.uuid)


@require_GET
@requires(Permission.SEE_IMPACT)
def impact_reports(request: StaffRequest) -> HttpResponse:
    """What can be taken away about impact, for whom it is, and for which year or priority."""
    year, years = chosen_year(request)
    priorities = Priority.objects.readable().select_related("plan__year")
    context = {
        "year": year,
        "years": years,
        "priorities": [
            (f"priority={row.pk}", f"{row} ({row.plan.year})")
            for row in priorities.order_by("-plan__year", "title", "pk")
        ],
        "reports": REPORTS,
        "may_have_records": request.staff.can(Permission.SEE_EVERYONES_RECORD),
    }
    return render(request, "evaluation/reports.html", context)
