"""The dated meetings of an activity, who is in it, and who was there."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Sum

from activities.models.activity import Activity, NotPossible
from activities.models.from_form import ROLE_LENGTH
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, remembered, scoped

if TYPE_CHECKING:
    from activities.models.activity_form import FormSession

LENGTH = ExpressionWrapper(
    F("session__ends_at") - F("session__starts_at"), output_field=DurationField()
)

WHOLE_LENGTH = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())


class SessionQuerySet(models.QuerySet["Session"]):
    def held(self) -> Self:
        """Not cancelled, neither by itself nor with its activity."""
        return self.filter(~Q(activity__state=Activity.State.CANCELLED), cancelled_at=None)

    def settled(self) -> Self:
        """What binds people at an hour: no drafts, no own learning, nothing logged afterwards,
        which has a day only."""
        return self.exclude(activity__state=Activity.State.DRAFT).filter(
            activity__is_own_learning=False, activity__was_logged=False
        )

    def upcoming(self, *, now: datetime) -> Self:
        return self.held().filter(ends_at__gte=now).order_by("starts_at", "pk")

    def between(self, first: date, last: date) -> Self:
        """On these days, in London."""
        return self.filter(
            starts_at__gte=clock.midnight(first), starts_at__lt=clock.midnight_after(last)
        )

    def of(self, staff: Staff) -> Self:
        """Of activities in which this person takes part or which they lead; no drafts."""
        takes_part = Participation.objects.filter(activity=OuterRef("activity"), staff=staff)
        return self.filter(
            ~Q(activity__state=Activity.State.DRAFT), Q(activity__lead=staff) | Exists(takes_part)
        )

    def without_register(self, *, now: datetime) -> Self:
        """Over, for the school, and nobody said who was there."""
        return self.filter(
            ends_at__lt=now,
            cancelled_at=None,
            register_taken_at=None,
            activity__is_own_learning=False,
            activity__state__in=[Activity.State.PLANNED, Activity.State.UNDER_WAY],
        )

    def overlapping(self, activity: Activity) -> Self:
        """Sessions of the school's other activities at the time of one of this activity's."""
        ours = Session.objects.filter(
            activity=activity,
            cancelled_at=None,
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
        return (
            self.held()
            .filter(Exists(ours), activity__is_own_learning=False)
            .exclude(activity=activity)
        )


@remembered()
class Session(SchoolModel):
    """One dated meeting of an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=80, blank=True)
    planning_minutes = models.PositiveSmallIntegerField("of which to plan, in minutes", default=0)
    prompts = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    register_taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    register_taken_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects: ClassVar[Any] = scoped(SessionQuerySet)

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["school", "starts_at"], name="session_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(ends_at__lte=F("starts_at") + timedelta(hours=24)),
                name="session_lasts_up_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(register_taken_at=None),
                name="no_register_of_a_cancelled_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.times}"

    def take_from(self, step: FormSession) -> None:
        """A copy of what a form says of it: the form may change later, this stays."""
        self.planning_minutes = min(step.planning_minutes, int(self.hours * 60))
        self.prompts = list(step.prompts)

    @property
    def day(self) -> str:
        """21 November 2026"""
        start = self.starts_at.astimezone(clock.LONDON)
        return f"{start.day} {start:%B %Y}"

    @property
    def times(self) -> str:
        """15:45–16:45, by the clock on the wall."""
        start, end = (at.astimezone(clock.LONDON) for at in (self.starts_at, self.ends_at))
        return f"{start:%H:%M}–{end:%H:%M}"

    @property
    def hours(self) -> float:
        """As they pass, also in the night the clocks change."""
        return (
            self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)
        ).total_seconds() / 3600

    @property
    def register_may_be_taken(self) -> bool:
        """From the day it takes place on, unless it or its activity is off, closed or a draft."""
        return (
            self.cancelled_at is None
            and self.activity.state
            in {Activity.State.PLANNED, Activity.State.UNDER_WAY, Activity.State.FINISHED}
            and self.starts_at < clock.midnight_after(clock.today())
        )

    def move(self, *, starts_at: datetime, ends_at: datetime, place: str) -> None:
        """Another time or place. Calendars take it because its number is higher."""
        if self.register_taken_at and starts_at >= clock.midnight_after(clock.today()):
            raise NotPossible("Its register has been taken, so it cannot move to a day to come.")
        self.starts_at, self.ends_at, self.place = starts_at, ends_at, place
        self.sequence += 1
        self.save(update_fields=["starts_at", "ends_at", "place", "sequence"])

    def describe(self, *, name: str, planning_minutes: int, prompts: list[str]) -> None:
        """What it is called and what people write about it. What they wrote keeps its words."""
        self.name, self.planning_minutes, self.prompts = name, planning_minutes, prompts
        self.save(update_fields=["name", "planning_minutes", "prompts"])

    @transaction.atomic
    def cancel(self) -> None:
        """It will not take place. A draft's simply goes: nobody has seen it."""
        # Registers lock the same row: whoever takes one at this moment was first, or is told.
        Activity.objects.select_for_update().get(pk=self.activity_id)
        now = Session.objects.filter(pk=self.pk).first()
        if now is None or now.cancelled_at:
            return
        if now.register_taken_at or now.attendances.filter(was_present=True).exists():
            raise NotPossible("Its register has been taken: people were there.")
        if self.activity.is_draft:
            self.delete()
            return
        self.cancelled_at, self.sequence = clock.now(), now.sequence + 1
        self.save(update_fields=["cancelled_at", "sequence"])

    def restore(self) -> None:
        """It takes place after all, and so its activity is not finished."""
        with transaction.atomic():
            self.cancelled_at = None
            self.sequence += 1
            self.save(update_fields=["cancelled_at", "sequence"])
            self.activity.go_on()


