"""What people do with questionnaires that touches more than one row."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from audits.models import Instrument, Question, Section
from audits.models.instrument import MOST_QUESTIONS
from cpdhub.models import School, Staff
from cpdhub.models.base import NotPossible

COPIED = (
    "code",
    "position",
    "kind",
    "text",
    "hint",
    "choices",
    "item_id",
    "groups",
    "phases",
    "tag",
)


def free_version(school: School, code: str, *, wanted: str = "1") -> str:
    """The version asked for or, where the school has that already, the next number."""
    taken = set(
        Instrument.objects.filter(school=school, code=code).values_list("version", flat=True)
    )
    number = 1
    while wanted in taken:
        number += 1
        wanted = str(number)
    return wanted


@transaction.atomic
def begin_instrument(school: School, *, title: str, **fields: object) -> Instrument:
    """An empty draft with its first section."""
    code = slugify(title)[:60].strip("-") or "questionnaire"
    instrument = Instrument.objects.create(
        school=school, code=code, title=title, version=free_version(school, code), **fields
    )
    Section.objects.create(school=school, instrument=instrument, position=1, title="First section")
    return instrument


@transaction.atomic
def copy_instrument(instrument: Instrument, *, by: Staff) -> Instrument:
    """A draft of the school's own with the same sections and questions."""
    if instrument.is_draft:
        raise NotPossible("A draft may be changed as it is: no copy is needed.")
    school = by.school
    copy = Instrument.objects.create(
        school=school, code=instrument.code, copied_from=instrument,
        version=free_version(school, instrument.code), title=instrument.title,
        purpose=instrument.purpose, source=instrument.source, licence=instrument.licence,
        minutes=instrument.minutes,
    )  # fmt: skip
    for section in instrument.with_questions():
        own = Section.objects.create(
            school=school, instrument=copy, position=section.position, title=section.title,
            text=section.text,
        )  # fmt: skip
        Question.objects.bulk_create(
            Question(
                school=school, section=own, **{name: getattr(question, name) for name in COPIED}
            )
            for question in section.questions.all()
        )
    return copy


@transaction.atomic
def publish_instrument(instrument: Instrument) -> None:
    """From now on it can be put to people, and nothing of it changes."""
    sections = instrument.with_questions()
    if not sections:
        raise NotPossible("It has no section yet. Add one and a question, then publish it.")
    for section in sections:
        if not section.questions.all():
            raise NotPossible(
                f"“{section}” has no question yet. Add one, or remove the section, then publish."
            )
    instrument.state = Instrument.State.PUBLISHED
    instrument.save(update_fields=["state"])


def add_section(instrument: Instrument, section: Section) -> Section:
    section.school, section.instrument = instrument.school, instrument
    section.position = _next_place(instrument.sections)
    section.save()
    return section


def add_question(section: Section, question: Question) -> Question:
    """At the end of a section, under a code no other question of the questionnaire has."""
    codes = set(
        Question.objects.filter(section__instrument=section.instrument_id).values_list(
            "code", flat=True
        )
    )
    if len(codes) >= MOST_QUESTIONS:
        raise NotPossible(f"A questionnaire holds {MOST_QUESTIONS} questions at most.")
    question.school, question.section = section.school, section
    question.position = _next_place(section.questions)
    numbers = [int(match[1]) for code in codes if (match := re.fullmatch(r"q(\d{1,6})", code))]
    question.code = f"q{max(numbers, default=0) + 1}"
    question.save()
    return question


def _next_place(rows: Any) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def move(row: Section | Question, *, up: bool) -> bool:
    """Change places with the row before or after it; False at the end of the list."""
    rows = (
        Section.objects.filter(instrument=row.instrument_id)
        if isinstance(row, Section)
        else Question.objects.filter(section=row.section_id)
    )
    if up:
        other = rows.filter(position__lt=row.position).order_by("-position").first()
    else:
        other = rows.filter(position__gt=row.position).order_by("position").first()
    if other is None:
        return False
    row.position, other.position = other.position, row.position
    row.save(update_fields=["position"])
    other.save(update_fields=["position"])
    return True
