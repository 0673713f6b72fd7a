"""Meetings of a network: what is to be talked about, what was, who came, and what is done."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cpdhub import clock
from networks.models.base import NetworkModel, OfTheNetwork, of_networks


class Meeting(OfTheNetwork):
    """One meeting of the CPD leaders, or of another group of the network. Who came is said by
    school, never by person."""

    title = models.CharField(max_length=120, default="CPD leaders’ meeting")
    held_on = models.DateField("on which day")
    starts_at = models.TimeField("from", null=True, blank=True)
    place = models.CharField("where", max_length=200, blank=True)
    link = models.URLField("or by this link", max_length=500, blank=True)
    agenda = models.TextField("what is to be talked about", max_length=3000)
    notes = models.TextField("what was said and agreed", max_length=5000, blank=True)
    present = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ahead(self) -> bool:
        return self.held_on >= clock.today()


class ActionPointQuerySet(models.QuerySet["ActionPoint"]):
    def unfinished(self) -> Self:
        return self.filter(done_on=None)

    def carried_to(self, meeting: Meeting) -> Self:
        """From meetings before it, and nobody has done them."""
        earlier = self.unfinished().filter(network=meeting.network_id).exclude(meeting=meeting)
        return earlier.filter(meeting__held_on__lte=meeting.held_on)


class ActionPoint(NetworkModel):
    """What somebody undertook at a meeting; it comes up at each later one until it is done."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="points", editable=False)
    text = models.CharField("what is done", max_length=300)
    who = models.CharField("who does it", max_length=120, blank=True)
    by_when = models.DateField("by when", null=True, blank=True)
    done_on = models.DateField(null=True, editable=False)

    objects: ClassVar[Any] = of_networks(ActionPointQuerySet)

    class Meta:
        ordering = [models.F("by_when").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.by_when is not None and self.done_on is None and self.by_when < clock.today()
