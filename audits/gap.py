"""The perception gap: what leaders say beside what other staff say to the same questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.safestring import SafeString

from audits.models import Result, Round
from audits.result_tables import CONFIDENT, SCALES, Line, Published, mean, measures
from audits.results import LEADERS, OTHERS
from cpdhub import charts

MOST_IN_THE_CHART = 12
SMALL = 0.3  # on a scale from 1 to 4; below that it is not worth a sentence

ANONYMOUS = (
    "Of an anonymous audit leaders are not set beside other staff: nothing on an answer says who"
    " leads, as leaders are so few."
)
NOBODY_LEADS = "No leader was asked, so there is nothing to set beside what staff say."
TOO_FEW = (
    "Not shown: fewer than five leaders answered, or so few leaders or others of a team or staff"
    " group that subtracting would find them."
)


@dataclass(frozen=True)
class Pair:
    """One statement as leaders and as other staff see it."""

    line: Line
    leaders: float
    leaders_n: int
    others: float
    others_n: int

    @property
    def difference(self) -> float:
        return round(self.leaders - self.others, 1)

    @property
    def words(self) -> str:
        if not self.difference:
            return "the same"
        return f"{self.difference:+.1f}".replace("-", "\N{MINUS SIGN}")

    @property
    def statement(self) -> str:
        return f"{self.line.question} {self.line.measure}".strip()


@dataclass(frozen=True)
class Gap:
    """The pairs with the widest gap first, or the reason why there are none."""

    pairs: list[Pair]
    why_not: str = ""

    @property
    def title(self) -> str:
        """What the chart says."""
        widest = self.pairs[0]
        if abs(widest.difference) < SMALL:
            return "Leaders and other staff say much the same"
        way = 1 if widest.difference > 0 else -1
        who, whom = ("Leaders", "other staff")[::way]
        more, less = (widest.leaders, widest.others)[::way]
        count = sum(pair.difference * way >= SMALL for pair in self.pairs)
        return (
            f"{who[:1].upper()}{who[1:]} answer higher than {whom.lower()} on {count} of"
            f" {len(self.pairs)} statement{'' if len(self.pairs) == 1 else 's'}, most on"
            f" “{widest.statement.rstrip('.')}” ({more} against {less})"
        )

    @property
    def chart(self) -> SafeString:
        return charts.gap_chart(
            [(pair.statement, pair.leaders, pair.others) for pair in self.in_the_chart],
            title=self.title, key="gap", names=("Leaders", "Other staff"), scale=(1, 4),
        )  # fmt: skip

    @property
    def in_the_chart(self) -> list[Pair]:
        return self.pairs[:MOST_IN_THE_CHART]


def gap_of(published: Published) -> Gap:
    """What was published; no queries but those of `published`."""
    if not published.round.tells_leaders:
        return Gap([], ANONYMOUS)
    if not published.ranks:
        return Gap([], NOBODY_LEADS)
    return _widest_first(published.ranks, published.lines)


def gap_of_latest() -> tuple[Round, Gap] | None:
    """Of the latest closed audit that asked leaders and other staff, as it was published; one
    about an activity is no audit. One query."""
    ranks = Result.objects.filter(breakdown=Result.Breakdown.RANK)
    asked_both = (
        Round.objects.audits()
        .filter(Exists(ranks.filter(round=OuterRef("pk"))), state=Round.State.CLOSED)
        .order_by("-closed_at", "-pk")
    )
    rows = list(
        ranks.filter(round=asked_both.values("pk")[:1], question__kind__in=SCALES)
        .select_related("round", "question")
        .order_by("question")
    )
    if not rows:
        return None
    questions = dict.fromkeys(row.question for row in rows)
    lines = [
        Line(question, measure, [], []) for question in questions for measure in measures(question)
    ]
    return rows[0].round, _widest_first({(row.question_id, row.key): row for row in rows}, lines)


def _widest_first(ranks: Mapping[tuple[int, str], Result], lines: Iterable[Line]) -> Gap:
    pairs = [pair for line in lines for pair in _pair(ranks, line)]
    pairs.sort(key=lambda pair: -abs(pair.difference))
    return Gap(pairs, "" if pairs else TOO_FEW)


def _pair(ranks: Mapping[tuple[int, str], Result], line: Line) -> Iterator[Pair]:
    leaders = ranks.get((line.question.pk, LEADERS))
    others = ranks.get((line.question.pk, OTHERS))
    if leaders and others and leaders.n and others.n:
        yield Pair(
            line, _mean(leaders, line), leaders.n, _mean(others, line), others.n
        )  # fmt: skip


def _mean(result: Result, line: Line) -> float:
    second = line.measure == CONFIDENT
    return mean(result.second_counts if second else result.counts, result.n or 1)