@remembered()
class Participation(SchoolModel):
    """A person in an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participations")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=ROLE_LENGTH, blank=True)

    class Meta:
        ordering = ["staff__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "staff"], name="in_an_activity_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.activity_id}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> Self:
        return self.filter(was_present=True)

    def counted(self) -> Self:
        """Present, at activities that were not cancelled: where hours come from."""
        # The same school throughout, as the keys make sure; said, so that PostgreSQL finds the
        # other tables' rows by it too, however many schools there are.
        one_school = Q(session__school=F("school"), session__activity__school=F("school"))
        is_on = ~Q(session__activity__state=Activity.State.CANCELLED)
        return self.filter(one_school, is_on, was_present=True)

    def at(self, activities: Any) -> Self:
        """Counted, at these activities."""
        held = activities.exclude(state=Activity.State.CANCELLED)
        return self.present().filter(session__activity__in=held.values("pk"))

    def between(self, first: date, last: date) -> Self:
        """At sessions on these days, in London."""
        return self.filter(
            session__starts_at__gte=clock.midnight(first),
            session__starts_at__lt=clock.midnight_after(last),
        )

    def of_school(self) -> Self:
        """At what the school planned or logged; own learning is counted apart."""
        return self.filter(session__activity__is_own_learning=False)

    def of_own_learning(self) -> Self:
        return self.filter(session__activity__is_own_learning=True)

    def total_time(self) -> timedelta:
        """Hours follow from who was there and how long the session was."""
        return self.aggregate(total=Sum(LENGTH))["total"] or timedelta(0)

    def people(self) -> int:
        """How many different people."""
        return self.aggregate(people=Count("staff", distinct=True))["people"]

    def people_and_time(self) -> tuple[int, timedelta]:
        """How many different people, and how long they were there together."""
        sums = self.aggregate(people=Count("staff", distinct=True), time=Sum(LENGTH))
        return sums["people"], sums["time"] or timedelta(0)

    def time_per_person(self) -> dict[int, timedelta]:
        return self._time_per("staff")

    def time_per_group(self) -> dict[str, timedelta]:
        """By staff group, as people's posts are now."""
        return self._time_per("staff__group")

    def time_per_activity(self) -> dict[int, timedelta]:
        return self._time_per("session__activity")

    def time_per_priority(self) -> dict[int, timedelta]:
        """By priority. What serves two counts in each, so these do not add up to the total."""
        return self.filter(session__activity__served__isnull=False)._time_per(
            "session__activity__served__priority"
        )

    def people_per_priority(self) -> dict[int, int]:
        """How many different people each priority reached."""
        return dict(
            self.filter(session__activity__served__isnull=False)
            .order_by()
            .values_list("session__activity__served__priority")
            .annotate(people=Count("staff", distinct=True))
        )

    def _time_per(self, path: str) -> dict[Any, timedelta]:
        return dict(self.order_by().values_list(path).annotate(time=Sum(LENGTH)))


@remembered()
class Attendance(SchoolModel):
    """Whether a person was at a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="attendances")
    was_present = models.BooleanField()

    objects: ClassVar[Any] = scoped(AttendanceQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "staff"], name="at_a_session_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.session_id}"
