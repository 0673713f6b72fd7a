"""Who goes to which workshop: numbers in, numbers out; no database here.

**The method.** The slots of a day are filled one after the other, in the order of the clock. Within
a slot, people are put down one by one, and each is given the way into the workshops that costs
everybody together least: into one with a place left, or into a full one from which somebody moves
on to another, and so on (an augmenting path, found over the workshops by Bellman and Ford). Such
steps keep what everybody has at the least possible sum, so the order in which people come decides
only between ways that are equally good, and a seed decides the order.

**What costs.** The first choice nothing, each later one a step more; a workshop nobody asked for
more than any choice; a way to another site in a break too short for it more than a step but less
than what was not asked for; no place more than everything else together. A person's steps weigh
more the later the choices were that they got in the slots before: so they go first in the next.
Whoever asked for nothing takes what is left. Where two ways are equally good, people keep what
they have; `is_gentle` lets them keep it before any wish, when few places are to be found again.

**What never happens.** More people than a room takes; two workshops in a slot; the same workshop
twice in a day; nobody without a place in a slot while one is left that they could take.

**Too few.** When a slot is filled, the workshop furthest below its fewest is dropped, and its
people are put down again, as long as there are places for them. What stands without them is the
best for all others, so nothing else is worked out anew.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

STEP = 10  # of a later choice; what only decides between equals is less
WALK = 12 * STEP  # to another site in too short a break
UNASKED = 30 * STEP
LEAVE = 100 * STEP  # what one has, while places are found gently
NOWHERE = 0  # the workshop of those without a place

Tell = Callable[[int, str], None]
Key = tuple[int, int]  # of a person: their school and their post


def nobody_asks(percent: int, doing: str) -> None:
    """Progress that is told to nobody."""


@dataclass(frozen=True)
class Offer:
    """One workshop in one slot. Offers of the same `repeats` are the same workshop."""

    pk: int
    slot: int
    site: int
    repeats: object
    most: int
    fewest: int = 0


@dataclass(frozen=True)
class Person:
    """Whom to seat: `wishes` are workshops, first choice first; `held` what they have now."""

    key: Key
    wishes: Sequence[int] = ()
    held: frozenset[int] = frozenset()


@dataclass
class Result:
    """`seats[person][slot]` is a workshop; `dropped` had too few."""

    seats: dict[Key, dict[int, int]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)


def assign(
    slots: Sequence[int],
    near: Iterable[tuple[int, int]],
    offers: Iterable[Offer],
    people: Iterable[Person],
    *,
    seed: int,
    is_gentle: bool = False,
    tell: Tell = nobody_asks,
) -> Result:
    """A timetable. `slots` in order; `near`: pairs of slots with too short a break to travel."""
    everyone = sorted(people, key=lambda person: person.key)
    random.Random(seed).shuffle(everyone)
    result = Result({person.key: {} for person in everyone})
    offered = {offer.pk: offer for offer in offers}
    debts = dict.fromkeys(result.seats, 0)
    breaks = set(near)
    for number, slot in enumerate(slots):
        here = sorted((one for one in offered.values() if one.slot == slot), key=lambda o: o.pk)
        before = [past for past in slots[:number] if (past, slot) in breaks]
        costs = {
            person.key: _costs(
                person, here, result.seats[person.key], offered, before,
                debt=debts[person.key], is_gentle=is_gentle,
            )
            for person in everyone
        }  # fmt: skip
        hall = _Hall(here, costs)
        for count, person in enumerate(everyone):
            hall.seat(person.key)
            if count % 50 == 0:
                done = (number + count / len(everyone)) / len(slots)
                tell(int(100 * done), f"Slot {number + 1} of {len(slots)}")
        result.dropped |= hall.drop_too_small()
        for person in everyone:
            _take(person, slot, hall.where[person.key], result, debts, offered)
    return result


def _take(
    person: Person,
    slot: int,
    got: int,
    result: Result,
    debts: dict[Key, int],
    offered: Mapping[int, Offer],
) -> None:
    if got != NOWHERE:
        result.seats[person.key][slot] = got
    asked = [pk for pk in person.wishes if pk in offered and offered[pk].slot == slot]
    if asked:
        debts[person.key] += asked.index(got) if got in asked else len(asked)


def _costs(
    person: Person,
    here: Sequence[Offer],
    taken: Mapping[int, int],
    offered: Mapping[int, Offer],
    before: Sequence[int],
    *,
    debt: int,
    is_gentle: bool,
) -> dict[int, int]:
    """What each workshop of a slot costs a person; one they cannot take is not in it."""
    been = {offered[pk].repeats for pk in taken.values()}
    sites = {offered[taken[slot]].site for slot in before if slot in taken}
    ids = {offer.pk for offer in here}
    ranks = {pk: rank for rank, pk in enumerate(pk for pk in person.wishes if pk in ids)}
    has_one = bool(person.held & ids)
    costs = {}
    for offer in here:
        if offer.repeats in been or offer.most < 1:
            continue
        cost = 0 if not ranks else STEP * ranks[offer.pk] if offer.pk in ranks else UNASKED
        cost *= 1 + debt
        if sites and offer.site not in sites:
            cost += WALK * (1 + debt)
        if has_one and offer.pk not in person.held:
            cost += LEAVE if is_gentle else 1
        costs[offer.pk] = cost
    return costs


class _Hall:
    """One slot: who is where, at the least sum of costs for those who are in it.

    Nowhere is a workshop with room for all, dearer than any path of moves: nobody stays out to
    spare others a later choice.
    """

    def __init__(self, offers: Sequence[Offer], costs: Mapping[Key, dict[int, int]]) -> None:
        self.offers = {offer.pk: offer for offer in offers}
        dearest = max((cost for row in costs.values() for cost in row.values()), default=0)
        self.nowhere = (dearest + 1) * (len(offers) + 2)
        self.costs = {key: {**row, NOWHERE: self.nowhere} for key, row in costs.items()}
        self.inside: dict[int, list[Key]] = {pk: [] for pk in (NOWHERE, *self.offers)}
        self.where: dict[Key, int] = {}
        # moves[a][b]: who in a moves on to b at the least cost, after that cost.
        self.moves: dict[int, dict[int, tuple[int, Key]]] = {pk: {} for pk in self.inside}

    def is_full(self, pk: int) -> bool:
        return pk != NOWHERE and len(self.inside[pk]) >= self.offers[pk].most

    def seat(self, who: Key) -> None:
        """Put down one more, along the cheapest path to a free place."""
        best, back = self._ways(who)
        end = min((pk for pk in best if not self.is_full(pk)), key=lambda pk: (best[pk], pk))
        there = end
        touched = {end}
        while there in back:
            here = back[there]
            mover = self.moves[here][there][1]
            self.inside[here].remove(mover)
            self._enter(mover, there)
            there = here
            touched.add(here)
        self._enter(who, there)
        for pk in touched:
            self.moves[pk] = self._moves_from(pk)

    def _ways(self, who: Key) -> tuple[dict[int, int], dict[int, int]]:
        """The least cost of coming to each workshop, and through which full one."""
        best = {pk: cost for pk, cost in self.costs[who].items() if pk in self.inside}
        back: dict[int, int] = {}
        changed = [pk for pk in best if self.is_full(pk)]
        while changed:
            after: dict[int, None] = {}
            for here in changed:
                for there, (step, _) in self.moves[here].items():
                    if there not in best or best[here] + step < best[there]:
                        best[there], back[there] = best[here] + step, here
                        if self.is_full(there):
                            after[there] = None
            changed = list(after)
        return best, back

    def _enter(self, who: Key, pk: int) -> None:
        self.inside[pk].append(who)
        self.where[who] = pk

    def _moves_from(self, pk: int) -> dict[int, tuple[int, Key]]:
        found: dict[int, tuple[int, Key]] = {}
        for who in self.inside[pk]:
            row = self.costs[who]
            for there, cost in row.items():
                step = (cost - row[pk], who)
                if there == pk or there not in self.inside:
                    continue
                if there not in found or step < found[there]:
                    found[there] = step
        return found

    # --- too few ------------------------------------------------------------------------------
    def drop_too_small(self) -> set[int]:
        """Those that are dropped; one whose people would find no other place is kept."""
        dropped: set[int] = set()
        kept: set[int] = set()
        while small := [pk for pk in self.offers if self._lacks(pk) > 0 and pk not in kept]:
            pk = max(small, key=lambda one: (self._lacks(one), -len(self.inside[one]), one))
            if self._drop(pk):
                dropped.add(pk)
            else:
                kept.add(pk)
        return dropped

    def _lacks(self, pk: int) -> int:
        return self.offers[pk].fewest - len(self.inside[pk])

    def _drop(self, pk: int) -> bool:
        out = len(self.inside[NOWHERE])
        before = (
            {one: list(people) for one, people in self.inside.items()},
            dict(self.where),
            {one: dict(ways) for one, ways in self.moves.items()},
            dict(self.offers),
        )
        people = self.inside.pop(pk)
        del self.offers[pk], self.moves[pk]
        for ways in self.moves.values():
            ways.pop(pk, None)
        for who in people:
            self.seat(who)
        if len(self.inside[NOWHERE]) > out:
            self.inside, self.where, self.moves, self.offers = before
            return False
        return True
