"""The improvement plan's pages."""

from datetime import date, timedelta

import pytest

from cpdhub import clock
from cpdhub.models import Plan, Priority
from cpdhub.walls import school_scope
from tests.factories import (
    MilestoneFactory,
    PlanFactory,
    PriorityFactory,
    ReadingFactory,
    StaffFactory,
    SuccessCriterionFactory,
)
from tests.helpers import url


@pytest.fixture
def plan(school):
    return PlanFactory(school=school)


def filled(school, plan, **fields):
    priority = PriorityFactory(school=school, plan=plan, live=True, **fields)
    with school_scope(school):
        criterion = priority.criteria.get()
    ReadingFactory(school=school, criterion=criterion, value=63, pupils_counted=112)
    MilestoneFactory(school=school, priority=priority, due_on=clock.today() + timedelta(days=9))
    return priority


@pytest.mark.parametrize("count", [1, 3])
def test_plan_shows_our_priorities_in_constant_queries(
    sign_in, teacher, school, plan, other_school, count, django_assert_num_queries
):
    for _ in range(count):
        filled(school, plan)
    PriorityFactory(school=other_school, live=True, title="Theirs")
    client = sign_in(teacher)

    # frame, plan, priorities, criteria, readings, milestones, sub-plans
    with django_assert_num_queries(19):
        response = client.get(url(school, "plan:plan"))

    assert response.status_code == 200
    assert response.text.count("63 %") == count
    assert "Theirs" not in response.text


def test_plan_without_priorities_invites_writers_and_tells_readers(
    sign_in, school, cpd_leader, teacher
):
    assert "Add the first priority" in sign_in(cpd_leader).get(url(school, "plan:plan")).text
    reader = sign_in(teacher).get(url(school, "plan:plan"))
    assert "as soon as they are published" in reader.text
    assert "Add the first priority" not in reader.text


@pytest.mark.parametrize("view", ["plan:plan", "plan:year", "plan:one_page", "plan:year_csv"])
def test_drafts_are_seen_by_writers_only(sign_in, school, plan, teacher, governor, view):
    PriorityFactory(school=school, plan=plan, title="Secret draft")
    arguments = [plan.pk] if "year" in view else []

    for reader in (teacher, governor):
        assert "Secret draft" not in sign_in(reader).get(url(school, view, *arguments)).text


def test_draft_is_a_missing_page_to_readers_even_to_its_lead(sign_in, school, plan, teacher):
    draft = PriorityFactory(school=school, plan=plan, lead=teacher)

    assert sign_in(teacher).get(url(school, "plan:priority", draft.pk)).status_code == 404


def test_writer_sees_drafts_apart_and_prints_none(sign_in, school, plan, cpd_leader):
    PriorityFactory(school=school, plan=plan, title="Secret draft")
    client = sign_in(cpd_leader)

    assert "Secret draft" in client.get(url(school, "plan:plan")).text
    assert "Secret draft" not in client.get(url(school, "plan:one_page")).text


def test_plan_says_its_state_in_one_sentence(sign_in, school, plan, teacher):
    filled(school, plan, rag="on_track")
    late = filled(school, plan, rag="off_track")
    MilestoneFactory(
        school=school, priority=late, due_on=clock.today() - timedelta(days=1), expected="Late one"
    )

    page = sign_in(teacher).get(url(school, "plan:plan")).text

    assert "Two live priorities: one off track, one on track; one milestone overdue." in page
    assert "Overdue: Late one" in page


def test_more_than_advised_warns_and_never_blocks(sign_in, school, plan, cpd_leader):
    for _ in range(5):
        filled(school, plan)
    sixth = PriorityFactory(school=school, plan=plan)
    SuccessCriterionFactory(school=school, priority=sixth)
    client = sign_in(cpd_leader)
    assert "your school advises" not in client.get(url(school, "plan:plan")).text

    response = client.post(url(school, "plan:publish", sixth.pk))

    assert response.url == url(school, "plan:rank", plan.pk)
    page = client.get(response.url).text
    assert "That makes 6; 5 is the most your school advises" in page
    assert "You have six priorities live" in client.get(url(school, "plan:plan")).text
    with school_scope(school):
        assert Priority.objects.live().count() == 6


@pytest.fixture
def three(school, plan):
    return [filled(school, plan, rank=n, title=f"P{n}") for n in (1, 2, 3)]


def ranked(school):
    with school_scope(school):
        return [(row.title, row.rank) for row in Priority.objects.live()]


def test_ranking_by_number(sign_in, school, plan, three, cpd_leader):
    numbers = dict(zip((f"rank-{row.pk}" for row in three), (3, 1, 2), strict=True))

    response = sign_in(cpd_leader).post(url(school, "plan:rank", plan.pk), numbers)

    assert response.status_code == 302
    assert ranked(school) == [("P2", 1), ("P3", 2), ("P1", 3)]


