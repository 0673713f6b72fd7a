"""The pages of needs: one's own, and deciding."""

import pytest

from audits.models import Need, Topic
from cpdhub.walls import school_scope
from tests.factories import (
    NeedFactory,
    NeedSourceFactory,
    PriorityFactory,
    QuestionFactory,
    RoundFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
    publish,
)
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


@pytest.fixture
def own(sign_in, teacher):
    return sign_in(teacher)


def only(school):
    with school_scope(school):
        return Need.objects.select_related("topic").get()


# --- one's own --------------------------------------------------------------------------------


def test_one_line_is_enough(own, school, teacher):
    own.post(url(school, "needs:own_add"), {"title": "Ask better questions"})

    need = only(school)
    assert (need.title, need.staff_id, need.is_shared, need.balance) == (
        "Ask better questions", teacher.pk, False, "individual",
    )  # fmt: skip
    with school_scope(school):
        assert [source.kind for source in need.sources.all()] == ["own"]


def test_empty_line_is_explained_and_nothing_is_lost(own, school):
    response = own.post(url(school, "needs:own_add"), {"title": "", "share": "on"})

    assert response.status_code == 200
    assert response.context["form"].errors


def test_shared_when_it_is_ticked(own, school):
    own.post(url(school, "needs:own_add"), {"title": "Ask better questions", "share": "on"})

    assert only(school).is_shared


def test_form_sent_twice_makes_one(own, school):
    sent = {"title": "Once", "once": "6f1f6d6e-0a3d-4b39-9d3c-0d5b6a9b1c11"}
    own.post(url(school, "needs:own_add"), sent)
    own.post(url(school, "needs:own_add"), sent)

    assert only(school).title == "Once"


def test_everything_there_is_to_say(own, school):
    topic = TopicFactory(school=school, title="Phonics")
    theirs = NeedFactory(school=school, topic=topic, whom="school")
    priority = PriorityFactory(school=school, live=True)

    own.post(
        url(school, "needs:need_own_new"),
        {
            "title": "Teach phonics to new arrivals", "pupils": "Year 5", "level_now": 1,
            "level_wanted": 3, "topic": "phonics", "kinds": ["own", "career"], "note": "Lead it",
            "priorities": [priority.pk], "balance": "individual", "horizon": "now", "share": "1",
        },
    )  # fmt: skip

    with school_scope(school):
        need = Need.objects.select_related("topic").exclude(pk=theirs.pk).get()
        assert (need.topic, need.level_now, need.level_wanted, need.is_shared) == (
            topic,
            1,
            3,
            True,
        )
        assert sorted(need.sources.values_list("kind", flat=True)) == ["career", "own", "priority"]


def test_wanting_less_than_there_is_is_explained(own, school):
    response = own.post(
        url(school, "needs:need_own_new"),
        {"title": "X", "level_now": 3, "level_wanted": 2, "balance": "school", "horizon": "now"},
    )

    assert "It stands there already" in response.text


def test_teacher_names_no_new_topic(own, school):
    response = own.post(
        url(school, "needs:need_own_new"),
        {"title": "X", "topic": "My secret", "balance": "school", "horizon": "now"},
    )

    assert "There is no such topic yet" in response.text
    with school_scope(school):
        assert not Topic.objects.exists()


def test_change_keeps_what_came_from_an_audit(own, school, teacher):
    need = NeedFactory(school=school, staff=teacher)
    NeedSourceFactory(school=school, need=need, kind="own")
    page = url(school, "needs:need_change", need.pk)
    revision = own.get(page).context["form"].initial["revision"]

    own.post(
        page,
        {"title": "Other words", "kinds": ["appraisal"], "note": "Lead maths", "revision": revision,
         "balance": "school", "horizon": "year"},
    )  # fmt: skip

    with school_scope(school):
        assert [str(source) for source in need.sources.all()] == ["Appraisal objective: Lead maths"]
    assert only(school).title == "Other words"


def test_share_and_take_back(own, school, teacher):
    need = NeedFactory(school=school, staff=teacher, is_shared=False)

    own.post(url(school, "needs:need_share", need.pk))
    assert only(school).is_shared
    own.post(url(school, "needs:need_take-back", need.pk))
    assert not only(school).is_shared


def test_leader_may_not_change_or_share_anothers(desk, school):
    need = NeedFactory(school=school)

    assert desk.get(url(school, "needs:need_change", need.pk)).status_code == 403
    assert desk.post(url(school, "needs:need_take-back", need.pk)).status_code == 403
    assert desk.post(url(school, "needs:need_delete", need.pk)).status_code == 403


def test_delete_is_for_what_nobody_decided_on(own, school, teacher):
    kept = NeedFactory(school=school, staff=teacher)
    with school_scope(school):
        kept.agree()
    over = {"status": "set_aside", "because": "Next year"}
    told_why = NeedFactory(school=school, staff=teacher, **over)
    slip = NeedFactory(school=school, staff=teacher)
    nobodys_business = NeedFactory(school=school, staff=teacher, is_shared=False, **over)

    for need in (kept, told_why, slip, nobodys_business):
        own.post(url(school, "needs:need_delete", need.pk))

    with school_scope(school):
        assert set(Need.objects.all()) == {kept, told_why}


