"""The needs report as a PDF: names nobody, hides what fewer than five people said."""

from datetime import timedelta

from cpdhub import clock, pdf
from cpdhub.models import Job
from cpdhub.walls import school_scope
from evaluation import needs_report
from tests.cpdhub.staff_files import run_jobs
from tests.evaluation.test_figures import priority, serve, year
from tests.evaluation.test_needs import answered_by, from_priority
from tests.factories import NeedFactory, SessionFactory, TopicFactory
from tests.helpers import url

__all__ = ["priority", "year"]


def gathered(school, year):
    with school_scope(school):
        return needs_report.gather(school, year)


def needed_by(school, title, count, **fields):
    topic = TopicFactory(school=school, title=title)
    return NeedFactory.create_batch(count, school=school, topic=topic, **fields)


def test_report_joins_small_topics_and_names_nobody(school, year):
    for title, count in (("Talk", 9), ("Reading", 6), ("Maps", 3), ("Latin", 1)):
        needed_by(school, title, count)
    NeedFactory(school=school, is_shared=False, topic=TopicFactory(school=school, title="Secret"))

    data = gathered(school, year)

    assert [(row["title"], row["people"]) for row in data["topics"]] == [
        ("Other topics, put together", "10"), ("Talk", "9")
    ]  # fmt: skip
    assert "Secret" not in str(data)
    assert "Shah" not in str(data)


def test_report_of_few_people_shows_none_of_them(school, year):
    needed_by(school, "Talk", 4)

    data = gathered(school, year)

    assert data["topics"] == []
    assert "shared what they need" not in data["finding"]


def test_report_hides_parts_of_a_topic_that_are_small(school, year):
    needed_by(school, "Talk", 6)
    needed_by(school, "Reading", 6, status="planned")
    with school_scope(school):
        data = gathered(school, year)
        assert {row["waiting"] for row in data["topics"]} == {"6", "0"}
    topic = TopicFactory(school=school, title="Mixed")
    NeedFactory.create_batch(7, school=school, topic=topic)
    NeedFactory(school=school, topic=topic, status="planned")

    mixed = next(row for row in gathered(school, year)["topics"] if row["title"] == "Mixed")

    assert (mixed["met"], mixed["begun"], mixed["waiting"]) == ("not shown",) * 3


def test_report_lists_what_is_planned_by_its_next_session(school, year, priority):
    later, sooner = serve(priority, title="Later"), serve(priority, title="Sooner")
    serve(priority, title="Answers nothing")
    answered_by(serve(priority, title="Undated"), whom="school")
    answered_by(serve(priority, title="Coaching Ann"))
    for activity, days in ((later, 9), (sooner, 2)):
        answered_by(activity, whom="school", title="Ask *open* #questions", status="being_met")
        start = clock.now() + timedelta(days=days)
        SessionFactory(
            school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=1)
        )
    from_priority(priority, whom="school", status="agreed")

    data = gathered(school, year)

    assert [row["title"] for row in data["planned"]] == ["Sooner", "Later", "Undated"]
    assert data["priorities"][0]["figure"] == "not shown"
    assert pdf.render("needs", data).startswith(b"%PDF")


def test_empty_report_is_a_pdf(school, year):
    assert pdf.render("needs", gathered(school, year)).startswith(b"%PDF")


def test_report_is_asked_for_and_made_in_the_background(
    sign_in, head, school, year, django_capture_on_commit_callbacks
):
    client = sign_in(head)
    page = client.get(url(school, "impact:balance")).text
    assert "Needs report as PDF" in page

    response = client.post(url(school, "impact:needs_report"), {"year": str(year)})

    assert response.status_code == 302
    run_jobs(school)
    with school_scope(school):
        job = Job.objects.get(kind=needs_report.KIND)
        assert job.result.name.startswith(f"needs-{school.slug}-2026-27-made-")
        assert next(job.result.pieces()).startswith(b"%PDF-")
