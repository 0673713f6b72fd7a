"""Observations in the school: that they took place, how often for whom, and about what.

What happened opens by name to those who see every record. What people chose to look at, and the
next steps they lend without their name, are shown from five people on and never crossed with
anything; they stand still until a half-term is over, so that nobody reads off from one day to
the next whose observation was about what. No note is read here.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import Staff
from evaluation.dashboard import SMALL
from evaluation.models import LearningWalk, Observation, Observer
from evaluation.school_year import Period

Purpose, State = Observation.Purpose, Observation.State


@dataclass
class Person:
    """How often one colleague was observed and watched in a year."""

    staff: Staff
    to_develop: int = 0
    induction: int = 0
    watched: int = 0

    @property
    def is_in_it(self) -> bool:
        return bool(self.to_develop or self.induction or self.watched)


@dataclass
class Group:
    """One team: its people, how many of them were observed, and how often in all."""

    name: str
    people: list[Person] = field(default_factory=list)

    @property
    def observed(self) -> int:
        return sum(bool(person.to_develop or person.induction) for person in self.people)

    @property
    def times(self) -> int:
        return sum(person.to_develop + person.induction for person in self.people)

    @property
    def watching(self) -> int:
        return sum(bool(person.watched) for person in self.people)


@dataclass(frozen=True)
class Theme:
    """One topic, or one activity, at least five people were observed for."""

    title: str
    people: int
    times: int
    steps: tuple[str, ...] = ()
    pk: int | None = None


@dataclass(frozen=True)
class Totals:
    """Walks that are private look as if they had never been."""

    times: int
    people: int
    walks: int
    rooms: int


def took_place(period: Period) -> Any:
    return Observation.objects.took_place().between(period.first, period.last)


def settled(period: Period, *, until: date | None) -> Any:
    """Those closed by the end of the last half-term: how often stands by name and is of today,
    so what they were about must not move with it."""
    if until is None:
        return Observation.objects.none()
    closed = took_place(period).filter(state=State.CLOSED)
    return closed.filter(closed_at__lt=clock.midnight_after(until))


def people(period: Period, *, today: date) -> list[Person]:
    """Everybody on staff, and whoever was observed and has left; by name."""
    held = took_place(period)
    observed = {
        pk: (develop, other)
        for pk, develop, other in held.order_by()
        .values_list("owner")
        .annotate(
            develop=Count("pk", filter=Q(purpose=Purpose.DEVELOPMENTAL)),
            other=Count("pk", filter=Q(purpose=Purpose.INDUCTION)),
        )
    }
    watched = dict(
        Observer.objects.filter(observation__in=held.values("pk"))
        .order_by()
        .values_list("staff")
        .annotate(Count("pk"))
    )
    here = Staff.objects.live(today).on_staff() | Staff.objects.filter(pk__in=observed)
    return [
        Person(staff, *observed.get(staff.pk, (0, 0)), watched.get(staff.pk, 0))
        for staff in here.select_related("team").order_by("sort_name", "pk")
    ]


def most_first(found: Iterable[Person]) -> list[Person]:
    return sorted(found, key=lambda person: -person.to_develop)


def groups(found: Iterable[Person]) -> list[Group]:
    """By team, those observed least first."""
    by_name: dict[str, Group] = {}
    for person in found:
        name = str(person.staff.team or "No team")
        by_name.setdefault(name, Group(name)).people.append(person)
    return sorted(by_name.values(), key=lambda group: (group.times, group.name))


def themes(period: Period, *, until: date | None) -> list[Theme]:
    """Topics of at least five people, those of most first; others are not even named."""
    held = settled(period, until=until).exclude(topic=None)
    rows = (
        held.order_by()
        .values("topic", "topic__title")
        .annotate(people=Count("owner", distinct=True), times=Count("pk"))
        .filter(people__gte=SMALL)
        .order_by("-people", "topic__title")
    )
    lent = steps(period, until=until)
    return [
        Theme(row["topic__title"], row["people"], row["times"], tuple(lent.get(row["topic"], ())))
        for row in rows
    ]


def learning(period: Period, *, by: Staff, until: date | None) -> list[Theme]:
    """Activities whose practice five people or more had somebody look at in their classroom."""
    seen = Activity.objects.visible_to(by).filter(is_private=False)
    rows = (
        settled(period, until=until)
        .filter(activity__in=seen.values("pk"))
        .order_by()
        .values("activity", "activity__title")
        .annotate(people=Count("owner", distinct=True), times=Count("pk"))
        .filter(people__gte=SMALL)
        .order_by("-people", "activity__title")
    )
    return [
        Theme(row["activity__title"], row["people"], row["times"], pk=row["activity"])
        for row in rows
    ]


def steps(period: Period, *, until: date | None) -> dict[int, list[str]]:
    """Next steps people lend without their name, where five or more do so for one topic.

    In an order that says nothing of who or when.
    """
    lent: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    given = settled(period, until=until).filter(lends_step=True)
    rows = given.exclude(Q(next_step="") | Q(topic=None))
    for topic, owner, step in rows.order_by().values_list("topic", "owner", "next_step"):
        lent[topic][owner].append(step)
    found = {}
    for topic, by_owner in lent.items():
        if len(by_owner) >= SMALL:
            texts = sorted({text for some in by_owner.values() for text in some})
            random.Random(topic).shuffle(texts)
            found[topic] = texts
    return found


def totals(period: Period, found: Iterable[Person]) -> Totals:
    people = list(found)
    walks = LearningWalk.objects.exclude(audience=LearningWalk.Audience.ONLY_ME).filter(
        walked_on__range=(period.first, period.last)
    )
    rooms = [len(rooms) for rooms in walks.values_list("rooms", flat=True)]
    return Totals(
        times=sum(person.to_develop + person.induction for person in people),
        people=sum(bool(person.to_develop or person.induction) for person in people),
        walks=len(rooms),
        rooms=sum(rooms),
    )
