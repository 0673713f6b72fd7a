"""Parts of the plan that somebody looks after, and how they roll up."""

from datetime import date

import pytest
from django.db import IntegrityError, connection

from cpdhub import plan_actions
from cpdhub.models import Priority, SubPlan
from cpdhub.walls import school_scope
from tests.factories import (
    AcademicYearFactory,
    PlanFactory,
    PriorityFactory,
    SubPlanFactory,
)
from tests.helpers import url


@pytest.fixture
def plan(school):
    return PlanFactory(school=school)


@pytest.fixture
def science(school, plan, teacher):
    return SubPlanFactory(school=school, plan=plan, title="Science", lead=teacher)


def test_writer_adds_changes_and_removes_a_sub_plan(sign_in, school, plan, cpd_leader, teacher):
    client = sign_in(cpd_leader)
    client.post(
        url(school, "plan:subplan_add", plan.pk),
        {"title": "Science", "kind": "subject", "lead": teacher.pk},
    )
    with school_scope(school):
        made = SubPlan.objects.get()
    assert (made.plan_id, made.lead_id) == (plan.pk, teacher.pk)

    client.post(
        url(school, "plan:subplan_change", made.pk), {"title": "Digital", "kind": "digital"}
    )
    assert "Digital</a>" in client.get(url(school, "plan:plan")).text
    client.post(url(school, "plan:subplan_remove", made.pk))

    with school_scope(school):
        assert SubPlan.objects.count() == 0


def test_two_of_one_name_are_refused_beside_the_field(sign_in, school, plan, science, cpd_leader):
    response = sign_in(cpd_leader).post(
        url(school, "plan:subplan_add", plan.pk), {"title": "Science", "kind": "subject"}
    )

    assert "There is a sub-plan of that name in this plan already." in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_sub_plan_shows_its_priorities_in_constant_queries(
    sign_in, school, plan, science, teacher, other_school, count, django_assert_num_queries
):
    for number in range(count):
        PriorityFactory(
            school=school, plan=plan, sub_plan=science, live=True, title=f"Ours {number}"
        )
    PriorityFactory(school=school, plan=plan, sub_plan=science, title="A draft")
    PriorityFactory(school=school, plan=plan, live=True, title="Whole school")
    PriorityFactory(school=other_school, live=True, title="Theirs")
    client = sign_in(teacher)

    # frame, sub-plan, priorities, criteria, readings, milestones
    with django_assert_num_queries(18):
        response = client.get(url(school, "plan:sub_plan", science.pk))

    assert response.text.count("Ours ") >= count
    assert len(response.context["live"]) == count
    for hidden in ("A draft", "Whole school", "Theirs"):
        assert hidden not in response.text


def test_plan_groups_by_sub_plan_and_counts_all(sign_in, school, plan, science, teacher):
    PriorityFactory(school=school, plan=plan, sub_plan=science, live=True, title="Practicals")
    PriorityFactory(school=school, plan=plan, live=True, title="Talk")

    response = sign_in(teacher).get(url(school, "plan:plan"))

    assert [line.priority.title for line in response.context["whole_school"]] == ["Talk"]
    ((part, lines),) = response.context["parts"]
    assert (part, [line.priority.title for line in lines]) == (science, ["Practicals"])
    assert "Two live priorities" in response.text
    assert "Practicals" in sign_in(teacher).get(url(school, "plan:one_page")).text


def test_advised_number_counts_the_whole_school_only(sign_in, school, plan, science, cpd_leader):
    for _ in range(school.advised_priorities):
        PriorityFactory(school=school, plan=plan, live=True)
    PriorityFactory(school=school, plan=plan, sub_plan=science, live=True)
    client = sign_in(cpd_leader)

    assert client.get(url(school, "plan:plan")).context["too_many"] == ""
    PriorityFactory(school=school, plan=plan, live=True)
    assert client.get(url(school, "plan:plan")).context["too_many"] != ""


def test_priority_is_put_into_a_sub_plan_on_its_form(sign_in, school, plan, science, cpd_leader):
    priority = PriorityFactory(school=school, plan=plan, title="Practicals")
    next_year = PlanFactory(
        school=school, year=AcademicYearFactory(school=school, starts_on=date(2031, 9, 1))
    )
    SubPlanFactory(school=school, plan=next_year, title="Another year's")
    path = url(school, "plan:priority_change", priority.pk)
    client = sign_in(cpd_leader)
    page = client.get(path).text
    assert "Science</option>" in page
    assert "Another year" not in page

    client.post(
        path,
        {
            "title": "Practicals", "sub_plan": science.pk, "revision": "1",
            "criteria-TOTAL_FORMS": "0", "criteria-INITIAL_FORMS": "0",
        },
    )  # fmt: skip

    with school_scope(school):
        assert Priority.objects.get(pk=priority.pk).sub_plan == science


def test_form_of_a_plan_without_sub_plans_does_not_ask(sign_in, school, plan, cpd_leader):
    priority = PriorityFactory(school=school, plan=plan)

    page = sign_in(cpd_leader).get(url(school, "plan:priority_change", priority.pk)).text

    assert 'name="sub_plan"' not in page


def test_priority_in_a_sub_plan_of_another_plan_is_refused_by_the_database(school, plan):
    other = PlanFactory(
        school=school, year=AcademicYearFactory(school=school, starts_on=date(2031, 9, 1))
    )
    foreign = SubPlanFactory(school=school, plan=other)
    priority = PriorityFactory(school=school, plan=plan)

    with pytest.raises(IntegrityError, match="sub_plan_of_the_same_plan"):
        _put(priority, into=foreign)


def _put(priority, *, into):
    with school_scope(priority.school), connection.cursor() as cursor:
        Priority.objects.filter(pk=priority.pk).update(sub_plan=into)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_sub_plan_with_priorities_is_not_removed(sign_in, school, plan, science, cpd_leader):
    PriorityFactory(school=school, plan=plan, sub_plan=science)

    response = sign_in(cpd_leader).post(url(school, "plan:subplan_remove", science.pk), follow=True)

    assert "It has priorities." in response.text
    with school_scope(school):
        assert SubPlan.objects.count() == 1


def test_archived_plan_takes_no_sub_plan(sign_in, school, plan, cpd_leader):
    with school_scope(school):
        plan_actions.archive(plan, carry=[])

    response = sign_in(cpd_leader).post(
        url(school, "plan:subplan_add", plan.pk), {"title": "Science", "kind": "subject"}
    )

    assert response.status_code == 403


def test_priority_goes_on_in_the_same_sub_plan_next_year(school, plan, science, teacher):
    carried = [
        PriorityFactory(school=school, plan=plan, sub_plan=science, live=True) for _ in range(2)
    ]
    with school_scope(school):
        following = plan_actions.archive(plan, carry=carried)

        again = SubPlan.objects.get(plan=following)
        assert (again.title, again.kind, again.lead) == ("Science", "subject", teacher)
        assert again.priorities.count() == 2
