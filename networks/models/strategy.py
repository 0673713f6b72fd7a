"""What a network does to get somewhere, and how far each school is with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from cpdhub import clock
from networks.models.base import NetworkModel, OfTheNetwork, of_networks
from networks.models.profile import Theme

SAID_LONG_AGO = timedelta(days=183)


class Strategy(OfTheNetwork):
    """One way in which the network tries to bring something about, whether it goes deep in a few
    schools or wide across many, what stands against it, and what comes after its end."""

    class Way(models.TextChoices):
        DEEPEN = "deepen", "Goes deep: a few schools work it out together"
        SPREAD = "spread", "Goes wide: what works reaches every school"

    class Challenge(models.TextChoices):
        ATTITUDES = "attitudes", "Other things come first, or people do not believe in it"
        RESOURCES = "resources", "Money, time or staff"
        TOGETHER = "together", "Working together"
        OWNERSHIP = "ownership", "Making it fit, and making it one’s own"
        OTHER = "other", "Something else, such as showing what pupils gain"

    title = models.CharField("what you call it", max_length=120)
    about = models.TextField("what it is, and what should come of it", max_length=1000)
    way = models.CharField("which way it works", max_length=6, choices=Way)
    theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="for which theme",
    )  # fmt: skip
    begins_on = models.DateField("begins", default=clock.today)
    lead = models.CharField("who leads it", max_length=120, blank=True)
    deputy = models.CharField("who takes over when they leave", max_length=120, blank=True)
    outputs = models.TextField("what one can hold in one’s hand", max_length=1000, blank=True)
    challenge = models.CharField(
        "what stands most against it", max_length=9, choices=Challenge, blank=True
    )
    challenge_note = models.CharField("what we do about that", max_length=300, blank=True)
    ends_on = models.DateField("money or outside help ends", null=True, blank=True)
    after_the_end = models.TextField("and what happens then", max_length=1000, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["begins_on", "pk"]
        verbose_name_plural = "strategies"
        constraints = [
            models.UniqueConstraint(fields=["network", "title"], name="one_strategy_of_a_title"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=models.F("begins_on")),
                name="strategy_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | ~Q(after_the_end=""), name="an_end_has_an_after"
            ),
            models.CheckConstraint(
                condition=~Q(challenge="") | Q(challenge_note=""), name="a_note_on_a_challenge"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on <= clock.today()


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def asking(self) -> Self:
        """Stalled, and asking others for a hand."""
        return self.filter(state=Adoption.State.STALLED).exclude(would_help="")


class Adoption(NetworkModel):
    """How far one school says it is with a strategy; nobody else says it for them."""

    class State(models.TextChoices):
        UNAWARE = "unaware", "Have not heard of it"
        AWARE = "aware", "Know of it"
        INVOLVED = "involved", "Take part"
        IMPLEMENTING = "implementing", "Putting it into practice"
        EMBEDDED = "embedded", "Part of what we do"
        MAINTAINED = "maintained", "Kept up, not developed further"
        STALLED = "stalled", "Stalled"

    IN_PLACE = (State.EMBEDDED, State.MAINTAINED)

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="adoptions")
    state = models.CharField("how far we are", max_length=12, choices=State)
    since = models.DateField("since", default=clock.today)
    evidence = models.CharField("how one can see that", max_length=300, blank=True)
    would_help = models.CharField("what would help us", max_length=300, blank=True)
    said_on = models.DateField(default=clock.today, editable=False)
    agreed = models.CharField("what was agreed", max_length=300, blank=True, editable=False)
    agreed_on = models.DateField(null=True, editable=False)

    objects: ClassVar[Any] = of_networks(AdoptionQuerySet)

    class Meta:
        ordering = ["school__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "school"], name="each_school_says_it_once"),
            models.CheckConstraint(
                condition=Q(agreed="", agreed_on=None) | ~Q(agreed="") & Q(agreed_on__isnull=False),
                name="agreed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id}: {self.state}"

    @property
    def is_old(self) -> bool:
        """Said so long ago that somebody should ask."""
        return self.said_on < clock.today() - SAID_LONG_AGO

    def agree(self, words: str, on: date) -> None:
        """What the network does about it; empty takes it back."""
        self.agreed, self.agreed_on = words, on if words else None
        self.save(update_fields=["agreed", "agreed_on"])
