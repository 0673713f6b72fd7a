"""What a network writes about itself: partners, people, themes, and what it answers for."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.models.base import SchoolModel
from cpdhub.walls import school_scope
from networks.models.base import NetworkModel, OfTheNetwork
from networks.models.network import Membership


class Partner(OfTheNetwork):
    """An organisation that works with the network without being a school here: a university, an
    authority, a subject association, a health or social-care service."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", "University or college"
        AUTHORITY = "authority", "Local authority"
        ASSOCIATION = "association", "Subject association"
        SERVICE = "service", "Health, social care or police"
        OTHER = "other", "Other"

    name = models.CharField("which organisation", max_length=120)
    kind = models.CharField("what it is", max_length=11, choices=Kind, default=Kind.UNIVERSITY)
    brings = models.CharField("what it brings us", max_length=300, blank=True)
    contact = models.CharField("who to talk to", max_length=200, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "name"], name="one_partner_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class NetworkRole(NetworkModel):
    """What one person does for a network. It opens no record of anybody: the name, the job and the
    part are all that other schools see of them."""

    class Part(models.TextChoices):
        LEAD = "lead", "Leads the network"
        GROUP = "group", "CPD leaders’ group"
        FRIEND = "friend", "Critical friend"
        SPECIALIST = "specialist", "Lead practitioner"

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    part = models.CharField("their part", max_length=10, choices=Part, default=Part.GROUP)
    name = models.CharField(max_length=200, editable=False)
    job = models.CharField(max_length=100, blank=True, editable=False)
    looks_after = models.CharField("which theme or task", max_length=200, blank=True)
    stands_in = models.CharField("who takes over when they leave", max_length=120, blank=True)
    # Of a lead practitioner: days a year the school is funded to give them for. The two counts of
    # this year are kept by their own school: what it offers one school alone no other reads.
    days = models.PositiveSmallIntegerField(
        "days a year for other schools", null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )  # fmt: skip
    given = models.PositiveSmallIntegerField(default=0, editable=False)
    to_come = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["part", "name"]
        constraints = [
            models.UniqueConstraint(fields=["network", "staff", "part"], name="one_part_once"),
            models.CheckConstraint(
                condition=Q(days=None) | Q(part="specialist"), name="days_of_lead_practitioners"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_part_display().lower()}"

    @property
    def days_left(self) -> int:
        """Of this academic year."""
        return max((self.days or 0) - self.given - self.to_come, 0)

    def take_from(self, staff: Staff) -> None:
        """What others see of them, copied: their record stays where it is."""
        self.staff, self.name, self.job = staff, staff.name, staff.job_title


class Theme(OfTheNetwork):
    """One thing the network works on, and the school others turn to for it."""

    title = models.CharField(max_length=120)
    hub = models.ForeignKey(
        School, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="the school that leads on it",
    )  # fmt: skip
    about = models.CharField("in a few words", max_length=300, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "title"], name="one_theme_of_a_title")
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def taken_away(cls, network: int, school: int, heir: int | None) -> None:
        """It leads on none of them any more."""
        if heir is not None:
            with school_scope(heir):
                cls.objects.filter(network=network, hub=school).update(hub=None)
        super().taken_away(network, school, heir)


class Commitment(OfTheNetwork):
    """Something the network answers for, agreed at the start and looked at on a day: for single
    practitioners, for an initiative, for the whole strategy; or a review of the network itself."""

    class Level(models.TextChoices):
        INDIVIDUAL = "individual", "Individual: each practitioner, for named groups of pupils"
        INITIATIVE = "initiative", "Initiative: a department or a programme"
        STRATEGIC = "strategic", "Strategic: the network’s plan"
        NETWORK = "network", "The network itself: is it still worth it?"

    level = models.CharField("at which level", max_length=10, choices=Level)
    expected = models.CharField("what should be different", max_length=300)
    known_by = models.CharField("how we will know", max_length=300, blank=True)
    look_on = models.DateField("look again on")
    found = models.TextField("what we found", max_length=1000, blank=True)
    looked_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = [F("looked_on").asc(nulls_first=True), "look_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_on=None, found="") | Q(looked_on__isnull=False) & ~Q(found=""),
                name="looked_at_with_what_was_found",
            )
        ]

    def __str__(self) -> str:
        return self.expected

    @property
    def level_word(self) -> str:
        """Individual, Initiative, Strategic, The network itself."""
        return str(self.get_level_display()).partition(":")[0]

    @property
    def is_late(self) -> bool:
        return self.looked_on is None and self.look_on < clock.today()

    def say(self, found: str, on: date) -> None:
        self.found, self.looked_on = found, on
        self.save(update_fields=["found", "looked_on"])


class Joining(SchoolModel):
    """How one school weighed a network before joining, and what it has done since to arrive in it.
    Its own: no other school sees it."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="joining")
    gains = models.JSONField(default=dict, blank=True, editable=False)  # {"code": "in words"}
    days = models.DecimalField(
        "days of staff time a year it would ask of us", max_digits=5, decimal_places=1,
        null=True, blank=True,
    )  # fmt: skip
    money = models.DecimalField(
        "what it would cost us a year (£)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    verdict = models.CharField("so is it worth it for us?", max_length=500, blank=True)
    done = models.JSONField(default=list, blank=True, editable=False)  # codes of the joining list

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(days=None) | Q(days__gte=0)) & (Q(money=None) | Q(money__gte=0)),
                name="joining_costs_are_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_id} weighs {self.membership_id}"
