"""Planning backwards, step by step: nothing is lost, nobody is passed over unsaid."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from activities.forms import activity_types
from activities.models import Activity
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    DesignFactory,
    ExpertiseFactory,
    IntendedImpactFactory,
    ParticipationFactory,
    ProviderOfferFactory,
    TopicFactory,
)
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


@pytest.fixture
def draft(school, cpd_leader, a_type):
    return ActivityFactory(school=school, owner=cpd_leader, type=a_type, title="Talk in maths")


def at(activity, code):
    return url(activity.school, "activities:step", activity.pk, code)


def test_pupils_come_first_and_make_a_draft(desk, school, cpd_leader, a_type, only_activity):
    response = desk.post(
        url(school, "activities:backwards"), {"pupils_will": "Explain in sentences", "to": "next"}
    )

    activity = only_activity()
    assert (activity.state, activity.owner) == ("draft", cpd_leader)
    with school_scope(school):
        assert activity.type == activity_types().first()
    assert activity.intended_impact.pupils_will == "Explain in sentences"
    assert response.url == at(activity, "practice")


def test_without_pupils_nothing_begins(desk, cpd_leader, a_type, school):
    response = desk.post(url(school, "activities:backwards"), {"pupils_will": "", "to": "next"})

    assertContains(response, "it starts here")
    with school_scope(school):
        assert not Activity.objects.exists()


def test_going_elsewhere_keeps_what_is_written(desk, school, cpd_leader, draft):
    response = desk.post(at(draft, "support"), {"support": "Cover", "to": "evidence"})

    assert response.url == at(draft, "evidence")
    assertContains(desk.get(at(draft, "support")), "Cover")


def test_each_step_leaves_the_others_alone(desk, school, cpd_leader, draft):
    IntendedImpactFactory(school=draft.school, activity=draft, pupils_will="Explain")
    DesignFactory(school=draft.school, activity=draft, support="Cover", focus=["subject"])

    desk.post(at(draft, "practice"), {"staff_will": "Wait three seconds"})
    desk.post(at(draft, "evidence"), {"practice_seen_by": "Two visits"})

    with school_scope(draft.school):
        draft.refresh_from_db()
        assert draft.intended_impact.pupils_will == "Explain"
        assert draft.intended_impact.staff_will == "Wait three seconds"
        assert (draft.design.support, draft.design.focus) == ("Cover", ["subject"])
        assert draft.design.practice_seen_by == "Two visits"


@pytest.fixture
def offered(school):
    topic = TopicFactory(school=school, title="Questioning in maths")
    offer = ExpertiseFactory(school=school, topic=topic, audience="colleagues")
    ProviderOfferFactory(school=school, title="A day on questioning")
    return offer


def test_colleagues_are_shown_before_offers_from_outside(desk, school, cpd_leader, draft, offered):
    desk.post(at(draft, "learning"), {"topic": offered.topic_id, "to": "learning"})

    page = desk.get(at(draft, "learning")).content.decode()

    assert page.index(offered.staff.name + "</h3>") < page.index("A day on questioning")


def test_going_outside_past_a_colleague_is_asked_for_its_reason(
    desk, school, cpd_leader, draft, offered
):
    sent = {"topic": offered.topic_id, "led_by": "Big Courses Ltd"}

    refused = desk.post(at(draft, "learning"), sent)
    taken = desk.post(at(draft, "learning"), {**sent, "outside_because": "Away until May"})

    assertContains(refused, f"{offered.staff.name} offers help with this here")
    assertContains(refused, "Big Courses Ltd")
    assert taken.status_code == 302
    with school_scope(draft.school):
        draft.refresh_from_db()
        assert (draft.led_by, draft.design.outside_because) == (
            "Big Courses Ltd",
            "Away until May",
        )


def test_a_topic_nobody_may_know_of_is_not_offered(desk, cpd_leader, draft, school):
    private = ExpertiseFactory(school=school, audience="me", topic__title="Private worries")

    response = desk.get(at(draft, "learning"))
    sent = desk.post(at(draft, "learning"), {"topic": private.topic_id})

    assertNotContains(response, "Private worries")
    assertContains(sent, "Select a valid choice")


def test_it_ends_in_the_plan_page_with_all_of_it(
    desk, school, cpd_leader, draft, plan_data, only_activity
):
    IntendedImpactFactory(school=draft.school, activity=draft, pupils_will="Explain it aloud")
    sent = {"known_by": "Pupil talk", "look_again_on": "2027-02-01"}

    end = desk.post(at(draft, "evidence"), sent)
    page = desk.get(end.url)
    planned = desk.post(end.url, {**plan_data, "draft": draft.pk, "revision": 1})

    assert end.url == f"{url(school, 'activities:plan')}?draft={draft.pk}"
    assertContains(page, "Explain it aloud")
    assertContains(page, "Talk in maths")
    activity = only_activity()
    assert planned.url == url(school, "activities:activity", draft.pk)
    assert (activity.pk, activity.state, activity.owner) == (draft.pk, "planned", cpd_leader)
    with school_scope(draft.school):
        assert activity.sessions.count() == 1


def test_a_plan_that_lacks_something_stays_the_draft(desk, school, cpd_leader, draft, plan_data):
    response = desk.post(
        url(school, "activities:plan"),
        {**plan_data, "draft": draft.pk, "revision": 1, "known_by": ""},
    )

    assertContains(response, f'name="draft" value="{draft.pk}"')
    with school_scope(draft.school):
        assert Activity.objects.get().state == "draft"


def test_laying_out_keeps_the_draft(desk, school, cpd_leader, draft, plan_data):
    response = desk.post(
        url(school, "activities:plan"),
        {**plan_data, "draft": draft.pk, "revision": 1, "do": "layout"},
    )

    assertContains(response, f'name="draft" value="{draft.pk}"')


@pytest.mark.parametrize("wanted", ["0", "x", "999999999"])
def test_draft_that_is_none_is_a_missing_page(desk, school, cpd_leader, wanted):
    assert desk.get(f"{url(school, 'activities:plan')}?draft={wanted}").status_code == 404


def test_one_with_people_goes_on_from_its_own_page(desk, school, cpd_leader, draft):
    ParticipationFactory(school=draft.school, activity=draft)

    response = desk.post(at(draft, "evidence"), {"known_by": "Talk", "to": "plan"})

    assert response.url == url(school, "activities:activity", draft.pk)


def test_what_is_planned_is_changed_elsewhere(desk, cpd_leader, school):
    activity = ActivityFactory(school=school, owner=cpd_leader, state="planned")

    assert desk.get(at(activity, "pupils")).url == url(school, "activities:activity", activity.pk)
    assert desk.get(at(activity, "nonsense")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_statements_of_the_step_with_helpers(
    desk, draft, school, number, django_assert_num_queries
):
    topic = TopicFactory(school=school, title="Questioning in maths")
    DesignFactory(school=school, activity=draft, topic=topic)
    for n in range(number):
        ExpertiseFactory(school=school, topic=topic, audience="colleagues")
        ProviderOfferFactory(school=school, title=f"Questioning {n}")
    desk.get(at(draft, "learning"))

    with django_assert_num_queries(22):
        desk.get(at(draft, "learning"))
