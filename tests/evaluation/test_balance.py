"""Whose needs CPD serves: tables against rows counted by hand, and the rows behind them."""

import csv
import io
from datetime import timedelta

import pytest

from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation import balance, school_year
from tests.evaluation.test_figures import priority, serve, year
from tests.evaluation.test_needs import answered_by
from tests.factories import (
    ActivityFormFactory,
    ActivityNeedFactory,
    FrameworkFactory,
    FrameworkItemFactory,
    NeedFactory,
    ProviderFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import url

__all__ = ["priority", "year"]


@pytest.fixture
def maths(school):
    framework = FrameworkFactory(school=school, kind="subject")
    return FrameworkItemFactory(school=school, framework=framework, title="Maths")


def found_in(school, year):
    with school_scope(school):
        return balance.balance(school_year.so_far(year, today=clock.today()))


def lines(found, kind):
    return {line.name: line for line in found.tables[kind]}


def test_hours_and_needs_are_counted_by_kind(school, year, priority, maths):
    ann, bob = StaffFactory.create_batch(2, school=school)
    both = serve(priority, people=[ann, bob], came=[ann, bob], hours=2)
    answered_by(both, balance="team", status="being_met", subject=maths)
    answered_by(both, balance="team", status="met", met_on=clock.today())
    answered_by(both, balance="national", horizon="long", status="being_met")
    serve(priority, people=[ann], came=[ann], hours=1)
    NeedFactory(school=school, balance="individual")
    NeedFactory(school=school, balance="individual", is_shared=False)
    NeedFactory(school=school, status="met", met_on=clock.today() - timedelta(days=400))

    found = found_in(school, year)

    assert (found.time, found.answering, found.share) == (
        timedelta(hours=5), timedelta(hours=4), 80
    )  # fmt: skip
    whose = lines(found, "balance")
    assert {name: (line.needs.parts, line.time.total_seconds() / 3600, line.share)
            for name, line in whose.items()} == {
        "Individual": ((0, 0, 1), 0, 0),
        "Team": ((1, 1, 0), 4, 80),
        "School": ((0, 0, 0), 0, 0),
        "National": ((0, 1, 0), 4, 80),
        "Answers no need anybody wrote down": ((0, 0, 0), 1, 20),
    }  # fmt: skip
    subjects = lines(found, "subject")
    assert subjects["Maths"].needs.total == 1
    assert subjects["Maths"].time == subjects["No subject"].time == timedelta(hours=4)
    assert lines(found, "horizon")["Longer: a change of practice"].needs.total == 1


def test_private_needs_move_no_hours(school, year, priority):
    ann = StaffFactory(school=school)
    activity = serve(priority, people=[ann], came=[ann])
    ActivityNeedFactory(
        school=school, activity=activity, need=NeedFactory(school=school, is_shared=False)
    )

    assert found_in(school, year).answering == timedelta(0)


def test_groups_left_out_come_first_with_the_reason(school, year, priority):
    team = TeamFactory(school=school, name="Kitchen")
    busy = StaffFactory.create_batch(3, school=school, career_stage="main")
    idle = StaffFactory.create_batch(2, school=school, team=team, career_stage="early")
    activity = serve(priority, people=busy, came=busy, hours=4)
    answered_by(activity, staff=busy[0], status="met", met_on=clock.today())
    NeedFactory(school=school, staff=idle[0])

    with school_scope(school):
        period = school_year.so_far(year, today=clock.today())
        people = balance.people(period, today=clock.today())
        kitchen, rest = balance.groups(people, "team")

    assert (kitchen.name, kitchen.left_out) == (
        "Kitchen", ["less than half the hours of all", "none met here, though others have some"]
    )  # fmt: skip
    assert (rest.shared, rest.waiting, rest.left_out) == (1, 0, [])


def test_every_figure_of_the_page_opens_its_rows(sign_in, head, school, year, priority, maths):
    people = StaffFactory.create_batch(2, school=school)
    activity = serve(priority, people=people, came=people)
    for fields in ({"subject": maths}, {"balance": "team"}):
        answered_by(activity, staff=people[0], status="being_met", **fields)
    client = sign_in(head)

    page = client.get(url(school, "impact:balance"))

    for _, table in page.context["tables"]:
        for line in table:
            query = f"?kind={line.kind}&key={line.key}"
            held = client.get(url(school, "impact:balance_activities") + query)
            assert len(held.context["page"]) == (1 if line.time else 0), line.name
            if line.key != balance.NOTHING:
                rows = client.get(url(school, "impact:balance_needs") + query)
                assert len(rows.context["page"]) == line.needs.total, line.name
    for _, rows in page.context["groups"]:
        for group in rows:
            query = f"?kind={group.kind}&key={group.key}"
            named = client.get(url(school, "impact:balance_people") + query)
            assert len(named.context["page"]) == len(group.people)
            waiting = client.get(url(school, "impact:balance_people") + query + "&none=1")
            assert len(waiting.context["page"]) == group.waiting


@pytest.mark.parametrize(
    ("view", "query"),
    [
        ("balance_needs", "?kind=x"), ("balance_needs", "?kind=balance&key=x"),
        ("balance_needs", "?kind=subject&key=x"), ("balance_needs", "?kind=balance&key=none"),
        ("balance_needs", "?kind=subject&key=99999999999999999999"),
        ("balance_people", "?kind=x"),
        ("balance", "?year=1066/67"),
    ],
)  # fmt: skip
def test_odd_questions_answer_like_a_missing_page(sign_in, head, school, year, view, query):
    assert sign_in(head).get(url(school, f"impact:{view}") + query).status_code == 404


def test_file_holds_nothing_that_fewer_than_five_people_said(sign_in, head, school, year):
    small, large = (TeamFactory(school=school, name=name) for name in ("Small", "Large"))
    for team, people, sharing in ((small, 3, 3), (large, 12, 6)):
        for number in range(people):
            person = StaffFactory(school=school, team=team)
            if number < sharing:
                NeedFactory(school=school, staff=person)

    text = sign_in(head).get(url(school, "impact:balance") + "?format=csv").content.decode()

    rows = {row[1]: row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))}
    assert rows["Small"][7:] == ["3", "0", "not shown", "not shown", ""]
    assert rows["Large"][7:] == ["12", "0", "6", "6", ""]


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, head, school, year, priority, size, django_assert_num_queries
):
    for _ in range(size):
        person = StaffFactory(school=school, team=TeamFactory(school=school))
        activity = serve(priority, people=[person], came=[person])
        answered_by(activity, staff=person, status="being_met")
    client = sign_in(head)

    for view, queries in (
        ("balance", 21), ("balance_needs", 16), ("balance_activities", 17), ("balance_people", 17)
    ):  # fmt: skip
        query = "?kind=balance&key=school" if view != "balance_people" else ""
        with django_assert_num_queries(queries):
            client.get(url(school, f"impact:{view}") + query)


