"""Who is entitled to what, and how far they are: received, planned, due, overdue.

Nothing of it is kept. It follows from whom each entitlement is for, from the registers of
activities that answer its steps, and from what was written down by hand; a change of any of
them is true at once. Five statements, whatever the number of people and steps.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.functional import cached_property

from activities.entitled_facts import Fact, facts
from activities.models import (
    EarlyCareer,
    EntitledPerson,
    Entitlement,
    EntitlementStep,
    EntitlementUse,
)
from activities.own_terms import own_terms
from cpdhub.models import HalfTerm, Staff
from cpdhub.permissions import Permission, Role
from cpdhub.years import first_year_of

SOON = timedelta(weeks=8)
FIRST_TIME = 1  # months to begin with what comes again and again
LATECOMERS = 2  # months, for who joins after a year's date

RECEIVED, PLANNED, DUE, OVERDUE, LATER = "received", "planned", "due", "overdue", "later"
WORDS = {
    OVERDUE: "Overdue",
    DUE: "Due",
    PLANNED: "Planned",
    LATER: "To come",
    RECEIVED: "Received",
}
Due = EntitlementStep.Due


@dataclass
class State:
    """One person and one step: how far they are."""

    person: Staff
    step: EntitlementStep
    state: str
    due_on: date | None = None
    facts: list[Fact] = field(default_factory=list)
    hours: float | None = None  # had this year, of
    wanted: Decimal | None = None
    told: list[tuple[Fact, str]] = field(default_factory=list)  # with the activity's title

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def when(self) -> str:
        """by 3 May 2027; received, when it comes again, if it does."""
        if self.due_on is None or (self.state == RECEIVED and self.step.due != Due.EVERY):
            return ""
        return f"{'again' if self.state == RECEIVED else 'by'} {self.due_on:%-d %B %Y}"

    @cached_property
    def last_on(self) -> date | None:
        had = [fact.on for fact in self.facts if fact.is_receipt] if self.facts else None
        return max(had) if had else None

    @property
    def missed_on(self) -> date | None:
        """Away when it was given, and not had since."""
        missed = max((fact.on for fact in self.facts if fact.kind == "missed"), default=None)
        return missed if missed and (self.last_on is None or missed > self.last_on) else None

    @property
    def planned_on(self) -> date | None:
        return min(
            (f.on for f in self.facts if f.kind == "planned" and f.on != date.max), default=None
        )


@dataclass
class Cell:
    """One person and one entitlement with all its steps."""

    person: Staff
    entitlement: Entitlement
    states: list[State]
    named: EntitledPerson | None = None

    @cached_property
    def state(self) -> str:
        """The most pressing of its steps; received when all are."""
        found = {state.state for state in self.states}
        return next((state for state in WORDS if state in found), RECEIVED)

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def had(self) -> int:
        return sum(state.state == RECEIVED for state in self.states)

    @property
    def size(self) -> int:
        return len(self.states)


def in_use() -> Any:
    """The steps of all entitlements the school keeps, each with `since` and `joined_since`."""
    return (
        EntitlementStep.objects.filter(entitlement__uses__in=EntitlementUse.objects.all())
        .annotate(
            since=F("entitlement__uses__since"),
            joined_since=F("entitlement__uses__joined_since"),
            use_id=F("entitlement__uses"),
        )
        .select_related("entitlement")
        .order_by("entitlement__kind", "entitlement__title", "entitlement", "position")
    )


def people_seen_by(staff: Staff, *, today: date) -> Any:
    """Oneself and those one manages, or everyone for who sees every record; governors too, who
    have their own training."""
    here = Staff.objects.live(today).filter(~Q(group="") | Q(roles__contains=[Role.GOVERNOR]))
    if staff.can(Permission.SEE_EVERYONES_RECORD):
        return here
    return here.filter(Q(pk=staff.pk) | Q(line_manager=staff))


def cells(
    people: Iterable[Staff], *, today: date, by: Staff, entitlements: Collection[int] = ()
) -> list[Cell]:
    """Every person with every entitlement that is for them, in the order of both.

    `by` sees of early career teachers what they may: see EarlyCareer.visible_to. `entitlements`
    narrows it.
    """
    people = list(people)
    steps: dict[int, list[Any]] = defaultdict(list)
    for step in in_use():
        if not entitlements or step.entitlement_id in entitlements:
            steps[step.entitlement_id].append(step)
    if not steps or not people:
        return []
    every = [step for each in steps.values() for step in each]
    reading = _Reading(people, every, today=today, by=by)
    return [
        reading.cell(person, each)
        for person in people
        for each in steps.values()
        if reading.is_for(person, each[0])
    ]


class _Reading:
    """Everything needed to say how far these people are, read once."""

    def __init__(self, people: list[Staff], steps: list[Any], *, today: date, by: Staff) -> None:
        self.today = today
        self.named = {
            (row.use_id, row.staff_id): row
            for row in EntitledPerson.objects.select_related("supporter")
        }
        kinds = {step.entitlement.kind for step in steps}
        has_early = Entitlement.Kind.EARLY in kinds
        early = EarlyCareer.objects.visible_to(by) if has_early else ()
        self.early = {row.staff_id: row for row in early}
        self.half_terms = self._half_terms()
        one = people[0].pk if len(people) == 1 else None
        self.facts: dict[tuple[int, str, str], list[Fact]] = defaultdict(list)
        for fact in facts(steps, today=today, of=one):
            self.facts[fact.staff, fact.entitlement, fact.step].append(fact)
        self.untouched: dict[tuple[int, date], State] = {}

    def _half_terms(self) -> list[HalfTerm]:
        if not self.early:
            return []
        first = min(row.starts_on for row in self.early.values())
        return list(HalfTerm.objects.filter(ends_on__gte=first).select_related("year"))

    def is_for(self, person: Staff, step: Any) -> bool:
        if step.entitlement.kind == Entitlement.Kind.EARLY:
            return person.pk in self.early
        if (step.use_id, person.pk) in self.named:
            return True
        if step.joined_since and not (person.starts_on and person.starts_on >= step.joined_since):
            return False
        return step.entitlement.is_for(person)

    def cell(self, person: Staff, steps: list[Any]) -> Cell:
        named = self.named.get((steps[0].use_id, person.pk))
        early = self.early.get(person.pk)
        first = self._first_day(person, steps[0], named, early)
        entitlement = steps[0].entitlement
        states = []
        for step in steps:
            known = self.facts.get((person.pk, entitlement.code, step.code))
            if known is None and not step.hours and step.due != Due.TERM:
                states.append(self._untouched(person, step, first))
            else:
                states.append(self._state(person, step, known or [], first, early))
        return Cell(person, entitlement, states, named)

    def _untouched(self, person: Staff, step: Any, first: date) -> State:
        """Nothing is known of it: how far it is depends on the day it counts from alone."""
        like = self.untouched.get((step.pk, first))
        if like is None:
            like = self.untouched[step.pk, first] = self._state(person, step, [], first, None)
        return State(person, step, like.state, like.due_on)

    def _state(
        self,
        person: Staff,
        step: Any,
        known: list[Fact],
        first: date,
        early: EarlyCareer | None,
    ) -> State:
        found = State(person, step, LATER, facts=known)
        if step.due == Due.TERM:
            found.due_on = self._end_of_term(person, step.number, early)
        else:
            found.due_on = due_on(step, first, found.last_on, self.today)
        if step.hours:
            every = self.facts.get((person.pk, "", ""), []) if step.counts_all else known
            found.hours = sum(fact.hours for fact in every)
            found.wanted = (step.hours * person.fte).quantize(Decimal("0.1"))
        found.state = self._how_far(found)
        return found

    def _first_day(
        self, person: Staff, step: Any, named: EntitledPerson | None, early: EarlyCareer | None
    ) -> date:
        """The day it counts from: not before the school promised it, unless it is for those who
        joined since some day, or for people chosen by name."""
        if step.entitlement.kind == Entitlement.Kind.EARLY and early:
            return early.starts_on
        if named:
            return named.counts_from
        began = person.starts_on or step.since
        return began if step.joined_since else max(began, step.since)

    def _end_of_term(self, person: Staff, term: int, early: EarlyCareer | None) -> date | None:
        if early is None:
            return None
        if not hasattr(early, "own_terms"):
            early.own_terms = own_terms(person, early.starts_on, self.half_terms)  # type: ignore[attr-defined]
        return early.own_terms[term - 1].ends_on  # type: ignore[attr-defined]

    def _how_far(self, found: State) -> str:
        step, due = found.step, found.due_on
        if self._is_received(found):
            return RECEIVED
        if any(fact.kind == "planned" for fact in found.facts):
            return PLANNED
        if due is None or due > self.today + SOON:
            return LATER
        return OVERDUE if due < self.today and not step.entitlement.is_optional else DUE

    def _is_received(self, found: State) -> bool:
        step, last = found.step, found.last_on
        if found.wanted is not None:
            return Decimal(found.hours or 0) >= found.wanted
        if last is None:
            return False
        if step.due == Due.YEARLY:
            return last >= date(first_year_of(self.today), 9, 1)
        if step.due == Due.EVERY:
            return found.due_on is not None and found.due_on > self.today + soon(step, last)
        return True


def soon(step: EntitlementStep, last: date) -> timedelta:
    """How long before it is due again: of what comes often, for the second half of the time."""
    return min(SOON, (add_months(last, step.number or 12) - last) / 2)


def due_on(step: EntitlementStep, first: date, last: date | None, today: date) -> date | None:
    """By when it is to be received next; nothing for what has no date."""
    if step.due == Due.AFTER:
        return add_months(first, step.number or 0) + timedelta(days=0 if step.number else 7)
    if step.due == Due.EVERY:
        return add_months(last, step.number or 12) if last else add_months(first, FIRST_TIME)
    if step.due == Due.YEARLY:
        year = first_year_of(today)
        due = date(year + 1, 8, 31)
        if step.number:
            due = min(due, add_months(date(year, 9, 1), step.number) - timedelta(days=1))
        return min(date(year + 1, 8, 31), max(due, add_months(first, LATECOMERS)))
    return None


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month: 29 February, then 28."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = min(day.year + year, date.max.year), month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
