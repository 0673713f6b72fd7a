"""A questionnaire as a file and back: nothing is lost, and nothing wrong is taken."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audits import actions, instrument_files, words
from audits.models import Instrument, Kind, Question, Section
from audits.models.instrument import SIZES
from cpdhub.exports import csv_response
from cpdhub.walls import school_scope
from tests.factories import (
    FrameworkItemFactory,
    InstrumentFactory,
    QuestionFactory,
    SchoolFactory,
    StaffFactory,
)
from tests.helpers import url

HEADER = ",".join(instrument_files.HEADER[:5])


def written(instrument):
    return csv_response("x.csv", instrument_files.HEADER, instrument_files.rows(instrument)).content


def told(instrument):
    """All of it, as plain values."""
    return (
        instrument.code, instrument.title, instrument.purpose, instrument.source,
        instrument.licence, instrument.minutes,
        [
            (
                section.title, section.text,
                [
                    [getattr(question, name) for name in actions.COPIED]
                    for question in section.questions.all()
                ],
            )
            for section in instrument.sections.all()
        ],
    )  # fmt: skip


def test_shipped_ones_come_back_as_they_went(school, cpd_leader):
    with school_scope(school):
        for shipped in Instrument.objects.shipped():
            reading = instrument_files.read(io.BytesIO(written(shipped)), school=school)

            copy = instrument_files.save(reading, by=cpd_leader)

            assert told(copy) == told(shipped)
            assert (copy.state, copy.school) == ("draft", school)


def line(longest=60):
    """Any text a person can save: it has been through the form's own tidying."""
    return st.text(max_size=longest).map(words.tidy).filter(lambda text: len(text) <= longest)


def filled(longest=60):
    return line(longest).filter(bool)


@st.composite
def questions(draw, number):
    kind = draw(st.sampled_from(Kind.values))
    least, most = SIZES[kind]
    choices = draw(st.lists(filled(), min_size=least, max_size=most, unique=True))
    if words.trouble_with(kind, choices):  # stages that begin alike
        choices = [f"{place} {word}"[:300] for place, word in enumerate(choices)]
    return {
        "code": f"q{number}", "kind": kind, "choices": choices, "text": draw(filled()),
        "hint": draw(line()), "tag": draw(line(20)),
        "groups": draw(st.lists(st.sampled_from(["teacher", "assistant"]), unique=True)),
        "phases": draw(st.lists(st.sampled_from(["primary", "special"]), unique=True)),
        "has_item": draw(st.booleans()),
    }  # fmt: skip


@st.composite
def instruments(draw):
    numbers = iter(range(1, 100))
    sections = [
        (draw(filled()), draw(line()),
         [draw(questions(next(numbers))) for _ in range(draw(st.integers(0, 3)))])
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return draw(filled()), draw(filled()), draw(line()), draw(st.integers(1, 120)), sections


class RoundTrip(TestCase):
    """Whatever can be saved comes back from its file the same."""

    def setUp(self):
        self.school = SchoolFactory()
        self.staff = StaffFactory(school=self.school)
        self.item = FrameworkItemFactory(
            school=self.school, framework__version="2026/27, second half"
        )

    @settings(max_examples=60, deadline=None)
    @given(instruments())
    def test_round_trip_loses_nothing(self, made):
        title, purpose, source, minutes, sections = made
        with transaction.atomic():
            with school_scope(self.school):
                self.come_back(title, purpose, source, minutes, sections)
            transaction.set_rollback(True)

    def come_back(self, title, purpose, source, minutes, sections):
        instrument = Instrument.objects.create(
            school=self.school, code="made", version="1", title=title, purpose=purpose,
            source=source, minutes=minutes,
        )  # fmt: skip
        for place, (heading, text, asked) in enumerate(sections, start=1):
            section = Section.objects.create(
                school=self.school, instrument=instrument, position=place, title=heading,
                text=text,
            )  # fmt: skip
            Question.objects.bulk_create(
                Question(
                    school=self.school,
                    section=section,
                    position=number,
                    item=self.item if fields.pop("has_item") else None,
                    **fields,
                )  # fmt: skip
                for number, fields in enumerate(asked, start=1)
            )
        reading = instrument_files.read(io.BytesIO(written(instrument)), school=self.school)
        copy = instrument_files.save(reading, by=self.staff)

        assert told(copy) == told(instrument)


# --- bad files -----------------------------------------------------------------------------------
GOOD = "questionnaire,maths,Maths audit,To see,\nsection,,Number,,\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "is missing"),
        ("section,,Number,,\n", "a row that says questionnaire is missing"),
        (GOOD + "thing,,,,\n", "Row 4, column “row”: write questionnaire, section or question"),
        (GOOD + "question,,How?,,guess\n", "Row 4, column “answered by”: write one of confidence"),
        (GOOD + "question,,,,text\n", "Row 4, column “text”: This field cannot be blank."),
        (GOOD + "question,a b,How?,,text\n", "Row 4, column “code”: Enter a valid"),
        (GOOD + "question,q,A,,text\nquestion,q,B,,text\n", "Row 5, column “code”: “q” is there"),
        (GOOD + "question,,How?,,choice\n", "Row 4, column “choice 1”: This kind needs 2 to 10"),
        (GOOD + "question,,=1+1,,text\n", "Row 4, column “text”: holds a formula"),
        (GOOD + f"question,,{'x' * 301},,text\n", "Row 4, column “text”: Ensure this value has at"),
        (GOOD + GOOD, "Row 4, column “row”: a file holds one questionnaire only"),
        ("question,,How?,,text\n" + GOOD, "put a section before the first question"),
    ],
)
def test_bad_file_names_row_column_and_reason_and_nothing_is_taken(
    sign_in, cpd_leader, school, lines, said
):
    file = SimpleUploadedFile("maths.csv", f"{HEADER}\n{lines}".encode())

    response = sign_in(cpd_leader).post(url(school, "needs:instrument_import"), {"file": file})

    assert any(said in error for error in response.context["form"].errors["file"])
    with school_scope(school):
        assert not Instrument.objects.own().exists()


