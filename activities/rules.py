"""The rules of the calendar: when a session fits, who would be missing, what to do about it.

Each rule is data (a name, why it is there, what to do) and one small function over `Facts`.
They explain; only double booking is refused, as nobody is in two places at once.

For others: `findings(staff, starts_at, ends_at)`, `who_is_out(day)`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django_scopes import get_scope

from activities.models import Cover, Session
from activities.school_time import NOON, Busy, Facts, Slot, gather, works
from cpdhub import clock
from cpdhub.models import HalfTerm, School, Staff
from cpdhub.models.school import term_of
from cpdhub.words import listed

LOOKS_BACK, LOOKS_AHEAD = 14, 28  # days in which a better slot is looked for
HOUR = timedelta(hours=1)
MOST_NAMES = 4
NO_ROOM = {"", "online", "in class", "classroom", "classrooms"}  # of which there are many


@dataclass(frozen=True)
class Said:
    """What a rule says of a slot, and of whom."""

    sentence: str
    people: tuple[int, ...] = ()
    blocked: int | None = None


@dataclass(frozen=True)
class Rule:
    """A rule of the calendar, with its reason."""

    name: str
    why: str
    to_do: str
    look: Callable[[Facts, Slot], Iterable[Said]]
    is_refused: bool = False


@dataclass(frozen=True)
class Finding:
    """A rule that a slot does not keep, in words."""

    rule: Rule
    said: Said

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def sentence(self) -> str:
        return self.said.sentence

    @property
    def why(self) -> str:
        return self.rule.why

    @property
    def to_do(self) -> str:
        return self.rule.to_do

    @property
    def is_refused(self) -> bool:
        return self.rule.is_refused


def named(people: Sequence[Any]) -> str:
    """Priya Shah, Tom Reyes and 3 others"""
    names = [str(person) for person in people[:MOST_NAMES]]
    more = len(people) - len(names)
    if more:
        return f"{', '.join(names)} and {more} {'other' if more == 1 else 'others'}"
    return listed(names)


def be(people: Sequence[Any], one: str, many: str) -> str:
    return f"{named(people)} {one if len(people) == 1 else many}"


def weekday(day: date) -> str:
    """Wednesday 2 December 2026"""
    return f"{day:%A} {day.day} {day:%B %Y}"


# --- what each rule looks at ---------------------------------------------------------------------
def double_booked(facts: Facts, slot: Slot) -> Iterator[Said]:
    by_pk = {person.pk: person for person in facts.people}
    for one in facts.busy:
        is_other = one.session != slot.session
        if one.staff in by_pk and is_other and slot.is_at(one.starts_at, one.ends_at):
            times = Session(starts_at=one.starts_at, ends_at=one.ends_at)
            yield Said(
                f"{by_pk[one.staff]} is already at {one.title} then ({times}).", (one.staff,)
            )


def in_the_same_room(facts: Facts, slot: Slot) -> Iterator[Said]:
    room = slot.place.strip().casefold()
    if room in NO_ROOM:
        return
    there = {
        one.session: one
        for one in facts.busy
        if one.session != slot.session
        and one.place.strip().casefold() == room
        and slot.is_at(one.starts_at, one.ends_at)
    }
    for one in there.values():
        times = Session(starts_at=one.starts_at, ends_at=one.ends_at)
        yield Said(f"{slot.place} is taken then by {one.title} ({times}).")


def too_many_out(facts: Facts, slot: Slot) -> Iterator[Said]:
    """Those already out that day, and those this takes away; for the school and for each team."""
    if not facts.takes_from_school(slot.starts_at, slot.ends_at):
        return
    teams = {one.staff: one.team for one in _others_out(facts, slot)}
    before = set(teams)
    spared = {
        one.staff for one in facts.busy if one.session == slot.session and not one.needs_cover
    }
    going = [
        person
        for person in facts.people
        if person.pk not in spared and works(person.working_days, slot.starts_at, slot.ends_at)
    ]
    teams |= {person.pk: person.team_id for person in going}
    if not {person.pk for person in going} - before:
        return
    most = facts.school.most_out_per_day
    if len(teams) > most:
        yield Said(
            f"{len(teams)} people would be out on {weekday(slot.day)}; the school’s limit is"
            f" {most}."
        )
    for team in {person.team for person in going if person.team is not None}:
        out = sum(team_id == team.pk for team_id in teams.values())
        if team.most_out_per_day is not None and out > team.most_out_per_day:
            yield Said(
                f"{out} of {team} would be out on {weekday(slot.day)}; the team’s limit is"
                f" {team.most_out_per_day}."
            )


def _others_out(facts: Facts, slot: Slot) -> list[Busy]:
    return [one for one in facts.out(slot.day) if one.session != slot.session]


def on_blocked_dates(facts: Facts, slot: Slot) -> Iterator[Said]:
    teams = {person.team_id for person in facts.people}
    for blocked in facts.blocked:
        is_meant = blocked.team_id is None or blocked.team_id in teams
        if is_meant and blocked.holds(slot.day) and (slot.session, blocked.pk) not in facts.allowed:
            for_whom = f" for {blocked.team}" if blocked.team_id else ""
            yield Said(
                f"{weekday(slot.day)} is kept free{for_whom}: {blocked.reason}.", blocked=blocked.pk
            )


def in_protected_time(facts: Facts, slot: Slot) -> Iterator[Said]:
    for person in facts.people:
        if (slot.session, person.pk) in facts.given:
            continue  # their own choice
        for row in facts.protected.get(person.pk, ()):
            if row.weekday == slot.day.weekday() and slot.is_at(
                clock.at(slot.day, row.starts_at), clock.at(slot.day, row.ends_at)
            ):
                times = f"{row.starts_at:%H:%M}–{row.ends_at:%H:%M}"
                yield Said(f"{person} has {row.get_kind_display()} then ({times}).", (person.pk,))


def not_working(facts: Facts, slot: Slot) -> Iterator[Said]:
    if not slot.is_compulsory:
        return
    if not facts.is_worked(slot.day):
        yield Said(f"It is compulsory, and {weekday(slot.day)} is no working day of the school.")
        return
    away = [p for p in facts.people if not works(p.working_days, slot.starts_at, slot.ends_at)]
    if away:
        half = "morning" if slot.starts_at < clock.at(slot.day, NOON) else "afternoon"
        who = be(away, "does", "do")
        yield Said(
            f"It is compulsory, and {who} not work on a {slot.day:%A} {half}.",
            tuple(person.pk for person in away),
        )


def over_directed_time(facts: Facts, slot: Slot) -> Iterator[Said]:
    if slot.is_own_time or facts.year is None or not facts.year.holds(slot.day):
        return
    over = [
        person
        for person in facts.people
        if (directed := facts.directed.get(person.pk)) is not None
        and directed.is_over_with(
            timedelta(0) if _counts_already(facts, slot, person) else slot.time
        )
    ]
    if over:
        yield Said(
            f"{named(over)} would have more directed hours than the year has for CPD.",
            tuple(person.pk for person in over),
        )


def _counts_already(facts: Facts, slot: Slot, person: Staff) -> bool:
    return any(one.session == slot.session and one.staff == person.pk for one in facts.busy)


def in_last_week_of_term(facts: Facts, slot: Slot) -> Iterator[Said]:
    for half_term in facts.half_terms:
        monday = half_term.ends_on - timedelta(days=half_term.ends_on.weekday())
        if half_term.name.endswith("_2") and monday <= slot.day <= half_term.ends_on:
            yield Said(f"It is in the last week of the {term_of(half_term.name)} term.")


def an_hour_after_school(facts: Facts, slot: Slot) -> Iterator[Said]:
    closes = clock.at(slot.day, facts.school.day_ends_at)
    is_after = facts.has_pupils(slot.day) and slot.starts_at >= closes
    if slot.is_direct and slot.is_only_one and is_after and slot.time <= HOUR:
        yield Said("It is one session of an hour or less, after a day’s teaching.")


RULES = (
    Rule(
        "Double booking",
        "Nobody is in two places at once.",
        "Choose another time, or take them out of one of the two.",
        double_booked,
        is_refused=True,
    ),
    Rule(
        "Room",
        "Two groups seldom fit into one room, and the kit in it is wanted by both.",
        "Choose another room or time, or agree to share it.",
        in_the_same_room,
    ),
    Rule(
        "Too many out",
        "Pupils need people they know; cover is dear and hard to find.",
        "Choose a day on which fewer are out, or note of whom no cover is needed.",
        too_many_out,
    ),
    Rule(
        "Dates kept free",
        "The school agreed to keep these days free of CPD.",
        "Choose another day, or ask the CPD leader or the head to allow it, with a reason.",
        on_blocked_dates,
    ),
    Rule(
        "PPA and ECT time",
        "Nothing else may be directed in it; only the person can choose to spend it so.",
        "Choose another time. If they want to use their own, they say so on the session’s page.",
        in_protected_time,
    ),
    Rule(
        "Working days",
        "Nobody can be told to come on a day they do not work.",
        "Choose a day on which all of them work, offer it twice, or make it voluntary.",
        not_working,
    ),
    Rule(
        "Directed time",
        "Directed hours are limited by the teachers’ contract, in proportion to FTE.",
        "Make it voluntary, put it in the place of a meeting, or leave something else out.",
        over_directed_time,
    ),
    Rule(
        "Last week of term",
        "People are tired, and nothing follows before the holiday.",
        "A week earlier leaves time to try something before the break.",
        in_last_week_of_term,
    ),
    Rule(
        "An hour after school",
        "A rushed hour after teaching rarely changes practice.",
        "Add sessions, make it longer, or use an INSET day or meeting time.",
        an_hour_after_school,
    ),
)


# --- asking --------------------------------------------------------------------------------------
def look(facts: Facts, slot: Slot) -> list[Finding]:
    return [Finding(rule, said) for rule in RULES for said in rule.look(facts, slot)]


def findings(
    staff: Staff | Collection[Staff], starts_at: datetime, ends_at: datetime, **of_slot: Any
) -> list[Finding]:
    """What the rules say if this person, or these people of one school, were at something then.

    `of_slot` are other facts of a `Slot`: `is_compulsory=True`, or the `session` it would move.
    """
    people = [staff] if isinstance(staff, Staff) else list(staff)
    if not people:
        return []
    slot = Slot(starts_at, ends_at, **of_slot)
    return look(gather(people[0].school, people, first=slot.day, last=slot.day), slot)


def offers(facts: Facts, slot: Slot, *, today: date, most: int = 3) -> list[Slot]:
    """The nearest days on which the same hours break no rule; `facts` hold the days around."""
    start, end = (at.astimezone(clock.LONDON) for at in (slot.starts_at, slot.ends_at))
    steps = [step for step in range(-LOOKS_BACK, LOOKS_AHEAD + 1) if step]
    found: list[Slot] = []
    for step in sorted(steps, key=lambda step: (abs(step), step < 0)):
        shift = timedelta(days=step)  # on London times: the wall's clock, not the sun's
        moved = Slot(**{**vars(slot), "starts_at": start + shift, "ends_at": end + shift})
        if moved.day > today and facts.is_worked(moved.day) and not look(facts, moved):
            found.append(moved)
        if len(found) == most:
            break
    return found


@dataclass(frozen=True)
class Out:
    """A person who is out of school's day: at what, and who takes their place, if that is known."""

    staff: Staff
    session: Session
    cover: Cover | None

    @property
    def is_missed(self) -> bool:
        """Somebody has to take their place, or it is not known yet."""
        return self.cover is None or self.cover.source != Cover.Source.NONE


