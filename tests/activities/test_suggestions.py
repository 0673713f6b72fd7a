"""What would meet a need: three types for each group, with reasons and what they take."""

import json
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from activities.suggestions import OPTIONS, stage_of, suggest, usual
from audits.models import Need
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    FrameworkFactory,
    NeedFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
)
from tests.helpers import url

MENU = Path("cpdhub/data/frameworks/cpd-menu.json")


def codes(**asked):
    return [option.code for option in suggest(**asked)]


# --- the rule --------------------------------------------------------------------------------


@pytest.mark.parametrize("for_knowledge", [True, False])
def test_there_are_three_different_for_any_stage_number_and_horizon(for_knowledge):
    for stage, people, horizon in product((1, 2, 3), (0, 1, 2, 5, 13, 60, 200), Need.Horizon):
        found = codes(stage=stage, people=people, horizon=horizon, for_knowledge=for_knowledge)
        assert len(set(found)) == 3, (stage, people, horizon)


def test_every_type_is_on_the_shipped_menu():
    groups = json.loads(MENU.read_text())["items"]
    menu = {item["code"] for group in groups for item in group["items"]}

    assert {option.code for option in OPTIONS} <= menu


def test_one_person_is_not_sent_to_a_meeting_and_sixty_are_not_coached():
    assert "staff-meeting" not in codes(stage=1, people=1)
    assert "coaching" not in codes(stage=1, people=60)
    assert "coaching" in codes(stage=1, people=1)
    assert "training-day" in codes(stage=1, people=60)


def test_those_who_can_do_it_are_asked_to_help():
    assert codes(stage=3, people=2)[0] == "training-others"


def test_what_is_wanted_soon_is_short():
    assert "talking" in codes(stage=1, people=2, horizon="now")
    assert "talking" not in codes(stage=1, people=2, horizon="long")


@pytest.mark.parametrize(("level", "stage"), [(None, 1), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_four_levels_are_three_groups(level, stage):
    assert stage_of(level) == stage


def test_what_it_takes_is_the_middle_of_ones_own_once_there_are_three(school, inside):
    coaching = next(option for option in OPTIONS if option.code == "coaching")
    type_ = ActivityTypeFactory(school=school, code="coaching")
    for hours, cost in ((1, 0), (2, 100), (9, 5000)):
        assert usual([coaching])[coaching].from_own == 0
        held = ActivityFactory(school=school, type=type_, state="finished", cost=cost)
        start = clock.now() - timedelta(days=3)
        SessionFactory(
            school=school, activity=held, starts_at=start, ends_at=start + timedelta(hours=hours)
        )
        ActivityFactory(school=school, type=type_, state="planned", cost=7)

    found = usual([coaching])[coaching]
    assert (found.hours, found.cost, found.from_own) == (2, 100, 3)


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def topic(school):
    return TopicFactory(school=school, title="Open questions")


@pytest.fixture
def menu(school, inside):
    framework = FrameworkFactory(school=school, kind="menu")
    for position, code in enumerate(sorted({option.code for option in OPTIONS})):
        ActivityTypeFactory(
            school=school, framework=framework, code=code, title=code, position=position
        )


def test_page_splits_by_level_and_each_suggestion_is_planned_with_its_people(
    sign_in, cpd_leader, school, topic, menu
):
    for level in (None, 1, 2, 4):
        NeedFactory(school=school, topic=topic, level_now=level)
    client = sign_in(cpd_leader)

    response = client.get(url(school, "activities:suggest") + f"?topic={topic.pk}")

    groups = response.context["groups"]
    assert [(group["name"], group["people"]) for group in groups] == [
        ("Not yet", 2), ("A little", 1), ("Fairly or very", 1)
    ]  # fmt: skip
    assert all(len(group["lines"]) == 3 for group in groups)
    first = groups[0]["lines"][0]
    assert first["takes"].endswith("a plain guess")
    page = client.get(first["url"]).context["form"]
    assert len(page.activity.initial["needs"]) == 2
    assert page.activity.initial["type"]
    assert len(page.people.initial["people"]) == 2


def test_page_counts_the_members_of_a_team_and_everybody_for_the_school(
    sign_in, cpd_leader, school, topic, menu
):
    team = TeamFactory(school=school)
    StaffFactory.create_batch(3, school=school, team=team)
    NeedFactory(school=school, topic=topic, whom="team", team=team, level_now=1)
    NeedFactory(school=school, topic=topic, whom="school", level_now=2)

    response = sign_in(cpd_leader).get(url(school, "activities:suggest") + f"?topic={topic.pk}")

    assert [group["people"] for group in response.context["groups"]] == [3, 4]


def test_page_asks_for_knowledge_instead(sign_in, cpd_leader, school, topic, menu):
    NeedFactory(school=school, topic=topic, level_now=1)
    page = url(school, "activities:suggest") + f"?topic={topic.pk}"

    def codes(address):
        lines = sign_in(cpd_leader).get(address).context["groups"][0]["lines"]
        return {line["title"] for line in lines}

    assert "reading" in codes(f"{page}&about=knowledge")
    assert "reading" not in codes(page)


def test_topic_of_private_needs_only_is_like_a_missing_one(sign_in, cpd_leader, school, topic):
    NeedFactory(school=school, topic=topic, is_shared=False, title="Nobody knows")
    client = sign_in(cpd_leader)

    page = client.get(url(school, "activities:suggest") + f"?topic={topic.pk}")

    assert page.status_code == 404
    assert "No topic has an open need" in client.get(url(school, "activities:suggest")).text


def test_page_of_a_topic_whose_needs_are_met_says_so(sign_in, cpd_leader, school, topic):
    need = NeedFactory(school=school, topic=topic)
    with school_scope(school):
        need.say_met(today=need.identified_on)

    page = sign_in(cpd_leader).get(url(school, "activities:suggest") + f"?topic={topic.pk}")

    assert "Nobody has an open need here" in page.text


def test_team_leader_sees_their_peoples_needs_only(sign_in, school, topic, menu):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    NeedFactory(school=school, topic=topic, staff__last_name="Elsewhere")

    page = sign_in(leader).get(url(school, "activities:suggest") + f"?topic={topic.pk}")

    assert "Elsewhere" not in page.text


def test_page_of_another_schools_topic_answers_like_a_missing_one(sign_in, cpd_leader, school):
    theirs = TopicFactory(school=SchoolFactory())

    page = sign_in(cpd_leader).get(url(school, "activities:suggest") + f"?topic={theirs.pk}")

    assert page.status_code == 404


def test_page_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, topic, menu, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    for rows in (1, 3):
        for level in (1, 2, 3):
            NeedFactory.create_batch(rows, school=school, topic=topic, level_now=level)
        with django_assert_num_queries(18):
            client.get(url(school, "activities:suggest") + f"?topic={topic.pk}")
        with django_assert_num_queries(13):
            client.get(url(school, "activities:suggest"))
