"""The directory of colleagues: who is shown to whom, and the file of it."""

import csv
import io
from datetime import date, timedelta

import pytest

from cpdhub import clock
from cpdhub.models import LogEntry, Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import StaffFactory, TeamFactory
from tests.helpers import url


@pytest.fixture
def list_url(school):
    return url(school, "staff:list")


def names(response):
    return [row.name for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_our_school_only_in_constant_queries(
    sign_in, head, outsider, list_url, count, django_assert_num_queries
):
    team = TeamFactory(school=head.school)
    StaffFactory.create_batch(count, school=head.school, team=team)
    client = sign_in(head)

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(list_url)

    assert len(response.context["rows"]) == count + 1
    assert "Outsider" not in response.text


def test_summary_counts_people_and_who_is_not_invited(sign_in, head, list_url):
    StaffFactory(school=head.school, user=None)
    StaffFactory(school=head.school, user=None, invited_at=clock.now())
    StaffFactory(school=head.school, user=None, ends_on=clock.today())

    response = sign_in(head).get(list_url)

    assert response.context["summary"] == "3 people, 1 not yet invited."


def test_colleague_sees_four_facts_and_no_more(sign_in, teacher, list_url):
    StaffFactory(
        school=teacher.school, last_name="Okafor", staff_code="SECRETCODE", roles=[Role.CPD_LEADER],
        starts_on=date(2019, 9, 1), user=None, job_title="Cook", email="o@school.example",
        team=TeamFactory(school=teacher.school, name="Kitchen"),
    )  # fmt: skip

    text = sign_in(teacher).get(list_url + "?q=okafor&sort=start&role=cpd_leader").text

    for shown in ("Okafor", "Cook", "Kitchen", "o@school.example"):
        assert shown in text
    for hidden in ("SECRETCODE", "CPD leader", "2019", "Not invited", "not yet invited", "CSV"):
        assert hidden not in text


def test_colleague_cannot_find_people_by_code_or_see_leavers(sign_in, teacher, list_url):
    StaffFactory(school=teacher.school, last_name="Coded", staff_code="XY7")
    StaffFactory(school=teacher.school, last_name="Gone", ends_on=clock.today())
    client = sign_in(teacher)

    assert names(client.get(list_url + "?q=XY7")) == []
    assert names(client.get(list_url + "?q=gone&who=left")) == []


@pytest.mark.parametrize("words", ["Sian", "SIÂN", "jones siân", "s.jones@", "c-19"])
def test_search_finds_by_name_email_and_code_without_accents(sign_in, head, list_url, words):
    StaffFactory(
        school=head.school, first_name="Siân", last_name="Jones", email="s.jones@school.example",
        staff_code="C-19",
    )  # fmt: skip
    StaffFactory(school=head.school, first_name="Sam", last_name="Other")

    response = sign_in(head).get(list_url, {"q": words})

    assert names(response) == ["Siân Jones"]


def test_filters_narrow_by_team_group_role_and_standing(sign_in, head, list_url):
    school = head.school
    maths = TeamFactory(school=school, name="Maths")
    StaffFactory(school=school, last_name="A", team=maths, group=Staff.Group.ASSISTANT)
    StaffFactory(school=school, last_name="B", roles=[Role.GOVERNOR], group="")
    StaffFactory(school=school, last_name="C", user=None)
    StaffFactory(school=school, last_name="D", user=None, invited_at=clock.now())
    StaffFactory(school=school, last_name="E", ends_on=clock.today() - timedelta(days=3))
    client = sign_in(head)

    def found(**query):
        return names(client.get(list_url, query))

    assert found(team=maths.pk) == ["Priya A"]
    assert found(group="assistant") == ["Priya A"]
    assert found(group="none") == ["Priya B"]
    assert found(role="governor") == ["Priya B"]
    assert found(who="not_invited") == ["Priya C"]
    assert found(who="invited") == ["Priya D"]
    assert found(who="left") == ["Priya E"]
    assert len(found(who="all")) == 6


def test_filter_by_another_schools_team_is_left_aside(sign_in, head, other_school, list_url):
    theirs = TeamFactory(school=other_school, name="Theirs")
    StaffFactory(school=other_school, team=theirs)

    response = sign_in(head).get(list_url, {"team": theirs.pk, "who": "nonsense", "page": "x"})

    assert names(response) == ["Helen Head"]
    assert "Theirs" not in response.text


def test_list_sorts_both_ways_and_pages(sign_in, head, list_url):
    for number in range(51):
        StaffFactory(school=head.school, last_name=f"Z{number:02}", job_title=f"Job {number:02}")
    client = sign_in(head)

    first = client.get(list_url, {"sort": "-job"})
    second = client.get(list_url, {"page": 2})

    assert len(first.context["rows"]) == 50
    assert names(first)[1] == "Priya Z50"
    assert names(second) == ["Priya Z49", "Priya Z50"]


def test_nobody_found_says_so_and_offers_everybody(sign_in, head, list_url):
    text = sign_in(head).get(list_url, {"q": "nobody like this"}).text

    assert "Nobody found" in text
    assert "Show everybody" in text


def test_htmx_gets_the_rows_only(sign_in, head, list_url):
    response = sign_in(head).get(list_url, headers={"HX-Request": "true"})

    assert "<html" not in response.text
    assert "Helen Head" in response.text
    assert response["Vary"] == "HX-Request, Cookie"


def test_export_holds_what_is_filtered_and_is_written_down(sign_in, head, outsider, school):
    StaffFactory(school=school, last_name="=cmd|calc", first_name="Eve", job_title="Teacher")
    StaffFactory(school=school, last_name="Left", ends_on=clock.today())

    response = sign_in(head).get(url(school, "staff:export"), {"q": "eve"})

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:2] for row in rows] == [["First name", "Last name"], ["Eve", "'=cmd|calc"]]
    with school_scope(school):
        entry = LogEntry.objects.get()
    assert (entry.kind, entry.by_id, entry.what, entry.note) == (
        "exported", head.pk, "staff", "1 rows",
    )  # fmt: skip


# session, user, post with school, settings and savepoints of the frame, then ours
LIST_QUERIES = 17
