"""The figures of the impact dashboard: one queryset behind each, shared by page, rows and report.

A priority belongs to one year; its figures count everything that served it, or a part of it. Of a
period: activities with a session then, people put down for these, attendance and registers of
these days, reflections written and readings taken on them. Of a team: its people, and the
activities they were in. Of a form: what was done in it. Pupils are measured once for the school.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DurationField,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from activities.models import (
    Activity,
    Attendance,
    Participation,
    Session,
)
from activities.models.querysets import (
    ActivityQuerySet,
    without_intended_impact,
    without_need,
)
from activities.models.session import LENGTH, AttendanceQuerySet, SessionQuerySet
from cpdhub import clock
from cpdhub.models import AcademicYear, Priority, Reading, Staff, SuccessCriterion
from cpdhub.models.plan import overdue
from cpdhub.words import count, people
from evaluation import judgements
from evaluation.judgements import Judged
from evaluation.models import Reflection, ReflectionQuerySet
from evaluation.needs import Needs, needs_per_priority
from evaluation.part import WHOLE, Part
from evaluation.school_year import Period, with_session

Group = Staff.Group
NONE = timedelta(0)


# --- one queryset behind each figure of a priority ------------------------------------------------
def activities_of(priorities: Iterable[Priority], part: Part = WHOLE) -> ActivityQuerySet:
    found: ActivityQuerySet = Activity.objects.of_school().happening()
    return found.filter(_then(part, "pk"), part.activities(), served__priority__in=priorities)


def people_in(priorities: Iterable[Priority], part: Part = WHOLE) -> QuerySet[Participation]:
    """Who was put down for what serves them."""
    return Participation.objects.filter(
        _then(part, "activity"),
        part.kinds("activity__"),
        part.people("staff__"),
        ~Q(activity__state__in=Activity.NOT_HAPPENING),
        activity__served__priority__in=priorities,
        activity__is_own_learning=False,
    )


def _then(part: Part, path: str) -> Q:
    return with_session(part.period, path) if part.period else Q()


def attendance_of(priorities: Iterable[Priority], part: Part = WHOLE) -> AttendanceQuerySet:
    """Who was there: people reached, and the hours."""
    then = part.period.of("session__starts_at") if part.period else Q()
    found: AttendanceQuerySet = Attendance.objects.counted().of_school()
    return found.filter(
        then,
        part.kinds("session__activity__"),
        part.people("staff__"),
        session__activity__served__priority__in=priorities,
    )


def shared_about(priorities: Iterable[Priority], part: Part = WHOLE) -> ReflectionQuerySet:
    """Reflections somebody shared. Private ones do not exist here."""
    then = part.period.of_days("written_on") if part.period else Q()
    found: ReflectionQuerySet = Reflection.objects.shared()
    return found.filter(
        then,
        part.kinds("activity__"),
        part.people("owner__"),
        activity__served__priority__in=priorities,
    )


def registers_missing(
    priorities: Iterable[Priority], part: Part = WHOLE, *, now: datetime
) -> SessionQuerySet:
    then = part.period.of("starts_at") if part.period else Q()
    found: SessionQuerySet = Session.objects.without_register(now=now)
    return found.filter(
        then, part.activities("activity__"), activity__served__priority__in=priorities
    )


def readings(period: Period | None = None) -> QuerySet[Reading]:
    return Reading.objects.filter(period.of_days("taken_on") if period else Q())


# --- a priority's chain ---------------------------------------------------------------------------
@dataclass
class MissingLink:
    """Something the chain lacks, in words, and where it is mended."""

    text: str
    view: str
    arguments: tuple[Any, ...] = ()
    query: str = ""


@dataclass
class Chain:
    """One priority from need to pupils, as far as it goes; or as far as a part of it goes."""

    priority: Priority
    part: Part = WHOLE
    needs: Needs = field(default_factory=Needs)
    peoples_needs: Needs = field(default_factory=Needs)  # of these, what people shared of their own
    planned: int = 0
    finished: int = 0
    unsaid: int = 0  # activities that never said what should change
    unneeded: int = 0  # activities that answer no need
    waiting: int = 0  # activities whose day to be judged has come
    registers: int = 0
    cost: Decimal = Decimal(0)
    time: timedelta = NONE
    put_down: set[int] = field(default_factory=set)  # people, by id
    reached: dict[int, str] = field(default_factory=dict)  # people who came, and their staff group
    sharers: set[int] = field(default_factory=set)
    overdue: int = 0
    judged: Judged = field(default_factory=Judged)
    whole: Chain | None = None  # the school's people, where this is a part that must not tell more

    @property
    def period(self) -> Period | None:
        return self.part.period

    @property
    def yet(self) -> str:
        """What ends a sentence about something that is not there."""
        return "in this period" if self.period else "yet"

    @property
    def activities(self) -> int:
        return self.planned + self.finished

    @property
    def meant(self) -> int:
        """Everybody put down for it, and whoever came without."""
        return len(self.put_down | self.reached.keys())

    @property
    def came(self) -> int:
        return len(self.reached)

    @property
    def never_came(self) -> int:
        return len(self.put_down - self.reached.keys())

    @property
    def among(self) -> int:
        """Of those who came, who shared something."""
        return len(self.sharers & self.reached.keys())

    @property
    def silent(self) -> int:
        """Came, and shared nothing yet: whether they wrote for themselves, nobody can tell."""
        return len(self.reached.keys() - self.sharers)

    @cached_property
    def criteria(self) -> list[SuccessCriterion]:
        return list(self.priority.criteria.all())

    @cached_property
    def last_readings(self) -> list[tuple[SuccessCriterion, Reading]]:
        """Of each criterion somebody has read, the last."""
        read = ((criterion, list(criterion.readings.all())) for criterion in self.criteria)
        return [(criterion, readings[-1]) for criterion, readings in read if readings]

    @property
    def unread(self) -> int:
        """Criteria nobody has read since the baseline: their effect is not yet known."""
        return len(self.criteria) - len(self.last_readings)

    @property
    def is_measured_again(self) -> bool:
        """Some criterion was read after its baseline: an effect, or its absence, can be seen."""
        return bool(self.last_readings)

    @property
    def reached_criteria(self) -> int:
        """Criteria whose last reading meets the target."""
        return sum(bool(criterion.reached(last.value)) for criterion, last in self.last_readings)

    @property
    def target_reached(self) -> bool:
        """Every criterion's last reading meets its target."""
        return bool(self.criteria) and self.reached_criteria == len(self.criteria)

    @property
    def strength(self) -> str:
        """How sure we are of an effect on pupils. "No evidence yet" is an honest answer."""
        if self.is_measured_again:
            return "Repeated measure"
        if self.judged.strength:
            return self.judged.strength
        return "Self-reported only" if self.sharers else f"No evidence {self.yet}"

    def missing(self) -> list[MissingLink]:
        """Where the chain is broken, most useful repair first."""
        pk, links = self.priority.pk, []
        if not self.activities:
            text = f"no activity{self.part.of_it} serves it {self.yet}"
            links.append(MissingLink(text, "activities:plan", (), f"?priority={pk}"))
        links += self._needs_missing()
        if self.unread and not self.part.is_narrow:
            links.append(MissingLink(self._unread_in_words(), "plan:priority", (pk,)))
        if self.silent:
            links.append(MissingLink(self._silent_in_words(), "impact:people", (pk,)))
        if self.registers:
            links.append(
                MissingLink(
                    f"{count(self.registers, 'register')} not taken", "impact:activities", (pk,)
                )
            )
        if self.unsaid:
            links.append(
                MissingLink(
                    f"{count(self.unsaid, 'activity', 'activities')} without an intended impact",
                    "impact:activities",
                    (pk,),
                )
            )
        if self.waiting:
            links.append(
                MissingLink(
                    f"{count(self.waiting, 'activity', 'activities')} not judged",
                    "impact:reviews", (), f"?waiting=1&priority={pk}",
                )
            )  # fmt: skip
        if self.reached and Group.ASSISTANT not in self.reached.values():
            links.append(MissingLink("no teaching assistant took part", "impact:people", (pk,)))
        if self.overdue and not self.part.is_narrow:
            links.append(
                MissingLink(f"{count(self.overdue, 'milestone')} overdue", "plan:priority", (pk,))
            )
        return links

    def _needs_missing(self) -> list[MissingLink]:
        """That some answer no need is said once there are needs: before that, all of them do."""
        pk, links = self.priority.pk, []
        if not self.needs.total and not self.part.is_narrow:
            links.append(MissingLink("nobody said what is needed", "impact:needs", (pk,)))
        elif self.needs.waiting:
            all_of_them = count(self.needs.total, "need")
            text = f"{all_of_them}, nothing planned for {self.needs.waiting:,}"
            links.append(MissingLink(text, "impact:needs", (pk,)))
        if self.needs.total and self.unneeded:
            answer = "answers" if self.unneeded == 1 else "answer"
            text = f"{count(self.unneeded, 'activity', 'activities')} {answer} no need"
            links.append(MissingLink(text, "impact:activities", (pk,)))
        return links

    def _unread_in_words(self) -> str:
        ends = f" {self.yet}" if self.period else ""
        if self.unread < len(self.criteria):
            return f"{self.unread} of {len(self.criteria)} success criteria without a reading{ends}"
        return f"no reading of pupils{ends or ' since the baseline'}"

    def _silent_in_words(self) -> str:
        have = "has" if self.silent == 1 else "have"
        nothing = "no reflection of this period" if self.period else "nothing yet"
        return f"{people(self.silent)} {have} shared {nothing}"


