"""What an activity is worth set against: the formulas of cost and hours, and of shares.

Pure arithmetic on rows that are loaded: every page and report asks here.

    cash = fees + travel + materials + venue + trainer + cover + other - refunds - income
    full = cash + participant hours x rate + in-house trainer hours x rate
    a participant hour = that / participant hours; a person = that / people who completed it
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

NONE, ZERO = timedelta(0), Decimal(0)
PENCE = Decimal("0.01")


def in_hours(time: timedelta) -> Decimal:
    return Decimal(time / timedelta(microseconds=1)) / 3_600_000_000


@dataclass(frozen=True)
class Value:
    """What one activity, or many together, cost for what people had of it."""

    cash: Decimal
    participant_time: timedelta = NONE
    trainer_time: timedelta = NONE
    completed: int = 0
    rate: Decimal | None = None  # an hour of staff time; none: not valued

    @property
    def participant_hours(self) -> Decimal:
        return in_hours(self.participant_time)

    @property
    def staff_time(self) -> Decimal:
        """What people's hours are worth, learners' and colleagues' who led."""
        return in_hours(self.participant_time + self.trainer_time) * (self.rate or ZERO)

    @property
    def full_cost(self) -> Decimal:
        """With staff time: in-house CPD looks free in cash."""
        return self.cash + self.staff_time

    @property
    def cost_per_participant_hour(self) -> Decimal | None:
        return per(self.full_cost, self.participant_hours)

    @property
    def cost_per_person(self) -> Decimal | None:
        return per(self.full_cost, Decimal(self.completed))

    @property
    def in_cash(self) -> Value:
        """The same without valuing anybody's time."""
        return Value(self.cash, self.participant_time, self.trainer_time, self.completed)


def per(cost: Decimal, number: Decimal) -> Decimal | None:
    return (cost / number).quantize(PENCE) if number else None


def value_of(
    cash: Decimal,
    sessions: Iterable[Any],
    present: Collection[tuple[int, int]],
    *,
    lead: int | None,
    rate: Decimal | None = None,
) -> Value:
    """Of one activity: its sessions, and who was present at which, as (session, person).

    Hours count once a register says who was there. A colleague who leads and is on the register
    gives an hour, not two. Completed means: present at every session held.
    """
    held = [s for s in sessions if s.cancelled_at is None and s.register_taken_at is not None]
    there = {session.pk: {who for at, who in present if at == session.pk} for session in held}
    lengths = {session.pk: session.ends_at - session.starts_at for session in held}
    people = [who for pk in there for who in there[pk]]
    return Value(
        cash,
        sum((lengths[pk] * len(there[pk]) for pk in there), NONE),
        sum((lengths[pk] for pk in there if lead and lead not in there[pk]), NONE),
        sum(people.count(who) == len(held) for who in set(people)),
        rate,
    )


def shares(
    lines: Iterable[tuple[int, int | None, Decimal]], people: Mapping[int, Collection[int]]
) -> dict[int | None, Decimal]:
    """Who money was spent on: lines as (activity, person or none, sum), people per activity.

    A line for one person is theirs; any other is shared equally by everyone who takes part. What
    nobody takes part in yet is nobody's (None).
    """
    found: dict[int | None, Decimal] = {}
    for activity, person, sum_ in lines:
        among: Collection[int | None] = [person] if person else people.get(activity) or [None]
        for who in among:
            found[who] = found.get(who, ZERO) + sum_ / len(among)
    return found


def max_to_median(values: Iterable[Decimal]) -> Decimal | None:
    """How many times the median the highest is: 1 is even, nothing where half have nothing."""
    each = sorted(values)
    middle = median(each) if each else ZERO
    return (each[-1] / middle).quantize(Decimal("0.1")) if middle else None
