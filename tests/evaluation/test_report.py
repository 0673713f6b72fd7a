"""The impact report as a PDF."""

import time
from datetime import date
from decimal import Decimal

import pytest

from cpdhub import clock, jobs, pdf
from cpdhub.models import AcademicYear, Job
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from evaluation import report
from evaluation.forms.report import ReportForm
from tests.cpdhub.staff_files import run_jobs
from tests.evaluation.test_figures import serve
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


def gathered(school, year, term="", **kwargs):
    with school_scope(school):
        year = AcademicYear.objects.with_half_terms().get(pk=year.pk)
        chosen = report._chosen(year, term)
        return report.gather(school, chosen, **({"for_governors": False} | kwargs))


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
    assert row["missing"] == "no activity serves it yet; nobody said what is needed"
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
    key = "9c0d7a3e-5d6c-4d38-9d8a-0d6f7f0d4c11"
    form = {"year": year.name, "period": year.name, "once": key}

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
        whole = year.name.replace("/", "-")
        assert job.result.name == f"impact-{school.slug}-{whole}-made-{clock.today():%Y-%m-%d}.pdf"
        assert next(job.result.pieces()).startswith(b"%PDF-")


# --- a term ------------------------------------------------------------------------------------
@pytest.fixture
def years(school, at):
    """2026/27, under way, and the year before."""
    at("2026-11-22 12:00")
    with school_scope(school):
        return add_year(school, 2026), add_year(school, 2025)


@pytest.mark.parametrize("for_governors", [False, True])
def test_report_of_a_term_says_so_and_holds_its_figures_only(school, years, for_governors):
    _, before = years
    priority = PriorityFactory(
        school=school, plan=PlanFactory(school=school, year=before), live=True
    )
    people = StaffFactory.create_batch(6, school=school)
    with school_scope(school):
        criterion = priority.criteria.get()
    for day, value in ((date(2025, 12, 1), 45), (date(2026, 3, 2), 63)):
        days_ago = (clock.today() - day).days
        serve(
            priority, people=people, came=people, days_ago=days_ago, cost=Decimal(200),
            owner=people[0],
        )  # fmt: skip
        ReadingFactory(school=school, criterion=criterion, taken_on=day, value=Decimal(value))

    data = gathered(school, before, "autumn", for_governors=for_governors)
    year = gathered(school, before, for_governors=for_governors)

    assert data["title"] == "Is our CPD making a difference? Autumn term 2025/26"
    assert data["period"] == "1 September 2025 to 19 December 2025"
    (row,) = data["priorities"]
    assert [link["figure"] for link in row["links"][1:]][::3] == ["1", "41 → 45 %"]
    assert row["money"] == "£200 in fees."
    assert data["totals"][0] == "1 activity, 0 in the same weeks last year"
    assert data["groups"][0]["each"] == "1"
    assert data["year_finding"].startswith("1 hours each, 0 in the same weeks last year")
    assert "An activity counts" in data["note"]
    assert ("fewer than five" in data["note"]) is for_governors
    assert pdf.render("impact", data).startswith(b"%PDF-")

    assert year["title"] == "Is our CPD making a difference? 2025/26"
    assert year["priorities"][0]["links"][4]["figure"] == "41 → 63 %"
    assert year["totals"][0].startswith("2 activities")


def test_page_offers_the_terms_with_the_current_one_chosen(sign_in, head, school, years):
    page = sign_in(head).get(url(school, "impact:dashboard"))

    assert [key for key, _ in page.context["form"].fields["period"].choices] == [
        "2026/27 autumn", "2026/27", "2025/26 summer", "2025/26 spring", "2025/26 autumn",
    ]  # fmt: skip
    assert 'value="2026/27 autumn" selected>Autumn term 2026/27 so far</option>' in page.text


@pytest.mark.parametrize(
    ("period", "year", "term", "name"),
    [
        ("2026/27 autumn", 0, "autumn", "2026-27-autumn"),
        ("2026/27", 0, "", "2026-27"),
        ("2025/26 spring", 1, "spring", "2025-26-spring"),
    ],
)
def test_term_that_was_chosen_is_made_and_in_the_name_of_the_file(
    sign_in, head, school, years, period, year, term, name
):
    form = {"year": "2026/27", "period": period, "for_governors": "1"}

    response = sign_in(head).post(url(school, "impact:report"), form)
    run_jobs(school)

    assert response.status_code == 302
    with school_scope(school):
        job = Job.objects.select_related("result").get()
        assert job.params == {"year": years[year].pk, "term": term, "for_governors": True}
        assert job.result.name == f"impact-{school.slug}-{name}-made-2026-11-22.pdf"


@pytest.mark.parametrize("period", ["", "2026/27 spring", "2024/25 autumn", "\x00"])
@pytest.mark.parametrize(("for_governors", "page"), [("", "dashboard"), ("1", "summary")])
def test_term_that_is_no_choice_is_refused_beside_the_field(
    sign_in, head, school, years, period, for_governors, page
):
    form = {"year": "2026/27", "period": period, "for_governors": for_governors}

    response = sign_in(head).post(url(school, "impact:report"), form)

    assert response.context["form"].errors["period"] == [ReportForm.WRONG]
    assert 'href="#id_period"' in response.text
    assert f'href="{url(school, f"impact:{page}")}?year=2025/26"' in response.text
    with school_scope(school):
        assert not Job.objects.exists()


def test_term_taken_out_of_the_calendar_meanwhile_is_told(school, head, years):
    with school_scope(school):
        jobs.start(report.KIND, by=head, params={"year": years[0].pk, "term": "autumn"})
        years[0].half_terms.all().delete()

    run_jobs(school)

    with school_scope(school):
        assert "not among the school’s terms" in Job.objects.get().error


def test_teacher_may_not_ask(sign_in, teacher, school, year):
    form = {"year": year.name, "period": year.name}
    response = sign_in(teacher).post(url(school, "impact:report"), form)

    assert response.status_code == 403
    with school_scope(school):
        assert not Job.objects.exists()
