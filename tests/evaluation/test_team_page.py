"""A team leader's dashboard: their team's figures, and nobody singled out by the school's."""

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from html import unescape
from itertools import product
from types import SimpleNamespace

import pytest

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from cpdhub.years import add_year, first_year_of
from evaluation import dashboard
from evaluation.figures import Chain
from evaluation.part import Part
from tests.evaluation.test_figures import serve
from tests.factories import (
    ActivityFormFactory,
    ActivityNeedFactory,
    ImpactReviewFactory,
    NeedFactory,
    PlanFactory,
    PriorityFactory,
    ReflectionFactory,
    StaffFactory,
    TeamFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def on_a_november_day(at):
    at("2026-11-22 12:00")


@pytest.fixture
def plan(school):
    with school_scope(school):
        year = add_year(school, first_year_of(clock.today()))
    return PlanFactory(school=school, year=year)


@pytest.fixture
def priority(school, plan):
    return PriorityFactory(school=school, plan=plan, live=True, title="Talk")


@pytest.fixture
def leader(school):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    team = TeamFactory(school=school, name="Lower KS2", leader=leader)
    leader.team = team
    with school_scope(school):
        leader.save()
    return leader


@pytest.fixture
def crew(school, leader):
    """Ten of the team beside who leads it, and eight others."""
    return (
        StaffFactory.create_batch(10, school=school, team=leader.team),
        StaffFactory.create_batch(8, school=school),
    )


def page_of(client, school, query=""):
    return client.get(url(school, "impact:team") + query)


def figures_on(response):
    (row,) = response.context["rows"]
    return [(link.figure, link.note) for link in row.links]


def test_leader_sees_the_figures_of_their_team_and_no_money(
    sign_in, school, leader, priority, crew
):
    ours, others = crew
    activity = serve(priority, people=ours + others, came=ours[:5] + others, cost=700, owner=leader)
    for person in ours[:5]:
        ReflectionFactory(school=school, owner=person, activity=activity, audience="everyone")
    serve(priority, people=others, came=others, owner=leader, title="Elsewhere")
    ImpactReviewFactory(school=school, activity=activity, closed=True, by=leader)
    client = sign_in(leader)

    page = page_of(client, school)

    assert figures_on(page)[1:4] == [
        ("1", "0 finished, 5 hours"),
        ("5 of 10", "5 not reached"),
        ("5", "of 5 who took part"),
    ]
    assert "£" not in page.text
    assert "none yet" not in page.text.lower()
    assert [(group.people, group.each) for group in page.context["groups"]] == [("11", "0.5")]
    for person in (*ours, *others):
        assert person.last_name not in page.text


def test_each_link_of_it_opens_and_shows_their_team_only(sign_in, school, leader, priority, crew):
    ours, others = crew
    activity = serve(priority, people=ours, came=ours, title="With us", owner=leader, cost=70)
    serve(priority, people=others, came=others, title="Elsewhere", owner=leader)
    for person, title in ((ours[0], "Ask open questions"), (others[0], "Theirs alone")):
        need = NeedFactory(school=school, staff=person, title=title)
        ActivityNeedFactory(school=school, activity=activity, need=need)
    client = sign_in(leader)

    page = page_of(client, school)
    links = {unescape(link) for link in re.findall(r'href="(/s/[^"#]+)"', page.text)}
    rows = [link for link in links if "/impact/priorities/" in link or "/impact/year/" in link]

    assert figures_on(page)[0][0] == "1"
    assert len(rows) >= 3
    for link in links:
        assert client.get(link).status_code in {200, 302}, link
    for link in rows:
        text = client.get(link).text
        assert "Elsewhere" not in text, link
        assert "Theirs alone" not in text, link
        assert "£" not in text, link
        assert "People came" not in text, link
        assert "/impact/team/?year=2026/27&amp;team=" in text, link


def test_what_stays_between_those_who_take_part_is_in_none_of_it(
    sign_in, school, leader, priority, crew
):
    ours, _ = crew
    client = sign_in(leader)
    before = page_of(client, school)

    private = serve(
        priority, people=ours, came=ours, title="Coached", is_private=True, owner=ours[0]
    )
    ImpactReviewFactory(school=school, activity=private, closed=True, by=ours[0])
    after = page_of(client, school)

    assert figures_on(before) == figures_on(after)
    assert before.context["totals"] == after.context["totals"]
    rows = client.get(url(school, "impact:activities", priority.pk))
    assert "Coached" not in rows.text


def test_no_other_team_is_theirs_to_ask_for(sign_in, school, leader, priority, crew):
    other = TeamFactory(school=school, name="Upper KS2", leader=crew[1][0])
    client = sign_in(leader)

    assert "Upper KS2" not in page_of(client, school).text
    for view in ("team", "year"):
        assert client.get(url(school, f"impact:{view}") + f"?team={other.pk}").status_code == 404
    for view in ("needs", "activities"):
        path = url(school, f"impact:{view}", priority.pk)
        assert client.get(f"{path}?team={other.pk}").status_code == 404
    for path in ("people", "reflections"):
        assert client.get(url(school, f"impact:{path}", priority.pk)).status_code == 403
    assert client.get(url(school, "impact:hours")).status_code == 403


def test_of_two_teams_one_leads_one_is_chosen(sign_in, school, leader, priority, crew):
    second = TeamFactory(school=school, name="Writing group", leader=leader)
    client = sign_in(leader)

    assert page_of(client, school).context["narrowing"].team == "Lower KS2"
    page = page_of(client, school, f"?team={second.pk}")
    assert page.context["narrowing"].team == "Writing group"
    assert '<option value="">All</option>' not in page.text.split("only-team")[1].split("</div>")[0]


def test_with_one_form_chosen_people_are_not_counted(sign_in, school, leader, priority, crew):
    form = ActivityFormFactory(school=school)
    ours, others = crew
    serve(priority, people=ours + others, came=ours + others, form=form, owner=leader)

    page = page_of(sign_in(leader), school, f"?form={form.pk}")

    assert figures_on(page)[1:4] == [
        ("1", "0 finished"),
        ("not shown", "small numbers are not shown"),
        ("not shown", "small numbers are not shown"),
    ]


def test_hours_are_hidden_where_few_of_a_staff_group_are_elsewhere(
    sign_in, school, leader, priority, crew
):
    ours, others = crew
    serve(priority, people=ours, came=ours, owner=leader)
    client = sign_in(leader)
    assert page_of(client, school).context["groups"]

    with school_scope(school):
        Staff.objects.filter(pk__in=[person.pk for person in others[4:]]).update(group="support")
    page = page_of(client, school)

    assert page.context["groups"] == []
    assert "would single people out" in page.text
    assert "hours of direct CPD" not in page.text


def test_who_leads_no_team_is_told_where_that_is_said(sign_in, school, plan):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])

    assert "You lead no team yet" in page_of(sign_in(leader), school).text


