"""Passing on what somebody learned."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cpdhub.walls import school_scope
from evaluation.models import SharingPlan
from evaluation.portfolios import candidates
from tests.evaluation.test_record import attended
from tests.factories import ActivityFactory, SharingPlanFactory, StaffFactory
from tests.helpers import url

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def planned(school):
    with school_scope(school):
        return SharingPlan.objects.select_related("by").get()


def test_whoever_took_part_plans_what_is_passed_on(sign_in, teacher, school):
    day = attended(teacher, title="Phonics day")
    client = sign_in(teacher)
    path = url(school, "sharing:activity", day.pk)
    assert path in client.get(url(school, "activities:activity", day.pk)).text
    assert 'value="2026-12-19"' in client.get(path).text

    client.post(
        path, {"what": "The blending game", "whom": "Year 1", "how": "show", "due_on": "2026-12-18"}
    )

    row = planned(school)
    assert (row.by_id, row.what, row.whom, row.due_on) == (
        teacher.pk, "The blending game", "Year 1", date(2026, 12, 18)
    )  # fmt: skip
    assert "The blending game" in client.get(url(school, "sharing:plans")).text


def test_others_read_it_and_plan_nothing(sign_in, teacher, school):
    day = attended(StaffFactory(school=school), title="Phonics day")
    client = sign_in(teacher)
    path = url(school, "sharing:activity", day.pk)

    assert "Whoever takes part can plan something" in client.get(path).text
    assert client.post(path, {"what": "Mine"}).status_code == 403


def test_a_day_that_is_over_is_refused_and_words_are_kept(sign_in, teacher, school):
    day = attended(teacher)

    response = sign_in(teacher).post(
        url(school, "sharing:activity", day.pk),
        {"what": "The game", "whom": "Year 1", "how": "show", "due_on": "2026-11-20"},
    )

    assert "This day is over" in response.text
    assert "The game" in response.text


def test_done_counts_as_leading_and_may_say_what_came_of_it(sign_in, teacher, school):
    row = SharingPlanFactory(school=school, by=teacher, what="The game", whom="Year 1")
    client = sign_in(teacher)
    path = url(school, "sharing:done", row.pk)
    assert "still to come" in client.post(path, {"done_on": "2026-11-22"}).text

    client.post(path, {"done_on": "2026-11-20", "became": "Two play it now"})

    page = client.get(url(school, "sharing:plans"), {"show": "done"}).text
    assert "Two play it now" in page
    with school_scope(school):
        found = [row for row in candidates(teacher, "roles") if row.source.startswith("shared")]
    assert [row.title for row in found] == ["Passed on: The game"]


def test_what_was_meant_for_an_earlier_day_says_so(sign_in, teacher, school):
    row = SharingPlanFactory(school=school, by=teacher, due_on=date(2026, 11, 20))

    text = sign_in(teacher).get(url(school, "sharing:activity", row.activity_id)).text

    assert "was meant for 20 November 2026" in text


def test_taking_it_off_asks_first(sign_in, teacher, school):
    row = SharingPlanFactory(school=school, by=teacher)
    client = sign_in(teacher)
    path = url(school, "sharing:remove", row.pk)

    assert "Take this off?" in client.get(path).text
    client.post(path)

    with school_scope(school):
        assert not SharingPlan.objects.exists()


def test_of_what_is_private_or_ones_own_nothing_is_passed_on(sign_in, teacher, head, school):
    private = attended(teacher, title="Support", is_private=True)
    own = ActivityFactory(
        school=school, owner=teacher, is_own_learning=True, was_logged=True, state="finished"
    )
    SharingPlanFactory(school=school, activity=private, what="A secret")

    for person in (teacher, head):
        client = sign_in(person)
        for activity in (private, own):
            assert client.get(url(school, "sharing:activity", activity.pk)).status_code == 404
        assert "A secret" not in client.get(url(school, "sharing:plans")).text


def test_nothing_came_of_what_was_not_done(school):
    with pytest.raises(IntegrityError, match="it_came_of_what_was_done"), transaction.atomic():
        SharingPlanFactory(school=school, became="Much")


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, teacher, school, count, django_assert_max_num_queries
):
    day = attended(teacher)
    for _ in range(count):
        SharingPlanFactory(school=school, activity=day)
    client = sign_in(teacher)

    for path in (url(school, "sharing:activity", day.pk), url(school, "sharing:plans")):
        with django_assert_max_num_queries(18):
            assert client.get(path).text.count("Three open questions") >= count
