"""Strategies of a network in words: which school is how far, who stalled, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cpdhub.models import School
from networks.models import Adoption, Membership, Network, Strategy

State = Adoption.State


@dataclass(frozen=True)
class Step:
    """A strategy on the way the network goes, and how far its schools are."""

    strategy: Strategy
    adoptions: Sequence[Adoption]
    schools: int  # in the network

    @property
    def in_place(self) -> int:
        return sum(row.state in Adoption.IN_PLACE for row in self.adoptions)

    @property
    def stalled(self) -> int:
        return sum(row.state == State.STALLED for row in self.adoptions)

    @property
    def silent(self) -> int:
        """Schools that have said nothing."""
        return self.schools - len(self.adoptions)

    @property
    def is_in_place_in_most(self) -> bool:
        return self.in_place * 2 > self.schools

    @property
    def words(self) -> str:
        """“In place in 4 of 6 schools; stalled in 1; 1 has not said.”"""
        of = f"of {self.schools} schools"
        said = [
            f"In place in {self.in_place} {of}" if self.in_place else "In place in no school yet"
        ]
        if self.stalled:
            said.append(f"stalled in {self.stalled}")
        if self.silent:
            said.append(f"{self.silent} {'has' if self.silent == 1 else 'have'} not said")
        return f"{'; '.join(said)}."

    @property
    def advice(self) -> str:
        """What to think about next."""
        if self.is_in_place_in_most and self.strategy.way == Strategy.Way.DEEPEN:
            return "In place in most schools: ask what of it could now reach every school."
        if self.is_in_place_in_most:
            return "In place in most schools: choose what comes next, and keep somebody on this."
        if self.strategy.has_ended:
            return "The money or the help has ended and it is in place in few: decide about it now."
        if self.stalled:
            return "Ask the schools where it stalled before you begin anything new."
        if self.silent * 2 > self.schools:
            return "Most schools have not said where they are: ask at the next meeting."
        return "Under way: stay with it."


@dataclass(frozen=True)
class Row:
    """One school, and what it says of each strategy; None where it has said nothing."""

    school: School
    cells: list[tuple[Strategy, Adoption | None]]


@dataclass(frozen=True)
class Board:
    """Everything the page of strategies shows."""

    steps: list[Step]
    rows: list[Row]
    asking: list[Adoption]

    @property
    def carried_by(self) -> list[tuple[str, int]]:
        """Who leads more than one of them: work on few shoulders ends when they go."""
        leads = Counter(step.strategy.lead for step in self.steps if step.strategy.lead)
        return [(name, number) for name, number in leads.most_common() if number > 1]

    @property
    def without_deputy(self) -> list[Strategy]:
        return [step.strategy for step in self.steps if not step.strategy.deputy]

    @property
    def challenges(self) -> list[tuple[str, list[Strategy]]]:
        """Each of the five that stands against something, with what it stands against."""
        found = [
            (str(label), [s.strategy for s in self.steps if s.strategy.challenge == code])
            for code, label in Strategy.Challenge.choices
        ]
        return [(label, strategies) for label, strategies in found if strategies]

    @property
    def one_way(self) -> str:
        """Networks need both ways; empty while they have them."""
        ways = {step.strategy.way for step in self.steps}
        if len(self.steps) < 2 or len(ways) > 1:
            return ""
        if Strategy.Way.DEEPEN in ways:
            return "All of these go deep in a few schools. How do the others come to have them?"
        return "All of these go wide. Who works out with a few schools what it takes in class?"


def board(network: Network) -> Board:
    strategies = list(Strategy.objects.filter(network=network).select_related("theme"))
    members = Membership.objects.members().filter(network=network).select_related("school")
    schools = [row.school for row in members.order_by("school__name")]
    said = list(Adoption.objects.filter(network=network).select_related("school", "strategy"))
    by_place = {(row.strategy_id, row.school_id): row for row in said}
    return Board(
        [
            Step(one, [row for row in said if row.strategy_id == one.pk], len(schools))
            for one in strategies
        ],
        [
            Row(school, [(one, by_place.get((one.pk, school.pk))) for one in strategies])
            for school in schools
        ],
        [row for row in said if row.state == State.STALLED and row.would_help],
    )
