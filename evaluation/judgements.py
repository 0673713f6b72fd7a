"""What was judged, counted: by priority for the dashboard, by form for next year's menu."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from activities.models import Activity, Session
from activities.models.querysets import ActivityQuerySet
from cpdhub.models import Priority
from evaluation.models import Decision, Evidence, ImpactReview, Verdict
from evaluation.models.evidence import ORDER, STRENGTH
from evaluation.part import WHOLE, Part
from evaluation.reminders import asked_about
from evaluation.school_year import NO_MONEY, Period

FORGOTTEN = timedelta(days=365)
MONEY = Coalesce("activity__cost", "activity__expected_cost")
NOTHING = Value("", output_field=CharField())


# --- one queryset behind each figure -------------------------------------------------------------
def to_judge(*, today: date) -> ActivityQuerySet:
    """Finished direct CPD nobody has judged, once the day has come that was said for looking. What
    was left for a year is left."""
    found: ActivityQuerySet = asked_about().filter(is_to_judge(today))
    return found


def is_to_judge(today: date) -> Q:
    """The same as a condition on activities that happen."""
    closed = ImpactReview.objects.closed().filter(activity=OuterRef("pk"))
    return Q(
        ~Exists(closed),
        kind=Activity.Kind.DIRECT,
        state__in=Activity.OVER,
        is_private=False,
        intended_impact__look_again_on__range=(today - FORGOTTEN, today),
    )


def judged(period: Period | None = None) -> QuerySet[ImpactReview]:
    """The standing review of each activity that is neither private nor somebody's own."""
    then = period.of_days("closed_on") if period else Q()
    found: QuerySet[ImpactReview] = ImpactReview.objects.standing().filter(
        then,
        ~Q(activity__state__in=Activity.NOT_HAPPENING),
        activity__is_private=False,
        activity__is_own_learning=False,
    )
    return found


def seen_by_all() -> ActivityQuerySet:
    """What may be told of to everybody: neither private nor off."""
    found: ActivityQuerySet = Activity.objects.of_school().happening().filter(is_private=False)
    return found


# --- by priority ---------------------------------------------------------------------------------
@dataclass
class Judged:
    """How what served a priority was judged: activities by what pupils gained, and their fees."""

    number: dict[str, int] = field(default_factory=dict)
    money: dict[str, Decimal] = field(default_factory=dict)
    stopped: int = 0
    kinds: set[str] = field(default_factory=set)  # of evidence about pupils
    registers: int = 0  # sessions that are over, of which nobody said who was there

    def add(self, what: str, word: str, decision: str, number: int, money: Decimal) -> None:
        if what == "evidence":
            self.kinds.add(word)
        elif what == "registers":
            self.registers += number
        else:
            self.number[word] = self.number.get(word, 0) + number
            self.money[word] = self.money.get(word, Decimal(0)) + money
            self.stopped += number if decision == Decision.STOP else 0

    @property
    def total(self) -> int:
        return sum(self.number.values())

    @property
    def strength(self) -> str:
        """Of the strongest evidence about pupils; empty while there is none."""
        return max((STRENGTH[kind] for kind in self.kinds), key=ORDER.index, default="")


def per_priority(
    priorities: list[Priority],
    part: Part = WHOLE,
    *,
    registers: QuerySet[Session] | None = None,
) -> dict[int, Judged]:
    """One query, with missing registers. Of a period: reviews closed and evidence dated in it."""
    served = {"activity__served__priority__in": priorities}
    then = part.period.of_days("dated") if part.period else Q()
    what = part.activities("activity__")
    evidence = Evidence.objects.filter(
        then,
        what,
        ~Q(activity__state__in=Activity.NOT_HAPPENING),
        outcome=Evidence.Outcome.PUPILS,
        activity__is_private=False,
        activity__is_own_learning=False,
        **served,
    )
    reviews = judged(part.period).filter(what, **served)
    found: dict[int, Judged] = defaultdict(Judged)
    path = "activity__served__priority"
    others = [_rows(evidence, path, "evidence", "kind", NOTHING, NO_MONEY)]
    if registers is not None:
        others.append(_rows(registers, path, "registers", NOTHING, NOTHING, NO_MONEY))
    for pk, what, word, decision, number, money in _rows(
        reviews, path, "judged", "pupils_verdict", "decision", Sum(MONEY)
    ).union(*others, all=True):
        found[pk].add(what, word, decision, number, money or Decimal(0))
    return found


def _rows(
    rows: QuerySet, path: str, what: str, word: Any, decision: Any, money: Any
) -> QuerySet[Any, tuple]:
    """The same six columns of each of them."""
    return rows.order_by().values_list(path, Value(what), word, decision).annotate(
        n=Count("pk", distinct=True), money=money
    )  # fmt: skip


# --- by form -------------------------------------------------------------------------------------
@dataclass
class OfType:
    """One type of activity as its activities were judged, with what they cost."""

    name: str
    code: str
    met: int = 0
    partly: int = 0
    not_yet: int = 0
    unknown: int = 0
    kept: int = 0
    changed: int = 0
    stopped: int = 0
    money: Decimal = Decimal(0)

    @property
    def total(self) -> int:
        return self.met + self.partly + self.not_yet + self.unknown

    @property
    def share(self) -> float:
        """How much of it worked: met counts whole, partly half; what nobody can tell counts as
        nothing seen."""
        return (self.met + self.partly / 2) / self.total if self.total else 0.0


WORDS = {
    Verdict.MET: "met", Verdict.PARTLY: "partly", Verdict.NOT_YET: "not_yet",
    Verdict.UNKNOWN: "unknown", Decision.KEEP: "kept", Decision.CHANGE: "changed",
    Decision.STOP: "stopped",
}  # fmt: skip


def by_type(reviews: QuerySet[ImpactReview]) -> list[OfType]:
    """Types of activity, what worked most often first. One query."""
    found: dict[str, OfType] = {}
    rows: Iterable = (
        reviews.order_by()
        .values_list("activity__type__code", "activity__type__title", "pupils_verdict", "decision")
        .annotate(n=Count("pk"), money=Sum(MONEY))
    )
    for code, name, verdict, decision, number, money in rows:
        row = found.setdefault(code, OfType(name, code))
        for word in (WORDS[Verdict(verdict)], WORDS[Decision(decision)]):
            setattr(row, word, getattr(row, word) + number)
        row.money += money or 0
    return sorted(found.values(), key=lambda row: (-row.share, -row.total, row.name))


LEAST = 3  # so many of a type, and something can be said of it


def finding(types: list[OfType]) -> str:
    """The most and the least useful in a sentence; empty while too few were judged."""
    told = [row for row in types if row.total >= LEAST]
    if len(told) < 2:
        return ""
    best, worst = told[0], told[-1]
    return f"Most often with an effect on pupils: {_of(best)}. Least often: {_of(worst)}."


def _of(row: OfType) -> str:
    return f"{row.name.lower()} ({row.met + row.partly} of {row.total} met or partly met)"
