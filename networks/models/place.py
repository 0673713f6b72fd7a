"""Places at another school's activity: one person's, their school's part, and its credits."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django_scopes import get_scope
from django_scopes.manager import DisabledQuerySet

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import School, Staff, User
from cpdhub.models.base import SchoolModel
from networks.models.base import NetworkModel
from networks.models.offer import LATELY, Offer, not_over_by


class OfPlaces(models.Manager):
    """Rows of the open school's people, and of whoever comes to it; none while none is open."""

    def get_queryset(self) -> models.QuerySet:
        scope = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        schools = scope.get("school")
        if schools is None:
            return DisabledQuerySet(self.model, using=self._db, missing_scopes=["school"])
        return super().get_queryset().filter(Q(school__in=schools) | Q(host__in=schools))


class OfferPlaceQuerySet(models.QuerySet["OfferPlace"]):
    def booked(self) -> Self:
        return self.filter(state=OfferPlace.State.BOOKED)

    def waiting(self) -> Self:
        """In the order in which they get a place, whichever school they come from."""
        return self.filter(state=OfferPlace.State.WAITING).order_by("asked_at", "pk")

    def open(self) -> Self:
        return self.filter(state__in=OfferPlace.OPEN)

    def of(self, school: School | int) -> Self:
        return self.filter(school=school)

    def lately(self) -> Self:
        """At an offer to come, under way, or over within half a year."""
        return self.filter(not_over_by(clock.now() - LATELY, "offer__"))


class OfferPlace(models.Model):
    """One person's place at another school's activity, or their wish for one.

    Seen by their own school and by the one that offers it, and by no other: name and job are
    copied for the host, which sees nothing else of them.
    """

    class State(models.TextChoices):
        BOOKED = "booked", "Has a place"
        WAITING = "waiting", "On the waiting list"
        GIVEN_BACK = "given_back", "Given back"

    OPEN = (State.BOOKED, State.WAITING)

    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    host = models.ForeignKey(School, models.CASCADE, related_name="+")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="seats")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(
        User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    name = models.CharField(max_length=200)
    job = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State)
    asked_at = models.DateTimeField(default=clock.now)
    credits = models.PositiveSmallIntegerField(default=0)  # what this place has taken
    came = models.JSONField(default=dict)  # {"number of the host's session": whether they came}
    has_answered = models.BooleanField(default=False)

    objects: ClassVar[Any] = type("Places", (OfPlaces.from_queryset(OfferPlaceQuerySet),), {})()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "staff"], name="one_offered_place_a_person"),
            models.UniqueConstraint(
                fields=["offer", "user"],
                condition=Q(state__in=["booked", "waiting"]),
                name="one_offered_place_in_two_posts",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="place_is_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=("booked", "waiting")),
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF OLD.state = NEW.state AND OLD.offer_id = NEW.offer_id
                            AND OLD.school_id = NEW.school_id THEN RETURN NEW; END IF;
                    END IF;
                    PERFORM networks_place_fits(
                        NEW.offer_id, NEW.school_id, NEW.host_id, NEW.id, NEW.state = 'booked'
                    );
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="count_places",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        PERFORM networks_count_places(OLD.offer_id);
                    ELSE
                        PERFORM networks_count_places(NEW.offer_id);
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display().lower()}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_booked(self) -> bool:
        return self.state == self.State.BOOKED

    @property
    def has_come(self) -> bool:
        return any(self.came.values())

    def take_from(self, staff: Staff) -> None:
        """What the host sees of them, copied: their record stays where it is."""
        self.staff, self.name, self.job = staff, staff.name, staff.job_title
        self.school, self.user = staff.school, staff.user


class SchoolPlaces(SchoolModel):
    """One school's part in what another offers: its own entry for it, which puts it on its
    people's records and calendars; its cover; and what came of a visit. No other school sees it."""

    # The database empties it when the offer goes (`0002_walls`): it stands behind another wall.
    offer = models.ForeignKey(
        Offer, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    numbers = models.JSONField(default=dict, editable=False)  # {"host's session": our session}
    cover = models.CharField("cover for those who go", max_length=300, blank=True)
    question = models.CharField("what we want to find out", max_length=300, blank=True)
    will_try = models.TextField("what we will try afterwards", max_length=1000, blank=True)
    report = models.TextField("what came of it", max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "offer"], name="one_part_in_an_offer")
        ]

    def __str__(self) -> str:
        return f"{self.school_id} at {self.offer_id}"


class CreditEntry(NetworkModel):
    """Place credits that came to a school or went from it. Kept for as long as it is a member."""

    class Why(models.TextChoices):
        ALLOWANCE = "allowance", "Allowance"
        BOOKED = "booked", "Place booked"
        GIVEN_BACK = "given_back", "Place given back"

    amount = models.SmallIntegerField()
    why = models.CharField(max_length=10, choices=Why)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="credits_came_or_went")]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.get_why_display().lower()}"
