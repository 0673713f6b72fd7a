"""Observations in the school: what happened by name, what was looked at from five people on."""

import csv
import io
from datetime import date, time

import pytest

from audits.models import Topic
from cpdhub import clock
from cpdhub.walls import school_scope
from cpdhub.years import add_year, first_year_of
from evaluation.models import Observation
from tests.factories import (
    ActivityFactory,
    LearningWalkFactory,
    ObservationFactory,
    ObserverFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def topic(school):
    with school_scope(school):
        add_year(school, first_year_of(clock.today()))
        return Topic.named("Talk partners", school_id=school.pk)


@pytest.fixture(autouse=True)
def in_november(at):
    return at("2026-11-27 12:00")


def observed(school, topic, number, **fields):
    """Closed in October, in a half-term that is over."""
    day = clock.at(date(2026, 10, 5), time(10))
    usual = {"state": "closed", "starts_at": day, "owner_closed_at": day}
    return [ObservationFactory(school=school, topic=topic, **usual | fields) for _ in range(number)]


def test_leaders_see_that_it_took_place_and_not_a_word_of_it(school, sign_in, head, topic):
    owner = StaffFactory(school=school, first_name="Tom", last_name="Reid")
    observation = ObservationFactory(
        school=school, owner=owner, topic=topic, state="held", starts_at=clock.now(),
        focus="How zebrafinches talk", talk="zebrafinch", next_step="zebrafinch",
    )  # fmt: skip
    ObserverFactory(school=school, observation=observation)
    ObservationFactory(school=school, owner=owner, state="agreed", starts_at=clock.now())
    ObservationFactory(school=school, owner=owner, state="withdrawn", starts_at=clock.now())

    page = sign_in(head).get(url(school, "impact:observations"))

    row = next(row for row in page.context["seen"] if row.staff.pk == owner.pk)
    assert (row.to_develop, row.induction, row.watched) == (1, 0, 0)
    assert (page.context["totals"].times, page.context["totals"].people) == (1, 1)
    assert "zebrafinch" not in page.text
    assert "Talk partners" not in page.text


def test_topic_appears_from_five_people_on_and_several_times_of_one_are_one(
    school, sign_in, head, topic
):
    people = observed(school, topic, 4)
    observed(school, topic, 3, owner=people[0].owner)
    client = sign_in(head)
    path = url(school, "impact:observations")

    assert client.get(path).context["themes"] == []
    observed(school, topic, 1)
    (theme,) = client.get(path).context["themes"]
    assert (theme.title, theme.people, theme.times) == ("Talk partners", 5, 8)


def test_what_it_was_about_waits_for_the_end_of_the_half_term(school, sign_in, head, topic, at):
    observed(school, topic, 5)
    client = sign_in(head)
    path = url(school, "impact:observations")
    observed(school, topic, 1, owner_closed_at=clock.now(), next_step="Wait", lends_step=True)

    page = client.get(path)
    assert page.context["totals"].times == 6  # by name as it is today
    assert [theme.people for theme in page.context["themes"]] == [5]
    assert "added when this half-term is over" in page.text
    at("2027-01-05 12:00")
    assert [theme.people for theme in client.get(path).context["themes"]] == [6]


def test_next_steps_are_lent_by_five_people_or_by_nobody(school, sign_in, head, topic):
    rows = observed(school, topic, 6, next_step="Wait longer")
    client = sign_in(head)
    path = url(school, "impact:observations")

    def lend(rows):
        with school_scope(school):
            Observation.objects.filter(pk__in=[row.pk for row in rows]).update(lends_step=True)

    lend(rows[:4])
    assert "Wait longer" not in client.get(path).text
    lend(rows[4:5])
    assert client.get(path).text.count("Wait longer") == 1  # five people, one step


def test_learning_that_five_people_were_observed_for_is_named_and_private_never(
    school, sign_in, head, topic
):
    logged = {"state": "finished", "was_logged": True}
    shared = ActivityFactory(school=school, title="Talk for writing", **logged)
    private = ActivityFactory(school=school, title="Coaching", is_private=True, **logged)
    observed(school, None, 4, activity=shared)
    observed(school, None, 6, activity=private)
    client = sign_in(head)
    path = url(school, "impact:observations")

    assert client.get(path).context["learning"] == []
    observed(school, None, 1, activity=shared)
    (found,) = client.get(path).context["learning"]
    assert (found.title, found.people) == ("Talk for writing", 5)


def test_private_walks_are_not_even_counted(school, sign_in, head, topic):
    LearningWalkFactory(school=school)
    LearningWalkFactory(school=school, audience="leaders", rooms=[1, 2])

    totals = sign_in(head).get(url(school, "impact:observations")).context["totals"]

    assert (totals.walks, totals.rooms) == (1, 2)


def test_file_has_names_and_numbers_only(school, sign_in, head, topic):
    observed(school, topic, 1, owner=head, purpose="induction")

    response = sign_in(head).get(url(school, "impact:observations") + "?format=csv")

    header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header[2:] == ["Observed to develop", "Observed for induction", "Watched"]
    assert row[2:] == ["0", "1", "0"]


@pytest.mark.parametrize("role", ["data_manager", "team_leader"])
def test_nobody_else_sees_the_page(school, sign_in, topic, role):
    person = StaffFactory(school=school, roles=[role])

    assert sign_in(person).get(url(school, "impact:observations")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_in_constant_queries(school, sign_in, head, topic, django_assert_num_queries, count):
    for observation in observed(school, topic, count):
        ObserverFactory(school=school, observation=observation)
    client = sign_in(head)

    with django_assert_num_queries(21):  # 13 of the frame
        client.get(url(school, "impact:observations"))
