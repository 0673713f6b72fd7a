"""What somebody who has left can still fetch."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.test import Client

from cpdhub.models import LogEntry, Staff
from cpdhub.walls import school_scope
from tests.evaluation.test_record import attended
from tests.factories import PortfolioLinkFactory, StaffFactory
from tests.helpers import url

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def leave(staff, days_ago):
    with school_scope(staff.school):
        Staff.objects.filter(pk=staff.pk).update(ends_on=TODAY - timedelta(days=days_ago))


def test_a_leaver_fetches_the_record_from_the_first_page(sign_in, teacher, school):
    attended(teacher, title="Phonics day")
    leave(teacher, 3)
    client = sign_in(teacher)

    assert client.get(url(school, "record:mine")).status_code == 404
    assert "/left/" in client.get("/").text
    page = client.get("/left/").text
    assert "You left on 18 November 2026. Download until 17 December 2026" in page
    response = client.get(f"/left/{teacher.pk}/record.zip")

    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert b"Phonics day" in archive.read("record.json")
    with school_scope(school):
        assert LogEntry.objects.get(note="after leaving").by_id == teacher.pk


@pytest.mark.parametrize(("days_ago", "status"), [(0, 200), (29, 200), (30, 404), (-1, 404)])
def test_for_thirty_days(sign_in, teacher, days_ago, status):
    leave(teacher, days_ago)
    client = sign_in(teacher)

    assert client.get("/left/").status_code == status
    assert client.get(f"/left/{teacher.pk}/record.zip").status_code == status


def test_it_is_theirs_alone(sign_in, teacher, head, outsider):
    leave(teacher, 3)

    for person in (head, outsider):
        client = sign_in(person)
        assert client.get("/left/").status_code == 404
        assert client.get(f"/left/{teacher.pk}/record.zip").status_code == 404
        assert client.post(f"/left/{teacher.pk}/links/").status_code == 404
    assert Client().get("/left/").url.startswith("/accounts/login/")
    assert Client().get(f"/left/{teacher.pk}/record.zip").status_code == 302


def test_who_works_elsewhere_now_is_told_on_the_way(sign_in, teacher, other_school):
    StaffFactory(school=other_school, user=teacher.user)
    client = sign_in(teacher)
    assert "You left" not in client.get("/").text

    leave(teacher, 3)

    page = client.get("/").text
    assert "Riverside" in page
    assert "Fetch your record from there" in page


def test_a_leaver_ends_the_links_they_gave(sign_in, teacher, school):
    link = PortfolioLinkFactory(school=school, portfolio__owner=teacher)
    others = PortfolioLinkFactory(school=school)
    leave(teacher, 3)
    client = sign_in(teacher)
    assert "1 link to your portfolios still works" in client.get("/left/").text

    client.post(f"/left/{teacher.pk}/links/")

    with school_scope(school):
        link.refresh_from_db()
        others.refresh_from_db()
    assert link.ended_at
    assert others.ended_at is None
    assert "portfolios still" not in client.get("/left/").text
