"""What my own answers say to me."""

import pytest

from audits import profile
from audits.models import Answer, Kind, Response
from audits.proposals import Rule
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.audits.pages import invitation, path
from tests.factories import (
    InstrumentFactory,
    QuestionFactory,
    RoundFactory,
    SectionFactory,
    publish,
)

STAGES = ["Beginning: I try it with help", "Growing: I do it alone", "Sure: I show others"]


def asked_of(school, teacher, statements):
    """A round of these statements, each (kind, text)."""
    made = InstrumentFactory(school=school)
    section = SectionFactory(school=school, instrument=made)
    for kind, text in statements:
        stages = {"choices": STAGES} if kind == Kind.RUBRIC else {}
        QuestionFactory(school=school, section=section, kind=kind, text=text, **stages)
    return RoundFactory(school=school, instrument=publish(made), asks=[teacher], open=True)


def sent(round_, teacher, *answers):
    """What the teacher sent, each (text, value, second)."""
    with school_scope(round_.school):
        questions = {
            question.text: question
            for section in round_.instrument.with_questions()
            for question in section.questions.all()
        }
        response = Response.objects.create(
            school=round_.school, round=round_, invitation=invitation(round_, teacher),
            sent_at=clock.now(),
        )  # fmt: skip
        for text, value, second in answers:
            Answer.objects.create(
                school=round_.school, response=response, question=questions[text], value=value,
                second=second,
            )  # fmt: skip
        return response


def profile_of(response):
    with school_scope(response.school):
        return profile.profile_of(response, Rule(2, 3))


def test_strong_is_the_highest_chosen_and_weak_is_low_and_important(school, teacher):
    both = [(Kind.IMPORTANCE, text) for text in ("Sure", "Low", "Lowest", "Trifle", "Good")]
    round_ = asked_of(school, teacher, both)

    found = profile_of(
        sent(
            round_, teacher,
            ("Sure", 1, 4), ("Low", 3, 2), ("Lowest", 3, 1), ("Trifle", 2, 1), ("Good", 4, 3),
        )
    )  # fmt: skip

    assert [str(each.question) for each in found.strong] == ["Sure"]
    assert [(str(each.question), each.level) for each in found.weak] == [("Lowest", 1), ("Low", 2)]
    assert (found.weak[0].word, found.weak[0].important) == ("Not yet", "Fairly")


@pytest.mark.parametrize(
    ("level", "strong", "weak"), [(1, 0, 1), (2, 0, 1), (3, 1, 0), (4, 1, 0)]
)  # fmt: skip
def test_statement_of_confidence_alone_needs_no_importance(school, teacher, level, strong, weak):
    round_ = asked_of(school, teacher, [(Kind.CONFIDENCE, "One")])

    found = profile_of(sent(round_, teacher, ("One", level, None)))

    assert (len(found.strong), len(found.weak)) == (strong, weak)


def test_half_an_answer_says_what_it_says(school, teacher):
    round_ = asked_of(
        school, teacher, [(Kind.IMPORTANCE, "Only how"), (Kind.IMPORTANCE, "Only if")]
    )

    found = profile_of(sent(round_, teacher, ("Only how", None, 1), ("Only if", 4, None)))

    assert [(str(each.question), each.important) for each in found.weak] == [("Only how", "")]
    assert found.strong == []


def test_stage_chosen_leads_to_the_next(school, teacher):
    round_ = asked_of(school, teacher, [(Kind.RUBRIC, "Now"), (Kind.RUBRIC, "Done")])

    found = profile_of(sent(round_, teacher, ("Now", 1, None), ("Done", 3, None)))

    first, last = found.steps
    assert (first.now.label, first.next.label, first.next.text) == (
        "Beginning", "Growing", "I do it alone"
    )  # fmt: skip
    assert last.next is None


def test_answers_of_other_kinds_make_no_profile(school, teacher):
    kinds = [(Kind.FREQUENCY, "Often"), (Kind.YES_PARTLY_NO, "Yes"), (Kind.TEXT, "Words")]
    round_ = asked_of(school, teacher, kinds)

    assert not profile_of(sent(round_, teacher, ("Often", 1, None), ("Yes", 1, None)))


@pytest.mark.parametrize("count", [1, 9])
def test_own_page_shows_it_first_and_costs_the_same(
    sign_in, school, teacher, count, django_assert_num_queries
):
    texts = [f"Weak {number}" for number in range(count)]
    round_ = asked_of(school, teacher, [(Kind.CONFIDENCE, text) for text in [*texts, "Strong"]])
    sent(round_, teacher, *((text, 2, None) for text in texts), ("Strong", 4, None))
    me = sign_in(teacher)

    with django_assert_num_queries(18):
        page = me.get(path(round_, view="answer_own")).text

    assert page.index("You are surest of") < page.index("Strong")
    assert page.index("Strong") < page.index("You want more here") < page.index("Weak 0")
    assert ("3 more" in page) == (count == 9)
    assert "For your eyes only" in page


def test_nobody_else_meets_it(sign_in, school, teacher, cpd_leader):
    round_ = asked_of(school, teacher, [(Kind.CONFIDENCE, "Mine")])
    sent(round_, teacher, ("Mine", 1, None))

    assert sign_in(cpd_leader).get(path(round_, view="answer_own")).status_code == 404
