"""Who learns with whom: groups proposed from what is known of people. Plain figures, no rows.

The same people with the same seed give the same groups.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Mix = Literal["ahead", "teams", "level", "interest"]
Pairs = Collection[frozenset[int]]

# What weighs more is never given up for any number of what weighs less.
MOST_WEIGHT, MORE_WEIGHT = 1_000_000, 1_000
WORK = 240  # beginnings times people: small schools are searched well, large ones once


@dataclass(frozen=True)
class Member:
    """One person, as far as it matters for groups. Level 0 is: nothing is known."""

    pk: int
    level: int = 0
    is_ahead: bool = False
    team: int | None = None
    interests: frozenset[int] = frozenset()


Group = list[Member]


def propose(
    people: Iterable[Member], *, size: int, mix: Mix, seed: int = 0, met: Pairs = frozenset()
) -> list[Group]:
    """Everybody in exactly one group, sizes at most one apart, nobody alone who need not be.

    With "ahead", as many groups as can have somebody ahead. Then people who have `met` before
    are kept apart, and then what the mix says counts.
    """
    members = sorted(people, key=lambda member: member.pk)
    if not members:
        return []
    chance = random.Random(seed)  # noqa: S311  nothing secret: the same again for the same seed
    sizes = sizes_of(len(members), size)
    found: list[tuple[int, list[Group]]] = []
    for turn in range(max(1, WORK // len(members))):
        begun = _dealt(members, sizes, mix, chance, is_sorted=turn % 2 == 0)
        groups = _improved(begun, mix, met)
        found.append((sum(_cost(group, mix, met) for group in groups), groups))
        if found[-1][0] == 0:
            break
    return _in_order(min(found, key=lambda each: each[0])[1])


def sizes_of(people: int, size: int) -> list[int]:
    """7 people in threes are 4 and 3; 8 are 3, 3 and 2."""
    count = max(1, min((2 * people + size) // (2 * size), people // 2))
    return [people // count + (number < people % count) for number in range(count)]


def _dealt(
    members: Group, sizes: list[int], mix: Mix, chance: random.Random, *, is_sorted: bool
) -> list[Group]:
    """A beginning: those ahead one to each group; every other time those alike together."""
    order = list(members)
    chance.shuffle(order)
    groups: list[Group] = [[] for _ in sizes]
    if mix in ("level", "interest") and is_sorted:
        order.sort(key=lambda member: (member.level, sorted(member.interests)))
        for group, size in zip(groups, sizes, strict=True):
            group.extend(order[:size])
            del order[:size]
        return groups
    order.sort(key=lambda member: not member.is_ahead)
    for number, member in enumerate(order):
        groups[number % len(groups)].append(member)
    return groups


def _improved(groups: list[Group], mix: Mix, met: Pairs) -> list[Group]:
    """Two people change places as long as that makes their two groups better."""
    changed = True
    while changed:
        changed = False
        for one, other in combinations(groups, 2):
            while _best_swap(one, other, mix, met):
                changed = True
    return groups


def _best_swap(one: Group, other: Group, mix: Mix, met: Pairs) -> bool:
    before = _cost(one, mix, met) + _cost(other, mix, met)
    if before == 0:
        return False
    for a, b in ((a, b) for a in range(len(one)) for b in range(len(other))):
        one[a], other[b] = other[b], one[a]
        if _cost(one, mix, met) + _cost(other, mix, met) < before:
            return True
        one[a], other[b] = other[b], one[a]
    return False


def _cost(group: Group, mix: Mix, met: Pairs) -> int:
    """What is not as it was wanted."""
    pairs = list(combinations(group, 2))
    again = sum(frozenset((a.pk, b.pk)) in met for a, b in pairs) if met else 0
    cost = again * MORE_WEIGHT
    if mix == "ahead":
        cost += MOST_WEIGHT * (not any(member.is_ahead for member in group))
    if mix in ("ahead", "teams"):
        cost += sum(a.team is not None and a.team == b.team for a, b in pairs)
    elif mix == "level":
        cost += sum(abs(a.level - b.level) for a, b in pairs)
    else:
        cost += sum(not a.interests & b.interests for a, b in pairs)
    return cost


def _in_order(groups: list[Group]) -> list[Group]:
    """Whoever is furthest first in each; the groups by their first person."""
    inside = [sorted(group, key=lambda member: (-member.level, member.pk)) for group in groups]
    return sorted(inside, key=lambda group: (-len(group), group[0].pk))


def met_again(group: Sequence[Member], met: Pairs) -> list[tuple[int, int]]:
    """Pairs of it who were together before."""
    return [(a.pk, b.pk) for a, b in combinations(group, 2) if frozenset((a.pk, b.pk)) in met]


def crowding(
    chosen: Collection[int | None], everyone: Collection[int | None], *, least: int = 4
) -> int | None:
    """The team that has more than half of the places and, in the school, not half of the people:
    few people of one place do not speak for all."""
    if len(chosen) < least:
        return None
    team, many = Counter(chosen).most_common(1)[0]
    if team is None or 2 * many <= len(chosen):
        return None
    here = Counter(everyone)[team]
    return team if 2 * here < len(everyone) else None
