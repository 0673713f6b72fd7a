"""What a session takes from the school day: cover, people's own protected time, blocked dates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from activities.models.session import Session
from cpdhub import clock
from cpdhub.models import BlockedDates, Staff
from cpdhub.models.base import SchoolModel, remembered


@remembered()
class Cover(SchoolModel):
    """Who or what takes a person's place while they are at a session.

    CPD is foreseeable, so a colleague's free time is not among the sources, and never will be.
    """

    class Source(models.TextChoices):
        SUPPLY = "supply", "Supply"
        SUPERVISOR = "supervisor", "Cover supervisor"
        FLOATING = "floating", "Floating teacher"
        SWAP = "swap", "Swap by agreement"
        NONE = "none", "None needed"

    session = models.ForeignKey(Session, models.CASCADE, related_name="covers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="covers")
    source = models.CharField("covered by", max_length=10, choices=Source)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["session", "staff__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "staff"], name="covered_once"),
            models.CheckConstraint(
                condition=Q(source__in=["supply", "supervisor", "floating", "swap", "none"]),
                name="never_covered_by_a_colleagues_free_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.note}" if self.note else self.source_name

    @property
    def source_name(self) -> str:
        return str(self.get_source_display())


@remembered()
class GivenTime(SchoolModel):
    """A person chose to spend their own PPA or ECT time on a session; nobody does it for them."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="given_times")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="given_times")
    given_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "staff"], name="time_given_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} for {self.session_id}"


@remembered()
class AllowedSession(SchoolModel):
    """A session takes place on blocked dates all the same: who allowed it, and why."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="allowed")
    blocked = models.ForeignKey(BlockedDates, models.CASCADE, related_name="allowed")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    because = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "blocked"], name="allowed_once"),
            models.CheckConstraint(condition=~Q(because=""), name="allowed_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.because