def test_met_then_no_change_until_it_is_open_again(own, school, teacher):
    need = NeedFactory(school=school, staff=teacher)

    own.post(url(school, "needs:need_met", need.pk))
    assert only(school).status == "met"
    assert own.get(url(school, "needs:need_change", need.pk)).status_code == 302
    own.post(url(school, "needs:need_reopen", need.pk))
    assert only(school).status == "identified"


# --- deciding ---------------------------------------------------------------------------------


def test_leader_agrees_or_sets_aside_with_a_reason(desk, school):
    need = NeedFactory(school=school)

    desk.post(url(school, "needs:need_agree", need.pk))
    assert only(school).status == "agreed"
    assert (
        "Say in a few words"
        in desk.post(url(school, "needs:need_set_aside", need.pk), {"because": ""}).text
    )
    desk.post(url(school, "needs:need_set_aside", need.pk), {"because": "Next year"})
    assert (only(school).status, only(school).because) == ("set_aside", "Next year")


def test_leader_agrees_in_the_list_and_stays_there(desk, school):
    first, second = NeedFactory.create_batch(2, school=school)
    waiting = url(school, "needs:register") + "?status=identified"
    agree = url(school, "needs:need_agree", first.pk)

    assert agree in desk.get(waiting).text
    assert agree not in desk.get(url(school, "needs:register")).text
    response = desk.post(agree, {"from": "register"})

    assert response.url == waiting
    page = desk.get(waiting).text
    assert agree not in page
    assert url(school, "needs:need_agree", second.pk) in page


def test_leader_agrees_on_the_topic_and_stays_there(desk, school):
    topic = TopicFactory(school=school)
    need = NeedFactory(school=school, topic=topic)
    agree = url(school, "needs:need_agree", need.pk)

    assert agree in desk.get(url(school, "needs:topic", topic.pk)).text
    response = desk.post(agree, {"from": "topic"})

    assert response.url == url(school, "needs:topic", topic.pk)
    assert agree not in desk.get(response.url).text


def test_second_decision_is_told_politely(desk, school):
    need = NeedFactory(school=school)
    desk.post(url(school, "needs:need_agree", need.pk))

    response = desk.post(url(school, "needs:need_agree", need.pk), follow=True)

    assert "already" in response.text


def test_leader_writes_for_a_group_and_names_its_topic(desk, school):
    desk.post(
        url(school, "needs:need_new"),
        {"title": "Know what to ask", "whose": "group:assistant", "topic": "Questions",
         "kinds": ["walk"], "balance": "team", "horizon": "year"},
    )  # fmt: skip

    need = only(school)
    assert (need.whose, need.topic.title) == ("Teaching assistants", "Questions")


def test_leader_writes_and_agrees_in_one_step(desk, school):
    desk.post(
        url(school, "needs:need_new"),
        {"title": "Know what to ask", "whose": "school:all", "balance": "school",
         "horizon": "year", "agree": "1"},
    )  # fmt: skip

    assert only(school).status == "agreed"


def test_team_leader_does_not_agree_by_writing(sign_in, school):
    leader = StaffFactory(school=school, roles=["team_leader"])
    team = TeamFactory(school=school, leader=leader)

    sign_in(leader).post(
        url(school, "needs:need_new"),
        {"title": "X", "whose": f"team:{team.pk}", "balance": "team", "horizon": "year",
         "agree": "1"},
    )  # fmt: skip

    assert only(school).status == "identified"


def test_walk_is_no_source_for_a_person(desk, school, teacher):
    response = desk.post(
        url(school, "needs:need_new"),
        {"title": "X", "whose": f"person:{teacher.pk}", "kinds": ["walk"], "balance": "team",
         "horizon": "year"},
    )  # fmt: skip

    assert "says nothing about a named person" in response.text


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_what_an_audit_showed_of_a_group_is_made_nobodys_own(desk, school, teacher, mode):
    question = QuestionFactory(school=school)
    audit = RoundFactory(
        school=school, instrument=publish(question.section.instrument), mode=mode
    )  # fmt: skip
    found = NeedFactory(school=school, whom="school")
    NeedSourceFactory(school=school, need=found, kind="audit", round=audit, question=question)

    response = desk.post(
        url(school, "needs:need_change", found.pk),
        {"title": "X", "whose": f"person:{teacher.pk}", "balance": "team", "horizon": "year",
         "revision": "1"},
    )  # fmt: skip

    assert response.status_code == 200
    assert "whose" in response.context["form"].errors
    assert only(school).whom == "school"


def test_team_leader_writes_for_their_own_team_only(sign_in, school):
    leader = StaffFactory(school=school, roles=["team_leader"])
    team = TeamFactory(school=school, leader=leader)
    other = TeamFactory(school=school)
    desk = sign_in(leader)
    sent = {"title": "X", "balance": "team", "horizon": "year"}

    assert (
        desk.post(url(school, "needs:need_new"), sent | {"whose": f"team:{other.pk}"})
        .context["form"]
        .errors
    )
    desk.post(url(school, "needs:need_new"), sent | {"whose": f"team:{team.pk}"})

    assert only(school).team_id == team.pk
