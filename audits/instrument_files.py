"""A questionnaire as a CSV file, and back, without losing anything.

One row is the questionnaire itself, a section or a question; the first column says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from audits import words
from audits.actions import free_version
from audits.models import Instrument, Kind, Question, Section
from audits.models.instrument import MOST_CHOICES, MOST_QUESTIONS
from cpdhub.models import FrameworkItem, School, Staff
from cpdhub.tables import open_table
from cpdhub.tables.named import MOST_PROBLEMS, FileRefused, Problem, by_name, refuse_without

TEXTS = {"questionnaire": "title", "section": "title", "question": "text"}
CHOICES = [f"choice {number}" for number in range(1, MOST_CHOICES + 1)]
HEADER = [
    "row", "code", "text", "explanation", "answered by", "asked of", "phases", "label",
    "framework item", "version", "source", "licence", "minutes", *CHOICES,
]  # fmt: skip


# --- out --------------------------------------------------------------------------------------
def rows(instrument: Instrument) -> Iterator[list[Any]]:
    """The lines below HEADER."""
    yield _line(
        row="questionnaire", code=instrument.code, text=instrument.title,
        explanation=instrument.purpose, version=instrument.version, source=instrument.source,
        licence=instrument.licence, minutes=instrument.minutes,
    )  # fmt: skip
    sections = instrument.sections.prefetch_related("questions__item__framework")
    for section in sections:
        yield _line(row="section", text=section.title, explanation=section.text)
        for question in section.questions.all():
            yield _line(
                *question.choices, row="question", code=question.code, text=question.text,
                explanation=question.hint, label=question.tag,
                **{
                    "answered by": question.kind,
                    "asked of": ", ".join(question.groups),
                    "phases": ", ".join(question.phases),
                    "framework item": _name_of(question.item),
                },
            )  # fmt: skip


def _line(*choices: str, **values: Any) -> list[Any]:
    values |= dict(zip(CHOICES, choices, strict=False))
    return [values.get(name, "") for name in HEADER]


def _name_of(item: FrameworkItem | None) -> str:
    """framework code/version/item code: none of the codes holds a slash."""
    return f"{item.framework.code}/{item.framework.version}/{item.code}" if item else ""


# --- in ---------------------------------------------------------------------------------------
@dataclass
class Reading:
    """What a file says, as rows not yet saved, and everything wrong with it."""

    school: School
    items: dict[str, FrameworkItem]
    instrument: Instrument | None = None
    sections: list[tuple[Section, list[Question]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    def take(self, line: int, cells: dict[str, str]) -> None:
        kind = cells.get("row", "").lower()
        if kind == "questionnaire":
            self._take_instrument(line, cells)
        elif kind == "section":
            self._take_section(line, cells)
        elif kind == "question":
            self._take_question(line, cells)
        else:
            self.problems.append(
                Problem(line, "row", "write questionnaire, section or question here.")
            )

    def _take_instrument(self, line: int, cells: dict[str, str]) -> None:
        if self.instrument is not None:
            self.problems.append(Problem(line, "row", "a file holds one questionnaire only."))
            return
        minutes = cells["minutes"] or "5"
        if not (minutes.isascii() and minutes.isdecimal() and 1 <= int(minutes[:9]) <= 120):
            self.problems.append(Problem(line, "minutes", "give a whole number from 1 to 120."))
            minutes = "5"
        self.instrument = Instrument(
            school=self.school,
            code=cells["code"] or slugify(cells["text"])[:60] or "questionnaire",
            title=cells["text"], purpose=cells["explanation"], version=cells["version"] or "1",
            source=cells["source"], licence=cells["licence"], minutes=int(minutes),
        )  # fmt: skip
        self._check(line, self.instrument, {"title": "text", "purpose": "explanation"})

    def _take_section(self, line: int, cells: dict[str, str]) -> None:
        section = Section(
            school=self.school, position=len(self.sections) + 1, title=cells["text"],
            text=cells["explanation"],
        )  # fmt: skip
        self.sections.append((section, []))
        self._check(line, section, {"title": "text", "text": "explanation"})

    def _take_question(self, line: int, cells: dict[str, str]) -> None:
        if not self.sections:
            self.problems.append(Problem(line, "row", "put a section before the first question."))
            return
        kind = cells["answered by"].lower()
        if kind not in Kind.values:
            allowed = ", ".join(Kind.values)
            self.problems.append(Problem(line, "answered by", f"write one of {allowed}."))
            return
        questions = self.sections[-1][1]
        question = Question(
            school=self.school, position=len(questions) + 1, kind=kind, text=cells["text"],
            hint=cells["explanation"], tag=cells["label"], code=cells["code"],
            choices=words.words_of(kind, [cells[name] for name in CHOICES if cells[name]]),
            groups=_listed(cells["asked of"]), phases=_listed(cells["phases"]),
            item=self._item(line, cells["framework item"]),
        )  # fmt: skip
        question.code = question.code or self._free_code()
        if question.code in self.codes:
            self.problems.append(Problem(line, "code", f"“{question.code}” is there already."))
        self.codes.add(question.code)
        questions.append(question)
        if trouble := words.trouble_with(kind, question.choices):
            self.problems.append(Problem(line, "choice 1", trouble))
        self._check(
            line, question,
            {"hint": "explanation", "tag": "label", "groups": "asked of", "choices": "choice 1"},
        )  # fmt: skip

    def _free_code(self) -> str:
        number = len(self.codes) + 1
        while f"q{number}" in self.codes:
            number += 1
        return f"q{number}"

    def _item(self, line: int, name: str) -> FrameworkItem | None:
        if not name:
            return None
        if name not in self.items:
            self.problems.append(
                Problem(line, "framework item", f"no framework here has “{name}”: leave it empty.")
            )
        return self.items.get(name)

    def _check(self, line: int, row: Any, columns: dict[str, str]) -> None:
        """What the model itself has against it, said of the file's columns."""
        try:
            row.clean_fields(exclude=["school", "instrument", "section", "item", "copied_from"])
        except ValidationError as found:
            for name, errors in found.error_dict.items():
                reason = " ".join(message for error in errors for message in error.messages)
                self.problems.append(Problem(line, columns.get(name, name), reason))

    def finish(self) -> None:
        if self.problems:
            return
        if self.instrument is None:
            self.problems.append(Problem(2, "row", "a row that says questionnaire is missing."))
        if len(self.codes) > MOST_QUESTIONS:
            self.problems.append(
                Problem(2, "row", f"a questionnaire holds {MOST_QUESTIONS} questions at most.")
            )


