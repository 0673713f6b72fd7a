"""What an audit suggests as needs, to whom, and what becomes of it."""

import pytest
from pytest_django.asserts import assertContains

from audits import needs, proposals
from audits.models import Kind, Need, Question, Round, Topic
from audits.proposals import Rule
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.audits.closing import closed, questionnaire
from tests.factories import StaffFactory, TeamFactory
from tests.helpers import url

RULE = Rule(confidence=2, importance=3)


@pytest.fixture
def people(school):
    """Six in the lower, six in the upper team."""
    teams = [TeamFactory(school=school, name=name) for name in ("Lower", "Upper")]
    return [p for team in teams for p in StaffFactory.create_batch(6, school=school, team=team)]


def lower_is_unsure(person, question):
    return {"value": 1 if person.team.name == "Lower" else 4}


def all_unsure(person, question):
    return {"value": 2}


def asked_in(round_):
    with school_scope(round_.school):
        return Question.objects.get(section__instrument=round_.instrument_id).pk


def told(round_, rule=RULE):
    with school_scope(round_.school):
        audit = Round.objects.select_related("school").get(pk=round_.pk)
        return [
            (p.whom, p.whose, p.level, p.need is not None) for p in proposals.of_round(audit, rule)
        ]


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
def test_team_whose_half_is_unsure_is_suggested_and_no_person(school, people, mode):
    audit = closed(school, people, mode=mode, given=lower_is_unsure)

    # Half of everybody is unsure as well: the whole school says it for its teams.
    assert told(audit) == [("school", "Whole school", 1, False)]
    assert told(audit, Rule(1, 3)) == [("school", "Whole school", 1, False)]


def test_only_the_team_where_the_school_as_a_whole_is_sure(school, people):
    others = StaffFactory.create_batch(8, school=school, team=people[-1].team)
    audit = closed(school, [*people, *others], given=lower_is_unsure)

    assert told(audit) == [("team", "Lower", 1, False)]


def test_named_audit_suggests_people_too(school, people):
    others = StaffFactory.create_batch(8, school=school, team=people[-1].team)
    audit = closed(school, [*people, *others], mode="named", given=lower_is_unsure)

    assert [each[0] for each in told(audit)] == ["team", *["person"] * 6]


def test_importance_counts_where_it_is_asked(school, people):
    instrument = questionnaire(school, kind=Kind.IMPORTANCE)

    def unsure(importance):
        return lambda person, question: {"value": importance, "second": 1}

    trivial = closed(school, people, instrument=instrument, given=unsure(1))
    urgent = closed(school, people, instrument=instrument, given=unsure(4))

    assert told(trivial) == []
    assert told(urgent) == [("school", "Whole school", 1, False)]


def test_schools_own_rule_decides(school, people):
    audit = closed(school, people, given=all_unsure)

    assert told(audit, Rule(1, 3)) == []
    assert len(told(audit, Rule(2, 3))) == 1


def test_group_that_is_hidden_suggests_nothing(school, people):
    alone = StaffFactory.create_batch(3, school=school, team=TeamFactory(school=school))
    audit = closed(school, [*people, *alone], given=lambda p, q: {"value": 1 if p in alone else 4})

    assert told(audit) == []


def test_confidential_answer_suggests_to_its_author_alone(school, people, cpd_leader):
    closed(school, people, given=lower_is_unsure)

    with school_scope(school):
        assert [p.level for p in proposals.for_oneself(people[0], RULE)] == [1]
        assert proposals.for_oneself(people[-1], RULE) == []
        assert proposals.for_oneself(cpd_leader, RULE) == []


def test_anonymous_answers_suggest_nothing_to_anybody_by_name(school, people):
    closed(school, people, mode="anonymous", given=all_unsure)

    with school_scope(school):
        assert [p for person in people if (p := proposals.for_oneself(person, RULE))] == []


def test_latest_answer_counts(school, people, at):
    instrument = questionnaire(school)
    at("2025-11-20 09:00")
    closed(school, people, instrument=instrument, given=all_unsure)
    at("2026-11-20 09:00")
    closed(school, people, instrument=instrument, given=lambda p, q: {"value": 4})

    with school_scope(school):
        assert proposals.for_oneself(people[0], RULE) == []


def test_what_was_answered_long_ago_suggests_nothing(school, people, at):
    at("2025-01-20 09:00")
    closed(school, people, given=all_unsure)
    at("2026-11-20 09:00")

    with school_scope(school):
        assert proposals.for_oneself(people[0], RULE) == []


def test_taken_becomes_a_need_with_its_source_and_topic(school, people):
    closed(school, people, given=all_unsure)
    me = people[0]
    with school_scope(school):
        value = proposals.for_oneself(me, RULE)[0].value

        assert needs.take_for_oneself(me, [value], is_shared=True, rule=RULE) == 1
        assert needs.take_for_oneself(me, [value], is_shared=True, rule=RULE) == 0

        need = Need.objects.get()
        assert (need.staff, need.level_now, need.level_wanted, need.is_shared) == (me, 2, 3, True)
        assert need.topic == Topic.objects.get(title="I can do 0")
        assert str(need.sources.get()) == "How are we: I can do 0"


