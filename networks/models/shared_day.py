"""A day several schools learn on together: its slots, sites and workshops, and who takes part."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import School, Staff
from networks.models.base import NetworkModel, of_networks

SHORT_BREAK = timedelta(minutes=30)  # nobody is sent to another site within it


class SharedDay(NetworkModel):
    """One INSET day of a network: staff of several schools choose among workshops at several sites.

    `run` is the timetable that stands; seats of any other run are on the way or forgotten.
    """

    class State(models.TextChoices):
        PLANNING = "planning", "Being planned"
        CHOOSING = "choosing", "Staff choose"
        TIMETABLED = "timetabled", "Timetable is out"
        OVER = "over", "Over"

    title = models.CharField("what the day is called", max_length=120)
    day = models.DateField("date")
    purpose = models.TextField("what it is for", max_length=1000)
    choices_close_on = models.DateField("staff choose until the end of")
    wishes = models.PositiveSmallIntegerField(
        "choices each person may give for a slot", default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State, default=State.PLANNING, editable=False)
    run = models.PositiveIntegerField(default=0, editable=False)
    asked_run = models.PositiveIntegerField(default=0, editable=False)
    figures = models.JSONField(default=dict, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wishes__gte=1) & Q(wishes__lte=5), name="day_asks_for_some_wishes"
            ),
            models.CheckConstraint(
                condition=Q(choices_close_on__lte=F("day")), name="day_choices_close_before_it"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planning", "choosing"]) | Q(run__gt=0),
                name="day_out_with_a_timetable",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="day_goes_its_way",
                field="state",
                transitions=[
                    ("planning", "choosing"), ("choosing", "timetabled"), ("timetabled", "over"),
                ],
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNING

    @property
    def is_open(self) -> bool:
        """Staff may choose, today still."""
        return self.state == self.State.CHOOSING and clock.today() <= self.choices_close_on

    @property
    def is_out(self) -> bool:
        return self.state in {self.State.TIMETABLED, self.State.OVER}

    @property
    def is_over(self) -> bool:
        return self.state == self.State.OVER

    @property
    def is_being_built(self) -> bool:
        """Somebody asked for a newer timetable than stands."""
        return self.asked_run > self.run


class OfDay(NetworkModel):
    """A row of one shared day."""

    day = models.ForeignKey(SharedDay, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class DaySlot(OfDay):
    """A stretch of the day in which everybody is in one workshop."""

    name = models.CharField(max_length=60)
    starts_at = models.TimeField("from")
    ends_at = models.TimeField("to")

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="day_slot_has_length"
            ),
            models.UniqueConstraint("day", "starts_at", name="one_day_slot_at_a_time"),
            models.UniqueConstraint("day", Lower("name"), name="one_day_slot_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def times(self) -> str:
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    def break_before(self, later: DaySlot) -> timedelta:
        return _minutes(later.starts_at) - _minutes(self.ends_at)


def _minutes(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


class Site(OfDay):
    """Where workshops of a day are held: a school of the network, or another place."""

    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    host = models.ForeignKey(
        School, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="the school it is",
    )  # fmt: skip
    is_step_free = models.BooleanField("step-free throughout", default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("day", Lower("name"), name="one_site_of_a_name_a_day")
        ]

    def __str__(self) -> str:
        return self.name


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def running(self) -> Self:
        return self.filter(dropped_because="", is_too_small=False)

    def in_order(self) -> Self:
        return self.order_by("slot__starts_at", "title", "pk").select_related("slot", "site")


class Workshop(OfDay):
    """One session of a day, in one slot and one room. Held again in another slot, it is another
    row with the same `repeats`: nobody needs it twice."""

    slot = models.ForeignKey(DaySlot, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    room = models.CharField(max_length=60)
    title = models.CharField(max_length=150)
    about = models.TextField("what it is about", max_length=1000, blank=True)
    audience = models.CharField("who it is for", max_length=150, blank=True)
    led_by = models.CharField("led by", max_length=120, blank=True)
    led_job = models.CharField("their job", max_length=120, blank=True)
    led_from = models.ForeignKey(
        School, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="from which school",
    )  # fmt: skip
    most = models.PositiveSmallIntegerField("most people", default=20)
    fewest = models.PositiveSmallIntegerField("fewest people it needs", default=0)
    repeats = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    dropped_because = models.CharField("why it is off", max_length=200, blank=True, editable=False)
    is_too_small = models.BooleanField(default=False, editable=False)

    objects: ClassVar[Any] = of_networks(WorkshopQuerySet)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most__gte=1) & Q(most__lte=2000) & Q(fewest__lte=F("most")),
                name="workshop_has_places",
            ),
            models.UniqueConstraint(
                "slot", "site", Lower("room"), condition=Q(dropped_because=""),
                name="one_workshop_in_a_room",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_on(self) -> bool:
        return not self.dropped_because and not self.is_too_small

    @property
    def why_off(self) -> str:
        return self.dropped_because or ("Too few people" if self.is_too_small else "")

    @property
    def place(self) -> str:
        return f"{self.site}, {self.room}"

    @property
    def leader(self) -> str:
        return ", ".join(filter(None, [self.led_by, self.led_job, str(self.led_from or "")]))

    def starts(self, day: SharedDay) -> datetime:
        return clock.at(day.day, self.slot.starts_at)


class DaySchool(OfDay):
    """A school that takes part in a day, with everybody in post or with people it chose. The record
    of the day it keeps of its own people hangs on it."""

    is_everyone = models.BooleanField("everybody in post that day", default=True)
    people = models.PositiveIntegerField(default=0, editable=False)
    said_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", editable=False)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, related_name="+", editable=False
    )
    written_at = models.DateTimeField(null=True, editable=False)  # the last register on the record

    class Meta:
        ordering = ["school__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "school"], name="school_in_a_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.school_id} takes part in {self.day_id}"


class WorkshopRegister(OfDay):
    """Somebody of the site said who came to a workshop."""

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="register")
    taken_at = models.DateTimeField(default=clock.now)
    taken_by = models.CharField("taken by", max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.workshop_id}, taken by {self.taken_by}"
