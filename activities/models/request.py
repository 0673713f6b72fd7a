"""Asking for CPD: what for, at what cost, where it has got to, and every step it took."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

from activities.models.activity import Activity
from activities.models.budget import Budget, amount_field
from activities.models.provider import Provider
from audits.models import Need
from cpdhub import clock
from cpdhub.models import FrameworkItem, Priority, Staff
from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.models.staff import in_post
from cpdhub.permissions import Permission, Role

TOLD_FOR = timedelta(days=7)  # an answer is news on home for a week


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own; those one nominated or line-manages; all to whoever decides. A draft is
        its writer's alone."""
        mine = Q(staff=staff) | Q(nominated_by=staff)
        sent = ~Q(state=Request.State.DRAFT)
        if staff.can(Permission.DECIDE_REQUESTS):
            return self.filter(mine | sent)
        stands_in = Exists(StandIn.objects.now(clock.today()).filter(stand_in=staff))
        theirs = Q(staff__line_manager=staff) | Q(with_staff=staff) | Q(stands_in)
        return self.filter(mine | sent & theirs)

    def of(self, staff: Staff) -> Self:
        return self.filter(staff=staff)

    def waiting(self) -> Self:
        """Somebody is to decide, now or on a day they named."""
        return self.filter(state__in=Request.OPEN)

    def to_decide(self, today: date) -> Self:
        """Now: a day that was named has come."""
        put_off = Q(state=Request.State.WAITING, waits_until__gt=today)
        return self.waiting().exclude(put_off)

    def for_home(self, staff: Staff, *, today: date) -> Self:
        """One's own, answered this week; and what waits for one's decision."""
        since = clock.midnight(today - TOLD_FOR)
        own = Q(staff=staff, state__in=Request.ANSWERED, decided_at__gte=since)
        if not staff.can(Permission.DECIDE_REQUESTS):
            return self.filter(own)
        waits = Q(state__in=Request.OPEN) & ~Q(staff=staff)
        waits &= Q(waits_until=None) | Q(waits_until__lte=today)
        if not staff.has_role(Role.CPD_LEADER):
            limit = staff.school.head_decides_above
            mine = Q(state=Request.State.APPEALED) | Q(with_staff=staff)
            mine |= Q(staff__roles__contains=[Role.CPD_LEADER])
            if limit is not None:
                half_day = staff.school.cover_rate / 2
                mine |= Q(fee__gt=Value(limit) - F("cover_half_days") * Value(half_day))
            waits &= mine
        return self.filter(own | waits)

    def with_needs(self) -> Self:
        return self.select_related("staff__team", "activity", "need", "priority", "provider")

    def with_comments(self) -> Self:
        """Adds `commented`: who has said something, so that the list shows it."""
        steps = RequestStep.objects.filter(request=OuterRef("pk"), kind=RequestStep.Kind.COMMENTED)
        return self.annotate(commented=ArraySubquery(steps.order_by("pk").values("by")))


