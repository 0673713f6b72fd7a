"""Writing a questionnaire of one's own, part by part, without a script."""

import pytest

from audits.models import Instrument, Kind, Question
from cpdhub.walls import school_scope
from tests.factories import InstrumentFactory, QuestionFactory, SectionFactory, publish
from tests.helpers import url

FILLED = {"text": "I can explain it", "kind": "confidence", "choices": "", "revision": ""}


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


@pytest.fixture
def section(school):
    return SectionFactory(school=school)


def questions(section):
    with school_scope(section.school):
        return [question.text for question in Question.objects.filter(section=section)]


def test_new_one_begins_with_a_section_to_fill(desk, school):
    response = desk.post(
        url(school, "needs:instrument_new"),
        {"title": "Maths audit", "purpose": "To see", "minutes": "4"},
        follow=True,
    )

    assert response.context["instrument"].code == "maths-audit"
    assert "No question yet" in response.text


def test_new_one_without_title_says_so(desk, school):
    response = desk.post(url(school, "needs:instrument_new"), {"minutes": "0"})

    assert set(response.context["form"].errors) == {"title", "purpose", "minutes"}


def test_question_is_added_with_the_usual_words(desk, school, section):
    desk.post(url(school, "needs:question_add", section.pk), FILLED)

    with school_scope(school):
        question = Question.objects.get(section=section)
    assert question.choices == ["Not yet", "A little", "Fairly", "Very"]
    assert question.code == "q1"


def test_question_keeps_the_words_it_was_given(desk, school, section):
    filled = FILLED | {"choices": "No\n So so \nYes\n\nVery much"}

    desk.post(url(school, "needs:question_add", section.pk), filled)

    with school_scope(school):
        assert Question.objects.get(section=section).choices == ["No", "So so", "Yes", "Very much"]


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        ("confidence", "One\nTwo", "needs four words"),
        ("importance", "One\nTwo", "needs eight words"),
        ("choice", "", "2 to 10 words"),
        ("choice", "Same\nSame", "Two of the words are the same"),
        ("ranking", "One\nTwo", "3 to 10 words"),
        ("rubric", "Begin: so\nBegin: otherwise", "Two of the words are the same"),
        ("text", "One", "written freely"),
    ],
)
def test_wrong_words_are_named(desk, school, section, kind, words, said):
    response = desk.post(
        url(school, "needs:question_add", section.pk), FILLED | {"kind": kind, "choices": words}
    )

    assert said in response.context["form"].errors["choices"][0]
    assert questions(section) == []


def test_add_and_write_another_stays_on_the_form(desk, school, section):
    path = url(school, "needs:question_add", section.pk)

    response = desk.post(path, FILLED | {"do": "more"})

    assert response.headers["Location"] == path


def test_codes_are_unique_across_the_sections(desk, school, section):
    other = SectionFactory(school=school, instrument=section.instrument)
    QuestionFactory(school=school, section=other, code="q7")

    desk.post(url(school, "needs:question_add", section.pk), FILLED)

    with school_scope(school):
        assert Question.objects.get(section=section).code == "q8"


def test_questions_change_places(desk, school, section):
    first, second = (
        QuestionFactory(school=school, section=section, position=place, text=text)
        for place, text in ((1, "First"), (2, "Second"))
    )

    desk.post(url(school, "needs:question_move", second.pk, "up"))
    assert questions(section) == ["Second", "First"]
    desk.post(url(school, "needs:question_move", second.pk, "up"))  # it is on top already
    assert questions(section) == ["Second", "First"]
    desk.post(url(school, "needs:question_move", second.pk, "down"))
    assert questions(section) == ["First", "Second"]
    assert desk.post(
        url(school, "needs:question_move", first.pk, "sideways")
    ).status_code == 404  # fmt: skip


def test_sections_change_places_and_go(desk, school, section):
    other = SectionFactory(school=school, instrument=section.instrument, title="Second")

    desk.post(url(school, "needs:section_move", other.pk, "up"))

    page = desk.get(url(school, "needs:instrument_change", section.instrument_id))
    assert [each.title for each in page.context["sections"]] == ["Second", section.title]
    desk.post(url(school, "needs:section_remove", other.pk))
    page = desk.get(url(school, "needs:instrument_change", section.instrument_id))
    assert [each.title for each in page.context["sections"]] == [section.title]


def test_question_is_changed_and_removed(desk, school, section):
    question = QuestionFactory(school=school, section=section)
    path = url(school, "needs:question_change", question.pk)

    desk.post(path, FILLED | {"text": "Better", "revision": "1", "groups": ["teacher"]})
    assert questions(section) == ["Better"]
    desk.post(url(school, "needs:question_remove", question.pk))
    assert questions(section) == []


def test_second_of_two_editors_sees_what_the_first_saved(desk, school, section):
    question = QuestionFactory(school=school, section=section, text="Old", kind=Kind.TEXT)
    path = url(school, "needs:question_change", question.pk)
    mine = {"text": "Mine", "kind": "text", "choices": "", "revision": "1"}
    desk.post(path, mine | {"text": "Theirs"})

    response = desk.post(path, mine)

    (difference,) = response.context["form"].differences
    assert (difference.theirs, difference.yours) == ("Theirs", "Mine")
    desk.post(path, mine | {"revision": "2"})
    assert questions(section) == ["Mine"]


@pytest.mark.parametrize("count", [1, 3])
def test_section_page_costs_the_same_for_any_number(
    desk, school, section, count, django_assert_num_queries
):
    for _ in range(count):
        QuestionFactory(school=school, section=section)

    with django_assert_num_queries(16):
        response = desk.get(url(school, "needs:section_change", section.pk))

    assert len(response.context["questions"]) == count


def test_publishing_an_empty_one_says_what_is_missing(desk, school, section):
    response = desk.post(
        url(school, "needs:instrument_publish", section.instrument_id), follow=True
    )

    assert "has no question yet" in response.text
    with school_scope(school):
        assert Instrument.objects.get(school=school).is_draft


def test_published_one_is_not_changed_any_more(desk, school, section):
    question = QuestionFactory(school=school, section=section)

    desk.post(url(school, "needs:instrument_publish", section.instrument_id))

    for view, pk in (
        ("instrument_change", section.instrument_id),
        ("section_change", section.pk),
        ("question_change", question.pk),
    ):
        assert desk.get(url(school, f"needs:{view}", pk)).status_code == 404


def test_shipped_one_is_not_changed(desk, school):
    with school_scope(school):
        shipped = Instrument.objects.shipped().first()

    assert desk.get(url(school, "needs:instrument_change", shipped.pk)).status_code == 404


def test_draft_is_deleted_and_a_published_one_is_not(desk, school):
    draft = InstrumentFactory(school=school)
    kept = publish(QuestionFactory(school=school).section.instrument)

    desk.post(url(school, "needs:instrument_delete", draft.pk))
    refused = desk.post(url(school, "needs:instrument_delete", kept.pk))

    assert refused.status_code == 404
    with school_scope(school):
        assert list(Instrument.objects.own()) == [kept]


def test_colleague_without_the_right_is_refused(sign_in, teacher, school, section):
    response = sign_in(teacher).get(url(school, "needs:section_change", section.pk))

    assert response.status_code == 403
