"""What a network sees of its schools: frozen once a term, deleted when a school takes it back."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from networks.models.base import NetworkManager, NetworkModel, of_networks
from networks.models.network import Membership, Network


class OfMembers(NetworkManager):
    """The network's own: no school keeps it when it leaves."""

    def shown_to(self, schools: list[int]) -> Q:
        inside = Membership.across.filter(school__in=schools, state=Membership.State.MEMBER)
        return Q(network__in=inside.values("network"))


class OwnOrByName(OfMembers):
    """A school's own, and those of others that show their name."""

    def shown_to(self, schools: list[int]) -> Q:
        return Q(school__in=schools) | super().shown_to(schools) & Q(by_name=True)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def of_days(self, first: date, last: date) -> Self:
        """Of this stretch or a part of it, taken back or not: it is not added up again, whoever
        leads the network then and whenever their term begins."""
        return self.filter(first_day__lte=last, last_day__gte=first)

    def standing(self) -> Self:
        """Those nobody took back."""
        return self.filter(withdrawn_on=None)


class Publication(models.Model):
    """The figures of one term of a network, added up once. When a school that is in them leaves, or
    shows less, they are deleted and not added up again: the difference would tell its numbers."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    title = models.CharField(max_length=60)  # Autumn term 2026/27
    first_day = models.DateField()
    last_day = models.DateField()
    published_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    figures = models.JSONField(null=True)

    objects: ClassVar[Any] = of_networks(PublicationQuerySet, OfMembers)

    class Meta:
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["network", "first_day"], name="published_once_a_term"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, figures__isnull=False)
                | Q(withdrawn_on__isnull=False, figures=None),
                name="withdrawn_without_figures",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")), name="published_of_a_stretch"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Contribution(NetworkModel):
    """One school in one publication: exactly what the network may read of it. Under its own name
    where its head said so; else only the school itself reads this, and the sums hold it.

    Deleting it, however that comes about, deletes the sums: the database sees to that.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="contributions")
    by_name = models.BooleanField(default=False)
    shown = models.JSONField(default=dict)

    objects: ClassVar[Any] = of_networks(manager=OwnOrByName)

    class Meta:
        ordering = ["school__name"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "school"], name="contributed_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="taken_back_is_deleted_from_the_sums",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func="""
                    UPDATE networks_publication SET figures = NULL, withdrawn_on = CURRENT_DATE
                    WHERE id = OLD.publication_id AND withdrawn_on IS NULL;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_id} in {self.publication_id}"


class Proposal(NetworkModel):
    """A school says that it prepares something for a need that several schools share."""

    key = models.CharField(max_length=400, editable=False)
    title = models.CharField("the shared need", max_length=300, editable=False)
    words = models.CharField("what we have in mind", max_length=300, blank=True)
    said_on = models.DateField()

    class Meta:
        ordering = ["-said_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["network", "school", "key"], name="proposed_once")
        ]

    def __str__(self) -> str:
        return f"{self.school_id} prepares something for {self.title}"
