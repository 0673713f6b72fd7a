"""One person's learning: what they took part in, what they wrote about it, how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse

from activities.models import Activity, Attendance, Cost, Participation, Session
from activities.models.adding_up import KNOWN, MONEY
from activities.models.session import LENGTH
from cpdhub import clock
from cpdhub.models import AcademicYear, Staff
from cpdhub.permissions import Permission
from cpdhub.queries import holding
from cpdhub.templatetags.cpdhub import hours as in_hours
from evaluation.models import Reflection
from evaluation.school_year import Period, same_weeks, so_far, whole

NONE = timedelta(0)
ACTIVITY, REFLECTION = "activity", "reflection"
OF_A_REFLECTION = (
    "uuid", "title", "written_on", "audience", "saved_at", "activity__title", "activity__is_private"
)  # fmt: skip


def may_be_seen_by(person: Staff, viewer: Staff) -> bool:
    """What happened opens by name to the line manager, and to whoever sees everyone's record."""
    return (
        viewer.pk in {person.pk, person.line_manager_id}  # themselves, their line manager
        or viewer.can(Permission.SEE_EVERYONES_RECORD)
    )


@dataclass(frozen=True)
class Years:
    """This academic year so far, the same weeks of the last one, and the years to choose from."""

    all: list[AcademicYear]
    current: AcademicYear | None = None
    this: Period | None = None
    last: Period | None = None

    @classmethod
    def known(cls, *, today: date) -> Years:
        years = list(AcademicYear.objects.filter(starts_on__lte=today).order_by("-starts_on"))
        if not years or years[0].ends_on < today:
            return cls(years)
        this = so_far(years[0], today=today)
        last = same_weeks(this, of=years[1]) if len(years) > 1 else None
        return cls(years, years[0], this, last)

    def named(self, name: str) -> Period | None:
        return next((whole(year) for year in self.all if year.name == name), None)


@dataclass(frozen=True)
class TypeHours:
    """Hours of one type of activity; people's own learning is counted apart."""

    type_id: int
    title: str
    is_own: bool
    this_year: timedelta
    last_year: timedelta