def chains(year: AcademicYear, *, now: datetime, part: Part = WHOLE) -> list[Chain]:
    """The chain of every priority of a year that is not a draft. A fixed number of queries."""
    today = now.astimezone(clock.LONDON).date()
    wanted = Q(pk=part.priority) if part.priority else Q()
    due = part.period.of_days("milestones__due_on") if part.period else Q()
    priorities = list(
        Priority.objects.readable()
        .filter(wanted, plan__year=year)
        .select_related("lead")
        .prefetch_related("criteria", Prefetch("criteria__readings", readings(part.period)))
        .annotate(overdue=Count("milestones", filter=overdue(today, "milestones__") & due))
    )
    found = {
        priority.pk: Chain(priority, part, overdue=priority.overdue) for priority in priorities
    }
    if found:
        for pk, _, status, person in needs_per_priority(priorities, part):
            found[pk].needs.add(status, person)
            if person:
                found[pk].peoples_needs.add(status, person)
        _count_activities(found, priorities, part, today=today)
        count_people(found, priorities, part)
        missing = registers_missing(priorities, part, now=now)
        judged = judgements.per_priority(priorities, part, registers=missing)
        for pk, chain in found.items():
            chain.judged = judged[pk]
            chain.registers = judged[pk].registers
    return list(found.values())


