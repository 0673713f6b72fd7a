"""The staff bulletin: what the CPD leader puts together for colleagues now and then."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.permissions import Permission


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, staff: Staff, now: datetime) -> Self:
        """Those that went out; for who makes them all."""
        if staff.can(Permission.KEEP_STAFFROOM):
            return self
        return self.filter(leaves_at__lte=now)


class Bulletin(SchoolModel):
    """One staff bulletin: of which days, which posts the leader ticked, and when it goes out.

    What it shows is read when it is read: what somebody took down or deleted is not in it.
    """

    title = models.CharField(max_length=120)
    first = models.DateField("from")
    last = models.DateField("to")
    words = models.TextField("a few words to begin with", max_length=2_000, blank=True)
    thanks = models.TextField("whom we thank, and for what", max_length=2_000, blank=True)
    posts = ArrayField(models.BigIntegerField(), default=list, blank=True)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", editable=False)
    leaves_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(BulletinQuerySet)

    class Meta:
        ordering = ["-last", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="bulletin_has_a_title"),
            models.CheckConstraint(
                condition=Q(first__lte=F("last")), name="bulletin_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def has_left(self, now: datetime) -> bool:
        """Letters are on their way: it cannot be stopped any more, nor changed."""
        return self.leaves_at is not None and self.leaves_at <= now
