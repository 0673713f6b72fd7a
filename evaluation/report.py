"""The impact report: the dashboard's figures of a year or a term as a PDF, made by the worker."""

from dataclasses import replace
from typing import Any

from django.http import Http404

from cpdhub import charts, clock, jobs, pdf, plan_words
from cpdhub.models import AcademicYear, Job, School, SuccessCriterion
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours, pounds
from evaluation import dashboard, figures, school_year, terms
from evaluation.narrowing import Narrowing
from evaluation.part import WHOLE

KIND = "impact_report"
COUNTS = (
    "Hours count from registers: a priority’s are those of everything that served it, a staff"
    " group’s are direct CPD at the school’s activities, with statutory training, briefings and"
    " own learning apart. Fees are what was paid or, until then, expected; cover and staff time"
    " are not in them."
)
OF_A_TERM = (
    "An activity counts, with the whole of its fee, when one of its sessions was on these days;"
    " hours count from their registers, a reflection by the day it was written, a reading by the"
    " day it was taken. A staff group’s hours are direct CPD at the school’s activities, with"
    " statutory training, briefings and own learning apart; its people are those in post on the"
    " last of these days. Fees are what was paid or, until then, expected; cover and staff time"
    " are not in them. Which activities are finished, how far needs are, and a priority’s"
    " progress are as of today."
)
HIDDEN = " Counts of fewer than five people are not shown."


def register() -> None:
    jobs.register(
        KIND, title="Impact report", permission=Permission.MAKE_REPORTS, run=run, is_shared=True
    )


def run(job: Job, progress: jobs.Progress) -> None:
    """Gather within the school, draw outside any transaction, keep one file."""
    progress(10, "Counting")
    with job.scope():
        years = AcademicYear.objects.with_half_terms()
        year = years.filter(pk=job.params.get("year")).first()
        if year is None:
            raise jobs.JobFailed("The academic year of this report is not there any more.")
        chosen = _chosen(year, job.params.get("term", ""))
        assert job.school
        data = gather(
            job.school, chosen, for_governors=bool(job.params.get("for_governors")),
            narrowing=_narrowed(job, year),
        )  # fmt: skip
    progress(60, "Setting the pages")
    document = pdf.render("impact", data)
    name = f"impact-{job.school.slug}-{chosen.slug}-made-{clock.today():%Y-%m-%d}.pdf"
    jobs.store(job, name, "application/pdf", [document])


def _narrowed(job: Job, year: AcademicYear) -> Narrowing | None:
    """What the page was narrowed to when its PDF was asked for."""
    if not (asked := job.params.get("narrowed")):
        return None
    assert job.requested_by
    try:
        return Narrowing(asked, job.requested_by, year)
    except Http404 as gone:
        raise jobs.JobFailed("What this report was narrowed to is not there any more.") from gone


def _chosen(year: AcademicYear, term: str) -> terms.Stretch:
    today = clock.today()
    if not term:
        return terms.year_so_far(year, today=today)
    for stretch in terms.terms_of(year, today=today):
        if stretch.term == term:
            return stretch
    raise jobs.JobFailed("The term of this report is not among the school’s terms any more.")


def gather(
    school: School,
    chosen: terms.Stretch,
    *,
    for_governors: bool,
    narrowing: Narrowing | None = None,
) -> dict[str, Any]:
    """Everything the template prints. The school must be open."""
    now, today = clock.now(), clock.today()
    year, this, is_term = chosen.year, chosen.days, bool(chosen.term)
    # Of a year: everything that served its priorities, as on the dashboard, and who is here now.
    part = narrowing.part if narrowing else WHOLE
    of_days = replace(part, period=this if is_term else None)
    chains = figures.chains(year, now=now, part=of_days)
    on = this.last if is_term else today
    totals = school_year.totals(this, school_year.beside(this, year), today=on, part=part)
    return {
        "title": f"Is our CPD making a difference? {chosen.title}",
        "school": str(school),
        "period": f"{_day(this.first)} to {_day(this.last)}",
        "narrowed": f"{narrowing.words} {narrowing.note}".strip() if narrowing else "",
        "finding": dashboard.finding(chains, first=this.first, last=this.last),
        "priorities": [_priority(chain, for_governors=for_governors) for chain in chains],
        "groups": [
            vars(group) for group in dashboard.groups(totals.groups, for_governors=for_governors)
        ],
        "compares": totals.compares,
        "year_finding": dashboard.year_finding(
            totals, for_governors=for_governors, is_term=is_term
        ),
        "none": "None" if is_term else "None yet",
        "whole": "The school’s term" if is_term else "The school’s year",
        "totals": _totals(totals),
        "note": (OF_A_TERM if is_term else COUNTS) + (HIDDEN if for_governors else ""),
        "footer": f"{school}, {_day(today)}. Made with CPD Hub. Private reflections are not in it.",
    }


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


def _priority(chain: figures.Chain, *, for_governors: bool) -> dict[str, Any]:
    priority = chain.priority
    links = dashboard.links_of(chain, for_governors=for_governors)
    missing = [] if for_governors else [link.text for link in chain.missing()]
    row = dashboard.Row(chain, links, [], for_governors)
    each = f", {row.cost_an_hour} a participant hour" if row.cost_an_hour else ""
    return {
        "title": priority.title,
        "strength": row.strength,
        "progress": f"Progress: {priority.get_rag_display().lower()}."
        + (f" {priority.rag_note}" if priority.rag_note else ""),
        "links": [
            {"what": link.what, "figure": link.figure, "note": link.note, "state": link.state}
            for link in links
        ],
        "missing": "; ".join(missing),
        "money": f"{row.cost} in fees{each}.",
        "charts": [chart for criterion in priority.criteria.all() for chart in _charts(criterion)],
    }


def _charts(criterion: SuccessCriterion) -> list[dict[str, str]]:
    """A criterion from its baseline on as a line, once there is a reading."""
    points = plan_words.points_of(criterion)
    if len(points) < 2:
        return []
    told = charts.description(points, target=criterion.target, unit=criterion.unit)
    svg = plan_words.criterion_chart(criterion)
    return [{"svg": str(svg), "alt": f"{criterion.measure}. {told}"}]


def _totals(totals: school_year.Totals) -> list[str]:
    then = [
        f"{totals.activities_before:,}", hours(totals.last_year), pounds(totals.cost_before)
    ]  # fmt: skip
    now = [
        f"{totals.activities:,} activit{'y' if totals.activities == 1 else 'ies'}",
        f"{hours(totals.this_year)} hours of direct CPD",
        f"{pounds(totals.cost)} in fees",
    ]
    if not totals.compares:
        return now
    return [
        f"{this}, {before} in the same weeks last year"
        for this, before in zip(now, then, strict=True)
    ]
