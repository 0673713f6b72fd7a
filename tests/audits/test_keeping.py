"""Answers are destroyed a year after their audit has closed; what was published stays."""

import pytest

from audits import answering
from audits.answers import Given
from audits.models import Answer, Invitation, Question, Response, Result
from cpdhub import sweeps
from cpdhub.walls import school_scope
from tests.audits.closing import closed, questionnaire
from tests.audits.pages import invitation, path
from tests.factories import RoundFactory
from tests.helpers import url


def kept(school):
    with school_scope(school):
        return Response.objects.count(), Answer.objects.count(), Result.objects.count()


@pytest.mark.parametrize("mode", ["named", "confidential", "anonymous"])
def test_answers_go_after_a_year_and_results_stay(school, people, mode, at):
    closed(school, people, mode=mode)
    responses, answers, results = kept(school)
    at("2027-11-23 08:00")
    sweeps.run(school_id=school.pk)
    a_day_before = kept(school)
    at("2027-11-24 08:00")

    for _ in range(2):
        sweeps.run(school_id=school.pk)

    assert (responses, answers) == (22, 22)
    assert a_day_before == (responses, answers, results)
    assert kept(school) == (0, 0, results)
    with school_scope(school):
        assert Invitation.objects.filter(spent=True).count() == 22  # the rate stays true


def test_open_and_younger_audits_keep_theirs(school, people, other_school, at):
    at("2026-09-01 09:00")
    closed(school, people)
    at("2027-08-02 09:00")
    closed(school, people, instrument=questionnaire(school, code="young"))
    long = RoundFactory(
        school=school, instrument=questionnaire(school, code="long"), asks=people, open=True,
        closes_on="2027-12-01",
    )  # fmt: skip
    with school_scope(school):
        asked = list(Question.objects.filter(section__instrument=long.instrument_id))
        response = answering.begin_response(invitation(long, people[0]))
        answering.keep_draft(response, {asked[0].pk: Given(value=1)}, questions=asked)
    at("2027-09-02 09:00")

    sweeps.run(school_id=other_school.pk)
    before = kept(school)
    sweeps.run(school_id=school.pk)

    assert (before[0], kept(school)[0]) == (45, 23)


def test_person_is_told_that_theirs_are_gone_and_can_send_none(
    sign_in, school, people, teacher, at
):  # fmt: skip
    made = closed(school, [teacher, *people], who=[teacher, *people[1:]])
    at("2027-12-01 09:00")
    sweeps.run(school_id=school.pk)
    me, other = sign_in(teacher), people[0]

    mine = me.get(url(school, "needs:mine")).text

    assert "your answers were destroyed a year after it closed" in mine
    assert me.get(path(made, view="answer_own")).status_code == 404
    for person in (teacher, other):
        late = sign_in(person).get(path(made))
        assert late.url == url(school, "needs:mine")


def test_leader_reads_how_long_they_are_kept(sign_in, school, people, cpd_leader):
    made = closed(school, people)

    page = sign_in(cpd_leader).get(url(school, "needs:round", made.pk)).text

    assert "destroyed after 23 November 2027" in page