def _listed(cell: str) -> list[str]:
    return [word for part in cell.split(",") if (word := part.strip().lower())]


def known(names: list[str] | Any) -> int:
    return sum(str(name).strip().lower() in HEADER for name in names)


def read(file: BinaryIO, *, school: School) -> Reading:
    """Raises TableRefused where it is no table, FileRefused where a row is wrong."""
    items = {
        _name_of(item): item for item in FrameworkItem.objects.select_related("framework").all()
    }
    reading = Reading(school, items)
    with open_table(file, recognise=known, most_rows=2 * MOST_QUESTIONS) as table:
        names = [name.strip().lower() for name in table.header]
        refuse_without(("row", "text", "answered by"), names, line=table.header_line)
        for row in table.rows:
            reading.take(row.line, by_name(row, names, HEADER, reading.problems))
            if len(reading.problems) >= MOST_PROBLEMS:
                break
    reading.finish()
    if reading.problems:
        raise FileRefused(reading.problems)
    return reading


@transaction.atomic
def save(reading: Reading, *, by: Staff) -> Instrument:
    """A new draft of the school's own; nothing that is there is changed."""
    instrument = reading.instrument
    assert instrument is not None
    instrument.version = free_version(by.school, instrument.code, wanted=instrument.version)
    instrument.save()
    for section, questions in reading.sections:
        section.instrument = instrument
        section.save()
        for question in questions:
            question.section = section
        Question.objects.bulk_create(questions)
    return instrument