@dataclass(frozen=True)
class Entry:
    """A line of the timeline, in words."""

    title: str
    url: str
    when: str
    facts: str
    write_url: str = ""
    is_written: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in a record."""

    words: str = ""
    show: str = ""  # activities, own, reflections, type-12
    period: Period | None = None

    @property
    def type_id(self) -> int | None:
        kind, _, number = self.show.partition("-")
        return int(number) if kind == "type" and number.isdecimal() and len(number) < 10 else None


@dataclass(frozen=True)
class Record:
    """Somebody's record as far as the viewer may see it; `visible_to` decides row by row."""

    person: Staff
    viewer: Staff
    now: datetime = field(default_factory=clock.now)

    @property
    def is_own(self) -> bool:
        return self.person.pk == self.viewer.pk

    def activities(self) -> Any:
        """Where they were; and where they were put down, until a register says they were not.

        Each with `began_at` and `last_at`, its first and last session until now.
        """
        named = Attendance.objects.filter(staff=self.person)
        unnamed = ~Exists(named.filter(session__activity=OuterRef("activity")))
        took_part = (
            named.present()
            .order_by()
            .values_list("session__activity")
            .union(
                Participation.objects.filter(unnamed, staff=self.person)
                .order_by()
                .values_list("activity")
            )
        )
        # Whatever somebody took part in is theirs to see.
        activities = Activity.objects if self.is_own else Activity.objects.visible_to(self.viewer)
        return self._dated(activities.happening().filter(pk__in=took_part))

    def _dated(self, activities: Any) -> Any:
        """With their first and last session until now; without those that have none yet."""
        sessions = (
            Session.objects.filter(
                activity=OuterRef("pk"), cancelled_at=None, starts_at__lte=self.now
            )
            .order_by()
            .values("activity")
        )
        return activities.annotate(
            began_at=Subquery(sessions.annotate(at=Min("starts_at")).values("at")),
            last_at=Subquery(sessions.annotate(at=Max("starts_at")).values("at")),
        ).filter(last_at__isnull=False)

    def reflections(self) -> Any:
        if self.is_own:
            return Reflection.objects.owned_by(self.person).saved()
        return Reflection.objects.visible_to(self.viewer).owned_by(self.person).saved()

    def attendance(self) -> Any:
        return Attendance.objects.counted().filter(staff=self.person)

    # --- the timeline -----------------------------------------------------------------------------
    def timeline(self, wanted: Wanted) -> QuerySet:
        """(what, id, day), newest first: one query for everything that is on it."""
        activities = self._activities_of(wanted).annotate(
            what=Value(ACTIVITY), day=TruncDate("last_at", tzinfo=clock.LONDON)
        )
        reflections = self._reflections_of(wanted).annotate(
            what=Value(REFLECTION), day=F("written_on")
        )
        columns = ("what", "pk", "day")
        return (
            activities.order_by()
            .values_list(*columns)
            .union(reflections.order_by().values_list(*columns), all=True)
            .order_by("-day", "what", "-pk")
        )

    def _activities_of(self, wanted: Wanted) -> Any:
        found = self.activities()
        if wanted.show == "reflections":
            return found.none()
        if wanted.show in {"activities", "own"}:
            found = found.filter(is_own_learning=wanted.show == "own")
        if wanted.type_id is not None:
            found = found.filter(type=wanted.type_id)
        found = found.filter(holding(wanted.words, "title", "type__title", "purpose"))
        return found.filter(wanted.period.of("last_at")) if wanted.period else found

    def _reflections_of(self, wanted: Wanted) -> Any:
        found = self.reflections()
        if wanted.show not in {"", "reflections"}:
            return found.none()
        found = found.search(wanted.words)
        if wanted.period:
            found = found.filter(written_on__range=(wanted.period.first, wanted.period.last))
        return found

    def entries(self, rows: Iterable[tuple[str, int, date]]) -> list[Entry]:
        """The lines of one page of the timeline, in three queries."""
        rows = list(rows)
        activities = {
            row.pk: row for row in self._of_a_page(pk for w, pk, _ in rows if w == ACTIVITY)
        }
        wanted = Q(pk__in=[pk for what, pk, _ in rows if what == REFLECTION])
        if self.is_own:
            wanted |= Q(activity__in=activities)
        reflections = list(
            self.reflections().filter(wanted).select_related("activity").only(*OF_A_REFLECTION)
        )
        by_pk = {row.pk: row for row in reflections}
        by_activity = {row.activity_id: row for row in reflections}
        return [
            self._of_activity(activities[pk], by_activity.get(pk))
            if what == ACTIVITY
            else self._of_reflection(by_pk[pk])
            for what, pk, _ in rows
        ]

    def _of_a_page(self, pks: Iterable[int]) -> list[Any]:
        """What the timeline found needs no second look at who took part."""
        found = self._dated(Activity.objects.filter(pk__in=list(pks))).select_related("type")
        found = found.only("title", "is_own_learning", "type__title")
        return self.with_hours(found if self.is_own else with_share(found, self.person))

    def with_hours(self, activities: Any) -> list[Any]:
        """The last first, each with `my_time`."""
        rows = list(activities.order_by("-last_at", "-pk"))
        # Asked once: as a subquery of each row the database walked all attendance for each.
        times = self.attendance().filter(session__activity__in=rows).time_per_activity()
        for row in rows:
            row.my_time = times.get(row.pk)
        return rows

    def _of_activity(self, row: Any, reflection: Reflection | None) -> Entry:
        facts = [row.type.title]
        if row.is_own_learning:
            facts.append("own learning")
        if row.my_time is None:
            facts.append("register not taken yet")
        else:
            facts.append(say_hours(row.my_time))
        if not self.is_own and row.share:
            facts.append(f"£{row.share:,.0f} of its cost")
        write = self.is_own and not row.is_own_learning
        return Entry(
            title=row.title,
            url=reverse("activities:activity", args=[row.pk]),
            when=between(row.began_at, row.last_at),
            facts=" · ".join(facts),
            write_url=reverse("reflections:for_activity", args=[row.pk]) if write else "",
            is_written=reflection is not None,
        )

    def _of_reflection(self, row: Reflection) -> Entry:
        return Entry(
            title=row.about,
            url=reverse("reflections:reflection", args=[row.uuid]),
            when=say_day(row.written_on),
            facts=f"Reflection · {row.readers_in_words}"
            if self.is_own
            else "Reflection shared with you",
        )

    # --- figures ----------------------------------------------------------------------------------
    def hours(self, years: Years) -> list[TypeHours]:
        """By type of activity, most this year first. One query."""
        in_this = years.this.of("session__starts_at") if years.this else Q(pk=None)
        in_last = years.last.of("session__starts_at") if years.last else Q(pk=None)
        activity = "session__activity__"
        rows = (
            self.attendance()
            .order_by()
            .values_list(f"{activity}type", f"{activity}type__title", f"{activity}is_own_learning")
            .annotate(this=Sum(LENGTH, filter=in_this), last=Sum(LENGTH, filter=in_last))
        )
        found = [
            TypeHours(pk, title, own, this or NONE, last or NONE)
            for pk, title, own, this, last in rows
        ]
        return sorted(found, key=lambda row: (row.is_own, -row.this_year, row.title))

    def cost(self, period: Period) -> Decimal:
        """Their share of what the activities of a period cost."""
        share = with_share(self.activities().filter(period.of("last_at")), self.person)
        return share.aggregate(total=Sum("share"))["total"] or Decimal(0)


