"""What an activity serves and answers, and what it means for needs where it has got to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from activities import models as rows
from audits.models import Need
from cpdhub.models import Priority
from cpdhub.models.base import SchoolModel


@dataclass(frozen=True)
class MissingLink:
    """A place where the chain is broken, in words, with the page that mends it."""

    text: str
    view: str
    argument: int


class ActivityPriority(SchoolModel):
    """An activity serves a priority."""

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="served")
    priority = models.ForeignKey(Priority, models.CASCADE, related_name="served_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "priority"], name="served_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} serves {self.priority_id}"


class ActivityNeed(SchoolModel):
    """An activity answers a need."""

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="answered")
    need = models.ForeignKey(Need, models.CASCADE, related_name="answered_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "need"], name="need_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} answers {self.need_id}"


def follow_activities(needs: QuerySet[Need]) -> None:
    """Bring these needs to where the activities that answer them have got to.

    Planned once one is out of draft, being met once one is under way, and so they stay when it
    is over: that a need is met is said by people. With nothing left that answers them they are
    agreed, and waiting for something. What a person keeps to themselves is left alone. Inside
    a transaction.
    """
    State, Status = rows.Activity.State, Need.Status
    # Two activities of one need that move at once take turns: each counts what the other did.
    going = needs.filter(is_shared=True, status__in=[Status.IDENTIFIED, *Need.BEGUN])
    pks = list(going.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if not pks:
        return
    answers = ActivityNeed.objects.filter(need=OuterRef("pk")).exclude(
        activity__state__in=[State.DRAFT, State.CANCELLED]
    )
    where_they_are = Case(
        When(Exists(answers.exclude(activity__state=State.PLANNED)), then=Value(Status.BEING_MET)),
        When(Exists(answers), then=Value(Status.PLANNED)),
        When(status=Status.IDENTIFIED, then=Value(Status.IDENTIFIED)),
        default=Value(Status.AGREED),
    )
    moved = Need.objects.filter(pk__in=pks).alias(now_at=where_they_are)
    moved.exclude(status=F("now_at")).update(status=where_they_are)


def catch_up(instance: Need, update_fields: Collection[str] | None, **_: Any) -> None:
    """Agreed to a second time, it waits for nothing while something that answers it goes on."""
    if "status" not in (update_fields or ()) or instance.status != Need.Status.AGREED:
        return
    State = rows.Activity.State
    going = ActivityNeed.objects.filter(activity__state__in=[State.PLANNED, State.UNDER_WAY])
    if going.filter(need=instance).exists():
        follow_activities(Need.objects.filter(pk=instance.pk))
        instance.refresh_from_db(fields=["status"])


models.signals.post_save.connect(catch_up, sender=Need, dispatch_uid="activities.catch_up")
