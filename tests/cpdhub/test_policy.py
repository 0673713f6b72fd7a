"""The CPD policy: written, published, read, worked on, reviewed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cpdhub import clock
from cpdhub.models import Policy, PolicyObjective, PolicyReader, Priority
from cpdhub.walls import school_scope
from tests.factories import (
    PlanFactory,
    PolicyFactory,
    PolicyObjectiveFactory,
    PolicyReaderFactory,
    PriorityFactory,
    StaffFactory,
)
from tests.helpers import url


def sent(draft, **fields):
    """The form of a draft, with one objective and nothing that was there."""
    return {
        "revision": draft.revision,
        "vision": "We learn so that pupils gain",
        "definition": "Courses, coaching and reading",
        "roles": "",
        "decisions": "",
        "review_on": (clock.today() + timedelta(days=365)).isoformat(),
        "objectives-TOTAL_FORMS": "1",
        "objectives-INITIAL_FORMS": "0",
        "objectives-0-text": "Everyone is coached",
        "objectives-0-known_by": "Asked each June",
        "objectives-0-priority": "",
        **fields,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_policy_shows_objectives_and_versions_in_constant_queries(
    sign_in, cpd_leader, school, other_school, count, django_assert_num_queries
):
    for number in range(count):
        PolicyFactory(school=school, version=number + 1, published=True)
        StaffFactory(school=school)
    policy = PolicyFactory(
        school=school, version=9, objectives=[f"Aim {n}" for n in range(count)], published=True
    )
    with school_scope(school):
        for objective in policy.objectives.all():
            PolicyObjective.objects.filter(pk=objective.pk).update(
                priority=PriorityFactory(school=school, live=True, lead=cpd_leader)
            )
    PolicyFactory(school=other_school, version=1, vision="Theirs", published=True)
    client = sign_in(cpd_leader)

    with django_assert_num_queries(18):  # frame, policy, objectives, versions, people, readers
        response = client.get(url(school, "plan:policy"))

    assert response.text.count("Aim ") == count
    assert len(response.context["others"]) == count
    assert response.context["readers"].asked == count + 1
    assert "Theirs" not in response.text


def test_policy_that_is_not_there_invites_writers_and_tells_readers(
    sign_in, school, cpd_leader, teacher
):
    assert "Write it</button>" in sign_in(cpd_leader).get(url(school, "plan:policy")).text
    reader = sign_in(teacher).get(url(school, "plan:policy")).text
    assert "as soon as it is published" in reader
    assert "Write it</button>" not in reader


def test_first_draft_starts_from_words_to_change_and_is_made_once(sign_in, school, cpd_leader):
    client = sign_in(cpd_leader)

    first = client.post(url(school, "plan:policy_begin"))
    second = client.post(url(school, "plan:policy_begin"))

    with school_scope(school):
        draft = Policy.objects.get()
    assert first.url == second.url == url(school, "plan:policy_change", draft.pk)
    assert draft.version == 1
    assert "By CPD we mean" in client.get(first.url).text


def test_draft_is_seen_by_writers_only(sign_in, school, head, teacher, governor):
    draft = PolicyFactory(school=school, vision="Half a thought")

    assert "Half a thought" in sign_in(head).get(url(school, "plan:policy_version", draft.pk)).text
    for reader in (teacher, governor):
        path = url(school, "plan:policy_version", draft.pk)
        assert sign_in(reader).get(path).status_code == 404
        assert "Half a thought" not in sign_in(reader).get(url(school, "plan:policy")).text


def test_draft_is_saved_incomplete_and_published_only_complete(sign_in, school, cpd_leader):
    draft = PolicyFactory(school=school, vision="", review_on=None)
    path = url(school, "plan:policy_change", draft.pk)
    client = sign_in(cpd_leader)
    blank = {"vision": "", "review_on": "", "definition": "Kept words"}

    refused = client.post(path, sent(draft, **blank, publish="1"))
    saved = client.post(path, sent(draft, **blank))

    assert "Say it in a sentence or two" in refused.text
    assert "Give a day, so that somebody looks again." in refused.text
    assert "Kept words" in refused.text
    assert "Everyone is coached" in refused.text
    assert saved.url == url(school, "plan:policy_version", draft.pk)
    with school_scope(school):
        assert Policy.objects.get().is_draft


def test_published_it_is_in_force_and_its_publisher_has_read_it(sign_in, school, cpd_leader):
    draft = PolicyFactory(school=school)

    response = sign_in(cpd_leader).post(
        url(school, "plan:policy_change", draft.pk), sent(draft, publish="1")
    )

    assert response.url == url(school, "plan:policy")
    with school_scope(school):
        policy = Policy.objects.in_force().get()
        assert (policy.published_on, policy.published_by) == (clock.today(), cpd_leader)
        assert [row.text for row in policy.objectives.all()] == ["Everyone is coached"]
        assert PolicyReader.objects.get().staff == cpd_leader


@pytest.mark.parametrize("days", [0, -1])
def test_review_day_lies_ahead(sign_in, school, cpd_leader, days):
    draft = PolicyFactory(school=school)
    day = (clock.today() + timedelta(days=days)).isoformat()

    response = sign_in(cpd_leader).post(
        url(school, "plan:policy_change", draft.pk), sent(draft, review_on=day)
    )

    assert "Give a day that is still to come." in response.text


def test_two_who_write_at_once_lose_nothing(sign_in, school, cpd_leader, head):
    draft = PolicyFactory(school=school)
    path = url(school, "plan:policy_change", draft.pk)
    sign_in(head).post(path, sent(draft, vision="The head's"))

    refused = sign_in(cpd_leader).post(path, sent(draft, vision="Mine"))

    assert "Helen Head changed this while you were writing" in refused.text
    assert ">\nMine</textarea>" in refused.text


def test_next_version_starts_as_a_copy_and_the_one_before_stays(sign_in, school, cpd_leader):
    old = PolicyFactory(
        school=school, version=1, vision="First words", objectives=["Aim"], published=True
    )
    client = sign_in(cpd_leader)

    client.post(url(school, "plan:policy_begin"))

    with school_scope(school):
        draft = Policy.objects.get(state="draft")
        assert (draft.version, draft.vision, draft.review_on) == (2, "First words", None)
        assert [row.text for row in draft.objectives.all()] == ["Aim"]
    client.post(
        url(school, "plan:policy_change", draft.pk),
        sent(draft, vision="Second words", **{"objectives-TOTAL_FORMS": "0"}, publish="1"),
    )
    assert "Second words" in client.get(url(school, "plan:policy")).text
    earlier = client.get(url(school, "plan:policy_version", old.pk)).text
    assert "First words" in earlier
    assert "A newer version is in force." in earlier


def test_published_policy_is_frozen_by_the_database(school):
    policy = PolicyFactory(school=school, objectives=["Aim"], published=True)
    objective = PolicyObjective

    with school_scope(school):
        for change in (
            lambda: Policy.objects.update(vision="Other"),
            lambda: Policy.objects.update(state="draft", published_on=None),
            lambda: Policy.objects.all().delete(),
            lambda: objective.objects.update(text="Other"),
            lambda: objective.objects.all().delete(),
            lambda: objective.objects.create(school=school, policy=policy, text="More"),
        ):
            with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
                change()


def test_published_policy_is_complete_and_a_draft_is_not_read(school, teacher):
    draft = PolicyFactory(school=school, vision="")

    with school_scope(school):
        with pytest.raises(IntegrityError, match="complete"), transaction.atomic():
            Policy.objects.update(state="published", published_on=clock.today())
        with pytest.raises(IntegrityError, match="only a published"), transaction.atomic():
            PolicyReader.objects.create(
                school=school, policy=draft, staff=teacher, read_on=clock.today()
            )


def test_published_version_is_not_written_again(sign_in, school, cpd_leader):
    policy = PolicyFactory(school=school, published=True)
    client = sign_in(cpd_leader)
    page = url(school, "plan:policy_version", policy.pk)

    answer = client.post(url(school, "plan:policy_change", policy.pk), sent(policy, publish="1"))
    assert answer.url == page
    assert client.post(url(school, "plan:policy_discard", policy.pk)).url == page
    with school_scope(school):
        assert Policy.objects.get().vision == policy.vision


def test_draft_can_be_thrown_away(sign_in, school, cpd_leader):
    draft = PolicyFactory(school=school, objectives=["Aim"])
    path = url(school, "plan:policy_discard", draft.pk)
    client = sign_in(cpd_leader)

    assert "The version in force stays." in client.get(path).text
    client.post(path)

    with school_scope(school):
        assert Policy.objects.count() == 0


# --- reading it -----------------------------------------------------------------------------------
def test_one_click_says_it_is_read_once(sign_in, school, teacher):
    policy = PolicyFactory(school=school, published=True)
    client = sign_in(teacher)
    assert "I have read this" in client.get(url(school, "plan:policy")).text

    for _ in range(2):
        client.post(url(school, "plan:policy_acknowledge", policy.pk))

    with school_scope(school):
        assert PolicyReader.objects.get().staff == teacher
    page = client.get(url(school, "plan:policy")).text
    assert "I have read this" not in page
    assert "that you have read this" in page


def test_earlier_version_is_not_acknowledged_any_more(sign_in, school, teacher):
    old = PolicyFactory(school=school, version=1, published=True)
    PolicyFactory(school=school, version=2, published=True)

    response = sign_in(teacher).post(url(school, "plan:policy_acknowledge", old.pk), follow=True)

    assert "There is a newer version by now." in response.text
    with school_scope(school):
        assert PolicyReader.objects.count() == 0


def test_governor_reads_it_and_is_not_asked_to_say_so(sign_in, school, governor):
    policy = PolicyFactory(school=school, published=True)
    client = sign_in(governor)

    page = client.get(url(school, "plan:policy")).text

    assert policy.vision in page
    assert "I have read this" not in page
    assert client.post(url(school, "plan:policy_acknowledge", policy.pk)).status_code == 403


def test_leader_sees_by_name_who_has_not_read_it_others_do_not(
    sign_in, school, cpd_leader, teacher
):
    policy = PolicyFactory(school=school, published=True)
    PolicyReaderFactory(school=school, policy=policy, staff=cpd_leader)
    StaffFactory(school=school, first_name="Gone", ends_on=clock.today())

    page = sign_in(cpd_leader).get(url(school, "plan:policy")).text
    assert "1 of 2" in page
    assert "<li>Tom Teacher</li>" in page
    assert "Gone" not in page
    assert "Who has read it" not in sign_in(teacher).get(url(school, "plan:policy")).text


# --- objectives and priorities --------------------------------------------------------------------
def test_objective_becomes_a_priority_once_and_shows_how_it_goes(sign_in, school, cpd_leader):
    policy = PolicyFactory(school=school, objectives=["Everyone is coached"], published=True)
    with school_scope(school):
        objective = policy.objectives.get()
    client = sign_in(cpd_leader)
    path = url(school, "plan:objective_priority", objective.pk)

    first, second = client.post(path), client.post(path)

    with school_scope(school):
        made = Priority.objects.get()
    assert (made.title, made.source) == ("Everyone is coached", "policy")
    assert first.url == second.url == url(school, "plan:priority_change", made.pk)
    assert url(school, "plan:priority", made.pk) in client.get(url(school, "plan:policy")).text


def test_objective_is_taken_up_again_by_next_years_plan(school, cpd_leader, sign_in, at):
    at("2026-11-26 09:00")
    policy = PolicyFactory(school=school, objectives=["Everyone is coached"], published=True)
    with school_scope(school):
        path = url(school, "plan:objective_priority", policy.objectives.get().pk)
    sign_in(cpd_leader).post(path)
    at("2027-11-26 09:00")

    sign_in(cpd_leader).post(path)

    with school_scope(school):
        assert Priority.objects.count() == 2
        assert policy.objectives.get().priority == Priority.objects.latest("pk")


def test_draft_priority_of_an_objective_is_not_shown_to_readers(sign_in, school, teacher):
    policy = PolicyFactory(school=school)
    PolicyObjectiveFactory(
        school=school, policy=policy, priority=PriorityFactory(school=school, title="Secret plan")
    )
    with school_scope(school):
        Policy.objects.update(state="published", published_on=clock.today())

    page = sign_in(teacher).get(url(school, "plan:policy")).text

    assert "Secret plan" not in page
    assert "no priority works on it yet" in page


def test_archived_plan_takes_no_new_priority(sign_in, school, cpd_leader):
    from cpdhub.plan_actions import plan_for_this_year

    policy = PolicyFactory(school=school, objectives=["Aim"], published=True)
    with school_scope(school):
        plan = plan_for_this_year(school)
        plan.archived_at = clock.now()
        plan.save()
        objective = policy.objectives.get()

    response = sign_in(cpd_leader).post(
        url(school, "plan:objective_priority", objective.pk), follow=True
    )

    assert "This plan is archived." in response.text
    with school_scope(school):
        assert Priority.objects.count() == 0


def test_policy_names_priorities_of_this_year_to_choose_from(sign_in, school, cpd_leader):
    now = PlanFactory(school=school)
    PriorityFactory(school=school, plan=now, title="This year's", live=True)
    draft = PolicyFactory(school=school)

    page = sign_in(cpd_leader).get(url(school, "plan:policy_change", draft.pk)).text

    assert "This year&#x27;s</option>" in page


# --- where it shows -------------------------------------------------------------------------------
def test_planning_an_activity_shows_vision_and_definition(sign_in, school, cpd_leader):
    client = sign_in(cpd_leader)
    assert "What we mean by CPD" not in client.get(url(school, "activities:plan")).text
    PolicyFactory(school=school, vision="Learn <together>", published=True)

    page = client.get(url(school, "activities:plan")).text

    assert "Learn &lt;together&gt;" in page
    assert "Everything that helps us to teach better" in page
    assert url(school, "plan:policy") in page
