"""What people do to learn: activities, their sessions, who took part."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Sum

from cpdhub.models import FrameworkItem, Priority, Staff
from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.permissions import Permission


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, staff: Staff) -> Self:
        """The school's activities (drafts only to planners) and one's own learning.

        Somebody else's own learning is seen by those who see everyone's record and by the
        line manager; it happened, so it has no secret, but it is nobody else's business.
        """
        own = Q(owner=staff) | Q(participations__staff=staff)
        if staff.can(Permission.SEE_EVERYONES_RECORD):
            return self
        managed = Q(is_own_learning=True, owner__line_manager=staff)
        schools = Q(is_own_learning=False) & ~Q(state=Activity.State.DRAFT)
        if staff.can(Permission.PLAN_ACTIVITIES):
            schools = Q(is_own_learning=False)
        return self.filter(pk__in=Activity.objects.filter(own | managed | schools).values("pk"))

    def of_school(self) -> Self:
        """Planned or logged for the school; people's own learning is counted apart."""
        return self.filter(is_own_learning=False)

    def happening(self) -> Self:
        """Neither drafts nor cancelled: what counts."""
        return self.exclude(state__in=[Activity.State.DRAFT, Activity.State.CANCELLED])

    def finished(self) -> Self:
        return self.filter(state__in=[Activity.State.FINISHED, Activity.State.CLOSED])

    def between(self, first: date, last: date) -> Self:
        """With a session on these days."""
        return self.filter(
            Exists(
                Session.objects.filter(
                    activity=OuterRef("pk"),
                    starts_at__date__gte=first,
                    starts_at__date__lte=last,
                )
            )
        )

    def without_intended_impact(self) -> Self:
        """Direct CPD that never said what should change: a missing link."""
        return self.filter(kind=Activity.Kind.DIRECT, intended_impact=None)


@remembered()
class Activity(SchoolModel):
    """Anything people learn from: a course, an INSET day, a coaching pair, a book.

    Planned ahead, or logged once it has happened. Somebody's own learning is one too.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        FINISHED = "finished", "Finished"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    class Kind(models.TextChoices):
        """DfE guidance keeps direct CPD apart from briefings and statutory training."""

        DIRECT = "direct", "Direct: to change practice and help pupils"
        INDIRECT = "indirect", "Indirect: briefings and running the school"
        STATUTORY = "statutory", "Statutory training"

    type = models.ForeignKey(
        FrameworkItem, models.PROTECT, related_name="+", verbose_name="type of activity"
    )
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    audience = models.CharField("who it is for", max_length=200, blank=True)
    priorities = models.ManyToManyField(
        Priority, through="activities.ActivityPriority", related_name="activities", blank=True
    )
    owner = models.ForeignKey(
        Staff, models.PROTECT, related_name="activities_owned", verbose_name="entered by"
    )
    lead = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="activities_led"
    )
    led_by = models.CharField("led by someone from outside", max_length=120, blank=True)
    kind = models.CharField("counts as", max_length=10, choices=Kind, default=Kind.DIRECT)
    is_own_learning = models.BooleanField("someone's own learning", default=False, editable=False)
    is_compulsory = models.BooleanField("compulsory", default=False)
    is_own_time = models.BooleanField("in people's own time", default=False)
    expected_cost = models.DecimalField(
        "expected cost (£)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost = models.DecimalField(
        "cost in the end (£)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    was_logged = models.BooleanField("logged after it happened", default=False, editable=False)
    cancelled_because = models.CharField("why it was cancelled", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(ActivityQuerySet)

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["school", "state"], name="activity_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancelled_because=""))
                | (~Q(state="cancelled") & Q(cancelled_because="")),
                name="cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(expected_cost=None) | Q(expected_cost__gte=0))
                & (Q(cost=None) | Q(cost__gte=0)),
                name="cost_not_negative",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="intended_impact_before_planned",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "kind"),
                condition=pgtrigger.Q(
                    new__kind="direct",
                    new__was_logged=False,
                    new__state__in=("planned", "under_way"),
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM activities_intendedimpact i WHERE i.activity_id = NEW.id
                    ) THEN RAISE EXCEPTION
                        'direct CPD needs its intended impact before it is planned'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def needs_intended_impact(self) -> bool:
        """Direct CPD that is planned says beforehand what should change."""
        return self.kind == self.Kind.DIRECT

    def may_be_changed_by(self, staff: Staff) -> bool:
        """Its lead, whoever entered it, and everyone who plans for the whole school."""
        if self.is_own_learning:
            return self.owner_id == staff.pk
        return staff.can(Permission.SEE_EVERYONES_RECORD) or (
            staff.can(Permission.PLAN_ACTIVITIES) and staff.pk in {self.owner_id, self.lead_id}
        )

    def register_may_be_taken_by(self, staff: Staff) -> bool:
        """Whoever may change it, and its lead, who need not be a planner."""
        return self.may_be_changed_by(staff) or self.lead_id == staff.pk


class ActivityPriority(SchoolModel):
    """An activity serves a priority."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="served")
    priority = models.ForeignKey(Priority, models.CASCADE, related_name="served_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "priority"], name="served_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} serves {self.priority_id}"


@remembered()
class IntendedImpact(SchoolModel):
    """What an activity should change, written before it starts. Judged later, never rewritten."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="intended_impact")
    staff_will = models.CharField("what staff will do differently", max_length=300)
    pupils_will = models.CharField("what pupils will gain", max_length=300)
    known_by = models.CharField("how we will know", max_length=300)
    look_again_on = models.DateField("when we will look again")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(staff_will="") & ~Q(pupils_will="") & ~Q(known_by=""),
                name="intended_impact_says_all_three",
            )
        ]

    def __str__(self) -> str:
        return self.staff_will


class SessionQuerySet(models.QuerySet["Session"]):
    def upcoming(self, *, now: datetime) -> Self:
        return self.filter(ends_at__gte=now).order_by("starts_at", "pk")

    def past(self, *, now: datetime) -> Self:
        return self.filter(ends_at__lt=now)

    def without_register(self, *, now: datetime) -> Self:
        """Over, for the school, and nobody said who was there."""
        return self.past(now=now).filter(
            register_taken_at=None,
            activity__is_own_learning=False,
            activity__state__in=[Activity.State.PLANNED, Activity.State.UNDER_WAY],
        )


@remembered()
class Session(SchoolModel):
    """One dated meeting of an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
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
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%d %b %Y %H:%M}"

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 3600


@remembered()
class Participation(SchoolModel):
    """A person in an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participations")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="participations")

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
        return self.present().exclude(session__activity__state=Activity.State.CANCELLED)

    def between(self, first: date, last: date) -> Self:
        return self.filter(session__starts_at__date__gte=first, session__starts_at__date__lte=last)

    def total_time(self) -> timedelta:
        """Hours follow from who was there and how long the session was."""
        length = ExpressionWrapper(
            F("session__ends_at") - F("session__starts_at"), output_field=DurationField()
        )
        return self.aggregate(total=Sum(length))["total"] or timedelta(0)


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
