"""The rows behind the dashboard's figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
    Sum,
)

from activities.models import Attendance, Session
from activities.models.querysets import (
    ActivityQuerySet,
    without_intended_impact,
    without_need,
)
from activities.models.session import LENGTH
from cpdhub.models import Priority, Staff
from evaluation.figures import (
    attendance_of,
    people_in,
    shared_about,
)
from evaluation.part import WHOLE, Part


def with_rows(activities: ActivityQuerySet, *, now: datetime) -> ActivityQuerySet:
    """Each with its first day, people who came, hours, and what it lacks."""
    came = Attendance.objects.counted().filter(session__activity=OuterRef("pk")).order_by()
    total = came.values("session__activity")
    sessions = Session.objects.filter(activity=OuterRef("pk"), cancelled_at=None)
    return activities.annotate(
        first_at=Subquery(sessions.order_by("starts_at").values("starts_at")[:1]),
        came=Subquery(total.annotate(n=Count("staff", distinct=True)).values("n")),
        time=Subquery(total.annotate(time=Sum(LENGTH)).values("time")),
        is_unsaid=ExpressionWrapper(without_intended_impact(), output_field=BooleanField()),
        is_unneeded=ExpressionWrapper(without_need(), output_field=BooleanField()),
        lacks_register=Exists(sessions.without_register(now=now)),
    ).order_by("first_at", "pk")


@dataclass(frozen=True)
class PersonRow:
    """One person a priority was meant for: whether they came, and whether they shared anything."""

    staff: Staff
    time: timedelta | None
    shared: bool

    @property
    def came(self) -> bool:
        return self.time is not None


def people_rows(priority: Priority, part: Part = WHOLE) -> list[PersonRow]:
    """Everyone put down for a priority or who came, by name."""
    times = attendance_of([priority], part).time_per_person()
    sharers = set(shared_about([priority], part).values_list("owner", flat=True))
    meant = Staff.objects.filter(
        Q(pk__in=people_in([priority], part).values("staff")) | Q(pk__in=times)
    ).select_related("team")
    return [PersonRow(staff, times.get(staff.pk), staff.pk in sharers) for staff in meant]
