"""The library: looking, copying, publishing; what is published is frozen by the database."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from audits import library
from audits.models import Instrument, Kind, Question, Section
from audits.models.instrument import SIZES
from cpdhub.models import FrameworkItem
from cpdhub.walls import school_scope
from tests.factories import (
    FrameworkItemFactory,
    InstrumentFactory,
    QuestionFactory,
    SectionFactory,
    publish,
)
from tests.helpers import url


def titles(response):
    return [instrument.title for instrument in response.context["own"]]


@pytest.mark.parametrize("count", [1, 3])
def test_library_shows_shipped_and_own_in_constant_queries(
    sign_in, cpd_leader, school, other_school, count, django_assert_num_queries
):
    InstrumentFactory(school=other_school, title="Theirs")
    for number in range(count):
        InstrumentFactory(school=school, title=f"Ours {number}", published=True)
    client = sign_in(cpd_leader)

    # session, user, post; the library; settings that open the walls and savepoints
    with django_assert_num_queries(14):
        response = client.get(url(school, "needs:instruments"))

    assert titles(response) == [f"Ours {number}" for number in range(count)]
    assert len(response.context["shipped"]) == 28
    assert "Theirs" not in response.text


def test_library_without_own_says_how_to_begin(sign_in, cpd_leader, school):
    response = sign_in(cpd_leader).get(url(school, "needs:instruments"))

    assert "None yet. Open one below and copy it" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_preview_costs_the_same_for_any_number_of_questions(
    sign_in, cpd_leader, school, count, django_assert_num_queries
):
    section = SectionFactory(school=school)
    item = FrameworkItemFactory(school=school, framework__title="Ten habits")
    for _ in range(count):
        QuestionFactory(school=school, section=section, item=item)
    client = sign_in(cpd_leader)

    with django_assert_num_queries(16):
        response = client.get(url(school, "needs:instrument", section.instrument_id))

    assert response.context["size"] == count
    assert response.text.count("Ten habits") == 1


def test_preview_shows_every_kind_as_text_never_as_html(sign_in, cpd_leader, school):
    section = SectionFactory(school=school)
    for kind in Kind.values:
        words = ["<i>One</i>: stage", "Two: stage", "Three: stage"]
        QuestionFactory(
            school=school, section=section, kind=kind, text=f"<b>{kind}</b>",
            **({"choices": words} if kind in ("choice", "ranking", "rubric") else {}),
        )  # fmt: skip

    response = sign_in(cpd_leader).get(url(school, "needs:instrument", section.instrument_id))

    assert response.text.count("&lt;b&gt;") == len(Kind.values)
    assert "<b>rubric" not in response.text
    assert "and how confident:" in response.text


# --- what is shipped ---------------------------------------------------------------------------
def shipped_names():
    for name in library.SHIPPED:
        data = json.loads((library.FOLDER / f"{name}.json").read_text())
        yield f"{data['title']} (version {data['version']})"


def test_shipped_ones_are_complete(school):
    with school_scope(school):
        shipped = list(Instrument.objects.shipped())
        assert sorted(str(instrument) for instrument in shipped) == sorted(shipped_names())
        for instrument in shipped:
            questions = Question.objects.filter(section__instrument=instrument)
            assert instrument.state == "published"
            assert "" not in (instrument.licence, instrument.source)
            assert len({question.code for question in questions}) == len(questions) >= 3
            for question in questions:
                least, most = SIZES[question.kind]
                assert least <= len(question.choices) <= most, question
                question.clean_fields()


def test_teaching_audit_covers_all_eight_standards(school):
    with school_scope(school):
        asked = Question.objects.filter(section__instrument__code="teaching-practice")
        later = asked.filter(section__instrument__version="2").exclude(item=None)

        assert {tag for tag in asked.values_list("tag", flat=True) if tag} == {
            f"TS{number}" for number in range(1, 9)
        }
        assert all(tag == code for tag, code in later.values_list("tag", "item__code"))
        assert later.count() == 24


@pytest.mark.parametrize("code", ["teaching-practice", "assistant-practice"])
def test_second_version_asks_in_the_words_of_the_first(school, code):
    """So that results say the change since last time."""
    with school_scope(school):
        first, second = [
            [question.wording for question in Question.objects.filter(section__instrument=each)]
            for each in Instrument.objects.shipped().filter(code=code).order_by("pk")
        ]

    assert first == second


def test_library_shows_a_shipped_one_in_its_latest_version(sign_in, cpd_leader, school):
    with school_scope(school):
        InstrumentFactory(school=school, code="teaching-practice", version="1", title="Ours")
    response = sign_in(cpd_leader).get(url(school, "needs:instruments"))

    shipped = {instrument.code: instrument.version for instrument in response.context["shipped"]}
    assert shipped["teaching-practice"] == "2"
    assert shipped["digital-practice"] == "1"
    assert titles(response) == ["Ours"]


@pytest.mark.parametrize(
    ("code", "framework", "items"),
    [
        ("cpd-standard-review", "dfe-cpd-standard", 21),
        ("ten-factors-review", "ten-cpd-factors", 10),
        ("collaborative-cpd", "eppi-features", 6),
        ("cpd-leader-review", "cpd-leader", 7),
        ("assistant-practice", "assistant-standards", 4),
        ("who-can-help", "subjects", 12),
    ],
)
def test_questions_hang_on_the_items_of_a_framework(school, code, framework, items):
    with school_scope(school):
        found = Question.objects.filter(section__instrument__code=code).exclude(item=None)

        assert set(found.values_list("item__framework__code", flat=True)) == {framework}
        assert found.values("item").distinct().count() == items


def test_digital_audit_has_thirty_questions_on_four_pages():
    data = json.loads((library.FOLDER / "digital-practice.json").read_text())

    assert sum(len(section["questions"]) for section in data["sections"]) == 30
    assert len(data["sections"]) == 4


def test_loading_twice_changes_nothing(school):
    class Owner:
        def __init__(self, model):
            self.objects = model._base_manager

        def __call__(self, **fields):
            raise AssertionError("nothing is made again")

    with school_scope(school):
        library.load(
            library.SHIPPED, instrument_model=Owner(Instrument),
            section_model=Owner(Section), question_model=Owner(Question),
            item_model=Owner(FrameworkItem),
        )  # fmt: skip
        assert Instrument.objects.shipped().count() == 30


def test_shipped_one_cannot_be_changed_by_a_school(school):
    with school_scope(school):
        assert Instrument.objects.shipped().filter(code="barriers-to-cpd").update(title="X") == 0
        assert Question.objects.filter(school=None).update(text="X") == 0


# --- frozen --------------------------------------------------------------------------------------
@pytest.fixture
def question(school):
    question = QuestionFactory(school=school)
    publish(question.section.instrument)
    return question


@pytest.mark.parametrize(
    "deed",
    [
        lambda question: Question.objects.filter(pk=question.pk).update(text="Other"),
        lambda question: Question.objects.filter(pk=question.pk).delete(),
        lambda question: Section.objects.filter(pk=question.section_id).update(title="Other"),
        lambda question: QuestionFactory(school=question.school, section=question.section),
        lambda question: SectionFactory(
            school=question.school, instrument=question.section.instrument
        ),
        lambda question: Instrument.objects.update(state="draft"),
        lambda question: Instrument.objects.filter(school=question.school).update(title="Other"),
        lambda question: Instrument.objects.filter(school=question.school).delete(),
    ],
)
def test_database_freezes_what_is_published(question, deed):
    with school_scope(question.school):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            deed(question)

        assert Question.objects.get(pk=question.pk).text == question.text


def test_question_cannot_be_moved_out_of_or_into_a_published_one(question, school):
    draft = SectionFactory(school=school)
    other = QuestionFactory(school=school, section=draft)

    with school_scope(school):
        for pk, section in ((question.pk, draft.pk), (other.pk, question.section_id)):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                Question.objects.filter(pk=pk).update(section=section)


def test_question_cannot_point_at_another_schools_section(school, other_school):
    theirs = SectionFactory(school=other_school)
    mine = QuestionFactory(school=school)

    with pytest.raises(DatabaseError, match="same_school"):
        _put_into(mine, theirs)


def _put_into(question, section):
    with school_scope(question.school), connection.cursor() as cursor:
        Question.objects.filter(pk=question.pk).update(section_id=section.pk)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_copy_of_another_schools_is_refused_by_the_database(school, other_school):
    theirs = InstrumentFactory(school=other_school, published=True)

    with pytest.raises(DatabaseError, match="is copied"):
        InstrumentFactory(school=school, copied_from_id=theirs.pk)


# --- copying -------------------------------------------------------------------------------------
def test_copy_of_a_shipped_one_is_a_draft_of_ones_own(sign_in, cpd_leader, school):
    with school_scope(school):
        shipped = Instrument.objects.shipped().get(code="digital-practice")
    client = sign_in(cpd_leader)

    response = client.post(url(school, "needs:instrument_copy", shipped.pk), follow=True)

    copy = response.context["instrument"]
    assert (copy.school, copy.state, copy.copied_from) == (school, "draft", shipped)
    with school_scope(school):
        assert [
            (question.code, question.text, question.choices, question.groups)
            for question in Question.objects.filter(section__instrument=copy).order_by("pk")
        ] == [
            (question.code, question.text, question.choices, question.groups)
            for question in Question.objects.filter(section__instrument=shipped).order_by("pk")
        ]


def test_second_copy_is_another_version(sign_in, cpd_leader, school):
    made = InstrumentFactory(school=school, version="1", published=True)
    client = sign_in(cpd_leader)

    for _ in range(2):
        client.post(url(school, "needs:instrument_copy", made.pk))

    with school_scope(school):
        versions = Instrument.objects.filter(code=made.code).values_list("version", flat=True)
        assert sorted(versions) == ["1", "2", "3"]


def test_draft_is_not_copied(sign_in, cpd_leader, school):
    draft = InstrumentFactory(school=school)

    response = sign_in(cpd_leader).post(url(school, "needs:instrument_copy", draft.pk), follow=True)

    assert "no copy is needed" in response.text


def test_missing_and_foreign_ones_are_not_found(sign_in, cpd_leader, school, other_school):
    theirs = InstrumentFactory(school=other_school)

    assert sign_in(cpd_leader).get(url(school, "needs:instrument", theirs.pk)).status_code == 404
