"""Reports about impact say what the pages say, and name nobody."""

from datetime import date

import pytest
from django.http import QueryDict

from cpdhub import jobs
from cpdhub.models import Job
from cpdhub.sheets import printed
from cpdhub.walls import school_scope
from evaluation import stories
from tests.evaluation.test_figures import priority, serve, year
from tests.factories import (
    AcademicYearFactory,
    BudgetFactory,
    CostFactory,
    EvidenceFactory,
    ImpactReviewFactory,
    PlanFactory,
    PriorityFactory,
    StaffFactory,
    SuccessCriterionFactory,
    UnplannedGainFactory,
)
from tests.helpers import url

__all__ = ["priority", "year"]
REPORTS = [
    ("story_pdf", stories.STORY), ("annual_pdf", stories.ANNUAL),
    ("evidence_pdf", stories.EVIDENCE), ("premium_pdf", stories.PREMIUM),
]  # fmt: skip


@pytest.fixture
def told(school, priority):
    """A priority with something judged, a private thing beside it, and money of two kinds."""
    lead = StaffFactory(school=school, first_name="Nadia", last_name="Nameless")
    activity = serve(priority, title="Author visit", state="finished", lead=lead)
    ImpactReviewFactory(
        school=school, activity=activity, closed=True, pupils_verdict="not_yet", decision="stop",
        what_we_change="No more visits alone", helped_by="A good library", by=lead,
    )  # fmt: skip
    EvidenceFactory(school=school, activity=activity, claim="Same books as before", by=lead)
    UnplannedGainFactory(
        school=school, activity=activity, text="Families joined the library", about="enjoyment",
        noted_by=lead,
    )  # fmt: skip
    private = serve(priority, title="Coaching of two", state="finished", is_private=True, lead=lead)
    ImpactReviewFactory(school=school, activity=private, closed=True, helped_by="Trust")
    EvidenceFactory(school=school, activity=private, claim="Seen by the coach")
    SuccessCriterionFactory(school=school, priority=priority, measure="Read at home", baseline=34)
    budget = BudgetFactory(school=school, fund="pupil_premium", challenges=[2])
    CostFactory(school=school, activity=activity, budget=budget, actual=450)
    CostFactory(school=school, activity=activity, budget=budget, actual=50, kind="refund")
    CostFactory(school=school, activity=private, budget=budget, actual=70)
    off = serve(priority, title="Course that is off", state="planned")
    CostFactory(school=school, activity=off, budget=budget, expected=300)
    EvidenceFactory(school=school, activity=off, claim="Nothing to see")
    with school_scope(school):
        off.cancel("Nobody came")
    return activity


def gather(school, report, head, priority):
    query = QueryDict(f"priority={priority.pk}&year={priority.plan.year}")
    with school_scope(school):
        return printed(report.gather(head, query), str(school))


@pytest.mark.parametrize("report", [report for _, report in REPORTS], ids=lambda r: r.kind)
def test_report_tells_it_and_nothing_private(school, head, priority, told, report):
    text = str(gather(school, report, head, priority))

    assert {
        "impact_story": "No more visits alone", "cpd_year": "No more visits alone",
        "evidence_file": "Same books as before", "pupil_premium_cpd": "Author visit",
    }[report.kind] in text  # fmt: skip
    for words in ("Coaching of two", "Seen by the coach", "Trust", "Nameless", "Nothing to see"):
        assert words not in text


def test_story_tells_every_year_it_was_carried_on(school, head, priority, year, told):
    before = PlanFactory(
        school=school,
        year=AcademicYearFactory(
            school=school, starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31)
        ),
    )
    earlier = PriorityFactory(school=school, plan=before, live=True, title="Reading, begun")
    with school_scope(school):
        priority.carried_from = earlier
        priority.save()

    sheet = gather(school, stories.STORY, head, priority)

    assert sheet["period"] == f"{before.year} to {year}"
    assert [t["title"].split(":")[0] for t in sheet["tables"]][::5] == [str(before.year), str(year)]


def test_premium_adds_up_and_names_challenges(school, head, priority, told):
    sheet = gather(school, stories.PREMIUM, head, priority)

    assert sheet["finding"] == "£400 of tier 1, teaching, for 1 activity."
    [row] = sheet["tables"][0]["rows"]
    assert (row[0], row[1], row[3], row[4]) == ("Author visit", "2", "£400", "Not yet")


@pytest.mark.parametrize("view", [view for view, _ in REPORTS])
def test_asked_for_and_made(sign_in, school, head, priority, told, view):
    client = sign_in(head)
    page = client.get(url(school, "impact:reports")).text
    assert "Impact story of a priority" in page

    answer = client.post(
        url(school, f"impact:{view}"),
        {"query": f"year={priority.plan.year}&priority={priority.pk}"},
    )
    assert answer.status_code == 302
    with school_scope(school):
        job = Job.objects.get()
    jobs.run(school_id=school.pk, job_id=job.pk)
    with school_scope(school):
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
        assert job.result.content_type == "application/pdf"


def test_unknown_priority_says_so(school, head, year):
    with school_scope(school), pytest.raises(jobs.JobFailed, match="not there any more"):
        stories.story(head, QueryDict("priority=999999999"))
