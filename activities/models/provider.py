"""Who from outside helps people learn: what they offer, on what terms, and what came of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped


class ProviderQuerySet(models.QuerySet["Provider"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def named(self, words: str) -> Self:
        """Whose name, subject or an offer holds all these words."""
        found = self
        for word in words.split():
            offers = ProviderOffer.objects.filter(provider=OuterRef("pk"), title__icontains=word)
            found = found.filter(
                Q(name__icontains=word) | Q(specialisms__icontains=word) | Exists(offers)
            )
        return found


class Provider(SchoolModel):
    """Somebody from outside the school people learn with. No stars, no score: what we asked,
    what they said, what we did with them and what came of it."""

    class Kind(models.TextChoices):
        PERSON = "person", "One person"
        COMPANY = "company", "Company"
        UNIVERSITY = "university", "University or college"
        ASSOCIATION = "association", "Subject or professional association"
        AUTHORITY = "authority", "Local authority"
        SCHOOL = "school", "Other school, hub or trust"
        CREATIVE = "creative", "Artist, museum or creative partner"
        OTHER = "other", "Other"

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=11, choices=Kind)
    specialisms = models.CharField("what they are good for", max_length=300, blank=True)
    website = models.URLField(blank=True)
    contacts = models.TextField(
        blank=True, max_length=1000, help_text="A line each: name, what they do, e-mail, telephone."
    )
    interest = models.CharField(
        "commercial interest they declared",
        max_length=300,
        blank=True,
        help_text="For example: sells the reading scheme the course is about.",
    )
    checks = models.CharField("safeguarding and insurance, seen when", max_length=300, blank=True)
    notes = models.TextField("notes for leaders only", blank=True, max_length=4000)
    is_current = models.BooleanField("we may work with them", default=True)

    objects: ClassVar[Any] = scoped(ProviderQuerySet)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "school", models.functions.Lower("name"), name="one_provider_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProviderOffer(SchoolModel):
    """One thing a provider offers, at the price and on the day somebody saw it."""

    class Basis(models.TextChoices):
        PERSON = "person", "a person"
        SESSION = "session", "a session"
        HALF_DAY = "half_day", "a half-day"
        DAY = "day", "a day"
        YEAR = "year", "a year"
        ALL = "all", "for all of it"

    class Mode(models.TextChoices):
        HERE = "here", "They come to us"
        AWAY = "away", "We go to them"
        ONLINE = "online", "Online"
        BLENDED = "blended", "Online and in person"

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="offers")
    title = models.CharField("what is offered", max_length=200)
    price = models.DecimalField(
        "price (£)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    basis = models.CharField("price for", max_length=8, choices=Basis, default=Basis.ALL)
    hours = models.DecimalField(
        "hours in all",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5"))],
    )
    mode = models.CharField("where", max_length=7, choices=Mode, default=Mode.HERE)
    follow_up = models.CharField(
        "follow-up in the price",
        max_length=200,
        blank=True,
        help_text="For example: a return visit after six weeks. Leave empty when there is none.",
    )
    product = models.CharField("product it comes with or needs", max_length=160, blank=True)
    independent = models.CharField(
        "the same without that product",
        max_length=200,
        blank=True,
        help_text="Who teaches this without selling anything?",
    )
    award = models.CharField("award or accreditation", max_length=160, blank=True)
    seen_on = models.DateField("price seen on", null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gte=0), name="price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0), name="offer_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def warnings(self) -> list[str]:
        """What to ask about before anything is bought."""
        found = []
        if self.product and not self.independent:
            found.append(
                f"It comes with {self.product} and no independent option is written down: who"
                " teaches this without selling it?"
            )
        if not self.follow_up:
            found.append("Nothing follows it: ask for a return visit, or plan your own.")
        return found


class ProviderAnswer(SchoolModel):
    """What a provider said, or we found, to one of the questions worth asking. Never a score."""

    class Question(models.TextChoices):
        PUPILS = "pupils", "What should be different for pupils, and by when?"
        EVIDENCE = "evidence", "What shows that it works, and who else says so?"
        WHO = "who", "Who will come, and when did they last teach?"
        OUR_CLASSES = "our_classes", "Will they show it with our pupils, in our classrooms?"
        BETWEEN = "between", "What do people do between the visits, and who looks at it?"
        FOLLOW_UP = "follow_up", "What follows the last day, and is it in the price?"
        SUITED = "suited", "How will it be fitted to what our staff said they need?"
        RESPECT = "respect", "Did they respect our practice, and was it free of selling?"
        HAND_OVER = "hand_over", "Who here takes over when they leave, and how are they readied?"

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=11, choices=Question)
    answer = models.CharField(max_length=600)
    answered_on = models.DateField()
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "question"], name="question_answered_once"),
            models.CheckConstraint(condition=~Q(answer=""), name="provider_answer_says_something"),
        ]

    def __str__(self) -> str:
        return self.question


class ContractQuerySet(models.QuerySet["Contract"]):
    def running(self, today: date) -> Self:
        return self.filter(Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today)))


class Contract(SchoolModel):
    """What was agreed with a provider for a term of time: when it is looked at again, and
    which days were bought and used."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="contracts")
    title = models.CharField("what was agreed", max_length=200)
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True)
    review_on = models.DateField("look at it again on", null=True, blank=True)
    price = models.DecimalField(
        "price (£)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    days_bought = models.DecimalField(
        "follow-up days bought",
        max_digits=5,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0)],
    )
    days_used = models.DecimalField(
        "of these, used",
        max_digits=5,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0)],
    )
    dropped_because = models.CharField("days dropped because", max_length=200, blank=True)
    hand_over = models.CharField("who takes over, and when", max_length=200, blank=True)

    objects: ClassVar[Any] = scoped(ContractQuerySet)

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(days_used__gte=0, days_used__lte=F("days_bought")),
                name="days_used_were_bought",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days_left(self) -> Decimal:
        return Decimal(0) if self.dropped_because else self.days_bought - self.days_used

    def warnings(self, today: date) -> list[str]:
        """What is due: days to use or drop, a review, a hand-over."""
        found = []
        if self.days_left:
            left = f"{self.days_left.normalize():f}"
            days = "1 follow-up day is" if left == "1" else f"{left} follow-up days are"
            found.append(f"{days} paid for and not used: use or drop them.")
        if self.review_on and self.review_on <= today:
            found.append("It is time to look at it again.")
        if self.ends_on and not self.hand_over and (self.ends_on - today).days <= 90:
            found.append("It ends soon and nobody is named who takes over.")
        return found
