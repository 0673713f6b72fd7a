"""Audits that were answered and closed."""

from audits import rounds
from audits.models import Answer, Invitation, Kind, Question, Response, Result, Round
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    InstrumentFactory,
    QuestionFactory,
    RoundFactory,
    SectionFactory,
    publish,
)


def questionnaire(school, *, statements=1, kind=Kind.CONFIDENCE, code="about-us", version="1"):
    made = InstrumentFactory(school=school, code=code, version=version)
    section = SectionFactory(school=school, instrument=made, title="Teaching")
    for number in range(statements):
        QuestionFactory(
            school=school, section=section, code=f"q{number}", text=f"I can do {number}", kind=kind
        )
    return publish(made)


def answered(round_, people, *, given=None, questions=None):
    """Sent by each of these people: 3 to every question, or what `given` says of a person."""
    with school_scope(round_.school):
        asked = questions or list(Question.objects.filter(section__instrument=round_.instrument_id))
        by_staff = {each.staff_id: each for each in round_.invitations.all()}
        responses, answers = [], []
        for person in people:
            asked_of = by_staff[person.pk]
            response = Response(
                school=round_.school, round=round_,
                **({"group": asked_of.kept_group, "team_id": asked_of.kept_team_id}
                   if round_.is_anonymous
                   else {"invitation": asked_of, "sent_at": clock.now()}),
            )  # fmt: skip
            responses.append(response)
            for question in asked:
                told = given(person, question) if given else {"value": 3}
                if told:
                    answers.append(
                        Answer(school=round_.school, response=response, question=question, **told)
                    )
        Response.objects.bulk_create(responses)
        Answer.objects.bulk_create(answers)
        Invitation.objects.filter(pk__in=[by_staff[each.pk].pk for each in people]).update(
            spent=True
        )


def close(round_):
    with school_scope(round_.school):
        made = Round.objects.get(pk=round_.pk)
        return rounds.close(made, now=clock.now())


def closed(school, people, *, instrument=None, mode="confidential", **how):
    made = RoundFactory(
        school=school, instrument=instrument or questionnaire(school), mode=mode, asks=people,
        open=True, title="How are we",
    )  # fmt: skip
    answered(made, how.pop("who", people), **how)
    close(made)
    return made


def told(round_):
    with school_scope(round_.school):
        return {
            (result.breakdown, result.label): (result.n, result.counts)
            for result in Result.objects.filter(round=round_)
        }
