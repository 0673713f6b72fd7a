"""What will not work in the weeks ahead: days on which somebody is in two places, too many are
out, or something is on dates kept free. As numbers of a day; its page has the names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from activities.models import Session
from activities.school_time import Facts, gather, overlap
from cpdhub import clock
from cpdhub.models import BlockedDates, School, Team


@dataclass(frozen=True)
class Clash:
    """One thing about one day."""

    day: date
    text: str


def clashes(school: School, first: date, last: date) -> list[Clash]:
    """Of these days, in order; in a fixed number of queries."""
    facts = gather(school, [], first=first, last=last)
    found = [*_in_two_places(facts), *_too_many_out(facts)]
    if facts.blocked:
        found += _on_dates_kept_free(facts, first, last)
    return sorted(found, key=lambda clash: clash.day)


def _in_two_places(facts: Facts) -> Iterator[Clash]:
    of_person = defaultdict(list)
    for one in facts.busy:
        of_person[one.staff].append(one)
    people: dict[date, set[int]] = defaultdict(set)
    for staff, places in of_person.items():
        places.sort(key=lambda one: one.starts_at)
        for before, after in zip(places, places[1:], strict=False):
            if overlap(before.starts_at, before.ends_at, after.starts_at, after.ends_at):
                people[clock.day_of(after.starts_at)].add(staff)
    for day, them in people.items():
        yield Clash(day, f"{_people(len(them))} in two places at once")


def _too_many_out(facts: Facts) -> Iterator[Clash]:
    limits: dict[int, Team] = {
        team.pk: team for team in Team.objects.exclude(most_out_per_day=None)
    }
    for day in {clock.day_of(one.starts_at) for one in facts.busy}:
        out = {one.staff: one.team for one in facts.out(day)}
        if len(out) > facts.school.most_out_per_day:
            most = facts.school.most_out_per_day
            yield Clash(day, f"{_people(len(out))} out; the limit is {most}")
        for pk, number in Counter(out.values()).items():
            team = limits.get(pk) if pk else None
            if team and team.most_out_per_day is not None and number > team.most_out_per_day:
                most = team.most_out_per_day
                yield Clash(day, f"{number} of {team} out; the team’s limit is {most}")


def _on_dates_kept_free(facts: Facts, first: date, last: date) -> Iterator[Clash]:
    """Unless it was allowed; what is kept free for a team is meant for who is in it."""
    teams: dict[int, set[int | None]] = defaultdict(set)
    for one in facts.busy:
        teams[one.session].add(one.team)
    sessions: Any = Session.objects.held().settled().between(first, last)
    number: Counter[tuple[date, BlockedDates]] = Counter()
    for session in sessions:
        day = clock.day_of(session.starts_at)
        for blocked in facts.blocked:
            is_meant = blocked.team_id is None or blocked.team_id in teams[session.pk]
            is_allowed = (session.pk, blocked.pk) in facts.allowed
            number[day, blocked] += is_meant and blocked.holds(day) and not is_allowed
    for (day, blocked), many in number.items():
        if many:
            for_whom = f" for {blocked.team}" if blocked.team_id else ""
            words = "1 session is" if many == 1 else f"{many} sessions are"
            yield Clash(day, f"{words} on a day kept free{for_whom}: {blocked.reason}")


def _people(number: int) -> str:
    return "1 person is" if number == 1 else f"{number} people are"
