"""The published tables of a round as a page and a file show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from audits.models import Kind, Option, Question, Result, Round, Section
from audits.results import OTHER
from cpdhub.models import Staff

IMPORTANT, CONFIDENT = "how important", "how confident"
NOT_SHOWN, NOT_ASKED = "not shown", "not asked"
# Answered by one of four words, from least to most, so that a mean says something.
SCALES = (Kind.CONFIDENCE, Kind.IMPORTANCE, Kind.FREQUENCY)
# Upper ends of the shades of the heat table.
SHADES = ((1.9, "h1c"), (2.5, "h2c"), (3.1, "h3c"), (4.0, "h4c"))
LEGEND = (
    ("h1c", "1.0 to 1.9"),
    ("h2c", "2.0 to 2.5"),
    ("h3c", "2.6 to 3.1"),
    ("h4c", "3.2 to 4.0"),
)


@dataclass(frozen=True)
class Column:
    key: str
    label: str


EVERYONE = Column(Result.Breakdown.ALL, "Everyone")


HIDDEN = (
    "“Not shown”: fewer than five people answered there, or the number could be subtracted from"
    " others to find fewer than five. Teams and groups of fewer than five answers stand together"
    " as others."
)


def share(round_: Any) -> int:
    """How many of 100 answered; of a round `with_rate()`."""
    return round(100 * round_.answered / round_.invited) if round_.invited else 0


def measures(kind: str) -> tuple[str, ...]:
    """What a statement is told by: one line, or of importance and confidence two."""
    return (IMPORTANT, CONFIDENT) if kind == Kind.IMPORTANCE else ("",)


def mean(counts: Iterable[int], n: int) -> float:
    return round(sum(place * count for place, count in enumerate(counts, start=1)) / n, 1)


@dataclass(frozen=True)
class Cell:
    """A mean with the number behind it, or the words that stand in its place."""

    n: int | None = None
    mean: float | None = None
    instead: str = ""
    change: str = ""

    @property
    def shade(self) -> str:
        if self.mean is None:
            return "hidden-cell"
        return next(name for end, name in SHADES if self.mean <= end)


@dataclass(frozen=True)
class Line:
    """A statement across the columns; of importance and confidence there are two."""

    question: Question
    measure: str
    cells: list[Cell]
    counts: list[int]  # of everyone; empty where not shown

    @property
    def options(self) -> list[Option]:
        is_second = self.measure == CONFIDENT
        return self.question.second_options if is_second else self.question.options

    @property
    def everyone(self) -> Cell:
        return self.cells[0]


@dataclass(frozen=True)
class Distribution:
    """A question that has no mean: how many chose each of its words."""

    question: Question
    rows: list[tuple[Option, list[int | str]]]
    answered: list[int | str]

    @property
    def is_shown(self) -> bool:
        return isinstance(self.answered[0], int)

    @property
    def measure(self) -> str:
        return "among the first three" if self.question.kind == Kind.RANKING else ""


@dataclass(frozen=True)
class Spread:
    """Statements answered with the same words: how many of everyone chose each."""

    words: tuple[str, ...]
    rows: list[tuple[Line, list[int | str], int | str]]


@dataclass
class Block:
    """A section of the questionnaire with what was told of it."""

    section: Section
    lines: list[Line] = field(default_factory=list)
    distributions: list[Distribution] = field(default_factory=list)

    @property
    def spreads(self) -> list[Spread]:
        found: dict[tuple[str, ...], Spread] = {}
        for line in self.lines:
            words = tuple(option.label for option in line.options)
            counts: list[int | str] = [NOT_SHOWN] * len(words)
            counts[: len(line.counts)] = line.counts
            row = (line, counts, line.everyone.instead or line.everyone.n or 0)
            found.setdefault(words, Spread(words, [])).rows.append(row)
        return list(found.values())


@dataclass
class Published:
    """What a round told, by team or by staff group. Four queries."""

    round: Round
    by: str

    @cached_property
    def results(self) -> dict[tuple[int, str], Result]:
        return {
            (result.question_id, result.key): result
            for result in self._rows
            if result.breakdown != Result.Breakdown.RANK
        }

    @cached_property
    def ranks(self) -> dict[tuple[int, str], Result]:
        """Leaders beside other staff; empty where it was not published."""
        return {
            (result.question_id, result.key): result
            for result in self._rows
            if result.breakdown == Result.Breakdown.RANK
        }

    @cached_property
    def _rows(self) -> list[Result]:
        wanted = (Result.Breakdown.ALL, self.by, Result.Breakdown.RANK)
        return list(Result.objects.filter(round=self.round, breakdown__in=wanted))

    @cached_property
    def earlier(self) -> dict[tuple[str, ...], Result]:
        """Everyone's answers last time, by what was asked in which words."""
        found = Result.objects.before(self.round).select_related("question", "round")
        return {result.question.wording: result for result in found}

    @property
    def last_time(self) -> Round | None:
        """The round the changes are counted from, where there is a change to show."""
        told = any(line.everyone.change for line in self.lines)
        return next(iter(self.earlier.values())).round if told else None

    @cached_property
    def columns(self) -> list[Column]:
        order = {group: place for place, group in enumerate(Staff.Group.values)}
        found = {
            Column(result.key, result.label)
            for result in self.results.values()
            if result.breakdown == self.by
        }
        by_place = sorted(
            found, key=lambda each: (each.key == OTHER, order.get(each.key, 0), each.label)
        )
        return [EVERYONE, *by_place]

    @cached_property
    def blocks(self) -> list[Block]:
        """Sections in order, and in them every question that has a place in the tables."""
        blocks = []
        for section in self.round.instrument.with_questions():
            block = Block(section)
            for question in section.questions.all():
                if (question.pk, EVERYONE.key) not in self.results:
                    continue
                if question.kind in SCALES:
                    block.lines += self._lines(question)
                else:
                    block.distributions.append(self._distribution(question))
            blocks.append(block)
        return blocks

    @property
    def lines(self) -> list[Line]:
        return [line for block in self.blocks for line in block.lines]

    @property
    def is_anything_shown(self) -> bool:
        return any(not result.is_hidden for result in self.results.values())

    @property
    def is_anything_hidden(self) -> bool:
        return any(result.is_hidden for result in self.results.values())

    def _lines(self, question: Question) -> Iterator[Line]:
        for measure in measures(question.kind):
            counts = "second_counts" if measure == CONFIDENT else "counts"
            yield self._line(question, measure, counts)

    def _line(self, question: Question, measure: str, counts: str) -> Line:
        everyone = self.results[question.pk, EVERYONE.key]
        return Line(question, measure, self._cells(question, counts), getattr(everyone, counts))

    def _cells(self, question: Question, counts: str) -> list[Cell]:
        cells = [self._cell(question, column, counts) for column in self.columns]
        before = self.earlier.get(question.wording)
        now = cells[0].mean
        if now is not None and before and before.n:
            change = round(now - mean(getattr(before, counts), before.n), 1)
            words = f"{change:+.1f}".replace("-", "\N{MINUS SIGN}") if change else "no change"
            cells[0] = Cell(cells[0].n, now, change=words)
        return cells

    def _cell(self, question: Question, column: Column, counts: str) -> Cell:
        result = self.results.get((question.pk, column.key))
        if result is None:
            return Cell(instead=NOT_ASKED)
        if result.n is None:
            return Cell(instead=NOT_SHOWN)
        return Cell(result.n, mean(getattr(result, counts), result.n))

    def _distribution(self, question: Question) -> Distribution:
        found = [self.results.get((question.pk, column.key)) for column in self.columns]
        rows = [
            (option, [_count(result, option.value) for result in found])
            for option in question.options
        ]
        return Distribution(question, rows, [_count(result) for result in found])

    @cached_property
    def scales(self) -> list[str]:
        """What 1 to 4 mean, once for each set of words in the heat table."""
        found: dict[str, None] = {}
        for line in self.lines:
            words = ", ".join(f"{option.value} {option.label.lower()}" for option in line.options)
            found[words] = None
        return list(found)

    @cached_property
    def finding(self) -> str:
        """The lowest statement, and where it is lowest; empty when there is none."""
        told = [line for line in self.lines if line.everyone.mean is not None]
        of_one_kind = [line for line in told if _is_confidence(line)] or [
            line for line in told if line.question.kind == Kind.FREQUENCY
        ]
        if not of_one_kind:
            return ""
        lowest = min(of_one_kind, key=lambda line: line.everyone.mean or 0)
        text = f"Lowest: {lowest.question.text.rstrip('.')} ({lowest.everyone.mean})"
        rest = [
            (cell.mean, column.label)
            for cell, column in zip(lowest.cells[1:], self.columns[1:], strict=True)
            if cell.mean is not None and cell.mean < (lowest.everyone.mean or 0)
        ]
        return f"{text}, most of all: {min(rest)[1]} ({min(rest)[0]})." if rest else f"{text}."


