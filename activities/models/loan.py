"""Things people may borrow to learn with: play time, no strings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, Func, Max, OuterRef, Q, Value

from audits.models import Topic
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible, SchoolModel, scoped
from cpdhub.queries import holding

ONE_TERM = 14  # weeks: the longest anything is away


class EquipmentQuerySet(models.QuerySet["Equipment"]):
    def in_use(self) -> Self:
        return self.filter(is_withdrawn=False)

    def named(self, words: str) -> Self:
        """Whose name, use or place holds all these words."""
        return self.filter(holding(words, "name", "good_for", "kept_at"))

    def with_last_used(self) -> Self:
        """When it last came back; nothing while it is out or was never borrowed."""
        return self.annotate(
            is_out=Exists(Loan.objects.open().filter(equipment=OuterRef("pk"))),
            last_used=Max("loans__returned_on"),
        )

    def lying_idle(self, today: date) -> Self:
        """Nobody has it, and nobody had it for a term. Needs `with_last_used`."""
        long_ago = today - timedelta(weeks=ONE_TERM)
        return self.filter(Q(is_out=False) & (Q(last_used=None) | Q(last_used__lt=long_ago)))


class Equipment(SchoolModel):
    """One thing of the school that staff may take away to learn with."""

    name = models.CharField("what it is", max_length=120)
    good_for = models.CharField(
        "what it is good for",
        max_length=300,
        blank=True,
        help_text="For example: filming a lesson by yourself and watching it later.",
    )
    kept_at = models.CharField("where it is kept", max_length=120, blank=True)
    variant = models.CharField(
        "how it differs from what is in other rooms",
        max_length=200,
        blank=True,
        help_text="For example: runs the older software, like the boards in the annexe.",
    )
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="topic"
    )
    weeks = models.PositiveSmallIntegerField(
        "how many weeks somebody may keep it",
        default=ONE_TERM,
        validators=[MinValueValidator(1), MaxValueValidator(ONE_TERM)],
        help_text=f"Up to a term, which is {ONE_TERM} weeks.",
    )
    may_go_home = models.BooleanField("may be taken home", default=True)
    is_withdrawn = models.BooleanField("no longer lent", default=False)

    objects: ClassVar[Any] = scoped(EquipmentQuerySet)

    class Meta:
        verbose_name_plural = "equipment"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weeks__gte=1, weeks__lte=ONE_TERM), name="lent_for_a_term_at_most"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def latest_return(self, today: date) -> date:
        return today + timedelta(weeks=self.weeks)

    @transaction.atomic
    def lend(self, *, to: Staff, until: date, at_home: bool, today: date) -> Loan:
        """To the first who asks; the second is told who has it."""
        locked = Equipment.objects.select_for_update().get(pk=self.pk)
        if locked.is_withdrawn:
            raise NotPossible(f"{self} is no longer lent.")
        if held := Loan.objects.open().filter(equipment=locked).select_related("staff").first():
            who = "You have" if held.staff_id == to.pk else f"{held.staff.name} has"
            raise NotPossible(f"{who} it until {held.until}.")
        if not today <= until <= locked.latest_return(today):
            raise NotPossible("It must come back within the weeks it is lent for.")
        if at_home and not locked.may_go_home:
            raise NotPossible(f"{self} stays in school.")
        try:
            with transaction.atomic():
                return Loan.objects.create(
                    school_id=locked.school_id,
                    equipment=locked,
                    staff=to,
                    lent_on=today,
                    due_on=until,
                    at_home=at_home,
                )
        except IntegrityError as clash:
            raise NotPossible("It came back on a later day than this one.") from clash


class LoanQuerySet(models.QuerySet["Loan"]):
    def open(self) -> Self:
        """Not back yet."""
        return self.filter(returned_on=None)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)


class Loan(SchoolModel):
    """Somebody has a thing to learn with. What they learned they say if they like."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="loans")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="loans")
    lent_on = models.DateField()
    due_on = models.DateField("bring it back by")
    at_home = models.BooleanField("take it home", default=False)
    returned_on = models.DateField(null=True, blank=True)
    learned = models.CharField("what you learned with it", max_length=500, blank=True)

    objects: ClassVar[Any] = scoped(LoanQuerySet)

    class Meta:
        ordering = ["-lent_on", "-pk"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(returned_on=None), name="loans_not_back")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("lent_on")), name="due_after_it_is_lent"
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("lent_on")),
                name="back_after_it_is_lent",
            ),
            # The number as a range of itself: PostgreSQL can keep that apart without an extension.
            ExclusionConstraint(
                name="lent_to_one_at_a_time",
                expressions=[
                    (
                        Func(
                            F("equipment"), F("equipment"), Value("[]"),
                            function="int8range", output_field=models.TextField(),
                        ),
                        "&&",
                    ),
                    (
                        Func(
                            F("lent_on"), F("returned_on"), Value("[)"),
                            function="daterange", output_field=models.TextField(),
                        ),
                        "&&",
                    ),
                ],
            ),
        ]  # fmt: skip
        triggers = [
            # Nothing that is back goes out again under the same loan.
            pgtrigger.Protect(
                name="back_stays_back",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__returned_on__isnull=False)
                & pgtrigger.Q(new__returned_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id} lent on {self.lent_on}"

    @property
    def until(self) -> str:
        return f"{self.due_on.day} {self.due_on:%B %Y}"

    def is_overdue(self, today: date) -> bool:
        return self.returned_on is None and self.due_on < today

    def give_back(self, *, learned: str, today: date) -> None:
        """It is here again. Saying so twice is harmless: the first day stays."""
        Loan.objects.open().filter(pk=self.pk).update(returned_on=max(today, self.lent_on))
        if learned:
            Loan.objects.filter(pk=self.pk).update(learned=learned)
        self.refresh_from_db()
