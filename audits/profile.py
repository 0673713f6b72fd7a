"""What somebody's own answers say to them: what they are sure of, and where they want more."""

from __future__ import annotations

from dataclasses import dataclass, field

from audits.models import Answer, Kind, Question, Response
from audits.models.instrument import Option
from audits.proposals import Rule

SURE = 3  # of four words, so much confidence or more can be a strength


@dataclass(frozen=True)
class Statement:
    """One statement with how sure they are of it, and how important it is where that was asked."""

    question: Question
    level: int
    word: str
    importance: int | None = None
    important: str = ""
    before: str = ""  # how sure they were last time


@dataclass(frozen=True)
class Step:
    """The stage they chose, and the one that follows; none after the last."""

    question: Question
    now: Option
    next: Option | None


@dataclass(frozen=True)
class Profile:
    strong: list[Statement] = field(default_factory=list)
    weak: list[Statement] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.strong or self.weak or self.steps)


def profile_of(response: Response, rule: Rule, *, earlier: Response | None = None) -> Profile:
    """Of what was sent; beside it, how sure they were in `earlier`. A query for each. What the
    school's rule takes for a need is where they want more."""
    before = {a.question.wording: _sure(a.question, a) for a in _answers(earlier)}
    said: list[Statement] = []
    steps: list[Step] = []
    for answer in _answers(response):
        question = answer.question
        if question.kind == Kind.RUBRIC:
            steps += _step(question, answer.value)
        elif sure := _sure(question, answer):
            was = before.get(question.wording)
            important = _option(question.options, answer.value) if _asks_both(question) else None
            said.append(
                Statement(
                    question, sure.value, sure.label, important.value if important else None,
                    important.label if important else "", was.label if was else "",
                )
            )  # fmt: skip
    return Profile(_strong(said), _weak(said, rule), steps)


def _answers(response: Response | None) -> list[Answer]:
    if response is None:
        return []
    order = ("question__section__position", "question__section", "question__position")
    return list(response.answers.select_related("question").order_by(*order))


def _asks_both(question: Question) -> bool:
    return question.kind == Kind.IMPORTANCE


def _sure(question: Question, answer: Answer) -> Option | None:
    """The confidence, where this question asks for it."""
    if _asks_both(question):
        return _option(question.second_options, answer.second)
    return _option(question.options, answer.value) if question.kind == Kind.CONFIDENCE else None


def _option(options: list[Option], value: int | None) -> Option | None:
    return next((option for option in options if option.value == value), None)


def _strong(said: list[Statement]) -> list[Statement]:
    """Where they chose the highest of all they chose."""
    highest = max((statement.level for statement in said), default=0)
    return [each for each in said if each.level == highest and highest >= SURE]


def _weak(said: list[Statement], rule: Rule) -> list[Statement]:
    """Not sure of it, and it matters; what matters most and is least sure comes first."""
    found = [each for each in said if rule.fits(each.level, each.importance)]
    return sorted(found, key=lambda each: (-(each.importance or 0), each.level))


def _step(question: Question, value: int | None) -> list[Step]:
    now = _option(question.options, value)
    return [Step(question, now, _option(question.options, now.value + 1))] if now else []
