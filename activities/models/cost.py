"""What an activity costs, or brings in, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum

from activities.models.activity import Activity
from activities.models.adding_up import BRINGS_IN, KNOWN, NOTHING
from activities.models.budget import Budget, amount_field, no_room
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible, SchoolModel, remembered, scoped

HOURS_A_DAY = Decimal("6.5")  # 1,265 hours in 195 days: what an hour's cover is a share of


class CostQuerySet(models.QuerySet["Cost"]):
    def of_school(self) -> Self:
        """Of activities that count: neither drafts nor cancelled."""
        return self.exclude(activity__state__in=Activity.NOT_HAPPENING)

    def unpaid(self) -> Self:
        """An invoice came, and nobody noted that it is paid."""
        return self.exclude(invoice_number="", invoiced_on=None).filter(paid_on=None)

    def to_free(self, *, today: date) -> Self:
        """Money put aside for somebody who has left or is leaving before it would be spent."""
        return self.filter(
            actual=None, staff__ends_on__isnull=False, falls_on__gt=F("staff__ends_on")
        ).of_school()

    def total(self) -> Decimal:
        """What they come to: what was paid, else what is expected."""
        return self.aggregate(total=Sum(KNOWN))["total"] or NOTHING

    def refuse_overspend(self) -> None:
        """These lines are about to count. Those of closed or full budgets forbid it."""
        wanted: dict[int | None, Decimal] = {}
        for line in self.exclude(budget=None).filter(actual=None):
            wanted[line.budget_id] = wanted.get(line.budget_id, NOTHING) + line.would_take
        locked = Budget.objects.select_for_update(no_key=True, of=("self",))
        for budget in locked.filter(pk__in=wanted).order_by("pk"):
            if budget.is_closed:
                raise NotPossible(f"“{budget}” is closed. Choose another budget for its costs.")
            if budget.is_hard and wanted[budget.pk] > (left := budget.left_now()):
                raise NotPossible(no_room(budget, left, wanted[budget.pk]))


@remembered()
class Cost(SchoolModel):
    """One line of what an activity costs, or brings in.

    Sums are never negative: income and refunds are kinds of their own.
    """

    class Kind(models.TextChoices):
        FEE = "fee", "Fee"
        TRAVEL = "travel", "Travel"
        MATERIALS = "materials", "Materials"
        VENUE = "venue", "Venue"
        TRAINER = "trainer", "Trainer from outside"
        COVER = "cover", "Cover"
        OTHER = "other", "Other"
        REFUND = "refund", "Refund: money that comes back"
        INCOME = "income", "Income: money earned or given for it"

    BRINGS_IN = BRINGS_IN

    class CoverUnit(models.TextChoices):
        DAY = "day", "days"
        HALF_DAY = "half_day", "half-days"
        HOUR = "hour", "hours"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="costs")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FEE)
    note = models.CharField("what for", max_length=200, blank=True)
    expected = amount_field("expected (£)", null=True, blank=True)
    actual = amount_field("in the end (£)", null=True, blank=True)
    falls_on = models.DateField("day", help_text="Which year's money: usually the first session.")
    budget = models.ForeignKey(Budget, models.PROTECT, null=True, blank=True, related_name="lines")
    cover_unit = models.CharField("cover in", max_length=10, choices=CoverUnit, blank=True)
    cover_number = models.DecimalField(
        "how many", max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(500)],
    )  # fmt: skip
    staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="costs", verbose_name="for"
    )
    request = models.ForeignKey(
        "activities.Request", models.SET_NULL, null=True, blank=True, editable=False,
        related_name="costs", verbose_name="put aside for the request",
    )  # fmt: skip
    invoice_number = models.CharField(max_length=60, blank=True)
    invoiced_on = models.DateField("date of the invoice", null=True, blank=True)
    paid_on = models.DateField("paid on", null=True, blank=True)

    objects: ClassVar[Any] = scoped(CostQuerySet)

    class Meta:
        ordering = ["falls_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__isnull=False) | Q(actual__isnull=False),
                name="cost_says_a_sum",
            ),
            models.CheckConstraint(
                condition=(Q(expected=None) | Q(expected__gte=0))
                & (Q(actual=None) | Q(actual__gte=0)),
                name="cost_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(cover_unit="", cover_number=None)
                | (
                    ~Q(cover_unit="")
                    & Q(kind="cover", cover_number__isnull=False, cover_number__gt=0)
                ),
                name="cover_is_counted_in_cover",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="activity_adds_up",  # the first by name: locks the activity, then the budget
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    UPDATE activities_activity SET cost = cost
                    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.activity_id
                                    ELSE NEW.activity_id END;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="budget_takes_it",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("budget", "activities_budget%ROWTYPE")],
                func="""
                    IF TG_OP <> 'INSERT' AND OLD.budget_id IS NOT NULL THEN
                        PERFORM activities_keep_within(OLD.budget_id);
                    END IF;
                    IF TG_OP = 'DELETE' OR NEW.budget_id IS NULL THEN RETURN NULL; END IF;
                    PERFORM activities_keep_within(NEW.budget_id);
                    IF TG_OP = 'UPDATE' AND
                       (OLD.budget_id, OLD.falls_on, OLD.expected, OLD.actual, OLD.kind)
                       IS NOT DISTINCT FROM
                       (NEW.budget_id, NEW.falls_on, NEW.expected, NEW.actual, NEW.kind)
                    THEN RETURN NULL; END IF;
                    SELECT * INTO budget FROM activities_budget WHERE id = NEW.budget_id;
                    IF budget.closed_at IS NOT NULL THEN
                        RAISE EXCEPTION 'the budget is closed' USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.falls_on NOT BETWEEN budget.starts_on AND budget.ends_on THEN
                        RAISE EXCEPTION 'the day is outside the budget''s period'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.note or self.get_kind_display().partition(":")[0]

    @property
    def brings_in(self) -> bool:
        return self.kind in self.BRINGS_IN

    @property
    def known(self) -> Decimal:
        """What was paid, else what is expected; what comes in takes away from it."""
        sum_ = self.expected if self.actual is None else self.actual
        return -(sum_ or NOTHING) if self.brings_in else sum_ or NOTHING

    @property
    def would_take(self) -> Decimal:
        """From its budget, once its activity is planned. Income counts when it is in."""
        return NOTHING if self.actual is None and self.brings_in else self.known

    @property
    def takes(self) -> Decimal:
        """From its budget now."""
        is_off = self.activity.state in Activity.NOT_HAPPENING
        return NOTHING if self.actual is None and is_off else self.would_take

    @property
    def is_unpaid(self) -> bool:
        return bool(self.invoice_number or self.invoiced_on) and self.paid_on is None

    def cover_cost(self) -> Decimal:
        """What its cover comes to at the school's rate."""
        days = {
            self.CoverUnit.DAY: Decimal(1),
            self.CoverUnit.HALF_DAY: Decimal("0.5"),
            self.CoverUnit.HOUR: 1 / HOURS_A_DAY,
        }[self.CoverUnit(self.cover_unit)]
        rate = self.activity.school.cover_rate
        return ((self.cover_number or NOTHING) * days * rate).quantize(Decimal("0.01"))

    def refusals(self) -> dict[str, str]:
        """Why its budget does not take it, by field; what is as it was is not asked again."""
        budget = self.budget
        if budget is None or not self._counts_anew():
            return {}
        if budget.is_closed:
            instead = "" if budget.carried_to_id else ", or open it again"
            return {"budget": f"“{budget}” is closed. Choose another{instead}."}
        if not budget.covers(self.falls_on):
            return {
                "falls_on": f"“{budget}” is for {budget.period}. Choose a day in it, or another"
                " budget."
            }
        if budget.is_hard and self.takes > (left := budget.left_now(besides=self)):
            return {"budget": no_room(budget, left, self.takes)}
        return {}

    def _counts_anew(self) -> bool:
        before = Cost.objects.filter(pk=self.pk).first() if self.pk else None
        counts = ("budget_id", "falls_on", "expected", "actual", "kind")
        return before is None or any(getattr(before, f) != getattr(self, f) for f in counts)
