"""Schools, the reference table they are opened from, and their calendar."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import get_script_prefix, reverse, set_script_prefix

from cpdhub.models.base import SchoolModel, remembered, scoped


class Establishment(models.Model):
    """One establishment of the DfE's register (Get Information about Schools).

    Reference only: nobody signs in to it. A school of CPD Hub is opened from one.
    Codes are text and kept as they came; names are what we show.
    """

    urn = models.CharField("URN", max_length=6, unique=True)
    name = models.CharField(max_length=200)
    dfe_number = models.CharField("DfE number", max_length=7, blank=True)  # LA + establishment
    la_name = models.CharField("local authority", max_length=100, blank=True)
    type_name = models.CharField("type", max_length=100, blank=True)
    group_name = models.CharField("type group", max_length=100, blank=True)
    status_name = models.CharField("status", max_length=60, blank=True)
    phase_name = models.CharField("phase", max_length=60, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    ukprn = models.CharField("UKPRN", max_length=8, blank=True)
    trust_name = models.CharField("trust", max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["name", "urn"]

    def __str__(self) -> str:
        return f"{self.name} ({self.urn})"

    @property
    def is_closed(self) -> bool:
        return self.status_name.casefold() == "closed"


class School(models.Model):
    """One school that uses CPD Hub: the tenant. Everything else hangs on it.

    Its URN changes when it becomes an academy; the school here stays the same one.
    """

    class Phase(models.TextChoices):
        """Our own list: the register calls most special schools "not applicable"."""

        NURSERY = "nursery", "Nursery"
        PRIMARY = "primary", "Primary"
        MIDDLE = "middle", "Middle"
        SECONDARY = "secondary", "Secondary"
        ALL_THROUGH = "all_through", "All-through"
        SPECIAL = "special", "Special"
        ALTERNATIVE = "alternative", "Alternative provision or PRU"
        SIXTEEN_PLUS = "sixteen_plus", "16 plus"
        TRUST = "trust", "Trust central team"
        LOCAL_AUTHORITY = "la", "Local authority team"
        OTHER = "other", "Other"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True, help_text="Its address: /s/<slug>/")
    urn = models.CharField(
        "URN", max_length=6, unique=True, validators=[RegexValidator(r"^\d{6}$", "Six digits.")]
    )
    former_urns = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    dfe_number = models.CharField("DfE number", max_length=7, blank=True)
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.PRIMARY)
    gias_phase = models.CharField("phase in the register", max_length=60, blank=True)
    local_authority = models.CharField(max_length=100, blank=True)
    cover_rate = models.DecimalField(
        "cost of a day's cover (£)",
        max_digits=7,
        decimal_places=2,
        default=Decimal(220),
        validators=[MinValueValidator(0)],
    )
    staff_hour_rate = models.DecimalField(
        "what an hour of staff time is worth (£)",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Empty: staff time is not valued in money, and costs are shown in cash only.",
    )
    most_out_per_day = models.PositiveSmallIntegerField(
        "most staff out of school on one day", default=2
    )
    head_decides_above = models.DecimalField(
        "the head decides about requests above (£)",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        default=Decimal(500),
        validators=[MinValueValidator(0)],
        help_text="With cover. Empty: whoever leads CPD decides about all of them.",
    )
    sharing_plan_above = models.DecimalField(
        "requests say how others will learn from it above (£)",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        default=Decimal(250),
        validators=[MinValueValidator(0)],
        help_text="With cover. Empty: nobody has to.",
    )
    day_starts_at = models.TimeField("the school day begins", default=time(8, 45))
    day_ends_at = models.TimeField("the school day ends", default=time(15, 15))
    advised_priorities = models.PositiveSmallIntegerField(
        "advised ceiling of live priorities",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    most_prompts = models.PositiveSmallIntegerField(
        "prompts for one person in a half-term, at most",
        default=3,
        validators=[MaxValueValidator(10)],
    )
    observations_a_year = models.PositiveSmallIntegerField(
        "developmental observations of one person a year",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    need_confidence_at_most = models.PositiveSmallIntegerField(
        "an audit suggests a need from this confidence down",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    need_importance_at_least = models.PositiveSmallIntegerField(
        "where importance is asked, from this importance up",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    evaluates_by = models.ForeignKey(
        "cpdhub.Framework",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="areas the school evaluates itself by",
        help_text="Empty: the inspection areas in force today.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(cover_rate__gte=0), name="cover_rate_not_negative"),
            models.CheckConstraint(
                condition=(Q(head_decides_above=None) | Q(head_decides_above__gte=0))
                & (Q(sharing_plan_above=None) | Q(sharing_plan_above__gte=0)),
                name="request_limits_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(staff_hour_rate=None) | Q(staff_hour_rate__gte=0),
                name="staff_hour_rate_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(day_ends_at__gt=F("day_starts_at")), name="school_day_has_length"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def link(self, view: str, *args: Any, **kwargs: Any) -> str:
        """The full address of one of this school's pages, for letters and calendars."""
        before = get_script_prefix()
        set_script_prefix(f"/s/{self.slug}/")
        try:
            path = reverse(view, urlconf="cpdhub.school_urls", args=args, kwargs=kwargs)
            return settings.BASE_URL + path
        finally:
            set_script_prefix(before)

    def change_urn(self, urn: str) -> None:
        """A new URN (an academy, a merger): the old one is remembered.

        What the register says of the new one replaces what it said of the old.
        """
        if urn == self.urn:
            return
        self.former_urns = [*self.former_urns, self.urn]
        self.urn = urn
        changed = ["urn", "former_urns"]
        if entry := Establishment.objects.filter(urn=urn).first():
            self.dfe_number, self.gias_phase = entry.dfe_number, entry.phase_name
            self.local_authority = entry.la_name
            changed += ["dfe_number", "gias_phase", "local_authority"]
        self.save(update_fields=changed)