def test_kept_private_it_names_no_topic_until_it_is_shared(school, people):
    closed(school, people, given=all_unsure)
    me = people[0]
    with school_scope(school):
        value = proposals.for_oneself(me, RULE)[0].value
        needs.take_for_oneself(me, [value], is_shared=False, rule=RULE)
        assert not Topic.objects.exists()

        Need.objects.get().share()
        assert Need.objects.get().topic.title == "I can do 0"


def test_declined_is_not_suggested_again_and_nobody_learns_of_it(school, people, cpd_leader):
    closed(school, people, given=all_unsure)
    me = people[0]
    with school_scope(school):
        value = proposals.for_oneself(me, RULE)[0].value
        assert needs.decline_for_oneself(me, value, rule=RULE)

        assert proposals.for_oneself(me, RULE) == []
        assert not Need.objects.visible_to(cpd_leader).exists()


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


def test_leader_agrees_to_what_is_ticked(desk, school, people):
    audit = closed(school, people, given=all_unsure, instrument=questionnaire(school, statements=2))
    page = url(school, "needs:round_needs", audit.pk)
    response = desk.get(page)
    first, second = [p.value for _, found in response.context["questions"] for p in found]

    desk.post(page, {"need": [first, "999:school:all", "x"], "do": "agree"})
    desk.post(page, {"need": [second], "do": "aside"})

    with school_scope(school):
        assert sorted(Need.objects.values_list("title", "status")) == [
            ("I can do 0", "agreed"),
            ("I can do 1", "set_aside"),
        ]
    after = desk.get(page)
    assert after.context["questions"] == []
    assert "All is decided" in after.text


def test_team_that_is_gone_or_colleague_who_left_is_not_suggested(desk, school, people):
    others = StaffFactory.create_batch(8, school=school, team=people[-1].team)
    audit = closed(school, [*people, *others], mode="named", given=lower_is_unsure)
    with school_scope(school):
        lower = people[0].team
        lower.staff.update(team=None)
        lower.delete()
        type(people[0]).objects.filter(pk=people[1].pk).update(ends_on=clock.today())

    assert [(whom, whose) for whom, whose, _, _ in told(audit)] == [
        ("person", person.name) for person in sorted(
            {*people[:6]} - {people[1]}, key=lambda person: person.sort_name)
    ]  # fmt: skip
    page = url(school, "needs:round_needs", audit.pk)
    answer = desk.post(page, {"need": [f"{asked_in(audit)}:team:{lower.pk}"], "do": "agree"})
    assert answer.status_code == 302


def test_nothing_ticked_decides_nothing(desk, school, people):
    audit = closed(school, people, given=all_unsure)

    response = desk.post(url(school, "needs:round_needs", audit.pk), {"do": "agree"}, follow=True)

    assert "Nothing was ticked" in response.text
    with school_scope(school):
        assert not Need.objects.exists()


def test_open_audit_suggests_nothing_yet(desk, school):
    from tests.factories import RoundFactory

    audit = RoundFactory(school=school, asks=[StaffFactory(school=school)], open=True)

    response = desk.get(url(school, "needs:round_needs", audit.pk), follow=True)

    assert "when it has closed" in response.text


@pytest.mark.parametrize("statements", [1, 3])
def test_page_of_suggestions_costs_the_same(
    desk, school, people, statements, django_assert_num_queries
):
    audit = closed(
        school, people, given=all_unsure, instrument=questionnaire(school, statements=statements)
    )

    with django_assert_num_queries(16):
        response = desk.get(url(school, "needs:round_needs", audit.pk))

    assert len(response.context["questions"]) == statements


def test_rule_is_the_schools_to_change(desk, school):
    response = desk.post(
        url(school, "needs:rule"), {"need_confidence_at_most": 1, "need_importance_at_least": 4}
    )

    assert response.status_code == 302
    school.refresh_from_db()
    assert Rule.of(school) == Rule(1, 4)
    assert desk.post(url(school, "needs:rule"), {"need_confidence_at_most": 9}).status_code == 200


def test_own_page_takes_and_declines(sign_in, school, people):
    closed(school, people, given=all_unsure, instrument=questionnaire(school, statements=3))
    me = people[0]
    desk = sign_in(me)
    page = desk.get(url(school, "needs:mine"))
    first, second, third = [p.value for p in page.context["suggested"]]

    desk.post(url(school, "needs:suggested"), {"need": [first], "share": "1"})
    desk.post(url(school, "needs:suggested"), {"decline": second})

    page = desk.get(url(school, "needs:mine"))
    assert [p.value for p in page.context["suggested"]] == [third]
    assert [need.is_shared for need in page.context["needs"]] == [True]
    assert len(page.context["over"]) == 1


def test_declining_one_keeps_the_other_ticks(sign_in, school, people):
    closed(school, people, given=all_unsure, instrument=questionnaire(school, statements=3))
    desk = sign_in(people[0])
    page = desk.get(url(school, "needs:mine"))
    first, second, third = [p.value for p in page.context["suggested"]]

    page = desk.post(
        url(school, "needs:suggested"), {"need": [first], "decline": second}, follow=True
    )

    box = '<input type="checkbox" name="need" value="{}" id="need-{}"{}>'
    assertContains(page, box.format(first, 1, " checked"), html=True)
    assertContains(page, box.format(third, 2, ""), html=True)
