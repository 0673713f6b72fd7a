"""Sums for CPD: what there is for which days, with which conditions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from activities import models as rows
from activities.models.adding_up import COMMITTED, MONEY, NOTHING, SPENT
from cpdhub import clock
from cpdhub.models import Priority, Staff, Team
from cpdhub.models.base import NotPossible, SchoolModel, remembered, scoped
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import pounds


def amount_field(words: str, **options: Any) -> models.DecimalField:
    return models.DecimalField(
        words, max_digits=9, decimal_places=2, validators=[MinValueValidator(0)], **options
    )


def in_words(day: date) -> str:
    """21 November 2026"""
    return f"{day.day} {day:%B %Y}"


class BudgetQuerySet(models.QuerySet["Budget"]):
    def visible_to(self, staff: Staff) -> Self:
        """All of them to those who manage budgets; else the ones somebody holds."""
        return self if staff.can(Permission.MANAGE_BUDGETS) else self.filter(holder=staff)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def open_on(self, day: date) -> Self:
        """What may be spent from on this day."""
        return self.open().filter(starts_on__lte=day, ends_on__gte=day)

    def between(self, first: date, last: date) -> Self:
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def with_sums(self) -> Self:
        """Adds `spent`, `committed` and `carried_in`; then `has` and `left` cost no query."""
        lines = rows.Cost.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
        came = Budget.objects.filter(carried_to=OuterRef("pk")).order_by().values("carried_to")
        return self.annotate(
            spent=total_of(lines.annotate(total=Sum(SPENT)).values("total")),
            committed=total_of(lines.annotate(total=Sum(COMMITTED)).values("total")),
            carried_in=total_of(came.annotate(total=Sum("carried_over")).values("total")),
        )


def total_of(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=MONEY), Value(NOTHING, output_field=MONEY))


@remembered()
class Budget(SchoolModel):
    """A sum for a period: the school's own money, or a fund with conditions.

    What comes with conditions is never overspent; the database sees to it (`keeps_within`).
    """

    class Fund(models.TextChoices):
        OWN = "own", "The school's own money"
        PUPIL_PREMIUM = "pupil_premium", "Pupil premium, tier 1: teaching"
        GRANT = "grant", "Grant"
        AWARD = "award", "Award or sponsorship"
        POOLED = "pooled", "Shared with other schools"
        OTHER = "other", "Other money with conditions"

    name = models.CharField(max_length=120)
    code = models.CharField("cost code", max_length=40, blank=True)
    fund = models.CharField("where it comes from", max_length=15, choices=Fund, default=Fund.OWN)
    permitted_uses = models.CharField("what it may be used for", max_length=500, blank=True)
    challenges = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True,
        verbose_name="challenges it answers",
    )  # fmt: skip
    amount = amount_field("amount (£)")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    is_hard = models.BooleanField("never overspent", default=False)
    review_on = models.DateField("look again on", null=True, blank=True)
    holder = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="budgets_held"
    )
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="budgets")
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="budgets"
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    carried_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="carried_from"
    )
    carried_over = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    spent: Decimal  # from `with_sums`
    committed: Decimal
    carried_in: Decimal

    objects: ClassVar[Any] = scoped(BudgetQuerySet)

    class Meta:
        ordering = ["-ends_on", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="budget_has_days"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_not_negative"),
            models.CheckConstraint(
                condition=Q(fund="own") | Q(is_hard=True), name="money_with_conditions_is_hard"
            ),
            models.CheckConstraint(
                condition=Q(carried_to=None, carried_over=None)
                | Q(
                    carried_to__isnull=False,
                    carried_over__isnull=False,
                    carried_over__gt=0,
                    closed_at__isnull=False,
                ),
                name="carried_over_when_closed",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keeps_within_its_amount",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                func="""
                    PERFORM activities_keep_within(NEW.id);
                    PERFORM activities_keep_within(NEW.carried_to_id);
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    @property
    def is_ring_fenced(self) -> bool:
        return self.fund != self.Fund.OWN

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def period(self) -> str:
        return f"{in_words(self.starts_on)} to {in_words(self.ends_on)}"

    @property
    def has(self) -> Decimal:
        """Its amount, with what came over from another and without what went."""
        return self.amount + self.carried_in - (self.carried_over or NOTHING)

    @property
    def taken(self) -> Decimal:
        return self.spent + self.committed

    @property
    def left(self) -> Decimal:
        return self.has - self.taken

    @property
    def over(self) -> Decimal:
        """By how much it is overspent."""
        return max(-self.left, NOTHING)

    def left_now(self, *, besides: rows.Cost | None = None) -> Decimal:
        """As the database has it at this moment; without one line that is about to change."""
        now = Budget.objects.with_sums().get(pk=self.pk)
        before = rows.Cost.objects.filter(pk=besides.pk).first() if besides and besides.pk else None
        return now.left + (before.takes if before and before.budget_id == self.pk else NOTHING)

    def room_for(self, amount: Decimal) -> bool:
        """Whether that much is left. Lock the row first if more follows from the answer."""
        return amount <= self.left_now()

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def close(self) -> None:
        if not self.is_closed:
            self.closed_at = clock.now()
            self.save(update_fields=["closed_at"])

    def reopen(self) -> None:
        if self.carried_to_id:
            raise NotPossible("What was left has been carried over, so it stays closed.")
        self.closed_at = None
        self.save(update_fields=["closed_at"])


def no_room(budget: Budget, left: Decimal, wanted: Decimal) -> str:
    return (
        f"“{budget}” must not be overspent: {pounds(max(left, NOTHING))} of it is left, and this"
        f" is {pounds(wanted)}. Take it from another budget, or change the amount first."
    )
