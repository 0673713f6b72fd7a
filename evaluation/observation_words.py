"""What stands beside an observation: who waits for whom, and what one may do now."""

from __future__ import annotations

from dataclasses import dataclass

from cpdhub import clock
from cpdhub.models import Staff
from evaluation.models import Observation, Observer
from evaluation.observing import may_read_each_other

State = Observation.State


@dataclass(frozen=True)
class Line:
    """One observation as one of its people sees it. Reads the observers it was given."""

    observation: Observation
    me: Staff

    @property
    def observers(self) -> list[Observer]:
        return list(self.observation.observers.all())

    @property
    def is_mine(self) -> bool:
        return self.observation.owner_id == self.me.pk

    @property
    def my_part(self) -> Observer | None:
        """What I hold as an observer, or nothing."""
        return next((each for each in self.observers if each.staff_id == self.me.pk), None)

    @property
    def is_in_it(self) -> bool:
        return self.is_mine or self.my_part is not None

    @property
    def names(self) -> str:
        return " and ".join(each.staff.name for each in self.observers)

    @property
    def title(self) -> str:
        if self.is_mine:
            return f"{self.names} with you"
        if self.my_part:
            company = [each.staff.name for each in self.observers if each.staff_id != self.me.pk]
            return " and ".join(["You", *company]) + f" with {self.observation.owner}"
        return f"{self.names} with {self.observation.owner}"

    @property
    def i_agreed(self) -> bool:
        part = self.my_part
        return bool(self.observation.owner_agreed_at if self.is_mine else part and part.agreed_at)

    @property
    def i_closed(self) -> bool:
        part = self.my_part
        return bool(self.observation.owner_closed_at if self.is_mine else part and part.closed_at)

    @property
    def waits_for(self) -> list[str]:
        """Who has to say yes, or to close, by name."""
        held = self.observation.state == State.HELD
        done = self.observation.owner_closed_at if held else self.observation.owner_agreed_at
        names = [] if done else [self.observation.owner.name]
        names += [
            each.staff.name
            for each in self.observers
            if not (each.closed_at if held else each.agreed_at)
        ]
        return ["you" if name == self.me.name else name for name in names]

    @property
    def when(self) -> str:
        if self.observation.starts_at is None:
            return "no day yet"
        local = self.observation.starts_at.astimezone(clock.LONDON)
        return f"{local:%A} {local.day} {local:%B %Y}, {local.hour}:{local:%M}"

    @property
    def state_words(self) -> str:
        waits = " and ".join(self.waits_for)
        if self.observation.state == State.ASKED:
            return f"waits for a yes from {waits}"
        if self.observation.state == State.AGREED:
            return "agreed"
        if self.observation.state == State.HELD:
            return f"took place; {waits} still to close it" if self.i_closed else "took place"
        return str(self.observation.get_state_display()).lower()

    def notes_i_may_read(self) -> list[Observer]:
        """The owner reads every note. Two who watch read each other's once both are done. Whom
        the owner chose reads what the owner reads."""
        parts = self.observers
        if self.my_part and not self.is_mine and not may_read_each_other(parts):
            return [self.my_part]
        return parts
