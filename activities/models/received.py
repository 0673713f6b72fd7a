"""What a school keeps of entitlements: which, for whom by name, and who has received what."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from activities.models.activity import Activity
from activities.models.entitlement import Entitlement, EntitlementStep, shipped_or_own
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, remembered, scoped


@remembered()
class EntitlementUse(SchoolModel):
    """The school keeps this entitlement, in this version: from a day on it is owed."""

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="uses")
    code = models.SlugField(max_length=60, editable=False)
    since = models.DateField("counts from", default=clock.today)
    joined_since = models.DateField(
        "only for those who joined since",
        null=True,
        blank=True,
        help_text="Leave empty for everyone it is meant for, however long they have been here.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="one_version_in_use"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="of_its_code_and_school",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM activities_entitlement e WHERE e.id = NEW.entitlement_id
                        AND e.code = NEW.code
                        AND (e.school_id IS NULL OR e.school_id = NEW.school_id)
                    ) THEN RAISE EXCEPTION 'a school keeps what is shipped or its own'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.entitlement_id} since {self.since}"


@remembered()
class EntitledPerson(SchoolModel):
    """A person chosen by name: on a pathway, a safeguarding lead, a joiner with a buddy."""

    use = models.ForeignKey(EntitlementUse, models.CASCADE, related_name="people")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="entitled_to")
    counts_from = models.DateField("counts from", default=clock.today)
    supporter = models.ForeignKey(
        Staff,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="buddy or supporter",
    )
    note = models.CharField("what they are aiming for", max_length=200, blank=True)

    class Meta:
        ordering = ["staff__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["use", "staff"], name="entitled_once"),
            models.CheckConstraint(
                condition=Q(supporter=None) | ~Q(supporter=F("staff")),
                name="nobody_is_their_own_buddy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.use_id}"


class ActivityStep(SchoolModel):
    """An activity answers a step: whoever attends it has received it."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="entitles")
    step = models.ForeignKey(EntitlementStep, models.PROTECT, related_name="answered_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "step"], name="step_answered_once")
        ]
        triggers = [shipped_or_own("step_id", "activities_entitlementstep")]

    def __str__(self) -> str:
        return f"{self.activity_id} answers step {self.step_id}"


class ReceivedQuerySet(models.QuerySet["Received"]):
    def of_step(self, step: EntitlementStep) -> Self:
        """In whichever version of the entitlement it was written down."""
        return self.filter(step__code=step.code, step__entitlement__code=step.entitlement.code)


@remembered()
class Received(SchoolModel):
    """A person has received a step, on a day; written down by hand where no register shows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="received")
    step = models.ForeignKey(EntitlementStep, models.PROTECT, related_name="received")
    on = models.DateField("date")
    evidence = models.CharField("how we know", max_length=300, blank=True)
    noted_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="+", editable=False
    )
    noted_on = models.DateField(default=clock.today, editable=False)

    objects: ClassVar[Any] = scoped(ReceivedQuerySet)

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "step", "on"], name="received_once_a_day")
        ]
        triggers = [
            shipped_or_own("step_id", "activities_entitlementstep"),
            pgtrigger.Trigger(
                name="no_outcome_of_induction",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=~pgtrigger.Q(new__evidence=""),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM activities_entitlementstep s
                        WHERE s.id = NEW.step_id AND s.due = 'term'
                    ) THEN RAISE EXCEPTION
                        'of a review or assessment only the day is kept, never a word about it'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} received {self.step_id} on {self.on}"
