"""The rows behind a figure as a workbook: the page's rows, formula-safe, nothing the page hides."""

import io

import pytest
from openpyxl import load_workbook

from cpdhub.models import LogEntry
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.evaluation.test_figures import priority, serve, year
from tests.factories import (
    ActivityNeedFactory,
    NeedFactory,
    ReflectionFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import url

__all__ = ["priority", "year"]


@pytest.fixture
def done(school, priority):
    """One with a team, named like a formula; one with others."""
    team = TeamFactory(school=school, name="Year 3")
    ours = StaffFactory(school=school, team=team, last_name="Ours")
    others = StaffFactory.create_batch(2, school=school)
    first = serve(priority, people=[ours], came=[ours], title="=1+1", cost=90, owner=ours)
    serve(priority, people=others, came=others[:1], title="Elsewhere", owner=ours)
    need = NeedFactory(school=school, staff=ours, title="@sum")
    ActivityNeedFactory(school=school, activity=first, need=need)
    ReflectionFactory(
        school=school, owner=ours, activity=first, audience="everyone", learned="Very private"
    )
    ReflectionFactory(school=school, owner=others[0], activity=first, audience="only_me")
    return team


def rows_of(response):
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    return [list(row) for row in load_workbook(io.BytesIO(response.content)).active.values]


def files(client, school, priority, team):
    found = {}
    for view in ("needs", "activities", "people", "reflections", "hours", "year"):
        arguments = [] if view in {"hours", "year"} else [priority.pk]
        path = f"{url(school, f'impact:{view}', *arguments)}?team={team.pk}"
        page = client.get(path).text
        assert f"?team={team.pk}&amp;format=xlsx" in page, view
        found[view] = rows_of(client.get(f"{path}&format=xlsx"))
    return found


def test_each_holds_what_its_page_shows_as_it_is_narrowed(sign_in, school, head, priority, done):
    found = files(sign_in(head), school, priority, done)

    assert found["activities"][1:] == [["'=1+1", "2026-11-12", "Under way", 1, 1, 90]]
    assert found["year"] == found["activities"]
    assert found["needs"][1:] == [["'@sum", "Priya Ours", "To decide"]]
    assert found["people"][1:] == [["Priya Ours", "Teacher", "Year 3", 1, "yes"]]
    assert found["reflections"][1:] == [["Priya Ours", "'=1+1", "2026-11-22"]]
    assert found["hours"][1:] == [["Priya Ours", "Teacher", "Year 3", 1, 0, 0, 0]]
    assert "private" not in str(found).lower()


def test_who_took_it_and_what_it_was_narrowed_to_is_written_down(
    sign_in, school, head, priority, done
):
    path = url(school, "impact:people", priority.pk)

    sign_in(head).get(f"{path}?team={done.pk}&format=xlsx")

    with school_scope(school):
        entry = LogEntry.objects.get(kind=LogEntry.Kind.EXPORTED)
    assert (entry.by_id, entry.what) == (head.pk, "impact people")
    assert entry.note == "1 rows. Team: Year 3."


def test_team_leader_takes_no_money_and_no_numbers_of_people(sign_in, school, priority, done):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    done.leader = leader
    with school_scope(school):
        done.save()
    client = sign_in(leader)

    path = url(school, "impact:activities", priority.pk)
    assert rows_of(client.get(f"{path}?format=xlsx"))[0] == ["Activity", "First session", "State"]
    people = url(school, "impact:people", priority.pk)
    assert client.get(f"{people}?format=xlsx").status_code == 403


def test_empty_page_offers_none(sign_in, school, head, priority):
    client = sign_in(head)
    for view in ("needs", "activities", "people", "reflections"):
        assert "format=xlsx" not in client.get(url(school, f"impact:{view}", priority.pk)).text


def test_reflection_for_everybody_does_not_name_a_private_activity(sign_in, school, head, priority):
    person = StaffFactory(school=school)
    coached = serve(
        priority, people=[person], came=[person], title="Support with behaviour", is_private=True
    )
    ReflectionFactory(school=school, owner=person, activity=coached, audience="everyone")
    path = url(school, "impact:reflections", priority.pk)
    client = sign_in(head)

    page, rows = client.get(path).text, rows_of(client.get(f"{path}?format=xlsx"))

    assert person.name in page
    assert rows[1][0] == person.name
    assert "Support with behaviour" not in page + str(rows)
