"""The impact report: the dashboard's figures as a PDF, made by the worker."""

from typing import Any

from cpdhub import charts, clock, jobs, pdf, plan_words
from cpdhub.models import AcademicYear, HalfTerm, Job, School, SuccessCriterion
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours, pounds
from evaluation import dashboard, figures, school_year

KIND = "impact_report"
COUNTS = (
    "Hours count from registers: a priority’s are those of everything that served it, a staff"
    " group’s are direct CPD at the school’s activities, with statutory training, briefings and"
    " own learning apart. Fees are what was paid or, until then, expected; cover and staff time"
    " are not in them."
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
        year = AcademicYear.objects.filter(pk=job.params.get("year")).first()
        if year is None:
            raise jobs.JobFailed("The academic year of this report is not there any more.")
        assert job.school
        data = gather(job.school, year, for_governors=bool(job.params.get("for_governors")))
    progress(60, "Setting the pages")
    document = pdf.render("impact", data)
    name = f"impact-{job.school.slug}-{clock.today():%Y-%m-%d}.pdf"
    jobs.store(job, name, "application/pdf", [document])


def gather(school: School, year: AcademicYear, *, for_governors: bool) -> dict[str, Any]:
    """Everything the template prints. The school must be open."""
    now, today = clock.now(), clock.today()
    this, last = school_year.periods(year, today=today)
    chains = figures.chains(year, now=now)
    totals = school_year.totals(this, last, today=today)
    term = HalfTerm.objects.filter(year=year, starts_on__lte=today).last()
    when = f"{term.term} term {year}" if term else str(year)
    dates = f"{_day(this.first)} to {_day(this.last)}"
    return {
        "title": "Is our CPD making a difference?",
        "school": str(school),
        "period": f"{when}: {dates}",
        "finding": dashboard.finding(chains, first=this.first, last=this.last),
        "priorities": [_priority(chain, for_governors=for_governors) for chain in chains],
        "groups": [
            vars(group) for group in dashboard.groups(totals.groups, for_governors=for_governors)
        ],
        "year_finding": dashboard.year_finding(totals, for_governors=for_governors),
        "totals": _totals(totals),
        "note": COUNTS + (HIDDEN if for_governors else ""),
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
        "strength": chain.strength.lower(),
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
    before = "in the same weeks last year"
    return [
        f"{totals.activities:,} activit{'y' if totals.activities == 1 else 'ies'},"
        f" {totals.activities_before:,} {before}",
        f"{hours(totals.this_year)} hours of direct CPD, {hours(totals.last_year)} {before}",
        f"{pounds(totals.cost)} in fees, {pounds(totals.cost_before)} {before}",
    ]
