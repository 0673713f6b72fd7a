"""An innovation is described by a map, teams are placed on it, and take next steps."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation import innovations as maps
from evaluation.models import Innovation, NextStep, Placement, Variation
from tests.factories import (
    ComponentFactory,
    InnovationFactory,
    NextStepFactory,
    PlacementFactory,
    TeamFactory,
    VariationFactory,
)
from tests.helpers import url

PART = {"part_0": "Questions", "ideal_0": "Most ask why", "developing_0": "They ask for facts"}
SENT = {"title": "Explaining", "goal": "Reasons in full sentences", **PART}


@pytest.fixture
def client_of_leader(sign_in, cpd_leader):
    return sign_in(cpd_leader)


@pytest.fixture
def innovation(school):
    found = InnovationFactory(school=school, title="Explaining")
    with school_scope(school):
        maps.write_map(found, maps.EXAMPLE_PARTS)
    return found


def components(innovation):
    with school_scope(innovation.school):
        return maps.components_of(innovation)


def test_described_from_an_empty_page(client_of_leader, school):
    answer = client_of_leader.post(url(school, "innovations:new"), SENT, follow=True)

    for words in ("Explaining", "Questions", "Most ask why", "They ask for facts"):
        assert words in answer.text
    with school_scope(school):
        assert Variation.objects.count() == 2


def test_worked_example_is_there_to_begin_with(client_of_leader, school):
    page = client_of_leader.get(url(school, "innovations:new") + "?example=1")

    assert "Questions teachers ask" in page.text
    with school_scope(school):
        assert not Innovation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"ideal_0": ""}, "ideal_0", "What does it look like at its best?"),
        ({"part_0": ""}, "part_0", "What is this part called?"),
        (dict.fromkeys(PART, ""), "part_0", "Describe one part at least."),
        ({"goal": ""}, "goal", "This field is required."),
    ],
)
def test_what_is_missing_is_said_beside_it(client_of_leader, school, fields, field, words):
    answer = client_of_leader.post(url(school, "innovations:new"), SENT | fields)

    assert answer.context["form"].errors[field] == [words]
    with school_scope(school):
        assert not Innovation.objects.exists()


def test_part_on_which_a_team_was_placed_stays(client_of_leader, school, innovation):
    first, second, third = components(innovation)
    PlacementFactory(school=school, component=first)
    sent = {"title": "Explaining", "goal": "Reasons", "revision": "1"}

    gone = client_of_leader.post(url(school, "innovations:change", innovation.pk), sent | {
        "part_0": third.title, "ideal_0": "Looked at together",
    })  # fmt: skip
    assert "Teams were placed on" in gone.context["form"].non_field_errors()[0]

    kept = client_of_leader.post(url(school, "innovations:change", innovation.pk), sent | {
        "part_0": first.title, "ideal_0": "New words",
    })  # fmt: skip
    assert kept.status_code == 302
    [left] = components(innovation)
    assert (left.pk, [str(row) for row in left.shown]) == (first.pk, ["New words"])


def test_teams_are_placed_and_the_newest_counts(client_of_leader, school, innovation):
    first, second, _ = components(innovation)
    team = TeamFactory(school=school, name="Lower KS2")
    path = url(school, "innovations:place", innovation.pk)
    old, new = clock.today() - timedelta(days=60), clock.today()
    for day, band in ((old, "developing"), (new, "acceptable")):
        sent = {f"component_{first.pk}": band, "team": team.pk, "placed_on": day}
        assert client_of_leader.post(path, sent).status_code == 302
    client_of_leader.post(path, {f"component_{second.pk}": "not_in_use", "placed_on": new})

    with school_scope(school):
        lines = maps.table(maps.components_of(innovation))
        over = maps.over_time(maps.components_of(innovation))
    assert [[len(cell.teams) for cell in line.cells] for line in lines] == [
        [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]
    ]  # fmt: skip
    assert [(row.team, row.on, row.well, row.placed) for row in over] == [
        ("Whole school", new, 0, 1), ("Lower KS2", old, 0, 1), ("Lower KS2", new, 1, 1)
    ]  # fmt: skip


def test_same_day_twice_counts_once(client_of_leader, school, innovation):
    first = components(innovation)[0]
    path = url(school, "innovations:place", innovation.pk)
    for band in ("developing", "ideal"):
        client_of_leader.post(path, {f"component_{first.pk}": band, "placed_on": clock.today()})

    with school_scope(school):
        assert Placement.objects.get().band == "ideal"


def test_database_places_a_team_once_a_day(school, innovation):
    first = components(innovation)[0]
    PlacementFactory(school=school, component=first)
    with pytest.raises(IntegrityError, match="placed_once_a_day"):
        PlacementFactory(school=school, component=first)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose where the team is with one part at least."),
        ({"placed_on": date(2999, 1, 1)}, "This day has not come yet."),
    ],
)
def test_placing_nothing_or_in_the_future_is_refused(
    client_of_leader, school, innovation, fields, words
):
    sent = {"placed_on": clock.today()} | fields

    answer = client_of_leader.post(url(school, "innovations:place", innovation.pk), sent)

    assert words in answer.text


def test_copy_has_the_map_and_nobody_on_it(client_of_leader, school, innovation):
    PlacementFactory(school=school, component=components(innovation)[0])

    client_of_leader.post(url(school, "innovations:copy", innovation.pk))

    with school_scope(school):
        copied = Innovation.objects.get(copied_from=innovation)
        assert maps.parts_of(copied) == maps.parts_of(innovation)
        assert not Placement.objects.filter(component__innovation=copied).exists()


def test_next_step_is_noted_done_and_not_done_after_all(client_of_leader, school, innovation):
    first = components(innovation)[0]
    due = clock.today() - timedelta(days=1)
    sent = {"band": "acceptable", "action": "Plan two questions", "due_on": due}
    client_of_leader.post(url(school, "innovations:step_add", first.pk), sent)

    page = url(school, "innovations:innovation", innovation.pk)
    assert "was due" in client_of_leader.get(page).text
    with school_scope(school):
        step = NextStep.objects.get()
    for is_done in (True, False):
        client_of_leader.post(url(school, "innovations:step_done", step.pk))
        with school_scope(school):
            step.refresh_from_db()
        assert (step.done_on is not None) == is_done


def test_ended_and_gone_on_with(client_of_leader, school, innovation):
    path = url(school, "innovations:end", innovation.pk)

    assert "Ended on" in client_of_leader.post(path, follow=True).text
    assert "Ended on" not in client_of_leader.post(path, follow=True).text


def test_list_finds_and_says_what_comes_here(sign_in, teacher, school):
    client = sign_in(teacher)
    assert "Nothing described yet" in client.get(url(school, "innovations:list")).text
    InnovationFactory(school=school, title="Explaining")

    assert "Explaining" in client.get(url(school, "innovations:list"), {"q": "expl"}).text
    assert "Nothing fits" in client.get(url(school, "innovations:list"), {"q": "maths"}).text


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("view", "queries"), [("list", 15), ("innovation", 18)])
def test_pages_cost_the_same(
    client_of_leader, school, number, view, queries, django_assert_num_queries
):
    found = InnovationFactory(school=school)
    for _ in range(number):
        component = ComponentFactory(school=school, innovation=found)
        VariationFactory(school=school, component=component)
        PlacementFactory(school=school, component=component, team=TeamFactory(school=school))
        NextStepFactory(school=school, component=component)
        InnovationFactory(school=school)
    arguments = [found.pk] if view == "innovation" else []

    with django_assert_num_queries(queries):
        client_of_leader.get(url(school, f"innovations:{view}", *arguments))


def test_two_change_it_at_once_and_the_second_is_shown_both(client_of_leader, school, innovation):
    with school_scope(school):
        Innovation.objects.update(revision=2, goal="Whole sentences")

    answer = client_of_leader.post(
        url(school, "innovations:change", innovation.pk), SENT | {"revision": "1"}
    )

    assert answer.context["form"].differences
