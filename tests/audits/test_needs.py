"""Needs: whose they are, who sees them, how they move."""

import pytest
from django.db import DatabaseError, transaction

from audits.models import Need, NeedSource, Topic
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from tests.factories import (
    NeedFactory,
    NeedSourceFactory,
    QuestionFactory,
    RoundFactory,
    SchoolFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    school = SchoolFactory()
    with school_scope(school):
        yield school


def seen_by(person):
    return set(Need.objects.visible_to(person))


def test_persons_need_is_theirs_until_they_share_it(school):
    leader = StaffFactory(school=school, roles=["cpd_leader"])
    manager = StaffFactory(school=school)
    colleague = StaffFactory(school=school)
    owner = StaffFactory(school=school, line_manager=manager)
    need = NeedFactory(school=school, staff=owner, is_shared=False)

    assert [p for p in (owner, leader, manager, colleague) if seen_by(p)] == [owner]

    need.share()

    assert [p for p in (owner, leader, manager, colleague) if seen_by(p)] == [
        owner,
        leader,
        manager,
    ]


def test_team_leader_sees_what_their_team_shared(school):
    leader = StaffFactory(school=school, roles=["team_leader"])
    team = TeamFactory(school=school, leader=leader)
    theirs = NeedFactory(school=school, staff=StaffFactory(school=school, team=team))
    NeedFactory(school=school)

    assert seen_by(leader) == {theirs}


def test_leading_a_team_without_the_role_shows_nothing(school):
    leader = StaffFactory(school=school)
    team = TeamFactory(school=school, leader=leader)
    NeedFactory(school=school, staff=StaffFactory(school=school, team=team))

    assert not seen_by(leader)


def test_everyone_sees_what_is_nobodys_own(school):
    team = TeamFactory(school=school)
    needs = {
        NeedFactory(school=school, whom="school"),
        NeedFactory(school=school, whom="team", team=team),
        NeedFactory(school=school, whom="group", group="assistant"),
    }

    assert seen_by(StaffFactory(school=school)) == needs
    assert {need.whose for need in needs} == {
        "Whole school",
        team.name,
        "Teaching assistants",
    }


def test_agreed_then_met_then_open_again(school, at):
    at("2026-11-26 09:00")
    need = NeedFactory(school=school)

    need.agree()
    need.say_met(today=need.identified_on)
    assert (need.status, need.met_on) == ("met", need.identified_on)

    need.reopen()
    assert (need.status, need.met_on) == ("identified", None)


def test_setting_aside_wants_a_reason(school):
    need = NeedFactory(school=school)

    with pytest.raises(NotPossible, match="why"):
        need.set_aside("  ")
    need.set_aside("Next year")
    assert (need.status, need.because) == ("set_aside", "Next year")


def test_second_of_two_who_decide_is_told(school):
    need = NeedFactory(school=school)
    same = Need.objects.get(pk=need.pk)
    need.agree()

    with pytest.raises(NotPossible, match="agreed"):
        same.agree()


def test_agreed_need_cannot_be_taken_back(school):
    need = NeedFactory(school=school)
    need.agree()

    with pytest.raises(NotPossible, match="agreed"):
        need.take_back()


def test_need_agreed_a_moment_ago_cannot_be_taken_back(school):
    need = NeedFactory(school=school)
    Need.objects.get().agree()

    with pytest.raises(NotPossible, match="others are working"):
        need.take_back()


def test_what_an_audit_showed_of_a_group_stays_nobodys_own(school):
    question = QuestionFactory(school=school)
    audit = RoundFactory(
        school=school, instrument=publish(question.section.instrument), mode="anonymous"
    )
    need = NeedFactory(school=school, whom="school")
    NeedSourceFactory(school=school, need=need, kind="audit", round=audit, question=question)
    walked = NeedFactory(school=school, whom="school")
    NeedSourceFactory(school=school, need=walked, kind="walk")

    for each in (need, walked):
        each.give_to("person", StaffFactory(school=school).pk)
        with pytest.raises(DatabaseError, match="named person"), transaction.atomic():
            each.save()


def test_database_keeps_the_rules(school):
    need = NeedFactory(school=school)
    team = TeamFactory(school=school)
    for broken in (
        {"team": team},
        {"whom": "team"},
        {"level_now": 3, "level_wanted": 2},
        {"level_now": 5},
        {"status": "met"},
        {"status": "set_aside"},
        {"status": "agreed", "is_shared": False},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(**broken)


def test_walk_says_nothing_of_a_named_person(school):
    with pytest.raises(DatabaseError, match="named person"), transaction.atomic():
        NeedSourceFactory(school=school, need=NeedFactory(school=school), kind="walk")

    NeedSourceFactory(school=school, need=NeedFactory(school=school, whom="school"), kind="walk")


def test_anonymous_audit_gives_no_person_a_need(school):
    question = QuestionFactory(school=school)
    audit = RoundFactory(
        school=school, instrument=publish(question.section.instrument), mode="anonymous"
    )
    for_all = NeedFactory(school=school, whom="school")
    source = {"kind": "audit", "round": audit, "question": question}

    NeedSourceFactory(school=school, need=for_all, **source)
    with pytest.raises(DatabaseError, match="names nobody"), transaction.atomic():
        NeedSourceFactory(school=school, need=NeedFactory(school=school), **source)


def test_source_says_how_we_know(school):
    need = NeedFactory(school=school)

    assert str(NeedSource(need=need, kind="own")) == "Said by the person"
    assert str(NeedSource(need=need, kind="appraisal", note="Lead phonics")) == (
        "Appraisal objective: Lead phonics"
    )


def test_statement_asked_again_finds_its_topic(school):
    question = QuestionFactory(school=school, text="I plan open questions")

    topic = Topic.of_question(question, school_id=school.pk)

    assert topic.title == "I plan open questions"
    assert Topic.of_question(question, school_id=school.pk) == topic


def test_topic_of_the_same_words_is_the_same(school):
    topic = TopicFactory(school=school, title="Phonics")

    assert Topic.named("phonics", school_id=school.pk) == topic
