"""A network looks at itself: what leaders say is true of it, and what they do about it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from networks.models.base import NetworkModel, OfTheNetwork, of_networks
from networks.models.network import Network
from networks.models.profile import NetworkRole
from networks.models.strategy import Strategy
from networks.propositions import LASTING, PROPOSITIONS, Item, Prompt


class NetworkReviewQuerySet(models.QuerySet["NetworkReview"]):
    def before(self, review: NetworkReview) -> Self:
        """Earlier ones that asked the same of the same."""
        return self.filter(
            Q(opened_on__lt=review.opened_on) | Q(opened_on=review.opened_on, pk__lt=review.pk),
            network=review.network_id, kind=review.kind, strategy=review.strategy_id,
        )  # fmt: skip


class NetworkReview(OfTheNetwork):
    """A time at which the leaders of a network say how far things are true of it, each under their
    own name, and what they will do about it."""

    class Kind(models.TextChoices):
        PROPOSITIONS = "propositions", "Is our network working? Five propositions"
        LASTING = "lasting", "Will it last? Seven things that make work last"

    kind = models.CharField("what is asked", max_length=12, choices=Kind)
    title = models.CharField("what you call it", max_length=120)
    strategy = models.ForeignKey(
        Strategy, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name="which strategy is looked at",
    )  # fmt: skip
    opened_on = models.DateField(default=clock.today, editable=False)
    closes_on = models.DateField("answers until")
    closed_on = models.DateField(null=True, editable=False)

    objects: ClassVar[Any] = of_networks(NetworkReviewQuerySet)

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opened_on")), name="review_is_open_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(strategy=None) | Q(kind="lasting"), name="strategies_are_to_last"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and clock.today() <= self.closes_on

    @property
    def ended_on(self) -> Any:
        return self.closed_on or self.closes_on

    @property
    def items(self) -> tuple[Item, ...]:
        return PROPOSITIONS if self.kind == self.Kind.PROPOSITIONS else LASTING

    @property
    def prompts(self) -> dict[str, Prompt]:
        return {prompt.code: prompt for item in self.items for prompt in item.prompts}

    def close(self) -> None:
        self.closed_on = clock.today()
        self.save(update_fields=["closed_on"])


class Rating(NetworkModel):
    """How far one leader says one thing is true of the network, and why. Under their name: every
    leader who takes part reads it, as at a meeting."""

    class Level(models.TextChoices):
        NOT_YET = "not_yet", "Not yet"
        IN_PLACES = "in_places", "In places"
        MOSTLY = "mostly", "Mostly"
        THROUGHOUT = "throughout", "All through"

    review = models.ForeignKey(NetworkReview, models.CASCADE, related_name="ratings")
    item = models.CharField(max_length=20)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    level = models.CharField("how far it is true", max_length=10, choices=Level, blank=True)
    comment = models.TextField("why you say so", max_length=1000, blank=True)

    class Meta:
        ordering = ["school__name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "staff", "item"], name="each_says_it_once"),
            models.CheckConstraint(
                condition=~Q(level="", comment=""), name="rating_says_something"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="nothing_is_said_once_closed",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM networks_networkreview AS asked
                        WHERE asked.id = NEW.review_id AND asked.closed_on IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'This review has closed.' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.item}: {self.level}"


class PauseQuerySet(models.QuerySet["Pause"]):
    def unfinished(self) -> Self:
        return self.filter(done_on=None).exclude(action="")


class Pause(NetworkModel):
    """What leaders noted when they stopped at a prompt of a review, and what they will do about it
    by when. What is not done comes up again in the next review."""

    review = models.ForeignKey(NetworkReview, models.CASCADE, related_name="pauses")
    prompt = models.CharField(max_length=20, editable=False)
    note = models.TextField("what we noted", max_length=1000, blank=True)
    action = models.CharField("what we will do", max_length=300, blank=True)
    who = models.CharField("who does it", max_length=120, blank=True)
    by_when = models.DateField("by when", null=True, blank=True)
    done_on = models.DateField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = of_networks(PauseQuerySet)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(note="", action=""), name="pause_says_something"),
            models.CheckConstraint(
                condition=~Q(action="") | Q(done_on=None, by_when=None), name="deeds_are_done"
            ),
        ]

    def __str__(self) -> str:
        return self.action or self.note

    @property
    def is_late(self) -> bool:
        return self.by_when is not None and self.done_on is None and self.by_when < clock.today()


REVIEWING_PARTS = (NetworkRole.Part.LEAD, NetworkRole.Part.GROUP, NetworkRole.Part.FRIEND)


def may_review(network: Network, staff: Staff) -> bool:
    """The heads and CPD leaders of member schools, and whoever leads it, is of the CPD leaders'
    group or is its critical friend."""
    if staff.can(Permission.WORK_IN_NETWORKS):
        return True
    parts = NetworkRole.objects.filter(network=network, staff=staff, part__in=REVIEWING_PARTS)
    return bool(parts.exists())