def test_more_than_500_questions_are_refused(school):
    many = "".join(f"question,,Question {number},,text\n" for number in range(501))
    file = io.BytesIO(f"{HEADER}\n{GOOD}{many}".encode())

    with school_scope(school), pytest.raises(instrument_files.FileRefused) as refused:
        instrument_files.read(file, school=school)

    assert "500 questions at most" in str(refused.value.problems[0])


def test_500_questions_are_taken(school, cpd_leader):
    many = "".join(f"question,,Question {number},,text\n" for number in range(500))
    file = io.BytesIO(f"{HEADER}\n{GOOD}{many}".encode())

    with school_scope(school):
        instrument_files.save(instrument_files.read(file, school=school), by=cpd_leader)
        assert Question.objects.filter(school=school).count() == 500


@pytest.mark.parametrize("content", [b"", b"<html><p>No table</p></html>", b"\x00\x01\x02\x03"])
def test_what_is_no_table_is_refused_in_a_sentence(sign_in, cpd_leader, school, content):
    file = SimpleUploadedFile("maths.csv", content)

    response = sign_in(cpd_leader).post(url(school, "needs:instrument_import"), {"file": file})

    assert response.context["form"].errors["file"]


def test_good_file_becomes_a_draft_and_html_stays_text(sign_in, cpd_leader, school):
    lines = f"{HEADER}\n{GOOD}question,,<script>alert(1)</script>,,yes_partly_no\n"
    file = SimpleUploadedFile("maths.csv", lines.encode())
    client = sign_in(cpd_leader)

    response = client.post(url(school, "needs:instrument_import"), {"file": file}, follow=True)

    made = response.context["instrument"]
    assert made.is_draft
    page = client.get(url(school, "needs:instrument", made.pk))
    assert "&lt;script&gt;alert(1)" in page.text


def test_same_file_twice_is_a_second_version(school, cpd_leader):
    made = InstrumentFactory(school=school)
    QuestionFactory(school=school, section__instrument=made)

    with school_scope(school):
        reading = instrument_files.read(io.BytesIO(written(made)), school=school)
        assert instrument_files.save(reading, by=cpd_leader).version == "2"


def test_download_is_logged_and_reads_in_again(sign_in, cpd_leader, school):
    from cpdhub.models import LogEntry

    made = InstrumentFactory(school=school, published=True)
    response = sign_in(cpd_leader).get(url(school, "needs:instrument_csv", made.pk))

    with school_scope(school):
        assert instrument_files.read(io.BytesIO(response.content), school=school).instrument
        assert LogEntry.objects.filter(kind="exported", what="questionnaire").count() == 1