@remembered()
class Request(SchoolModel):
    """Somebody asks for CPD, or is nominated for it: a place at what is on offer, or something
    from outside.

    "Approved" and "booked with the provider" are two facts. Rules of who decides are in
    `activities.deciding`, the deeds in `activities.requests`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        NOMINATED = "nominated", "Nominated"
        ASKED = "asked", "Asked"
        WAITING = "waiting", "Waits"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        APPEALED = "appealed", "Appealed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = (State.ASKED, State.WAITING, State.APPEALED)
    LIVE = (*OPEN, State.NOMINATED)
    ANSWERED = (State.APPROVED, State.DECLINED)

    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="requests", verbose_name="who it is for"
    )
    nominated_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, editable=False, related_name="nominated"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="requests",
        verbose_name="on offer here",
    )  # fmt: skip
    title = models.CharField("what", max_length=200, blank=True)
    type = models.ForeignKey(
        FrameworkItem, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="type of activity",
    )  # fmt: skip
    provider = models.ForeignKey(Provider, models.SET_NULL, null=True, blank=True)
    led_by = models.CharField("who runs it", max_length=120, blank=True)
    place = models.CharField("where", max_length=120, blank=True)
    starts_on = models.DateField("first day", null=True, blank=True)
    ends_on = models.DateField("last day", null=True, blank=True)
    starts_at = models.TimeField("from", default=time(9))
    ends_at = models.TimeField("until", default=time(15, 30))
    why = models.TextField("why you, and why now", max_length=2000)
    need = models.ForeignKey(Need, models.SET_NULL, null=True, blank=True, related_name="requests")
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="requests"
    )
    staff_will = models.CharField("what you will do differently", max_length=300, blank=True)
    pupils_will = models.CharField("what pupils will gain", max_length=300, blank=True)
    known_by = models.CharField("how you will know", max_length=300, blank=True)
    look_again_on = models.DateField("when you will look again", null=True, blank=True)
    fee = amount_field("cost (£)", default=0)
    cover_half_days = models.PositiveSmallIntegerField(
        "half-days of cover", default=0, validators=[MaxValueValidator(60)]
    )
    sharing_plan = models.CharField("how others will learn from it", max_length=500, blank=True)
    prerequisites = models.CharField("what it asks for first", max_length=300, blank=True)
    has_prerequisites = models.BooleanField("I have all of these", default=False)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    with_staff = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    waits_until = models.DateField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    budget = models.ForeignKey(
        Budget, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    booked_at = models.DateTimeField(null=True, blank=True, editable=False)
    reference = models.CharField("booking reference", max_length=80, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    commented: list[int]  # from `with_comments`

    objects: ClassVar[Any] = scoped(RequestQuerySet)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "state", "asked_at"], name="request_by_state"),
            models.Index(fields=["staff", "state"], name="request_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") | Q(activity__isnull=False), name="request_says_for_what"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="request_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="request_has_hours"
            ),
            models.CheckConstraint(condition=Q(fee__gte=0), name="request_not_negative"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | ~Q(why="") & Q(asked_at__isnull=False)
                | Q(state__in=("nominated", "withdrawn")),
                name="request_asked_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", waits_until__isnull=False)
                | ~Q(state="waiting") & Q(waits_until=None),
                name="request_waits_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", approved_at__isnull=False, activity__isnull=False)
                | Q(state="withdrawn")
                | ~Q(state="approved") & Q(approved_at=None),
                name="request_approved_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(booked_at=None) | Q(approved_at__isnull=False),
                name="booked_only_what_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(nominated_by=None) | ~Q(nominated_by=F("staff")),
                name="nobody_nominates_themselves",
            ),
            models.UniqueConstraint(
                fields=["staff", "activity"],
                condition=Q(title="", state__in=("nominated", "asked", "waiting", "appealed")),
                name="one_open_request_for_a_place",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="request_goes_its_ways",
                field="state",
                transitions=[
                    ("draft", "asked"),
                    ("nominated", "asked"), ("nominated", "withdrawn"),
                    ("asked", "approved"), ("asked", "waiting"), ("asked", "declined"),
                    ("asked", "withdrawn"),
                    ("waiting", "asked"), ("waiting", "approved"), ("waiting", "declined"),
                    ("waiting", "withdrawn"),
                    ("declined", "appealed"), ("declined", "asked"),
                    ("appealed", "approved"), ("appealed", "waiting"), ("appealed", "declined"),
                    ("appealed", "withdrawn"),
                    ("approved", "withdrawn"), ("withdrawn", "asked"),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title or str(self.activity)

    @property
    def is_outside(self) -> bool:
        """Something that is not on offer here; approved, it becomes an activity."""
        return bool(self.title)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def last_day(self) -> date | None:
        return self.ends_on or self.starts_on

    @property
    def cover_cost(self) -> Decimal:
        """Its cover at the school's rate."""
        half = self.school.cover_rate / 2
        return (half * self.cover_half_days).quantize(Decimal("0.01"))

    @property
    def cost(self) -> Decimal:
        """With cover."""
        return self.fee + self.cover_cost

    @property
    def was_appealed(self) -> bool:
        """Once is enough: then it is decided."""
        return any(step.kind == RequestStep.Kind.APPEALED for step in self.steps.all())

    @property
    def days_open(self) -> int:
        """How long it has waited, or waited until it was answered."""
        if self.asked_at is None:
            return 0
        until = self.decided_at if not self.is_open and self.decided_at else clock.now()
        return (clock.day_of(until) - clock.day_of(self.asked_at)).days

    def may_be_changed_by(self, staff: Staff) -> bool:
        """By whom it is for; while nobody has said yes."""
        return self.staff_id == staff.pk and self.approved_at is None


