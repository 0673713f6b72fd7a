"""The needs report: what is needed, by topic and priority, and what is planned; as a PDF.

It is kept where several people open it, so it names nobody and hides what fewer than five
people said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from activities.models import Activity, ActivityNeed, Session
from audits.models import Need
from cpdhub import clock, jobs, pdf
from cpdhub.models import AcademicYear, Job, School
from cpdhub.permissions import Permission
from cpdhub.words import count
from evaluation import balance, dashboard, figures, school_year
from evaluation.needs import Needs, waiting_first

KIND = "needs_report"
HIDDEN = "not shown"
NOTE = (
    "Needs that people shared, and those of teams, staff groups and the school: open ones, and"
    " those met this year. What people keep to themselves is in no number. Topics of fewer than"
    " five people are put together; numbers that could single somebody out, and what is planned"
    " for fewer than five people alone, are not shown."
)


def register() -> None:
    jobs.register(
        KIND, title="Needs report", permission=Permission.MAKE_REPORTS, run=run, is_shared=True
    )


def run(job: Job, progress: jobs.Progress) -> None:
    """Gather within the school, draw outside any transaction, keep one file."""
    progress(10, "Counting")
    with job.scope():
        year = AcademicYear.objects.filter(pk=job.params.get("year")).first()
        if year is None:
            raise jobs.JobFailed("The academic year of this report is not there any more.")
        assert job.school
        data = gather(job.school, year)
    progress(60, "Setting the pages")
    document = pdf.render("needs", data)
    name = f"needs-{job.school.slug}-{year.name.replace('/', '-')}-made-{clock.today()}.pdf"
    jobs.store(job, name, "application/pdf", [document])


def gather(school: School, year: AcademicYear) -> dict[str, Any]:
    """Everything the template prints. The school must be open."""
    today = clock.today()
    period = school_year.so_far(year, today=today)
    needs = list(waiting_first(balance.needs_in(period).with_whom()))
    topics = topics_of(need for need in needs if need.is_persons)
    return {
        "title": f"What do we need, and what is planned? {year}",
        "school": str(school),
        "period": f"As of {_day(today)}",
        "finding": finding(needs, topics),
        "topics": [topic.cells() for topic in topics],
        "shared": [
            {"title": str(need), "whose": need.whose, "status": need.get_status_display()}
            for need in needs
            if not need.is_persons
        ],
        "priorities": [_priority(chain) for chain in figures.chains(year, now=clock.now())],
        "planned": planned(needs, today=today),
        "note": NOTE,
        "footer": f"{school}, {_day(today)}. Made with CPD Hub.",
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass
class TopicLine:
    """What people need of one topic, or of several that are small."""

    title: str
    needs: Needs = field(default_factory=Needs)

    def cells(self) -> dict[str, str]:
        parts = self.needs.parts
        hides = any(dashboard.is_small(part, self.needs.total) for part in parts)
        met, begun, waiting = (HIDDEN if hides else f"{part:,}" for part in parts)
        people = f"{len(self.needs.people):,}"
        return {
            "title": self.title, "people": people, "met": met, "begun": begun, "waiting": waiting,
        }  # fmt: skip

    def take_in(self, other: TopicLine) -> None:
        self.title = "Other topics, put together"
        ours, theirs = self.needs, other.needs
        ours.met += theirs.met
        ours.begun += theirs.begun
        ours.waiting += theirs.waiting
        ours.people |= theirs.people


def topics_of(needs: Any) -> list[TopicLine]:
    """Most needed first; small ones together, with the next one while they are still too few."""
    found: dict[int | None, TopicLine] = {}
    for need in needs:
        title = str(need.topic) if need.topic else "Without a topic"
        line = found.setdefault(need.topic_id, TopicLine(title))
        line.needs.add(need.status, need.staff_id)
    lines = sorted(found.values(), key=lambda line: (-len(line.needs.people), line.title))
    while len(lines) > 1 and len(lines[-1].needs.people) < dashboard.SMALL:
        last = lines.pop()
        lines[-1].take_in(last)
        lines.sort(key=lambda line: (-len(line.needs.people), line.title))
    return lines if not lines or len(lines[0].needs.people) >= dashboard.SMALL else []


def finding(needs: list[Need], topics: list[TopicLine]) -> str:
    """How many there are, as far as it may be said."""
    ours = sum(not need.is_persons for need in needs)
    parts = [f"{count(ours, 'need')} of teams, staff groups and the school"]
    if topics:
        people = {need.staff_id for need in needs if need.is_persons}
        parts.append(f"{count(len(people), 'person', 'people')} shared what they need")
    return f"{'; '.join(parts)}."


def _priority(chain: figures.Chain) -> dict[str, str]:
    link = dashboard.links_of(chain, for_governors=True)[0]
    return {"title": chain.priority.title, "figure": link.figure, "note": link.note}


def planned(needs: list[Need], *, today: date) -> list[dict[str, str]]:
    """What answers any of them and is not over yet, by its next session.

    Not what answers the needs of fewer than five people alone: "Coaching Ann" says enough.
    """
    whose: dict[int, set[int | None]] = {}
    rows_of = ActivityNeed.objects.filter(need__in=[need.pk for need in needs])
    for activity, person in rows_of.values_list("activity", "need__staff"):
        whose.setdefault(activity, set()).add(person)
    many = [pk for pk, them in whose.items() if None in them or len(them) >= dashboard.SMALL]
    going = [Activity.State.PLANNED, Activity.State.UNDER_WAY]
    found = Activity.objects.of_school().filter(pk__in=many, state__in=going)
    next_of: dict[int, Session] = {}
    sessions = Session.objects.upcoming(now=clock.midnight(today)).filter(activity__in=found)
    for session in sessions:
        next_of.setdefault(session.activity_id, session)
    rows = sorted(
        found.select_related("type"),
        key=lambda one: (one.pk not in next_of, one.pk in next_of and next_of[one.pk].starts_at),
    )
    return [
        {
            "title": one.title,
            "type": str(one.type),
            "when": next_of[one.pk].day if one.pk in next_of else "no date to come",
        }
        for one in rows
    ]
