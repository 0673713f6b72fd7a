"""The school's improvement plan: priorities, how they will be known to be met, how they go."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import formats

from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.models.school import AcademicYear, HalfTerm
from cpdhub.models.self_evaluation import AreaForImprovement, Origin
from cpdhub.models.staff import Staff
from cpdhub.permissions import Permission


class PlanQuerySet(models.QuerySet["Plan"]):
    def of_day(self, day: date) -> Plan | None:
        """The plan of the academic year that holds this day."""
        return (
            self.filter(year__starts_on__lte=day, year__ends_on__gte=day)
            .select_related("year")
            .first()
        )


@remembered()
class Plan(SchoolModel):
    """The school's improvement plan for one academic year."""

    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="plans")
    vision = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = scoped(PlanQuerySet)

    class Meta:
        ordering = ["-year__starts_on"]
        constraints = [models.UniqueConstraint(fields=["year"], name="one_plan_a_year")]

    def __str__(self) -> str:
        return f"Improvement plan {self.year}"

    @property
    def is_open(self) -> bool:
        """Not archived: it can still be changed."""
        return self.archived_at is None


class PriorityQuerySet(models.QuerySet["Priority"]):
    def live(self) -> Self:
        return self.filter(state=Priority.State.LIVE)

    def readable(self) -> Self:
        """What every colleague may read: everything but drafts."""
        return self.exclude(state=Priority.State.DRAFT)

    def whole_school(self) -> Self:
        """In no sub-plan: what the school advises to have few of."""
        return self.filter(sub_plan=None)

    def visible_to(self, staff: Staff) -> Self:
        """Drafts only to those who write the plan."""
        return self if staff.can(Permission.EDIT_PLAN) else self.readable()

    def with_progress(self) -> Self:
        """With what a page about them needs: people, criteria with readings, milestones."""
        return self.select_related("lead", "governor", "sub_plan", "plan__year").prefetch_related(
            "criteria__readings", "milestones"
        )


@remembered()
class Priority(SchoolModel):
    """One thing the school has decided to improve this year, and how it will know."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        CLOSED = "closed", "Closed"

    Source = Origin

    class Rag(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        OFF_TRACK = "off_track", "Off track"
        CONCERN = "concern", "Under way, with a concern"
        ON_TRACK = "on_track", "On track"
        MET = "met", "Met"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="priorities")
    area = models.OneToOneField(
        AreaForImprovement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="priority",
        verbose_name="area for improvement it came from",
    )
    # The database keeps it to a sub-plan of the same plan (a key of both columns).
    sub_plan = models.ForeignKey(
        "cpdhub.SubPlan",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="priorities",
        verbose_name="sub-plan",
    )
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=20, choices=Source, blank=True)
    why = models.TextField("why this, why now", blank=True)
    pupils = models.CharField("which pupils will gain", max_length=200, blank=True)
    lead = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="priorities_led"
    )
    governor = models.ForeignKey(
        Staff,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="link governor",
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    rag = models.CharField("progress", max_length=12, choices=Rag, default=Rag.NOT_STARTED)
    rag_note = models.CharField("progress in words", max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT, editable=False)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_to", editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(PriorityQuerySet)

    class Meta:
        verbose_name_plural = "priorities"
        ordering = [F("rank").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="priority_ends_after_it_starts",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="measured_before_live",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(new__state="live"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM cpdhub_successcriterion c WHERE c.priority_id = NEW.id
                        AND c.measure <> '' AND c.baseline IS NOT NULL AND c.target IS NOT NULL
                    ) THEN RAISE EXCEPTION 'a live priority needs baseline, target and measure'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.FSM(
                name="draft_to_live_to_closed",
                field="state",
                transitions=[("draft", "live"), ("live", "closed"), ("closed", "live")],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_live(self) -> bool:
        return self.state == self.State.LIVE

    def may_be_changed_by(self, staff: Staff) -> bool:
        return staff.can(Permission.EDIT_PLAN) and self.plan.is_open

    def may_be_followed_by(self, staff: Staff) -> bool:
        """Who records readings, milestones and findings: the plan's writers and its lead."""
        if not self.plan.is_open:
            return False
        return staff.can(Permission.EDIT_PLAN) or (
            self.lead_id == staff.pk and not self.is_draft and staff.can(Permission.SEE_PLAN)
        )