class RequestStep(SchoolModel):
    """One step of a request: who did what, when, why. Kept for ever and never edited."""

    class Kind(models.TextChoices):
        NOMINATED = "nominated", "nominated"
        ACCEPTED = "accepted", "accepted the nomination"
        TURNED_DOWN = "turned_down", "turned the nomination down"
        ASKED = "asked", "asked"
        ASKED_AGAIN = "again", "changed it and asked again"
        COMMENTED = "commented", "commented"
        APPROVED = "approved", "approved"
        CHANGED = "changed", "approved with a change"
        WAITS = "waits", "let it wait"
        DECLINED = "declined", "declined"
        APPEALED = "appealed", "appealed"
        SENT_ON = "sent_on", "passed it on"
        WITHDRAWN = "withdrawn", "withdrew it"
        BOOKED = "booked", "booked with the provider"

    DECISIONS = (Kind.APPROVED, Kind.CHANGED, Kind.WAITS, Kind.DECLINED)
    APPROVALS = (Kind.APPROVED, Kind.CHANGED)

    class Because(models.TextChoices):
        """Said honestly, so that it can be counted."""

        NEED = "need", "It meets a need"
        PRIORITY = "priority", "It serves a priority"
        STATUTORY = "statutory", "It has to be done"
        CAREER = "career", "It is a step in their career"
        GOODWILL = "goodwill", "Morale and goodwill"

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=11, choices=Kind)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    words = models.CharField(max_length=1000, blank=True)
    because = models.CharField(max_length=9, choices=Because, blank=True)
    to = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["school", "kind", "at"], name="request_step_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(kind__in=("approved", "changed")),
                name="request_approved_once",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(kind="appealed"), name="request_appealed_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("commented", "changed", "waits", "declined", "appealed"))
                | ~Q(words=""),
                name="request_step_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="waits", until__isnull=False) | ~Q(kind="waits") & Q(until=None),
                name="request_step_waits_until_a_day",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="step_stays_as_it_was", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="nobody_decides_their_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__kind__in=("approved", "changed", "waits", "declined")),
                func="""
                    IF NEW.by_id IS NULL OR EXISTS (
                        SELECT 1 FROM activities_request r
                        WHERE r.id = NEW.request_id AND r.staff_id = NEW.by_id
                    ) THEN RAISE EXCEPTION 'nobody decides their own request'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"

    @property
    def is_decision(self) -> bool:
        return self.kind in self.DECISIONS


def deciding_roles() -> list[str]:
    return [role for role in Role.values if Staff(roles=[role]).can(Permission.DECIDE_REQUESTS)]


class StandInQuerySet(models.QuerySet["StandIn"]):
    def now(self, today: date) -> Self:
        """For somebody who is here and may decide themselves."""
        may_decide = in_post(today, "staff__") & Q(staff__roles__overlap=deciding_roles())
        return self.filter(may_decide, starts_on__lte=today, ends_on__gte=today)


@remembered()
class StandIn(SchoolModel):
    """While somebody is away, another decides about requests for them, until a day."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="stand_ins")
    stand_in = models.ForeignKey(
        Staff, models.CASCADE, related_name="stands_in", verbose_name="who decides for you"
    )
    starts_on = models.DateField("from", default=clock.today)
    ends_on = models.DateField("until")

    objects: ClassVar[Any] = scoped(StandInQuerySet)

    class Meta:
        ordering = ["-ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff"], name="one_stand_in_a_person"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="stand_in_has_days"
            ),
            models.CheckConstraint(
                condition=~Q(stand_in=F("staff")), name="nobody_stands_in_for_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in_id} for {self.staff_id}"
