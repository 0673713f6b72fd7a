"""Calendar, budgets and entitlements as PDFs: what their pages say, for whoever asks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from activities import reports
from activities.entitled_table import EntitledTable
from activities.models import Activity
from cpdhub import clock, pdf, sheets
from cpdhub.models import HalfTerm, Job, LogEntry
from cpdhub.templatetags.cpdhub import pounds, pounds_whole
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from tests.cpdhub.staff_files import run_jobs
from tests.factories import (
    ActivityFactory,
    ActivityPriorityFactory,
    BlockedDatesFactory,
    BudgetFactory,
    CostFactory,
    EntitlementFactory,
    InsetDayFactory,
    ParticipationFactory,
    PlacesFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def thursday(at):
    at("2026-11-26 12:00")


def gathered(report, by, query=""):
    with school_scope(by.school_id):
        return report.gather(by, QueryDict(query))


def opens(sheet):
    return pdf.render("tables", sheets.printed(sheet, "Oakfield")).startswith(b"%PDF-")


def table(sheet, title):
    return next(one for one in sheet.tables if one.title == title)


# --- asking -------------------------------------------------------------------------------------
def test_report_is_made_in_the_background_for_who_asked_alone(
    sign_in, cpd_leader, head, school, year, django_capture_on_commit_callbacks
):
    client = sign_in(cpd_leader)
    BudgetFactory(school=school)
    page = client.get(url(school, "activities:budgets")).text
    assert url(school, "activities:budgets_pdf") in page

    response = client.post(url(school, "activities:budgets_pdf"), {"query": f"year={year}"})

    assert response.status_code == 302
    run_jobs(school)
    run_jobs(school)  # again changes nothing
    with school_scope(school):
        job = Job.objects.get(kind="budget_report")
        assert job.result.name == f"budget-report-{school.slug}-made-2026-11-26.pdf"
        assert next(job.result.pieces()).startswith(b"%PDF-")
        assert LogEntry.objects.filter(kind="exported", what="budget_report").count() == 1
    assert client.get(response.url).status_code == 200
    assert sign_in(head).get(response.url).status_code == 404


@pytest.mark.parametrize("query", ["year=1066/67", "year=" + "9" * 900])
def test_year_that_is_not_there_is_said(sign_in, cpd_leader, school, year, query):
    sign_in(cpd_leader).post(url(school, "activities:budgets_pdf"), {"query": query})

    run_jobs(school)

    with school_scope(school):
        assert Job.objects.get().error.startswith("The academic year of this report is not there")


def test_calendar_without_terms_says_so(sign_in, teacher, school):
    sign_in(teacher).post(url(school, "activities:calendar_pdf"))

    run_jobs(school)

    with school_scope(school):
        assert Job.objects.get().error == "No term has dates yet."


# --- budgets ------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [0, 1, 3])
def test_budgets_say_what_the_page_says(
    sign_in, cpd_leader, school, year, priority, count, django_assert_num_queries
):
    for number in range(count):
        budget = BudgetFactory(school=school, name=f"CPD {number}", amount=Decimal(100))
        activity = ActivityFactory(school=school, state="planned", title=f"#{number} *Talk*")
        ActivityPriorityFactory(school=school, activity=activity, priority=priority)
        CostFactory(school=school, activity=activity, budget=budget, actual=Decimal("140.50"))
        CostFactory(school=school, activity=activity, budget=budget, expected=Decimal(30))
    page = sign_in(cpd_leader).get(url(school, "activities:budgets")).context

    with school_scope(school), django_assert_num_queries(7 if count else 6):
        sheet = reports.BUDGETS.gather(cpd_leader, QueryDict(""))

    assert sheet.finding == page["sentence"]
    assert [row[:4] for row in table(sheet, "Budgets").rows] == [
        [each.name, pounds(each.has), pounds(each.spent), pounds(each.committed)]
        for each in page["budgets"]
    ]
    for name, rows in page["tables"]:
        assert table(sheet, f"By {name}").rows == [
            [row.name, *map(pounds_whole, (row.spent, row.committed, row.total))] for row in rows
        ]
    lines = table(sheet, "Every line").rows
    assert len(lines) == 2 * count
    if count:
        assert table(sheet, "Budgets").rows[0][4] == {"strong": "−£70.50, overspent"}
        assert {tuple(line[-2:]) for line in lines} == {("£140.50", ""), ("", "£30")}
    assert opens(sheet)


def test_table_longer_than_anybody_prints_is_cut_and_says_so():
    sheet = sheets.Sheet("Long", "", tables=[
        sheets.Table("All", sheets.figures("No"), [["1"]] * (sheets.MOST_ROWS + 2))
    ])  # fmt: skip

    (found,) = sheets.printed(sheet, "Oakfield")["tables"]

    assert len(found["rows"]) == sheets.MOST_ROWS
    assert found["text"] == " 2 more are on the page."


# --- entitlements -------------------------------------------------------------------------------
def test_entitlements_equal_the_page_of_who_asks(school, cpd_leader):
    manager = StaffFactory(school=school)
    StaffFactory(school=school, last_name="Zebedee")
    StaffFactory(school=school, last_name="Adams", line_manager=manager)
    for number in range(12):
        EntitlementFactory(
            school=school, title=f"Refresher {number}", steps=[{"due": "every", "number": 12}],
            in_use=True, in_use__since=date(2025, 9, 1),
        )  # fmt: skip
    with school_scope(school):
        page = EntitledTable(cpd_leader, QueryDict(""), today=clock.today())
        count = len(page.rows)

    everyone = gathered(reports.ENTITLEMENTS, cpd_leader)
    theirs = gathered(reports.ENTITLEMENTS, manager)

    rows = everyone.tables[0].rows
    assert [row[0] for row in rows] == [row.person.name for row in page.rows]
    assert everyone.finding == page.sentence
    assert (len(rows), len(theirs.tables[0].rows)) == (count, 2)
    assert {cell["strong"] for row in rows for cell in row[2:]} == {"Overdue 0/1"}
    assert "Zebedee" not in str(theirs)
    assert everyone.is_landscape
    assert opens(everyone)


def test_entitlements_are_narrowed_as_on_the_page(school, cpd_leader):
    sheet = gathered(reports.ENTITLEMENTS, cpd_leader, "group=assistant")

    assert sheet.tables[0].rows == []
    assert sheet.tables[0].none == "Nobody matches what was chosen."
    assert opens(sheet)


# --- calendar -----------------------------------------------------------------------------------
@pytest.fixture
def terms(school):
    with school_scope(school):
        add_year(school, 2026)
        return list(HalfTerm.objects.order_by("starts_on"))


def on(school, day, people=5, **fields):
    activity = ActivityFactory(school=school, **{"state": "planned"} | fields)
    ParticipationFactory.create_batch(people, school=school, activity=activity)
    return SessionFactory(school=school, activity=activity, starts_at=at_four(day), place="Hall")


def titles(sheet):
    return {row[2] for one in sheet.tables for row in one.rows if isinstance(row[2], str)}


def test_wall_calendar_has_what_everybody_may_read_in_passing(school, cpd_leader, terms):
    today = clock.today()
    on(school, today, title="Talk")
    on(school, today, people=0, title="Open to all")
    on(school, today, people=2, title="Support for Ann")
    booked = on(school, today, people=2, title="First bookings")
    PlacesFactory(school=school, activity=booked.activity)
    on(school, today, title="Draft", state="draft")
    on(school, today, title="Own", is_own_learning=True)
    off = on(school, today, title="Cancelled").activity
    with school_scope(school):
        Activity.objects.filter(pk=off.pk).update(state="cancelled", cancelled_because="Snow")
    on(school, today + timedelta(days=90), title="In spring")

    sheet = gathered(reports.CALENDAR, cpd_leader)

    assert titles(sheet) == {"Talk", "Open to all", "First bookings"}
    assert sheet.title == "Our CPD, Autumn term 2026/27"
    assert sheet.finding == "3 sessions."
    assert ["Thu 26 November", "16:00–17:00", "Talk", "Hall"] in sheet.tables[1].rows
    assert opens(sheet)


def test_year_has_all_its_half_terms_with_inset_and_dates_kept_free(school, cpd_leader, terms):
    on(school, clock.today(), title="Talk")
    on(school, terms[2].starts_on, title="In spring")
    InsetDayFactory(school=school, day=terms[0].starts_on, theme="Phonics")
    BlockedDatesFactory(
        school=school, first_day=terms[3].starts_on, last_day=terms[3].starts_on, reason="SATs"
    )

    sheet = gathered(reports.CALENDAR, cpd_leader, "whole=1")

    assert len(sheet.tables) == 6
    assert titles(sheet) == {"Talk", "In spring", "Kept free: SATs"}
    assert sheet.tables[0].rows[0][2] == {"strong": "INSET: Phonics"}
    assert opens(sheet)


def test_calendar_is_narrowed_as_on_the_page(school, cpd_leader, terms, priority):
    on(school, clock.today(), title="Talk")
    served = on(school, clock.today(), title="Maths")
    ActivityPriorityFactory(school=school, activity=served.activity, priority=priority)

    sheet = gathered(reports.CALENDAR, cpd_leader, f"priority={priority.pk}")

    assert titles(sheet) == {"Maths"}
