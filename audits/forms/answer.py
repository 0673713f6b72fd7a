"""One section of a questionnaire, to be answered. Nothing in it must be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from audits.answers import Given
from audits.models import Kind, Option, Question
from audits.models.response import LONGEST
from cpdhub.forms import Difference, carry

PLACES = ("First", "Second", "Third")


@dataclass(frozen=True)
class Choices:
    """One group of answers of a question, ready for the page."""

    name: str
    legend: str
    options: list[tuple[Option, str, bool]]  # with the element's id, and whether it is chosen


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it."""

    question: Question
    name: str
    groups: list[Choices] = field(default_factory=list)
    text: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.question.kind == Kind.TEXT

    @property
    def is_ranking(self) -> bool:
        return self.question.kind == Kind.RANKING

    @property
    def is_rubric(self) -> bool:
        return self.question.kind == Kind.RUBRIC


class AnswerForm(forms.Form):
    """Fields for the questions of one section: q12, with q12-second or q12-1 to q12-3 beside it."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        questions: list[Question],
        given: Mapping[int, Given],
        revision: int | None = None,
    ) -> None:
        super().__init__(data)
        self.questions = questions
        self.before = given
        self.differences: list[Difference] = []
        self.initial["revision"] = revision
        for question in questions:
            was = given.get(question.pk, Given())
            for name, values in _fields_of(question, was):
                self.fields[name], self.initial[name] = values

    def given(self) -> dict[int, Given]:
        """What was chosen, of what could be read; with nothing chosen, an empty answer."""
        return {question.pk: self._given_to(question) for question in self.questions}

    def _given_to(self, question: Question) -> Given:
        name, cleaned = f"q{question.pk}", self.cleaned_data
        if question.kind == Kind.TEXT:
            return Given(text=cleaned.get(name, "").replace("\r\n", "\n"))
        if question.kind == Kind.RANKING:
            ranked = [cleaned.get(f"{name}-{place}") for place in range(1, len(PLACES) + 1)]
            return Given(ranking=tuple(dict.fromkeys(place for place in ranked if place)))
        return Given(cleaned.get(name), cleaned.get(f"{name}-second"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for question in self.questions:
            if question.kind != Kind.RANKING:
                continue
            names = [f"q{question.pk}-{place}" for place in range(1, len(PLACES) + 1)]
            chosen = [cleaned[name] for name in names if cleaned.get(name)]
            if len(set(chosen)) < len(chosen):
                self.add_error(names[0], "You chose the same twice: three different ones, please.")
        return cleaned

    def compare(self, revision: int) -> bool:
        """Whether these answers were saved elsewhere meanwhile, in other words than here."""
        if self.cleaned_data.get("revision") in (revision, None):
            return False
        typed = self.given()
        self.differences = [
            Difference(question.text, was.in_words(question) or "(none)",
                       typed[question.pk].in_words(question) or "(none)")
            for question in self.questions
            if (was := self.before.get(question.pk, Given())) != typed[question.pk]
        ]  # fmt: skip
        if not self.differences:
            return False
        self.add_error(
            None,
            "You answered this in another window or on another device. Nothing is lost: compare"
            " the two, then go on to keep what is on this page.",
        )
        carry(self, "revision", revision)
        return True

    def asked(self) -> Iterator[Asked]:
        """The questions for the page, in order."""
        for question in self.questions:
            name = f"q{question.pk}"
            names = [each for each in self.fields if each == name or each.startswith(f"{name}-")]
            errors = [str(error) for each in names for error in self.errors.get(each, [])]
            if question.kind == Kind.TEXT:
                yield Asked(question, name, text=self[name].value() or "", errors=errors)
            else:
                yield Asked(
                    question, name, [self._choices(question, each) for each in names],
                    errors=errors,
                )  # fmt: skip

    def _choices(self, question: Question, name: str) -> Choices:
        options = question.second_options if name.endswith("-second") else question.options
        chosen = str(self[name].value() or "")
        return Choices(
            name,
            str(self.fields[name].label),
            [
                (option, f"id_{name}_{place}", str(option.value) == chosen)
                for place, option in enumerate(options)
            ],
        )


def _fields_of(question: Question, was: Given) -> Iterable[tuple[str, tuple[forms.Field, Any]]]:
    name = f"q{question.pk}"
    if question.kind == Kind.TEXT:
        box = forms.CharField(label=question.text, required=False, max_length=LONGEST)
        yield name, (box, was.text)
    elif question.kind == Kind.RANKING:
        for place, label in enumerate(PLACES, start=1):
            ranked = was.ranking[place - 1] if len(was.ranking) >= place else None
            yield f"{name}-{place}", (_one_of(question.options, label, select=True), ranked)
    elif question.kind == Kind.IMPORTANCE:
        yield name, (_one_of(question.options, "How important"), was.value)
        yield (
            f"{name}-second",
            (_one_of(question.second_options, "How confident"), was.second),
        )
    else:
        yield name, (_one_of(question.options, question.text), was.value)


def _one_of(options: list[Option], label: str, *, select: bool = False) -> forms.Field:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", ""), *((option.value, option.label) for option in options)],
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select if select else forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the answers."},
    )
