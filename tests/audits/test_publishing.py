"""What is published when an audit closes, and what never is."""

import pytest
from django.db import DatabaseError, transaction

from audits import answering
from audits.answers import Given
from audits.models import Kind, Question, Result
from cpdhub.models import School
from cpdhub.walls import school_scope
from tests.audits.closing import answered, close, closed, questionnaire, told
from tests.audits.pages import invitation
from tests.factories import (
    InstrumentFactory,
    QuestionFactory,
    ResultFactory,
    RoundFactory,
    SectionFactory,
    StaffFactory,
    TeamFactory,
    publish,
)


@pytest.mark.parametrize("mode", ["named", "confidential", "anonymous"])
def test_closing_publishes_everyone_teams_and_groups(school, people, mode):
    made = closed(school, people, mode=mode)

    assert told(made) == {
        ("all", "Everyone"): (22, [0, 0, 22, 0]),
        ("team", "Lower"): (11, [0, 0, 11, 0]),
        ("team", "Upper"): (11, [0, 0, 11, 0]),
        ("group", "Teachers"): (12, [0, 0, 12, 0]),
        ("group", "Teaching assistants"): (10, [0, 0, 10, 0]),
    }


def test_closing_twice_publishes_once_and_nothing_changes_afterwards(school, people):
    made = closed(school, people)
    before = told(made)

    assert close(made) is False
    assert told(made) == before
    with school_scope(school):
        for change in ({"n": 9}, {"label": "Else"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Result.objects.filter(round=made).update(**change)
        more = Result.objects.filter(round=made).first()
        more.pk, more.key = None, "more"
        with pytest.raises(DatabaseError, match="written when it closes"), transaction.atomic():
            more.save()


def test_database_takes_no_number_below_five(school):
    with pytest.raises(DatabaseError, match="below_five_no_number"):
        ResultFactory(school=school, n=4)


def test_late_answers_and_drafts_are_in_no_result(school, people):
    made = RoundFactory(school=school, instrument=questionnaire(school), asks=people, open=True)
    late, draft, *others = people
    answered(made, others)
    with school_scope(school):
        answering.begin_response(invitation(made, draft))
    close(made)
    before = told(made)
    with school_scope(school):
        asked = list(Question.objects.filter(section__instrument=made.instrument_id))
        response = answering.begin_response(invitation(made, late))
        answering.keep_draft(response, {asked[0].pk: Given(value=1)}, questions=asked)
        answering.send_response(response, questions=asked)

    assert before["all", "Everyone"] == (20, [0, 0, 20, 0])
    assert told(made) == before


def test_anonymous_results_use_only_what_stands_on_the_answers(school, people):
    """A team whose members have no kept words is in no table, though we know who they are."""
    small = TeamFactory(school=school, name="Tiny")
    few = StaffFactory.create_batch(4, school=school, team=small, group="support")

    made = closed(school, [*people, *few], mode="anonymous")

    assert "Tiny" not in {label for _, label in told(made)}
    assert told(made)["all", "Everyone"][0] == 26


def test_hidden_places_hold_no_number(school, people):
    made = closed(school, people, who=people[:13])  # eleven of Lower, two teachers of Upper

    assert told(made)["team", "Lower"] == (None, [])
    assert told(made)["team", "Other teams"] == (None, [])
    assert told(made)["all", "Everyone"][0] == 13


def test_words_written_freely_are_in_no_table(school, people, instrument):
    made = closed(
        school, people, instrument=instrument,
        given=lambda person, question: (
            {"text": "Secret words"} if question.kind == Kind.TEXT
            else {"ranking": [2, 1]} if question.kind == Kind.RANKING
            else {"value": 2, "second": 4} if question.kind == Kind.IMPORTANCE
            else {"value": 1}
        ),
    )  # fmt: skip

    with school_scope(school):
        of = {
            result.question.kind: (result.counts, result.second_counts)
            for result in Result.objects.filter(round=made, breakdown="all").select_related(
                "question"
            )
        }
    assert Kind.TEXT not in of
    assert len(of) == 7
    assert of[Kind.RANKING] == ([22, 22, 0, 0], [])
    assert of[Kind.IMPORTANCE] == ([0, 22, 0, 0], [0, 0, 0, 22])


def test_half_an_answer_of_importance_and_confidence_is_not_counted(school, people):
    made = closed(
        school, people, instrument=questionnaire(school, kind=Kind.IMPORTANCE),
        given=lambda person, question: (
            {"value": 4} if person == people[0] else {"value": 4, "second": 1}
        ),
    )  # fmt: skip

    assert told(made)["all", "Everyone"] == (21, [0, 0, 0, 21])


def test_question_of_another_phase_is_in_no_table(school, people):
    with school_scope(school):
        School.objects.filter(pk=school.pk).update(phase="primary")
        school.refresh_from_db()
    made = InstrumentFactory(school=school)
    section = SectionFactory(school=school, instrument=made)
    QuestionFactory(school=school, section=section, phases=["secondary"])
    QuestionFactory(school=school, section=section, groups=["teacher"])

    found = told(
        closed(
            school, people, instrument=publish(made),
            given=lambda person, question: (
                {"value": 1} if question.groups and person.group == "teacher" else None
            ),
        )
    )  # fmt: skip

    assert found[("all", "Everyone")][0] == 12
    assert ("group", "Teaching assistants") not in found  # nobody of them was asked
    assert found["team", "Lower"][0] == 6