def with_share(activities: QuerySet[Activity], staff: Staff) -> Any:
    """Adds `share`: what this person's place cost, or is expected to while the bill is not in.

    What is for one person is theirs; the rest was spent on everyone in it.
    """
    people = (
        Participation.objects.filter(activity=OuterRef("pk"))
        .order_by()
        .values("activity")
        .annotate(n=Count("pk"))
        .values("n")
    )
    lines = Cost.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    theirs = lines.filter(staff=staff).annotate(total=Sum(KNOWN)).values("total")
    everybodys = lines.filter(staff=None).annotate(total=Sum(KNOWN)).values("total")
    nothing = Value(Decimal(0), output_field=MONEY)
    return activities.annotate(
        share=ExpressionWrapper(
            Coalesce(Subquery(theirs, output_field=MONEY), nothing)
            + Coalesce(Subquery(everybodys, output_field=MONEY), nothing)
            / Greatest(Coalesce(Subquery(people), 1), 1),
            output_field=MONEY,
        )
    )


def say_hours(time: timedelta) -> str:
    """14.5 hours, 1 hour"""
    number = in_hours(time)
    return f"{number} hour" if number == "1" else f"{number} hours"


def say_day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def between(began_at: datetime, last_at: datetime) -> str:
    """20 November 2026; 12 September 2026 to 20 November 2026"""
    first, last = (at.astimezone(clock.LONDON).date() for at in (began_at, last_at))
    return say_day(last) if first == last else f"{say_day(first)} to {say_day(last)}"


def in_one_sentence(hours: list[TypeHours], years: Years) -> str:
    """14.5 hours so far in 2026/27, 3 of them own learning; 12 hours by this time last year."""
    if years.current is None:
        return "The school has not entered this academic year yet, so hours are not added up."
    this = sum((row.this_year for row in hours), NONE)
    own = sum((row.this_year for row in hours if row.is_own), NONE)
    said = f"{say_hours(this)} so far in {years.current}"
    if own:
        said += f", {in_hours(own)} of them own learning"
    if years.last:
        said += f"; {say_hours(sum((row.last_year for row in hours), NONE))} by this time last year"
    return f"{said}."