@remembered()
class SuccessCriterion(SchoolModel):
    """How the school will know a priority was met: a measure, where it stands and should stand."""

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="criteria")
    measure = models.CharField("what is measured", max_length=200)
    unit = models.CharField(max_length=20, blank=True, help_text="For example % or pupils.")
    baseline = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    due_on = models.DateField("due", null=True, blank=True)

    class Meta:
        verbose_name_plural = "success criteria"
        ordering = ["pk"]
        triggers = [
            pgtrigger.Trigger(
                name="live_priority_stays_measured",
                when=pgtrigger.After,
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf("measure", "baseline", "target", "priority_id"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM cpdhub_priority p
                        WHERE p.id = OLD.priority_id AND p.state = 'live'
                    ) AND NOT EXISTS (
                        SELECT 1 FROM cpdhub_successcriterion c
                        WHERE c.priority_id = OLD.priority_id AND c.measure <> ''
                        AND c.baseline IS NOT NULL AND c.target IS NOT NULL
                    ) THEN RAISE EXCEPTION 'a live priority keeps baseline, target and measure'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.measure

    @property
    def is_complete(self) -> bool:
        """Baseline, target and measure are all there."""
        return bool(self.measure) and self.baseline is not None and self.target is not None

    @property
    def latest(self) -> Reading | None:
        """The newest reading, from readings fetched beforehand (`with_progress`)."""
        readings = list(self.readings.all())
        return readings[-1] if readings else None

    def reached(self, value: Decimal) -> bool | None:
        """Whether a reading meets the target; None while there is no target."""
        if self.target is None:
            return None
        if self.baseline is not None and self.target < self.baseline:
            return value <= self.target
        return value >= self.target


@remembered()
class Reading(SchoolModel):
    """One reading of a success criterion on one day."""

    criterion = models.ForeignKey(SuccessCriterion, models.CASCADE, related_name="readings")
    taken_on = models.DateField("date")
    value = models.DecimalField(max_digits=9, decimal_places=2)
    pupils_counted = models.PositiveIntegerField("pupils it covers (n)", null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["taken_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "taken_on"], name="one_reading_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.value.normalize():f} on {formats.date_format(self.taken_on)}"


def waiting(path: str = "") -> Q:
    """Milestones at a path that are of live priorities and not yet answered."""
    return Q(**{f"{path}actual": "", f"{path}priority__state": Priority.State.LIVE})


def overdue(today: date, path: str = "") -> Q:
    return waiting(path) & Q(**{f"{path}due_on__lt": today})


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def waiting(self) -> Self:
        return self.filter(waiting())

    def overdue(self, *, today: date) -> Self:
        return self.filter(overdue(today))

    def due_within(self, days: int, *, today: date) -> Self:
        return self.waiting().filter(due_on__range=(today, today + timedelta(days=days)))


@remembered()
class Milestone(SchoolModel):
    """Where a priority should be by a date in one half-term, and where it turned out to be."""

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="milestones")
    half_term = models.ForeignKey(
        HalfTerm, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("due")
    expected = models.CharField("where we should be", max_length=300)
    actual = models.CharField("where we are", max_length=300, blank=True)
    rag = models.CharField("progress", max_length=12, choices=Priority.Rag, blank=True)

    objects: ClassVar[Any] = scoped(MilestoneQuerySet)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.expected

    @property
    def is_answered(self) -> bool:
        return bool(self.actual)

    def is_overdue(self, *, today: date) -> bool:
        return not self.actual and self.due_on < today


@remembered()
class MonitoringNote(SchoolModel):
    """What somebody found when they looked whether a priority is happening."""

    class Method(models.TextChoices):
        WALK = "walk", "Learning walk"
        WORK = "work", "Pupils' work"
        DATA = "data", "Data"
        TALK = "talk", "Talking with pupils"
        STAFF = "staff", "Talking with staff"

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="monitoring")
    seen_on = models.DateField("date")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    method = models.CharField("how", max_length=8, choices=Method)
    finding = models.TextField("what we found")
    next_step = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-seen_on", "-pk"]

    def __str__(self) -> str:
        return self.finding[:60]
