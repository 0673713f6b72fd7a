"""A published result becomes evidence: a frozen copy."""

from datetime import date
from decimal import Decimal

import pytest

from audits.models import Kind, Question
from cpdhub.models import EvidencePointer, FrameworkItem, Reading
from cpdhub.walls import school_scope
from tests.audits.closing import closed, questionnaire
from tests.factories import (
    JudgementFactory,
    PlanFactory,
    PriorityFactory,
    StaffFactory,
    SuccessCriterionFactory,
)
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


@pytest.fixture
def told(school, people):
    return closed(
        school, people, given=lambda person, _: {"value": 2 if person.group == "teacher" else 4}
    )


@pytest.fixture
def criterion(school):
    priority = PriorityFactory(school=school, plan=PlanFactory(school=school), title="Feedback")
    return SuccessCriterionFactory(
        school=school, priority=priority, measure="How sure we are", baseline=None, target=3
    )


def there(round_, text="I can do 0"):
    with school_scope(round_.school):
        question = Question.objects.get(section__instrument=round_.instrument_id, text=text)
    return url(round_.school, "needs:cite", round_.pk, question.pk)


def choice(page, words, field):
    """The value of the option that is shown in these words."""
    groups = page.context["form"].fields[field].choices
    flat = [
        pair for value, label in groups
        for pair in (label if isinstance(label, list) else [(value, label)])
    ]  # fmt: skip
    return next(value for value, label in flat if label.startswith(words))


def test_results_lead_to_citing_in_one_click(desk, school, told):
    page = desk.get(url(school, "needs:results", told.pk)).text

    assert there(told) in page


def test_cited_in_the_self_evaluation_it_is_a_piece_of_evidence(desk, school, told):
    page = desk.get(there(told))
    form = {
        "result": choice(page, "Teachers: 2.0 of 4 (12 answered)", "result"),
        "place": choice(page, "Inclusion", "place"),
    }

    answer = desk.post(there(told), form)

    with school_scope(school):
        made = EvidencePointer.objects.select_related("judgement__item").get()
    assert answer.url == url(school, "plan:judgement", made.judgement.item_id)
    assert (made.judgement.item.title, made.title) == ("Inclusion", "Audit “How are we”")
    assert made.claim == "Teachers: 2.0 of 4 (12 answered). “I can do 0”"
    assert made.dated_on == date(2026, 11, 23)
    assert made.link == school.link("needs:results", told.pk)


def test_ninth_piece_of_evidence_is_refused_in_words(desk, school, told):
    page = desk.get(there(told))
    place = choice(page, "Inclusion", "place")
    with school_scope(school):
        item = FrameworkItem.objects.get(pk=place.removeprefix("area-"))
    judgement = JudgementFactory(school=school, item=item)
    with school_scope(school):
        for number in range(8):
            EvidencePointer.objects.create(school=school, judgement=judgement, title=str(number))

    refused = desk.post(there(told), {"result": choice(page, "Everyone", "result"), "place": place})

    assert "8 pieces of evidence already" in refused.text
    with school_scope(school):
        assert EvidencePointer.objects.count() == 8


def test_cited_on_a_criterion_it_is_a_reading_and_the_missing_baseline(
    desk, school, told, criterion
):
    page = desk.get(there(told))
    form = {
        "result": choice(page, "Everyone: 2.9", "result"),
        "place": choice(page, "Feedback: How sure we are", "place"),
    }

    first = desk.post(there(told), form)
    again = desk.post(there(told), form)

    assert first.url == url(school, "plan:priority", criterion.priority_id)
    assert "has a reading of that day already" in again.text
    with school_scope(school):
        made = Reading.objects.get()
        criterion.refresh_from_db()
    assert (made.value, made.taken_on) == (Decimal("2.90"), date(2026, 11, 23))
    assert criterion.baseline == Decimal("2.90")
    assert made.note.startswith("Audit “How are we”. Everyone: 2.9 of 4 (22 answered).")
    assert made.note.endswith(school.link("needs:results", told.pk))


def test_of_importance_and_confidence_the_reading_is_the_confidence(
    desk, school, people, criterion
):  # fmt: skip
    made = closed(
        school, people, instrument=questionnaire(school, kind=Kind.IMPORTANCE),
        given=lambda *_: {"value": 4, "second": 1},
    )  # fmt: skip
    page = desk.get(there(made))

    desk.post(there(made), {
        "result": choice(page, "Everyone: important 4.0 and confident 1.0 of 4", "result"),
        "place": choice(page, "Feedback", "place"),
    })  # fmt: skip

    with school_scope(school):
        assert Reading.objects.get().value == 1


def test_question_without_a_mean_is_cited_in_the_self_evaluation_only(
    desk, school, people, criterion
):  # fmt: skip
    kind = {"kind": Kind.YES_PARTLY_NO}
    made = closed(
        school, people, instrument=questionnaire(school, **kind), given=lambda *_: {"value": 1}
    )

    page = desk.get(there(made))

    assert choice(page, "Everyone: Yes 22, Partly 0, No 0 (22 answered)", "result")
    assert "How sure we are" not in page.text


def test_hidden_result_cannot_be_cited(desk, school, people):
    few = closed(school, people, who=people[:4])
    some = closed(school, people, who=people[:13], instrument=questionnaire(school, code="other"))

    assert desk.get(there(few)).status_code == 404
    assert "Lower" not in desk.get(there(some)).text


def test_forged_choices_are_refused(desk, school, told, other_school):
    for form in ({"result": "0", "place": "area-0"}, {}, {"result": "x", "place": "criterion-1"}):
        assert desk.post(there(told), form).status_code == 200
    with school_scope(school):
        assert not EvidencePointer.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_any_number_of_criteria(
    desk, school, told, criterion, count, django_assert_num_queries
):
    for _ in range(count - 1):
        SuccessCriterionFactory(school=school, priority=criterion.priority)

    with django_assert_num_queries(25):
        desk.get(there(told))


def test_team_leader_may_not_cite(sign_in, school, told):
    leader = StaffFactory(school=school, roles=["team_leader"])

    assert sign_in(leader).get(there(told)).status_code == 403
