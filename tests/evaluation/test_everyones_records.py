"""Everyone's record on paper: a PDF for each, with what the school knows and nothing private."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils.text import slugify

from activities.models import Activity
from cpdhub import clock, jobs
from cpdhub.models import Job, LogEntry
from cpdhub.walls import school_scope
from evaluation import everyones_records
from evaluation.everyones_records import of_person
from evaluation.school_year import whole
from tests.evaluation.test_record import TODAY, attended
from tests.factories import AcademicYearFactory, StaffFactory
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at(f"{TODAY} 12:00")


@pytest.fixture
def year(school):
    return AcademicYearFactory(school=school)


def made(by, year):
    """As the worker would."""
    with school_scope(by.school):
        job = jobs.start(everyones_records.KIND, by=by, params={"year": year})
    jobs.run(school_id=by.school_id, job_id=job.pk)
    with school_scope(by.school):
        return Job.objects.select_related("result").get()


def test_a_pdf_for_each_in_post(school, cpd_leader, teacher, governor, year):
    attended(teacher, title="Fluency", hours=2)
    StaffFactory(school=school, last_name="Gone", ends_on=clock.today() - timedelta(days=2))

    job = made(cpd_leader, year.pk)

    assert (job.state, job.error) == ("done", "")
    with school_scope(school):
        archive = zipfile.ZipFile(io.BytesIO(b"".join(job.result.pieces())))
    assert archive.testzip() is None
    with school_scope(school):
        in_post = {cpd_leader, teacher, Activity.objects.get().owner}
    in_post = sorted(in_post, key=lambda each: (each.sort_name, each.pk))
    assert archive.namelist() == [f"{slugify(each.sort_name)}-{each.pk}.pdf" for each in in_post]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_what_is_the_persons_own_is_not_in_it(school, teacher, year):
    attended(teacher, title="Fluency", hours=2)
    attended(teacher, title="Support between two", is_private=True)
    attended(teacher, title="A book at home", is_own_learning=True)

    with school_scope(school):
        sheet = of_person(teacher, whole(year))

    assert sheet.finding == "2 hours at 1 activity of the school."
    assert [row[0] for row in sheet.tables[0].rows] == ["Fluency"]


def test_another_years_activities_are_not_in_it(school, teacher, year):
    attended(teacher, title="Fluency", hours=2)
    before = AcademicYearFactory(
        school=school, name="2001/02", starts_on="2001-09-01", ends_on="2002-08-31"
    )

    with school_scope(school):
        before.refresh_from_db()
        sheet = of_person(teacher, whole(before))

    assert sheet.finding == "0 hours at 0 activities of the school."
    assert sheet.tables[0].rows == []


def test_year_that_is_not_there_any_more_is_said(school, cpd_leader, year):
    job = made(cpd_leader, 0)

    assert job.state == "failed"
    assert job.error == "The academic year of these records is not there any more."


def test_done_twice_keeps_one_file(school, cpd_leader, year):
    job = made(cpd_leader, year.pk)
    with school_scope(school):
        Job.objects.update(state=Job.State.WAITING, finished_at=None, next_try_at=clock.now())

    jobs.run(school_id=school.pk, job_id=job.pk)

    with school_scope(school):
        again = Job.objects.get()
        assert (again.state, again.error) == ("done", "")
        assert again.result_id != job.result_id
        assert again.result.__class__.objects.count() == 1


def test_leader_asks_for_them_on_the_reports_page(sign_in, school, cpd_leader, year):
    client = sign_in(cpd_leader)
    assert "Everyone’s record, on paper" in client.get(url(school, "impact:reports")).text

    client.post(url(school, "record:everyone"), {"year": year.name})

    with school_scope(school):
        assert Job.objects.get().params == {"year": year.pk}
        assert LogEntry.objects.filter(kind="exported", object_id="everyone").count() == 1


def test_unknown_year_is_refused_politely(sign_in, school, cpd_leader, year):
    response = sign_in(cpd_leader).post(
        url(school, "record:everyone"), {"year": "next"}, follow=True
    )

    assert "Choose one of the school’s academic years first." in response.text
    with school_scope(school):
        assert not Job.objects.exists()