def _count_activities(
    found: dict[int, Chain], priorities: list[Priority], part: Part, *, today: date
) -> None:
    then = _then(part, "pk")
    for pk, n, finished, unsaid, unneeded, waiting, cost in (
        activities_of(priorities, replace(part, period=None))
        .order_by()
        .values_list("served__priority")
        .annotate(
            n=Count("pk", filter=then),
            finished=Count("pk", filter=then & Q(state__in=Activity.OVER)),
            unsaid=Count("pk", filter=then & without_intended_impact()),
            unneeded=Count("pk", filter=then & without_need()),
            # It waits whenever it was held.
            waiting=Count("pk", filter=judgements.is_to_judge(today)),
            money=Sum(Coalesce("cost", "expected_cost"), filter=then),
        )
    ):
        chain = found[pk]
        chain.planned, chain.finished = n - finished, finished
        chain.unsaid, chain.unneeded, chain.waiting = unsaid, unneeded, waiting
        chain.cost = cost or Decimal(0)


def count_people(found: dict[int, Chain], priorities: list[Priority], part: Part) -> None:
    """Who was put down, who came and for how long, who shared something: in one query."""
    served = "activity__served__priority"
    put_down = people_in(priorities, part).order_by()
    shared = shared_about(priorities, part).order_by()
    came = attendance_of(priorities, part).order_by()
    nobody = (Value("", output_field=CharField()), Cast(Value(None), DurationField()))
    for pk, person, what, group, time in put_down.values_list(
        served, "staff", Value("put down"), *nobody
    ).union(
        shared.values_list(served, "owner", Value("shared"), *nobody),
        came.values_list(f"session__{served}", "staff", Value("came"), "staff__group").annotate(
            time=Sum(LENGTH)
        ),
    ):
        if what == "came":
            found[pk].reached[person] = group
            found[pk].time += time
        else:
            (found[pk].sharers if what == "shared" else found[pk].put_down).add(person)