class AcademicYearQuerySet(models.QuerySet["AcademicYear"]):
    def containing(self, day: date) -> AcademicYear | None:
        return self.filter(starts_on__lte=day, ends_on__gte=day).first()

    def with_half_terms(self) -> Self:
        """Adds `half_term_days`, without a query of its own for them."""
        days = JSONObject(name="name", first="starts_on", last="ends_on")
        rows = HalfTerm.objects.filter(year=OuterRef("pk")).order_by("starts_on")
        return self.annotate(half_term_days=ArraySubquery(rows.values(days=days)))


@remembered()
class AcademicYear(SchoolModel):
    """A school's year, 1 September to 31 August, written 2026/27."""

    name = models.CharField(max_length=7)
    starts_on = models.DateField()
    ends_on = models.DateField()
    inset_days = models.PositiveSmallIntegerField(
        "INSET days a person works",
        default=5,
        validators=[MaxValueValidator(20)],
    )
    inset_hours = models.DecimalField(
        "hours an INSET day counts as",
        max_digits=3,
        decimal_places=1,
        default=Decimal(6),
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(12)],
    )
    directed_hours = models.PositiveSmallIntegerField(
        "directed hours of a full-time teacher",
        null=True,
        blank=True,
        default=1265,
        validators=[MaxValueValidator(2500)],
    )
    directed_elsewhere = models.PositiveSmallIntegerField(
        "of these, teaching, meetings and duties take", default=0
    )
    half_term_days: list[dict[str, str]]  # from `with_half_terms`, in order of their days

    objects: ClassVar[Any] = scoped(AcademicYearQuerySet)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="one_year_of_a_name"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="year_has_days"),
            models.CheckConstraint(
                condition=Q(directed_hours=None) | Q(directed_elsewhere__lte=F("directed_hours")),
                name="directed_elsewhere_within_directed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class HalfTerm(SchoolModel):
    """One of the six stretches of school days in a year: Autumn 1 to Summer 2."""

    class Name(models.TextChoices):
        AUTUMN_1 = "autumn_1", "Autumn 1"
        AUTUMN_2 = "autumn_2", "Autumn 2"
        SPRING_1 = "spring_1", "Spring 1"
        SPRING_2 = "spring_2", "Spring 2"
        SUMMER_1 = "summer_1", "Summer 1"
        SUMMER_2 = "summer_2", "Summer 2"

    year = models.ForeignKey(AcademicYear, models.CASCADE, related_name="half_terms")
    name = models.CharField(max_length=10, choices=Name)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="six_half_terms_a_year"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="half_term_has_days"
            ),
        ]

    def __str__(self) -> str:
        return self.get_name_display()


def term_of(half_term: str) -> str:
    """autumn_1 → autumn, the term it is half of."""
    return half_term.partition("_")[0]
