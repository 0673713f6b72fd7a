"""The needs behind the priorities: one queryset behind dashboard, rows and report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, When

from activities.models import Activity, ActivityNeed
from audits.models import Need, NeedSource
from audits.models.need import NeedQuerySet
from cpdhub import clock
from cpdhub.models import Priority
from evaluation.part import WHOLE, Part

Status = Need.Status


def counted(part: Part = WHOLE) -> NeedQuerySet:
    """Shared and not set aside, of people who left what was met; of a period, those known by its
    end. How far they are is as of today."""
    known = Q(identified_on__lte=part.period.last) if part.period else Q()
    found: NeedQuerySet = Need.objects.shared().exclude(status=Status.SET_ASIDE)
    return found.filter(known, part.needs()).exclude(
        ~Q(status=Status.MET), staff__ends_on__lte=clock.today()
    )


def links_of(
    priorities: Iterable[Priority], part: Part = WHOLE
) -> tuple[QuerySet[NeedSource], QuerySet[ActivityNeed]]:
    """What ties needs to these priorities: they came from one, or what serves it answers them.

    Of a form of activity, only what was done in it says which needs are meant.
    """
    priorities = list(priorities)
    serving = Activity.objects.of_school().happening().filter(part.kinds())
    sources = NeedSource.objects.filter(priority__in=priorities)
    return (
        sources.none() if part.form else sources,
        ActivityNeed.objects.filter(
            activity__in=serving.values("pk"), activity__served__priority__in=priorities
        ),
    )


def behind(priority: Priority, part: Part = WHOLE) -> NeedQuerySet:
    """The needs behind one priority."""
    sources, answers = links_of([priority], part)
    return counted(part).filter(Q(pk__in=sources.values("need")) | Q(pk__in=answers.values("need")))


def waiting_first(found: NeedQuerySet) -> NeedQuerySet:
    """In the order somebody would go through them."""
    places = [When(status=status, then=place) for place, status in enumerate(Status.values)]
    return found.order_by(Case(*places, output_field=IntegerField()), "title", "pk")


def needs_per_priority(
    priorities: Iterable[Priority], part: Part = WHOLE
) -> Iterable[tuple[int, Any, str, int | None]]:
    """Priority, need, its status and whose it is: each pair once, in one query."""
    sources, answers = links_of(priorities, part)
    needs = counted(part).values("pk")
    what = ("need", "need__status", "need__staff")
    return (
        sources.filter(need__in=needs)
        .order_by()
        .values_list("priority", *what)
        .union(
            answers.filter(need__in=needs)
            .order_by()
            .values_list("activity__served__priority", *what)
            .distinct()
        )
    )


@dataclass
class Needs:
    """How far the needs behind something are."""

    met: int = 0
    begun: int = 0  # planned or being met
    waiting: int = 0  # nothing is planned for them
    people: set[int] = field(default_factory=set)  # whose they are, by id

    def add(self, status: str, person: int | None, number: int = 1) -> None:
        if status == Status.MET:
            self.met += number
        elif status in {Status.PLANNED, Status.BEING_MET}:
            self.begun += number
        else:
            self.waiting += number
        if person:
            self.people.add(person)

    @property
    def parts(self) -> tuple[int, int, int]:
        return self.met, self.begun, self.waiting

    @property
    def total(self) -> int:
        return sum(self.parts)

    @property
    def in_words(self) -> str:
        """2 met, 3 on the way, nothing planned for 1"""
        parts = []
        if self.met:
            parts.append(f"{self.met:,} met")
        if self.begun:
            parts.append(f"{self.begun:,} planned or being met")
        if self.waiting:
            parts.append(f"nothing planned for {self.waiting:,}")
        return ", ".join(parts)
