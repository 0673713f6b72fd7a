"""The impact dashboard: the head's, a team leader's, the governors'; and what is taken away."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from audits.gap import gap_of_latest
from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, Priority
from cpdhub.permissions import Permission
from evaluation import dashboard, figures, report, school_year, team_page, terms
from evaluation.forms.report import ReportForm
from evaluation.narrowing import Narrowing
from evaluation.part import WHOLE
from evaluation.school_year import Period

PAGE_SIZE = 50


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


@require_GET
@requires(Permission.SEE_TEAM_IMPACT)
def impact_team(request: StaffRequest) -> HttpResponse:
    """The dashboard of a team somebody leads; who sees the school's is taken there."""
    if request.staff.can(Permission.SEE_IMPACT):
        return redirect("impact:dashboard")
    year, years = chosen_year(request)
    template = "evaluation/impact_dashboard.html"
    if year is None:
        return render(request, template, {"years": []})
    narrowing = Narrowing(request.GET, request.staff, year)
    if narrowing.leads_nobody:
        return render(request, "evaluation/impact_no_team.html")
    today, part = clock.today(), narrowing.part
    this, last = school_year.periods(year, today=today, years=years)
    chains = team_page.chains(year, now=clock.now(), part=part)
    everything = replace(part, priority=0, form=0)
    totals = school_year.totals(this, last, today=today, part=everything)
    shows_money = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    context = _page_of(year, years, narrowing, this) | {
        "rows": team_page.rows(chains, narrowing, shows_money=shows_money),
        "finding": dashboard.finding(chains, first=this.first, last=this.last),
        "totals": totals,
        "groups": team_page.groups(totals, part.team, today=today),
        "year_finding": f"{dashboard.each_said(totals)}.",  # who had none is for the head to know
        "year_url": f"{reverse('impact:year')}?year={year}{narrowing.query('team')}",
        "is_team": True,
        "shows_money": shows_money,
    }
    return render(request, template, context)


def _page_of(
    year: AcademicYear, years: list[AcademicYear], narrowing: Narrowing | None, this: Period
) -> dict[str, Any]:
    """What every kind of the page begins with."""
    return {"year": year, "years": years, "narrowing": narrowing, "period": this}


def _dashboard(
    request: StaffRequest, template: str, *, for_governors: bool, form: ReportForm | None = None
) -> HttpResponse:
    """The page; with the form that asks for it as a PDF, and what was wrong with it."""
    year, years = chosen_year(request)
    if year is None:
        return render(request, template, {"years": []})
    today = clock.today()
    # Governors see everything or nothing: what is left of it would tell of few people.
    narrowing = None if for_governors else Narrowing(asked(request), request.staff, year)
    part = narrowing.part if narrowing else WHOLE
    if form is None and request.staff.can(Permission.MAKE_REPORTS):
        form = ReportForm(year=year, choices=_stretches(year, years, narrowing))
    this, last = school_year.periods(year, today=today, years=years)
    chains = figures.chains(year, now=clock.now(), part=part)
    totals = school_year.totals(this, last, today=today, part=part)
    context = _page_of(year, years, narrowing, this) | {
        "rows": dashboard.rows(chains, for_governors=for_governors, narrowing=narrowing),
        "finding": dashboard.finding(chains, first=this.first, last=this.last),
        "totals": totals,
        "groups": dashboard.groups(totals.groups, for_governors=for_governors),
        "form": form,
        "year_finding": dashboard.year_finding(totals, for_governors=for_governors),
        "shows_money": True,
        "perceived": gap_of_latest(),
    }
    if narrowing:
        context |= _rows_of_the_year(year, years, last, narrowing)
    return render(request, template, context)


def _rows_of_the_year(
    year: AcademicYear, years: list[AcademicYear], last: Period | None, narrowing: Narrowing
) -> dict[str, str]:
    """Where the rows behind the year's figures are, narrowed as the page is."""
    of_year, of_hours = reverse("impact:year"), reverse("impact:hours")
    here = f"?year={year}{narrowing.query()}"
    before = next((other for other in years if last and other.starts_on == last.first), None)
    then = f"?year={before}&until={last.last}{narrowing.kept}" if before and last else ""
    return {
        "year_url": of_year + here,
        "hours_url": of_hours + here,
        "before_url": of_year + then if then else "",
    }


def _stretches(
    year: AcademicYear, years: list[AcademicYear], narrowing: Narrowing | None
) -> list[terms.Stretch]:
    """What a report may cover; of one priority, nothing of the year before it."""
    found = terms.choices(year, years, today=clock.today())
    if narrowing and narrowing.part.priority:
        return [stretch for stretch in found if stretch.year == year]
    return found


def asked(request: StaffRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


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


@require_POST
@requires(Permission.MAKE_REPORTS)
@once
def impact_report(request: StaffRequest) -> HttpResponse:
    """Ask for the dashboard of a year or a term, or the governors' page, as a PDF."""
    year, years = chosen_year(request)
    if year is None:
        raise Http404
    for_governors = request.POST.get("for_governors") == "1"
    narrowing = None if for_governors else Narrowing(request.POST, request.staff, year)
    choices = _stretches(year, years, narrowing)
    form = ReportForm(request.POST, year=year, choices=choices)
    if not form.is_valid():
        page = "summary" if for_governors else "dashboard"
        template = f"evaluation/impact_{page}.html"
        return _dashboard(request, template, for_governors=for_governors, form=form)
    chosen = form.chosen
    params: dict[str, Any] = {
        "year": chosen.year.pk, "term": chosen.term, "for_governors": for_governors
    }  # fmt: skip
    if narrowing and narrowing.is_narrow:
        params["narrowed"] = narrowing.chosen
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
