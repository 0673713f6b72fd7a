"""Of one school's people at a shared day: who takes part, what they wish for, where they sit.

Wishes and seats are their school's own. What the site of a workshop needs to know of those who
come is copied into a list it may read: name, job and school.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from cpdhub.models import School, Staff
from cpdhub.models.base import SchoolModel, scoped
from networks.models.base import NetworkManager, of_networks
from networks.models.network import Network
from networks.models.shared_day import DaySlot, OfDay, SharedDay, Workshop


class OwnOfDay(SchoolModel):
    """A row of one school about a shared day; no other school reads it."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    day = models.ForeignKey(SharedDay, models.CASCADE, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class DayPerson(OwnOfDay):
    """Somebody who takes part in a day for a school that does not send everybody."""

    class Meta:
        ordering = ["staff__sort_name"]
        constraints = [models.UniqueConstraint(fields=["day", "staff"], name="in_a_day_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} takes part in {self.day_id}"


class Wish(OwnOfDay):
    """One workshop somebody would like to go to, and how much: 1 is their first choice."""

    slot = models.ForeignKey(DaySlot, models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "wishes"
        ordering = ["slot__starts_at", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "slot", "rank"], name="one_wish_of_a_rank"),
            models.UniqueConstraint(fields=["staff", "workshop"], name="one_wish_for_a_workshop"),
            models.CheckConstraint(
                condition=Q(rank__gte=1) & Q(rank__lte=5), name="wishes_are_few"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="wish_while_staff_choose",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM networks_sharedday d
                        WHERE d.id = NEW.day_id AND d.state = 'choosing'
                    ) THEN RAISE EXCEPTION 'choices are closed' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} wishes for {self.workshop_id}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def standing(self) -> Self:
        """Of the timetable that is out."""
        return self.filter(run=F("day__run"))

    def in_order(self) -> Self:
        return self.order_by("slot__starts_at", "pk").select_related(
            "slot", "workshop__slot", "workshop__site", "workshop__led_from"
        )


class Seat(OwnOfDay):
    """Where somebody is in one slot. `rank` says which of their choices it is; none: they had not
    asked for it."""

    slot = models.ForeignKey(DaySlot, models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    run = models.PositiveIntegerField()
    rank = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[Any] = scoped(SeatQuerySet)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "slot", "run"], name="one_seat_in_a_slot")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.workshop_id}"


class GuestsOfSite(NetworkManager):
    """One's own people, those who come to one's own site, and all of a day one organises."""

    def shown_to(self, schools: list[int]) -> Q:
        return Q(school__in=schools) | Q(host__in=schools) | Q(day__school__in=schools)


class GuestQuerySet(models.QuerySet["Guest"]):
    def standing(self) -> Self:
        return self.filter(run=F("day__run"))

    def in_order(self) -> Self:
        return self.select_related("school").order_by("sort_name", "pk")


class Guest(OfDay):
    """A line of a workshop's list: who comes, their job and their school. Read by their own school,
    the site's school and whoever organises the day; that is what taking part means."""

    seat = models.OneToOneField(Seat, models.CASCADE, related_name="guest")
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="+")
    host = models.ForeignKey(School, models.SET_NULL, null=True, related_name="+")
    run = models.PositiveIntegerField()
    name = models.CharField(max_length=201)
    sort_name = models.TextField()
    job = models.CharField(max_length=120, blank=True)
    was_present = models.BooleanField(null=True)

    objects: ClassVar[Any] = of_networks(GuestQuerySet, GuestsOfSite)

    class Meta:
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name