def test_page_without_needs_says_that_no_hours_answer_one(sign_in, head, school, year):
    text = sign_in(head).get(url(school, "impact:balance")).text

    assert "0 % of 0 hours went to activities that answer a need" in text


def test_hours_with_somebody_from_outside_open_the_activities_behind_them(
    sign_in, head, school, year, priority
):
    ann, bob = StaffFactory.create_batch(2, school=school)
    here = serve(priority, people=[ann, bob], came=[ann, bob], hours=2)
    led = serve(priority, people=[ann], came=[ann], hours=1, led_by="A speaker")
    bought = serve(
        priority, people=[ann], came=[ann], hours=1, provider=ProviderFactory(school=school)
    )
    crossing = serve(
        priority, people=[bob], came=[bob], hours=2,
        form=ActivityFormFactory(school=school, groups=["across-schools"]),
    )  # fmt: skip

    found = found_in(school, year)

    assert {line.key: (line.time.total_seconds() / 3600, line.share) for line in found.outward} == {
        "outside": (4, 50), "here": (4, 50),
    }  # fmt: skip
    client = sign_in(head)
    address = url(school, "impact:balance_activities") + "?kind=outward&key="
    behind = {key: {row.pk for row in client.get(address + key).context["page"]}
              for key in ("outside", "here")}  # fmt: skip
    assert behind == {"outside": {led.pk, bought.pk, crossing.pk}, "here": {here.pk}}
    assert client.get(address + "elsewhere").status_code == 404
    assert (
        client.get(url(school, "impact:balance_needs") + "?kind=outward&key=here").status_code
        == 404
    )
    assert "50 % of 8 hours" in client.get(url(school, "impact:balance")).text


def test_nothing_held_looks_nowhere(sign_in, head, school, year):
    assert "0 % of 0 hours" in sign_in(head).get(url(school, "impact:balance")).text