def who_is_out(day: date) -> list[Out]:
    """Everyone missing from the open school's day, by name; in a fixed number of queries."""
    school = School.objects.get(pk__in=get_scope()["school"])
    return out_on(gather(school, [], first=day, last=day))


def out_on(facts: Facts) -> list[Out]:
    """The same, of days whose facts are there."""
    taken = [one for one in facts.busy if facts.takes_from_school(one.starts_at, one.ends_at)]
    people = Staff.objects.select_related("team").in_bulk({one.staff for one in taken})
    sessions = Session.objects.select_related("activity").in_bulk({one.session for one in taken})
    covers = {
        (cover.session_id, cover.staff_id): cover
        for cover in Cover.objects.filter(session__in=sessions)
    }
    found = [
        Out(people[one.staff], sessions[one.session], covers.get((one.session, one.staff)))
        for one in taken
        if works(one.working_days, one.starts_at, one.ends_at)
    ]
    return sorted(found, key=lambda out: (out.staff.sort_name, out.session.starts_at))


# --- a year's hours ----------------------------------------------------------------------------
def spread(sessions: Iterable[Session], half_terms: Sequence[HalfTerm]) -> list[tuple[str, float]]:
    """Hours of sessions in each half-term; what falls between two is left out."""
    hours = {half_term.name: 0.0 for half_term in half_terms}
    for session in sessions:
        day = clock.day_of(session.starts_at)
        for half_term in half_terms:
            if half_term.starts_on <= day <= half_term.ends_on:
                hours[half_term.name] += session.hours
    return [(str(half_term), hours[half_term.name]) for half_term in half_terms]


def is_in_one_half_term(hours: Sequence[tuple[str, float]]) -> bool:
    """All of a year's hours at once: there is no time to try and come back."""
    return sum(amount > 0 for _, amount in hours) == 1 and sum(a for _, a in hours) > 2
