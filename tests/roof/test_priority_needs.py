"""The needs behind a priority, on its page."""

import pytest

from cpdhub.permissions import Role
from tests.factories import (
    AcademicYearFactory,
    NeedFactory,
    NeedSourceFactory,
    PlanFactory,
    PriorityFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def priority(school):
    plan = PlanFactory(school=school, year=AcademicYearFactory(school=school))
    return PriorityFactory(school=school, plan=plan, live=True)


def needed(priority, **fields):
    need = NeedFactory(school=priority.school, **fields)
    NeedSourceFactory(school=priority.school, need=need, kind="priority", priority=priority)


def page(client, priority):
    return client.get(url(priority.school, "plan:priority", priority.pk)).text


def test_page_names_the_schools_needs_and_counts_peoples(sign_in, teacher, school, priority):
    needed(priority, whom="school", title="One way to ask questions")
    for number in range(5):
        needed(priority, title=f"Mine {number}")

    text = page(sign_in(teacher), priority)

    assert "One way to ask questions" in text
    assert "<b>5</b> people said they need" in text
    assert "Mine 1" not in text
    assert "nothing planned for" not in text


@pytest.mark.parametrize("count", [1, 4])
def test_page_says_nothing_of_fewer_than_five_people(sign_in, teacher, school, priority, count):
    none = page(sign_in(teacher), priority)
    for _ in range(count):
        needed(priority)

    assert page(sign_in(teacher), priority).count("said they need") == 0
    assert none.count("Nobody said yet") == page(sign_in(teacher), priority).count(
        "Nobody said yet"
    )


def test_page_tells_those_who_decide_how_far_they_are(sign_in, cpd_leader, school, priority):
    needed(priority, status="planned")
    needed(priority, is_shared=False)

    text = page(sign_in(cpd_leader), priority)

    assert "<b>1</b> person said they need: 1 planned or being met." in text
    assert "All in the register" in text


def test_governor_reads_it_without_links_that_are_closed_to_them(sign_in, school, priority):
    governor = StaffFactory(school=school, roles=[Role.GOVERNOR], group="")
    needed(priority, whom="school", title="One way to ask questions")

    text = page(sign_in(governor), priority)

    assert "One way to ask questions" in text
    assert "/needs/" not in text
