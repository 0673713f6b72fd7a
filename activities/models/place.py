"""Places at an activity: how many there are, who may book one, and who asked for one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from activities.models.activity import Activity
from cpdhub import clock
from cpdhub.models import Staff, Team
from cpdhub.models.base import SchoolModel, remembered, scoped

BOOKABLE = (Activity.State.PLANNED, Activity.State.UNDER_WAY)


def day_name(day: date) -> str:
    """21 November 2026"""
    return f"{day.day} {day:%B %Y}"


class Places(SchoolModel):
    """An activity is open for booking: how many places, for whom, from when until when.

    Everyone who takes part has a place, whoever put them down for it.
    """

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="places")
    capacity = models.PositiveSmallIntegerField(
        "how many places",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leave empty when there is room for everybody.",
    )
    kept = models.PositiveSmallIntegerField(
        "of these, kept back",
        default=0,
        help_text="Only you give these out: nobody books them by themselves.",
    )
    kept_for = models.CharField("kept for", max_length=120, blank=True)
    opens_on = models.DateField("booking opens on", null=True, blank=True)
    closes_on = models.DateField(
        "last day to book",
        null=True,
        blank=True,
        help_text="Left empty, people can book until it starts.",
    )
    groups = ArrayField(
        models.CharField(max_length=10, choices=Staff.Group.choices), default=list, blank=True
    )
    stages = ArrayField(
        models.CharField(max_length=12, choices=Staff.Stage.choices), default=list, blank=True
    )
    teams = models.ManyToManyField(Team, through="activities.PlacesTeam", blank=True)

    class Meta:
        verbose_name_plural = "places"
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1), name="at_least_one_place"
            ),
            models.CheckConstraint(
                condition=Q(kept=0) | Q(capacity__gte=F("kept")), name="kept_places_are_places"
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                name="booking_closes_after_it_opens",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_fewer_places_than_taken",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__capacity__isnull=False),
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF OLD.capacity IS NOT DISTINCT FROM NEW.capacity THEN RETURN NEW; END IF;
                    END IF;
                    IF NEW.capacity < (
                        SELECT count(*) FROM activities_participation p
                        WHERE p.activity_id = NEW.activity_id
                    ) THEN RAISE EXCEPTION 'more people have a place than there would be places'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"places at {self.activity_id}"

    def left(self, taken: int) -> int | None:
        """How many are left when so many are taken; None where there is no limit."""
        return None if self.capacity is None else max(self.capacity - taken, 0)

    def left_to_book(self, taken: int) -> int | None:
        """Without those kept back."""
        return None if self.capacity is None else max(self.capacity - self.kept - taken, 0)

    def are_for(self, staff: Staff, team_pks: set[int]) -> bool:
        """Whether this person is among those they are for. Naming nobody means everybody; each
        kind of word that is chosen must fit."""
        return (
            (not self.groups or staff.group in self.groups)
            and (not self.stages or staff.career_stage in self.stages)
            and (not team_pks or staff.team_id in team_pks)
        )

    def audience(self, today: date) -> Any:
        """Everyone they are for, as people's posts are on this day."""
        people = Staff.objects.on_staff().in_post(today)
        if self.groups:
            people = people.filter(group__in=self.groups)
        if self.stages:
            people = people.filter(career_stage__in=self.stages)
        if teams := list(self.teams.values_list("pk", flat=True)):
            people = people.filter(team__in=teams)
        return people

    def why_not_now(self, today: date, now: datetime, starts_at: datetime | None) -> str:
        """Why nobody can book at this moment, whoever they are; nothing when they can."""
        if self.activity.state not in BOOKABLE:
            return f"It is {self.activity.get_state_display().lower()}: nobody can book it."
        if self.opens_on and today < self.opens_on:
            return f"Booking opens on {day_name(self.opens_on)}."
        if self.closes_on and today > self.closes_on:
            return f"Booking closed on {day_name(self.closes_on)}."
        if not self.closes_on and starts_at and starts_at <= now:
            return "It has started: ask whoever leads it."
        return ""


