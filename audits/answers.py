"""What was answered to a question, on its way between page, draft and row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from audits.models import Answer, Invitation, Kind, Question, Section
from audits.models.response import LONGEST


@dataclass(frozen=True)
class Given:
    """An answer to one question; of the four, those its kind has."""

    value: int | None = None
    second: int | None = None
    ranking: tuple[int, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.value or self.second or self.ranking or self.text)

    def as_json(self) -> dict[str, Any]:
        whole = {"v": self.value, "s": self.second, "r": list(self.ranking), "t": self.text}
        return {name: part for name, part in whole.items() if part}

    @classmethod
    def read(cls, data: Any, question: Question) -> Self:
        """From what a page or a draft carried: whatever the question does not have is left out."""
        if not isinstance(data, dict):
            return cls()
        values = {option.value for option in question.options}
        seconds = {option.value for option in question.second_options}
        if question.kind == Kind.TEXT:
            text = data.get("t")
            return cls(text=text[:LONGEST].replace("\x00", "") if isinstance(text, str) else "")
        if question.kind == Kind.RANKING:
            ranked = data.get("r") if isinstance(data.get("r"), list) else []
            known = [place for place in ranked or [] if _is_one_of(place, values)]
            return cls(ranking=tuple(dict.fromkeys(known))[: Question.RANKED])
        value, second = data.get("v"), data.get("s")
        return cls(
            value if _is_one_of(value, values) else None,
            second if _is_one_of(second, seconds) else None,
        )

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls(answer.value, answer.second, tuple(answer.ranking), answer.text)

    def in_words(self, question: Question) -> str:
        """As the person chose it; empty where they did not."""
        if question.kind == Kind.TEXT:
            return self.text
        labels = {option.value: option.label for option in question.options}
        if question.kind == Kind.RANKING:
            return ", then ".join(labels.get(place, "") for place in self.ranking)
        if question.kind != Kind.IMPORTANCE:
            return labels.get(self.value or 0, "")
        seconds = {option.value: option.label for option in question.second_options}
        parts = [
            ("important", labels.get(self.value or 0)),
            ("confident", seconds.get(self.second or 0)),
        ]
        return ", ".join(f"{what}: {word.lower()}" for what, word in parts if word)


def _is_one_of(value: Any, values: set[int]) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in values


Sheet = dict[int, Given]  # by question


def as_json(sheet: Mapping[int, Given]) -> dict[str, Any]:
    return {str(pk): given.as_json() for pk, given in sheet.items() if given}


def read(data: Any, questions: Iterable[Question]) -> Sheet:
    """A sheet that was carried by a page or kept as a draft, made of these questions only."""
    if not isinstance(data, dict):
        return {}
    found = {
        question.pk: Given.read(data.get(str(question.pk)), question) for question in questions
    }
    return {pk: given for pk, given in found.items() if given}


def read_text(text: str, questions: Iterable[Question]) -> Sheet:
    """The same from the field a page carries it in."""
    try:
        return read(json.loads(text or "{}"), questions)
    except (ValueError, RecursionError):
        return {}


@dataclass(frozen=True)
class Page:
    """A section as one person meets it."""

    section: Section
    questions: list[Question]
    number: int


def pages_for(invitation: Invitation, *, phase: str) -> list[Page]:
    """The sections that hold a question for this person. Two queries."""
    group = invitation.asked_group()
    found: list[Page] = []
    for section in invitation.round.instrument.with_questions():
        questions = [q for q in section.questions.all() if q.is_asked_of(group=group, phase=phase)]
        if questions:
            found.append(Page(section, questions, len(found) + 1))
    return found


def questions_of(pages: Iterable[Page]) -> list[Question]:
    return [question for page in pages for question in page.questions]