@pytest.mark.parametrize(
    ("button", "who", "order"),
    [
        ("up", 2, ["P1", "P3", "P2"]),
        ("down", 0, ["P2", "P1", "P3"]),
        ("up", 0, ["P1", "P2", "P3"]),
    ],
)
def test_ranking_one_step_at_a_time(sign_in, school, plan, three, cpd_leader, button, who, order):
    sign_in(cpd_leader).post(url(school, "plan:rank", plan.pk), {button: three[who].pk})

    assert [title for title, _ in ranked(school)] == order


def test_ranking_that_is_no_number_is_said_beside_it_and_changes_nothing(
    sign_in, school, plan, three, cpd_leader
):
    numbers = {f"rank-{row.pk}": "first" for row in three}

    response = sign_in(cpd_leader).post(url(school, "plan:rank", plan.pk), numbers)

    assert "Enter a whole number" in response.text
    assert [title for title, _ in ranked(school)] == ["P1", "P2", "P3"]


def test_foreign_priority_among_the_numbers_changes_nothing(
    sign_in, school, plan, three, cpd_leader, other_school
):
    theirs = PriorityFactory(school=other_school, live=True, rank=7)
    numbers = {f"rank-{row.pk}": n for n, row in enumerate(three, 1)}

    client = sign_in(cpd_leader)
    client.post(url(school, "plan:rank", plan.pk), {**numbers, f"rank-{theirs.pk}": 1})
    client.post(url(school, "plan:rank", plan.pk), {"up": theirs.pk})

    with school_scope(other_school):
        assert Priority.objects.get().rank == 7


def test_year_ends_with_what_was_ticked_carried_on(sign_in, school, plan, cpd_leader):
    goes_on = filled(school, plan, title="Goes on")
    filled(school, plan, title="Stays")
    client = sign_in(cpd_leader)

    response = client.post(url(school, "plan:archive", plan.pk), {"carry": [goes_on.pk]})

    page = client.get(response.url).text
    assert "Goes on" in page
    assert "Stays" not in page
    old = client.get(url(school, "plan:year", plan.pk)).text
    assert "This plan was archived on" in old
    assert "Open this plan again" in old
    assert client.get(url(school, "plan:archive", plan.pk)).status_code == 403
    assert client.get(url(school, "plan:priority_change", goes_on.pk)).status_code == 403


def test_another_schools_priority_is_never_carried(sign_in, school, plan, cpd_leader, other_school):
    theirs = PriorityFactory(school=other_school, live=True)

    response = sign_in(cpd_leader).post(
        url(school, "plan:archive", plan.pk), {"carry": [theirs.pk]}
    )

    assert "not one of the available choices" in response.text
    with school_scope(school):
        assert Plan.objects.get().is_open


def test_reopened_plan_can_be_changed_again(sign_in, school, plan, cpd_leader):
    priority = filled(school, plan)
    client = sign_in(cpd_leader)
    client.post(url(school, "plan:archive", plan.pk))

    client.post(url(school, "plan:reopen", plan.pk))

    assert client.get(url(school, "plan:priority_change", priority.pk)).status_code == 200


def test_years_lists_every_plan_in_constant_queries(
    sign_in, teacher, school, plan, django_assert_num_queries
):
    filled(school, plan, rag="met")
    client = sign_in(teacher)

    with django_assert_num_queries(14):  # frame, plans with their counts
        response = client.get(url(school, "plan:years"))

    assert [(row.live, row.closed, row.met) for row in response.context["plans"]] == [(1, 0, 1)]


def test_csv_has_a_row_per_criterion_and_calculates_nothing(sign_in, school, plan, teacher):
    priority = filled(school, plan, title='=HYPERLINK("http://evil")', lead=teacher)
    SuccessCriterionFactory(
        school=school, priority=priority, measure="Second", baseline=None, target=None
    )

    response = sign_in(teacher).get(url(school, "plan:year_csv", plan.pk))

    rows = response.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1].split(",")[1].startswith("\"'=HYPERLINK")
    assert ",41.00,63.00," in rows[1]
    assert "improvement-plan-" in response.headers["Content-Disposition"]


def test_vision_stands_above_the_priorities(sign_in, school, plan, cpd_leader, teacher):
    sign_in(cpd_leader).post(url(school, "plan:vision", plan.pk), {"vision": "Every child talks"})

    assert "Every child talks" in sign_in(teacher).get(url(school, "plan:plan")).text


def test_this_years_plan_is_the_one_holding_today(sign_in, school, teacher, at):
    at("2027-09-02 09:00")
    PlanFactory(school=school)
    at("2026-11-22 09:00")
    PlanFactory(school=school)

    page = sign_in(teacher).get(url(school, "plan:plan")).text

    assert "What are we improving in 2026/27?" in page


def test_one_page_is_whole_for_everyone(sign_in, school, plan, governor):
    lead = StaffFactory(school=school, first_name="Lea", last_name="Der")
    filled(school, plan, pupils="Year 4", lead=lead, ends_on=date(2027, 7, 1))

    page = sign_in(governor).get(url(school, "plan:one_page")).text

    for said in ("Year 4", "Lea Der", "41 → 63 %", "target 60 %, reached"):
        assert said in page
