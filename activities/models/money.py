"""Sums for CPD, and what activities cost, line by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, DecimalField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from activities.models.activity import Activity
from cpdhub import clock
from cpdhub.models import Priority, Staff, Team
from cpdhub.models.base import NotPossible, SchoolModel, remembered, scoped
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import pounds

NOTHING = Decimal(0)
MONEY: DecimalField = DecimalField(max_digits=12, decimal_places=2)
HOURS_A_DAY = Decimal("6.5")  # 1,265 hours in 195 days: what an hour's cover is a share of


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
        lines = Cost.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
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

    def left_now(self, *, besides: Cost | None = None) -> Decimal:
        """As the database has it at this moment; without one line that is about to change."""
        now = Budget.objects.with_sums().get(pk=self.pk)
        before = Cost.objects.filter(pk=besides.pk).first() if besides and besides.pk else None
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
        wanted: dict[int, Decimal] = {}
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

    BRINGS_IN = (Kind.REFUND, Kind.INCOME)

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
                name="activity_adds_up",  # first by name, as whoever moves an activity locks it first
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
        """Why its budget does not take it, by field. What is as it was before is not asked again."""
        budget = self.budget
        if budget is None or not self._counts_anew():
            return {}
        if budget.is_closed:
            return {"budget": f"“{budget}” is closed. Choose another, or open it again."}
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


def no_room(budget: Budget, left: Decimal, wanted: Decimal) -> str:
    return (
        f"“{budget}” must not be overspent: {pounds(max(left, NOTHING))} of it is left, and this"
        f" is {pounds(wanted)}. Take it from another budget, or change the amount first."
    )


_SUM = Coalesce("actual", "expected")
KNOWN = Case(When(kind__in=Cost.BRINGS_IN, then=-_SUM), default=_SUM, output_field=MONEY)
SPENT = Case(When(kind__in=Cost.BRINGS_IN, then=-F("actual")), default="actual", output_field=MONEY)
COMMITTED = Case(
    When(
        Q(actual=None)
        & ~Q(kind__in=Cost.BRINGS_IN)
        & ~Q(activity__state__in=Activity.NOT_HAPPENING),
        then="expected",
    ),
    output_field=MONEY,
)