class PlacesTeam(SchoolModel):
    """Places are for a team."""

    places = models.ForeignKey(Places, models.CASCADE, related_name="for_teams")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["places", "team"], name="places_for_a_team_once")
        ]

    def __str__(self) -> str:
        return f"{self.places_id} for {self.team_id}"


class BookingQuerySet(models.QuerySet["Booking"]):
    def booked(self) -> Self:
        return self.filter(state=Booking.State.BOOKED)

    def waiting(self) -> Self:
        """In the order in which they get a place."""
        return self.filter(state=Booking.State.WAITING).order_by("asked_at", "pk")

    def invited(self) -> Self:
        return self.filter(state=Booking.State.INVITED)

    def open(self) -> Self:
        """With a place, or hoping for one."""
        return self.filter(state__in=Booking.OPEN)


@remembered()
class Booking(SchoolModel):
    """A person's place at an activity, or their wish for one.

    Booked, they take part. Whether they came is on the register.
    """

    class State(models.TextChoices):
        BOOKED = "booked", "Booked"
        WAITING = "waiting", "Waiting"
        INVITED = "invited", "Invited"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.BOOKED, State.WAITING, State.INVITED)

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="bookings")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="bookings")
    state = models.CharField(max_length=9, choices=State, editable=False)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    because = models.CharField("why", max_length=300, blank=True)

    objects: ClassVar[Any] = scoped(BookingQuerySet)

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["staff", "state"], name="booking_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["activity", "staff"], name="one_place_a_person")
        ]
        triggers = [
            pgtrigger.FSM(
                name="booking_goes_its_ways",
                field="state",
                transitions=[
                    ("waiting", "booked"), ("waiting", "cancelled"),
                    ("invited", "booked"), ("invited", "waiting"),
                    ("invited", "declined"), ("invited", "cancelled"),
                    ("booked", "cancelled"),
                    ("cancelled", "booked"), ("cancelled", "waiting"), ("cancelled", "invited"),
                    ("declined", "booked"), ("declined", "waiting"), ("declined", "invited"),
                ],
            ),
            pgtrigger.Trigger(
                name="never_more_booked_than_places",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="booked"),
                declare=[("most", "integer")],
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF OLD.state = 'booked' THEN RETURN NEW; END IF;
                    END IF;
                    SELECT p.capacity INTO most FROM activities_places p
                        WHERE p.activity_id = NEW.activity_id FOR UPDATE;
                    IF most <= (
                        SELECT count(*) FROM activities_participation p
                        WHERE p.activity_id = NEW.activity_id AND p.staff_id <> NEW.staff_id
                    ) THEN RAISE EXCEPTION 'there is no place left'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM activities_activity a WHERE a.id = NEW.activity_id
                        AND a.state IN ('planned', 'under_way')
                    ) THEN RAISE EXCEPTION 'only what is planned or under way is booked'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.activity_id}, {self.state}"

    @property
    def is_promoted(self) -> bool:
        """A place came free and went to them by itself."""
        return self.state == self.State.BOOKED and self.by_id is None


@remembered()
class Excuse(SchoolModel):
    """Somebody asks not to have to come to something compulsory: why, and what was decided."""

    class Decision(models.TextChoices):
        EXCUSED = "excused", "Excused"
        EXPECTED = "expected", "Still expected"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="excuses")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="excuses")
    because = models.CharField("why it is not for you, or not now", max_length=300)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    decision = models.CharField(max_length=8, choices=Decision, blank=True, editable=False)
    answer = models.CharField("a word to them", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "staff"], name="excused_once"),
            models.CheckConstraint(condition=~Q(because=""), name="excuse_says_why"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | ~Q(decision="") & Q(decided_at__isnull=False),
                name="excuse_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("staff")),
                name="nobody_excuses_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} asks to be excused from {self.activity_id}"
