"""The impact pages: every figure opens its rows, governors see none, and pages cost the same."""

import re
from datetime import timedelta

import pytest

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.walls import school_scope
from cpdhub.years import add_year, first_year_of
from tests.evaluation.test_figures import serve
from tests.factories import PlanFactory, PriorityFactory, ReflectionFactory, StaffFactory
from tests.helpers import url


@pytest.fixture(autouse=True)
def on_a_november_day(at):
    at("2026-11-22 12:00")


@pytest.fixture
def year(school):
    with school_scope(school):
        add_year(school, first_year_of(clock.today()) - 1)
        return add_year(school, first_year_of(clock.today()))


@pytest.fixture
def plan(school, year):
    return PlanFactory(school=school, year=year)


def fill(school, plan, size):
    for _ in range(size):
        priority = PriorityFactory(school=school, plan=plan, live=True)
        people = StaffFactory.create_batch(2, school=school)
        activity = serve(priority, people=people, came=people)
        ReflectionFactory(school=school, owner=people[0], activity=activity, audience="everyone")
    return priority


@pytest.mark.parametrize("size", [1, 3])
def test_dashboard_costs_the_same_for_one_and_three_priorities(
    sign_in, school, plan, head, size, django_assert_num_queries
):
    fill(school, plan, size)
    client = sign_in(head)

    with django_assert_num_queries(24):
        response = client.get(url(school, "impact:dashboard"))

    assert len(response.context["rows"]) == size


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    ("view", "queries"), [("activities", 18), ("people", 17), ("reflections", 17)]
)
def test_rows_cost_the_same_for_one_and_three(
    sign_in, school, plan, head, size, view, queries, django_assert_num_queries
):
    priority = PriorityFactory(school=school, plan=plan, live=True)
    for _ in range(size):
        person = StaffFactory(school=school)
        activity = serve(priority, people=[person], came=[person])
        ReflectionFactory(school=school, owner=person, activity=activity, audience="everyone")
    client = sign_in(head)

    with django_assert_num_queries(queries):
        client.get(url(school, f"impact:{view}", priority.pk))


def test_every_link_of_the_dashboard_opens(sign_in, school, plan, head):
    fill(school, plan, 1)
    client = sign_in(head)

    page = client.get(url(school, "impact:dashboard")).text
    links = set(re.findall(r'href="(/s/[^"#]+)"', page))

    assert len(links) > 15
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code in {200, 302}, link


def test_hours_page_shows_who_has_had_none_of_one_group(sign_in, school, plan, head):
    priority = fill(school, plan, 1)
    idle = StaffFactory(school=school, last_name="Idle", group=Staff.Group.ASSISTANT)
    busy = StaffFactory(school=school, last_name="Busy", group=Staff.Group.ASSISTANT)
    serve(priority, people=[busy], came=[busy])

    response = sign_in(head).get(url(school, "impact:hours") + "?group=assistant&none=1")

    assert list(response.context["page"]) == [idle]


def test_year_page_stops_at_the_day_asked_for(sign_in, school, plan, head, year):
    priority = PriorityFactory(school=school, plan=plan, live=True)
    serve(priority, days_ago=5)
    early = serve(priority, days_ago=50)
    until = clock.today() - timedelta(days=30)

    response = sign_in(head).get(url(school, "impact:year") + f"?year={year}&until={until}")

    assert list(response.context["page"]) == [early]


@pytest.mark.parametrize("query", ["?year=1066/67", "?year=x", "?group=nobody", "?until=soon"])
def test_odd_questions_are_answered_politely(sign_in, school, plan, head, query):
    client = sign_in(head)

    for view in ("dashboard", "summary", "year", "hours"):
        assert client.get(url(school, f"impact:{view}") + query).status_code in {200, 404}


def test_governor_is_taken_to_totals_without_names(sign_in, school, plan, governor):
    priority = fill(school, plan, 1)
    client = sign_in(governor)

    response = client.get(url(school, "impact:dashboard"), follow=True)

    assert response.redirect_chain == [(url(school, "impact:summary"), 302)]
    assert priority.title in response.text
    assert not re.search(r"Shah\d", response.text)
    assert "shared nothing yet" not in response.text


def test_reflections_page_shows_only_what_this_head_may_read(sign_in, school, plan, head):
    priority = PriorityFactory(school=school, plan=plan, live=True)
    ann, bob, cat = StaffFactory.create_batch(3, school=school)
    activity = serve(priority, people=[ann, bob, cat], came=[ann, bob, cat])
    for owner, audience, text in (
        (ann, "everyone", "for all"),
        (bob, "line_manager", "for Bob's manager"),
        (cat, "only_me", "for nobody"),
    ):
        ReflectionFactory(
            school=school, owner=owner, activity=activity, audience=audience, will_try=text
        )

    response = sign_in(head).get(url(school, "impact:reflections", priority.pk))

    assert "for all" in response.text
    assert "for Bob" not in response.text
    assert "for nobody" not in response.text
    assert response.context["elsewhere"] == 1


def test_school_without_a_year_yet_says_what_will_be_here(sign_in, school, head):
    response = sign_in(head).get(url(school, "impact:dashboard"))

    assert "No live priority this year" in response.text
