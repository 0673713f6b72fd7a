"""What may be published of a round: counts in, frozen tables out. No database here.

A question is told for everyone, by team and by staff group; never crossed, never filtered. What is
told is counted answers; fewer than five are not. Whoever knows who is in which team and group can
add and subtract what is told, so cells are hidden until nothing below five can be worked out:

1. Teams (groups) with fewer than five responses become one row, "Other teams".
2. A cell with fewer than five answers is hidden.
3. Where something is hidden, it is two cells or more, and five answers or more: "everyone" less
   what is shown must not be the hidden cell.
4. Between the two tables: staff groups less the teams that lie wholly within them are none or five
   and more. ("Other support" less "Office" would be the one caretaker.)

5. Leaders beside the others: only where the teams and groups that hold both have five and more of
   each. Then whatever can be worked out with the third table takes in all leaders, or all the
   others, of those teams and groups. (The leaders less the leadership team would be the two who
   lead a year group.)

A total below five hides the question everywhere. Words written freely are in no table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from audits.labels import LEAST, Label

ALL, TEAM, GROUP, RANK = "all", "team", "group", "rank"
BREAKDOWNS = (TEAM, GROUP)
LEADERS, OTHERS = "leaders", "others"  # the two rows of the third table
OTHER = "other"


@dataclass(frozen=True)
class Tally:
    """Answers to one question: how many people, and how many chose each word.

    `second` is the confidence, where importance is asked as well.
    """

    n: int = 0
    counts: tuple[int, ...] = ()
    second: tuple[int, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.n + other.n,
            _added(self.counts, other.counts),
            _added(self.second, other.second),
        )

    def __sub__(self, part: Tally) -> Tally:
        """What is left without those who are a part of these."""
        return Tally(
            self.n - part.n, _less(self.counts, part.counts), _less(self.second, part.second)
        )


def _less(all_of: tuple[int, ...], part: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(all_of, part, strict=True)) if part else all_of


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    if not one or not other:
        return one or other
    return tuple(a + b for a, b in zip(one, other, strict=True))


@dataclass(frozen=True)
class Cell:
    """One place of a table; without a tally it is hidden."""

    breakdown: str
    key: str
    tally: Tally | None


def key_of(label: Label, breakdown: str) -> str:
    """The row somebody belongs to, before small ones are merged; empty when to none."""
    group, team = label
    return group if breakdown == GROUP else str(team or "")


def rows(responses: Mapping[Label, int], breakdown: str) -> dict[str, str]:
    """Under which row each team (group) stands: its own, or "other" where it is too small."""
    sizes: Counter[str] = Counter()
    for label, number in responses.items():
        sizes[key_of(label, breakdown)] += number
    return {key: key if key and size >= LEAST else OTHER for key, size in sizes.items()}


class Tables:
    """How one round is broken down, to be asked of every question."""

    def __init__(self, responses: Mapping[Label, int]):
        self.rows = {breakdown: rows(responses, breakdown) for breakdown in BREAKDOWNS}

    def row(self, label: Label, breakdown: str) -> str:
        return self.rows[breakdown].get(key_of(label, breakdown), OTHER)

    def is_told(self, breakdown: str) -> bool:
        """One row that is everyone under another name says nothing."""
        return len(set(self.rows[breakdown].values())) > 1

    def cells(self, answers: Mapping[Label, Tally], asked: Collection[Label]) -> list[Cell]:
        """What is published of one question. `asked` are the labels of those it was put to:
        a row in which nobody was asked has no cell."""
        total = sum(answers.values(), Tally())
        by = {breakdown: self._sums(answers, asked, breakdown) for breakdown in BREAKDOWNS}
        if total.n < LEAST:
            shown: dict[str, set[str]] = {breakdown: set() for breakdown in BREAKDOWNS}
        else:
            shown = self._safe(answers, by)
        cells = [Cell(ALL, ALL, total if total.n >= LEAST else None)]
        for breakdown in BREAKDOWNS:
            cells += [
                Cell(breakdown, key, tally if key in shown[breakdown] else None)
                for key, tally in by[breakdown].items()
            ]
        return cells

    def ranks(
        self, answers: Mapping[Label, Tally], leaders: Mapping[Label, Tally], told: Iterable[Cell]
    ) -> list[Cell]:
        """Leaders beside the others. `leaders` is the part of the answers that leaders gave,
        `told` what `cells` publishes of the same question."""
        shown = {(cell.breakdown, cell.key) for cell in told if cell.tally}
        here: Counter[tuple[str, ...]] = Counter()
        there: Counter[tuple[str, ...]] = Counter()
        for label, tally in answers.items():
            place = tuple(self._told_row(label, breakdown, shown) for breakdown in BREAKDOWNS)
            led = leaders.get(label, Tally()).n
            here[place] += led
            there[place] += tally.n - led
        both = [place for place in here if here[place] and there[place]]
        is_told = min(sum(of[place] for place in both) for of in (here, there)) >= LEAST
        of_leaders = sum(leaders.values(), Tally())
        of_others = sum(answers.values(), Tally()) - of_leaders
        return [
            Cell(RANK, LEADERS, of_leaders if is_told else None),
            Cell(RANK, OTHERS, of_others if is_told else None),
        ]

    def _told_row(self, label: Label, breakdown: str, shown: Collection[tuple[str, str]]) -> str:
        """The row whose sum is told; all that are hidden are one."""
        row = self.row(label, breakdown)
        return row if (breakdown, row) in shown else ""

    def _sums(
        self, answers: Mapping[Label, Tally], asked: Collection[Label], breakdown: str
    ) -> dict[str, Tally]:
        if not self.is_told(breakdown):
            return {}
        there = {key_of(label, breakdown) for label in [*asked, *answers]}
        keys = {self.rows[breakdown][key] for key in there if key in self.rows[breakdown]}
        sums = dict.fromkeys(sorted(keys), Tally())
        for label, tally in answers.items():
            sums[self.row(label, breakdown)] += tally
        return sums

    def _safe(
        self, answers: Mapping[Label, Tally], by: Mapping[str, Mapping[str, Tally]]
    ) -> dict[str, set[str]]:
        """The rows that can be shown together."""
        sizes = {each: {key: t.n for key, t in sums.items()} for each, sums in by.items()}
        atoms: Counter[tuple[str, str]] = Counter()
        for label, tally in answers.items():
            if tally.n:
                atoms[self.row(label, TEAM), self.row(label, GROUP)] += tally.n
        shown = {each: without_small(sums) for each, sums in sizes.items()}
        while found := told_by_both(atoms, shown):
            smallest = min(found, key=lambda cell: (sizes[cell[0]][cell[1]], cell))
            shown[smallest[0]].discard(smallest[1])
            shown[smallest[0]] = without_small(sizes[smallest[0]], shown[smallest[0]])
        return shown


def without_small(sizes: Mapping[str, int], shown: Iterable[str] | None = None) -> set[str]:
    """Hide what is below five, then the smallest of the rest until nothing can be subtracted."""
    safe = {key for key in (sizes if shown is None else shown) if sizes[key] >= LEAST}
    while safe and len(safe) < len(sizes):
        hidden = [size for key, size in sizes.items() if key not in safe]
        if len(hidden) > 1 and sum(hidden) >= LEAST:
            break
        safe.discard(min(safe, key=lambda key: (sizes[key], key)))
    return safe


def told_by_both(
    atoms: Mapping[tuple[str, str], int], shown: Mapping[str, set[str]]
) -> list[tuple[str, str]]:
    """Cells that together tell of one to four people, being told by team and by group.

    Every sum that can be worked out is some groups less the teams that lie wholly within them
    (all hidden rows of a table count as one, whose sum is what is left of everyone). An atom is
    the answers of one team and one group, which nobody is told.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for (team, group), n in atoms.items():
        hidden_or = (team if team in shown[TEAM] else "", group if group in shown[GROUP] else "")
        seen[hidden_or] += n
    groups_of: dict[str, set[str]] = {}
    for team, group in seen:
        groups_of.setdefault(team, set()).add(group)
    for chosen in _subsets({group for _, group in seen}):
        within = {team for team, groups in groups_of.items() if groups <= chosen}
        left = sum(n for (team, group), n in seen.items() if group in chosen and team not in within)
        if 0 < left < LEAST:
            return [(GROUP, group) for group in chosen if group] + [
                (TEAM, team) for team in within if team
            ] or [(each, key) for each in BREAKDOWNS for key in shown[each]]
    return []


def _subsets(groups: set[str]) -> Iterator[set[str]]:
    """All choices of groups: three staff groups and one row of others make sixteen."""
    ordered = sorted(groups)
    sizes = range(1, len(ordered) + 1)
    return map(set, chain.from_iterable(combinations(ordered, size) for size in sizes))
