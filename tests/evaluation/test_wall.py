"""What colleagues show of their own accord, and what the school invested in one person."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from cpdhub import pdf, sheets
from cpdhub.models import Job, Staff
from cpdhub.walls import school_scope
from evaluation.invested import INVESTED
from tests.evaluation.test_record import attended
from tests.factories import (
    AcademicYearFactory,
    CertificateFactory,
    EntitlementStepFactory,
    ReceivedFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def wall(client, school):
    return client.get(url(school, "staffroom:wall")).text


def test_only_what_its_owner_shows_is_on_the_wall(sign_in, teacher, head, school):
    mine = CertificateFactory(school=school, owner=teacher, title="Phonics day")
    path = url(school, "recognition:show", mine.uuid)
    assert "Phonics day" not in wall(sign_in(head), school)

    sign_in(teacher).post(path)
    assert "Phonics day" in wall(sign_in(head), school)

    sign_in(teacher).post(path, {"hide": "1"})
    assert "Phonics day" not in wall(sign_in(head), school)


def test_nobody_shows_a_colleagues(sign_in, teacher, head, cpd_leader, school):
    mine = CertificateFactory(school=school, owner=teacher)

    for person in (head, cpd_leader):
        path = url(school, "recognition:show", mine.uuid)
        assert sign_in(person).post(path).status_code == 404


def test_withdrawn_and_left_come_off_the_wall(sign_in, teacher, head, school):
    now = "2026-11-20T09:00:00+00:00"
    CertificateFactory(
        school=school, owner=teacher, title="Withdrawn one", shown_at=now, withdrawn_at=now,
        withdrawn_because="A mistake",
    )  # fmt: skip
    left = StaffFactory(school=school)
    CertificateFactory(school=school, owner=left, title="Of a leaver", shown_at=now)
    CertificateFactory(school=school, owner=teacher, title="Still here", shown_at=now)
    with school_scope(school):
        Staff.objects.filter(pk=left.pk).update(ends_on=date(2026, 11, 1))

    text = wall(sign_in(head), school)

    assert "Still here" in text
    assert "Withdrawn one" not in text
    assert "Of a leaver" not in text


def test_an_empty_wall_says_how_it_fills(sign_in, teacher, school):
    assert "Nothing on the wall yet" in wall(sign_in(teacher), school)


@pytest.mark.parametrize("count", [1, 3])
def test_wall_costs_the_same_for_one_and_three(
    sign_in, teacher, school, count, django_assert_num_queries
):
    CertificateFactory.create_batch(
        count, school=school, owner=teacher, shown_at="2026-11-20T09:00:00+00:00"
    )
    client = sign_in(teacher)

    with django_assert_num_queries(15):
        assert wall(client, school).count("Phonics day") == count


# --- what we invested in you --------------------------------------------------------------------
def gathered(by, query=""):
    with school_scope(by.school_id):
        return INVESTED.gather(by, QueryDict(query))


@pytest.fixture
def years(school):
    return [AcademicYearFactory(school=school, starts_on=date(year, 9, 1)) for year in (2025, 2026)]


def test_it_says_hours_money_and_what_was_received(teacher, school, years):
    attended(teacher, date(2026, 11, 2), 2.5, title="Phonics day", cost=Decimal(120))
    attended(
        teacher, date(2026, 10, 2), 1, title="A book", owner=teacher, is_own_learning=True,
        was_logged=True, state="finished",
    )  # fmt: skip
    attended(teacher, date(2025, 11, 3), 4, title="Last year", cost=Decimal(80))
    attended(StaffFactory(school=school), date(2026, 11, 2), title="A colleague's")
    step = EntitlementStepFactory(school=school, title="Meet your mentor")
    ReceivedFactory(school=school, staff=teacher, step=step, on=date(2026, 9, 10))

    sheet = gathered(teacher)

    assert sheet.finding.startswith("2.5 hours of learning, and £120 of the school’s money.")
    assert [table.rows for table in sheet.tables] == [
        [["Phonics day", "2 November 2026", "2.5", "£120"]],
        [["A book", "2 October 2026", "1"]],
        [["Meet your mentor", "10 September 2026"]],
    ]
    assert gathered(teacher, "year=2025/26").finding.startswith("4 hours of learning, and £80")
    assert pdf.render("tables", sheets.printed(sheet, "Oakfield")).startswith(b"%PDF-")


def test_it_is_asked_for_on_ones_own_record(sign_in, teacher, school, years):
    attended(teacher, date(2026, 11, 2), title="Phonics day")
    client = sign_in(teacher)
    path = url(school, "recognition:invested")
    assert path in client.get(url(school, "record:mine")).text

    client.post(path, {"query": ""})

    with school_scope(school):
        assert Job.objects.get().requested_by_id == teacher.pk


def test_a_year_with_nothing_says_so(teacher, school, years):
    sheet = gathered(teacher)

    assert [table.rows for table in sheet.tables] == [[], [], []]
    assert sheet.finding.startswith("0 hours of learning, and £0")