def test_navigation_leads_there_and_the_head_elsewhere(sign_in, school, leader, head, plan):
    client = sign_in(leader)
    assert (
        f'href="{url(school, "impact:team")}" aria-current="page"' in page_of(client, school).text
    )

    client = sign_in(head)
    assert page_of(client, school).url == url(school, "impact:dashboard")
    assert url(school, "impact:team") not in client.get(url(school, "impact:dashboard")).text


@pytest.mark.parametrize("size", [1, 3])
def test_costs_the_same_for_one_and_three_priorities(
    sign_in, school, plan, leader, crew, size, django_assert_num_queries
):
    for _ in range(size):
        serve(PriorityFactory(school=school, plan=plan, live=True), people=crew[0], owner=leader)
    client = sign_in(leader)

    with django_assert_num_queries(25):
        response = page_of(client, school)

    assert len(response.context["rows"]) == size


# --- read by somebody who takes numbers away from each other -------------------------------------
UP_TO = 9


def chain(*, meant, reached, shared, first=0, **more):
    """So many put down, of whom some came, of whom some shared something."""
    people = range(first, first + meant)
    return Chain(
        SimpleNamespace(pk=1, criteria=SimpleNamespace(all=list)),
        finished=1,
        cost=Decimal(240),
        time=timedelta(hours=2) * reached,
        put_down=set(people),
        reached=dict.fromkeys(people[:reached], "teacher"),
        sharers=set(people[:shared]),
        **more,
    )


def joined(one, other):
    return Chain(
        one.priority,
        finished=1,
        cost=one.cost,
        time=one.time + other.time,
        put_down=one.put_down | other.put_down,
        reached=one.reached | other.reached,
        sharers=one.sharers | other.sharers,
    )


def said(found):
    links = dashboard.links_of(found, for_governors=True)[1:4]
    return tuple((link.figure, link.note) for link in links)


def test_no_small_number_follows_from_a_teams_page_and_the_governors():
    """Neither of the team, nor of those who are not in it."""
    sizes = [
        (meant, reached, shared)
        for meant, reached, shared in product(range(UP_TO), repeat=3)
        if shared <= reached <= meant
    ]
    behind = defaultdict(list)
    for ours, theirs in product(sizes, repeat=2):
        one, other = (
            chain(meant=meant, reached=reached, shared=shared, first=first)
            for first, (meant, reached, shared) in ((0, ours), (100, theirs))
        )
        whole = joined(one, other)
        one.part, one.whole = Part(team=1), whole
        told = said(one), said(whole)
        # "0" of nobody put down is no secret, and no small number.
        behind[told].append((*ways(*ours), *ways(*theirs)))

    given_away = [
        (told, numbers)
        for told, numbers in behind.items()
        for column in zip(*numbers, strict=True)
        if len(set(column)) == 1 and 0 < column[0] < dashboard.SMALL
    ]

    assert given_away == []


def ways(meant, reached, shared):
    return meant, reached, meant - reached, shared, reached - shared