def _is_confidence(line: Line) -> bool:
    return line.question.kind == Kind.CONFIDENCE or line.measure == CONFIDENT


def _count(result: Result | None, place: int = 0) -> int | str:
    """How many chose this word; without a place, how many answered."""
    if result is None:
        return NOT_ASKED
    if result.n is None:
        return NOT_SHOWN
    return result.counts[place - 1] if place else result.n


HEADER = ["Section", "Question", "Measure", "Who", "Answered", "Mean", "Answers"]


def file_rows(published: Published) -> Iterator[list[object]]:
    """The same table for a spreadsheet: a line for each question and each who."""
    for block in published.blocks:
        told: list[Line | Distribution] = [*block.lines, *block.distributions]
        for each in sorted(told, key=lambda each: each.question.position):
            yield from _file_lines(published, block.section, each)


def _file_lines(
    published: Published, section: Section, told: Line | Distribution
) -> Iterator[list[object]]:
    question, measure = told.question, told.measure
    second = measure == CONFIDENT
    options = told.options if isinstance(told, Line) else question.options
    for place, column in enumerate(published.columns):
        result = published.results.get((question.pk, column.key))
        counts = (result.second_counts if second else result.counts) if result else []
        words = "; ".join(
            f"{option.label}: {count}" for option, count in zip(options, counts, strict=False)
        )
        mean_told = told.cells[place].mean if isinstance(told, Line) else None
        yield [section, question, measure, column.label, _count(result), mean_told, words]
