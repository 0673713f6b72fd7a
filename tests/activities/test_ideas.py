"""Ideas for next term: written down, backed, answered for all to read."""

from datetime import timedelta

import pytest

from activities.models import Activity, Idea, IdeaBacker
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import ActivityFactory, IdeaBackerFactory, IdeaFactory, StaffFactory
from tests.helpers import url


@pytest.fixture
def idea(school, teacher):
    return IdeaFactory(school=school, by=teacher, title="Signing for beginners")


def fresh(idea):
    with school_scope(idea.school):
        return Idea.objects.get(pk=idea.pk)


def test_whoever_has_an_idea_would_come(sign_in, teacher, school):
    page = sign_in(teacher).post(
        url(school, "activities:ideas"), {"title": "Drama", "why": "Shy pupils speak"}, follow=True
    )

    assert "Drama" in page.text
    assert "Shy pupils speak" in page.text
    with school_scope(school):
        assert list(IdeaBacker.objects.values_list("idea__title", "staff")) == [
            ("Drama", teacher.pk)
        ]


@pytest.mark.parametrize("title", ["", "  ", "x" * 121, "signing FOR beginners"])
def test_empty_long_or_second_of_its_kind_is_refused_beside_the_field(
    sign_in, teacher, school, idea, title
):
    page = sign_in(teacher).post(
        url(school, "activities:ideas"), {"title": title, "why": "Kept as typed"}
    )

    assert set(page.context["form"].errors) == {"title"}
    assert "Kept as typed" in page.text
    with school_scope(school):
        assert Idea.objects.count() == 1


def test_backing_counts_once_and_can_be_taken_back(sign_in, head, school, idea):
    client = sign_in(head)
    path = url(school, "activities:idea_back", idea.pk)

    client.post(path)
    client.post(path)
    there = client.get(url(school, "activities:ideas"))
    client.post(path, {"do": "not"})
    gone = client.get(url(school, "activities:ideas"))

    assert "<b>1</b> would come, you too" in there.text
    assert "<b>0</b> would come" in gone.text


def test_what_most_would_come_to_stands_first(sign_in, teacher, school, idea):
    IdeaBackerFactory(school=school, idea=IdeaFactory(school=school, title="Choir"))

    page = sign_in(teacher).get(url(school, "activities:ideas"))

    assert [row.title for row in page.context["waiting"]] == ["Choir", "Signing for beginners"]


def test_answer_is_read_by_all_and_ends_the_backing(sign_in, cpd_leader, teacher, school, idea):
    activity = ActivityFactory(
        school=school, owner=cpd_leader, state="planned", title="Signing club"
    )
    IdeaBackerFactory(school=school, idea=idea, staff=teacher)
    desk = sign_in(cpd_leader)

    asked = desk.get(url(school, "activities:idea_answer", idea.pk))
    desk.post(
        url(school, "activities:idea_answer", idea.pk),
        {"state": "taken", "answer": "From January", "activity": activity.pk},
    )
    page = sign_in(teacher).get(url(school, "activities:ideas"))
    late = sign_in(teacher).post(
        url(school, "activities:idea_back", idea.pk), {"do": "not"}, follow=True
    )

    assert "Tom Teacher" in asked.text
    assert "We do it" in page.text
    assert "From January" in page.text
    assert "Tom Teacher, " in page.text  # whose idea it was, but never who would come
    assert "decided already" in late.text
    with school_scope(school):
        assert idea.backers.count() == 1


def test_answer_without_words_is_refused_beside_the_field(sign_in, cpd_leader, school, idea):
    page = sign_in(cpd_leader).post(
        url(school, "activities:idea_answer", idea.pk), {"state": "not_now", "answer": " "}
    )

    assert set(page.context["form"].errors) == {"answer"}
    assert fresh(idea).is_open


def test_opened_again_it_waits_and_says_nothing(sign_in, cpd_leader, school, idea):
    with school_scope(school):
        idea.decide(Idea.State.NOT_NOW, answer="No money")

    sign_in(cpd_leader).post(
        url(school, "activities:idea_answer", idea.pk), {"state": "open", "answer": "No money"}
    )

    after = fresh(idea)
    assert (after.is_open, after.answer, after.answered_on) == (True, "", None)


def test_activities_one_may_not_see_are_not_offered_in_the_answer(
    sign_in, cpd_leader, other_school, school, idea
):
    foreign = ActivityFactory(school=other_school)

    page = sign_in(cpd_leader).post(
        url(school, "activities:idea_answer", idea.pk),
        {"state": "taken", "answer": "Yes", "activity": foreign.pk},
    )

    assert set(page.context["form"].errors) == {"activity"}


def test_own_idea_is_taken_back_after_a_question_and_nobody_elses(
    sign_in, teacher, head, school, idea
):
    path = url(school, "activities:idea_delete", idea.pk)

    assert sign_in(head).post(path).status_code == 403
    assert "Take back" in sign_in(teacher).get(path).text
    sign_in(teacher).post(path)

    with school_scope(school):
        assert not Idea.objects.exists()


def test_answered_idea_stays(sign_in, teacher, school, idea):
    with school_scope(school):
        idea.decide(Idea.State.NOT_NOW, answer="No money")

    refused = sign_in(teacher).post(url(school, "activities:idea_delete", idea.pk))

    assert refused.status_code == 403
    assert fresh(idea).answer == "No money"


def test_plan_begins_with_the_idea_and_who_would_come(sign_in, cpd_leader, school, teacher, idea):
    gone = StaffFactory(school=school, ends_on=clock.today() - timedelta(days=1))
    for person in (teacher, gone):
        IdeaBackerFactory(school=school, idea=idea, staff=person)

    page = sign_in(cpd_leader).get(url(school, "activities:plan") + f"?idea={idea.pk}")
    missing = sign_in(cpd_leader).get(url(school, "activities:plan") + "?idea=99999")

    assert 'value="Signing for beginners"' in page.text
    assert page.context["form"].people.initial["people"] == [teacher.pk]
    assert missing.status_code == 404


def test_activity_that_is_deleted_leaves_the_answer(school, idea, cpd_leader):
    activity = ActivityFactory(school=school, owner=cpd_leader)
    with school_scope(school):
        idea.decide(Idea.State.TAKEN, answer="Yes", activity=activity)
        Activity.objects.filter(pk=activity.pk).delete()

    assert (fresh(idea).state, fresh(idea).activity) == (Idea.State.TAKEN, None)


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_number_of_questions(
    sign_in, teacher, school, number, django_assert_num_queries
):
    for made in IdeaFactory.create_batch(number, school=school):
        IdeaBackerFactory(school=school, idea=made)
    with school_scope(school):
        for made in IdeaFactory.create_batch(number, school=school):
            made.decide(Idea.State.NOT_NOW, answer="No")
    client = sign_in(teacher)

    with django_assert_num_queries(16):
        page = client.get(url(school, "activities:ideas"))

    assert len(page.context["waiting"]) == len(page.context["page"].object_list) == number
