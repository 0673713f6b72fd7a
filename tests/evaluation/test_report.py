"""The impact report as a PDF."""

import time
from decimal import Decimal

import pytest

from cpdhub import clock, jobs, pdf
from cpdhub.models import Job
from cpdhub.walls import school_scope
from evaluation import report
from tests.factories import (
    AcademicYearFactory,
    PlanFactory,
    PriorityFactory,
    ReadingFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def year(school):
    return AcademicYearFactory(school=school)


@pytest.fixture
def priority(school, year):
    return PriorityFactory(
        school=school,
        plan=PlanFactory(school=school, year=year),
        title="Reasons *in* #full $sentences$",
        live=True,
    )


def gathered(school, year, **kwargs):
    with school_scope(school):
        return report.gather(school, year, **({"for_governors": False} | kwargs))


def test_report_holds_what_the_dashboard_shows(school, year, priority):
    with school_scope(school):
        criterion = priority.criteria.get()
    for day, value in ((1, 41), (9, 63)):
        ReadingFactory(
            school=school,
            criterion=criterion,
            taken_on=year.starts_on.replace(day=day),
            value=Decimal(value),
        )

    data = gathered(school, year)

    (row,) = data["priorities"]
    assert row["links"][4]["figure"] == "41 → 63 %"
    assert row["missing"] == "no activity serves it yet"
    assert len(row["charts"]) == 1


def test_governors_report_names_no_repairs_and_hides_small_numbers(school, year, priority):
    StaffFactory.create_batch(3, school=school)

    data = gathered(school, year, for_governors=True)

    assert data["priorities"][0]["missing"] == ""
    assert data["groups"] == []
    assert "fewer than five" in data["note"]


@pytest.mark.parametrize(
    "text", ["🎉 party", "中文", "a\x00b\x1b", "Ŵyn Ŷ → ≥ “x” – £5", "#panic()"]
)
def test_any_text_prints(school, year, priority, text):
    data = gathered(school, year)
    data["priorities"][0]["title"] = text

    document = pdf.render("impact", data)

    assert document.startswith(b"%PDF-")


def test_report_is_quick(school, year, priority):
    data = gathered(school, year)
    pdf.render("impact", data)
    started = time.perf_counter()

    pdf.render("impact", data)

    assert time.perf_counter() - started < 3


def test_asking_twice_starts_one_job(
    sign_in, head, school, year, django_capture_on_commit_callbacks
):
    client = sign_in(head)
    form = {"year": year.name, "once": "9c0d7a3e-5d6c-4d38-9d8a-0d6f7f0d4c11"}

    first = client.post(url(school, "impact:report"), form)
    again = client.post(url(school, "impact:report"), form)

    assert first.url == again.url
    with school_scope(school):
        assert Job.objects.count() == 1


def test_job_makes_one_file_however_often_it_runs(school, head, year, priority):
    with school_scope(school):
        job = jobs.start(report.KIND, by=head, params={"year": year.pk})
        job.state, job.attempts = Job.State.RUNNING, 1
        job.save()

    for _ in range(2):
        report.run(job, jobs.Progress(job))

    with school_scope(school):
        job.refresh_from_db()
        assert job.result.name == f"impact-{school.slug}-{clock.today():%Y-%m-%d}.pdf"
        assert next(job.result.pieces()).startswith(b"%PDF-")


def test_teacher_may_not_ask(sign_in, teacher, school, year):
    response = sign_in(teacher).post(url(school, "impact:report"), {"year": year.name})

    assert response.status_code == 403
    with school_scope(school):
        assert not Job.objects.exists()
