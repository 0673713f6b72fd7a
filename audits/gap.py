"""The perception gap: what leaders say beside what other staff say to the same questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString

from audits.models import Result, Round
from audits.result_tables import CONFIDENT, SCALES, Published, mean, measures
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


class Told(NamedTuple):
    """A `Result` without all the page does not say: what leaders, or others, gave to a question."""

    n: int | None
    counts: list[int]
    second_counts: list[int]


@dataclass(frozen=True)
class Pair:
    """One statement as leaders and as other staff see it."""

    question: str
    measure: str
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
        return f"{self.question} {self.measure}".strip()


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
    ranks = published.ranks
    return _widest_first(
        _pair(str(line.question), line.measure, ranks.get((pk, LEADERS)), ranks.get((pk, OTHERS)))
        for line in published.lines
        for pk in [line.question.pk]
    )


def gap_of_latest() -> tuple[Round, Gap] | None:
    """Of the latest closed audit that asked leaders and other staff, as it was published; one
    about an activity is no audit. One query, of what the line says only."""
    ranks = Result.objects.filter(breakdown=Result.Breakdown.RANK)
    audits = ranks.filter(round__is_about_activity=False).order_by("-round__closed_at", "-round")
    rows = (
        ranks.filter(round=audits.values("round")[:1], question__kind__in=SCALES)
        .order_by("question")
        .values_list(
            "round", "round__title", "round__closed_at", "question", "question__text",
            "question__kind", "key", "n", "counts", "second_counts",
        )
    )  # fmt: skip
    round_: Round | None = None
    asked: dict[int, tuple[str, str]] = {}
    told: dict[tuple[int, str], Told] = {}
    for pk, title, closed_at, question, text, kind, key, *numbers in rows:
        round_ = round_ or Round(pk=pk, title=title, closed_at=closed_at)
        asked[question] = text, kind
        told[question, key] = Told(*numbers)
    if round_ is None:
        return None
    return round_, _widest_first(
        _pair(text, measure, told.get((pk, LEADERS)), told.get((pk, OTHERS)))
        for pk, (text, kind) in asked.items()
        for measure in measures(kind)
    )


def _widest_first(pairs: Iterable[Pair | None]) -> Gap:
    found = sorted(filter(None, pairs), key=lambda pair: -abs(pair.difference))
    return Gap(found, "" if found else TOO_FEW)


def _pair(
    question: str, measure: str, leaders: Result | Told | None, others: Result | Told | None
) -> Pair | None:
    """Where both were told."""
    if not (leaders and others and leaders.n and others.n):
        return None
    return Pair(
        question, measure, _mean(leaders, measure), leaders.n, _mean(others, measure), others.n
    )  # fmt: skip


def _mean(told: Result | Told, measure: str) -> float:
    return mean(told.second_counts if measure == CONFIDENT else told.counts, told.n or 1)
