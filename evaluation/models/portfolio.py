"""Portfolios: what one person chose of their own record, in their order, for whom they choose."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Count, F, Max, Q
from django.urls import get_script_prefix, reverse, set_script_prefix

from activities.models import Activity
from cpdhub.models import Staff, StoredFile
from cpdhub.models.base import NotPossible, SchoolModel, scoped
from evaluation.models.observation import Observation
from evaluation.models.reflection import Reflection

MOST_ITEMS = 100
MOST_PORTFOLIOS = 20
AFTER_LEAVING = timedelta(days=30)  # how long a leaver can still fetch what is theirs


class PortfolioQuerySet(models.QuerySet["Portfolio"]):
    def owned_by(self, staff: Staff) -> Self:
        """Nobody else ever sees one, unless its owner gave them a link."""
        return self.filter(owner=staff)

    def with_numbers(self) -> Self:
        """Adds `number` of items, without a query for each."""
        return self.annotate(number=Count("items"))


class Portfolio(SchoolModel):
    """A selection one person made of what they did, wrote and were. Theirs; private until they
    give somebody a link.

    No history is kept of it on purpose: what its owner takes out is gone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="portfolios")
    title = models.CharField(max_length=120)
    introduction = models.TextField(max_length=5000, blank=True)
    created_at = models.DateTimeField(editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(PortfolioQuerySet)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def add(self, items: list[PortfolioItem]) -> int:
        """Put these at the end; what is in it already is not put in twice. Says how many."""
        Portfolio.objects.select_for_update().get(pk=self.pk)  # two windows take turns
        there = {item.source for item in self.items.all()}
        new = [item for item in items if item.source not in there]
        if len(there) + len(new) > MOST_ITEMS:
            raise NotPossible(
                f"A portfolio holds {MOST_ITEMS} items at most; nobody reads more."
                " Take something out, or begin a second one."
            )
        last = self.items.aggregate(last=Max("position"))["last"] or 0
        for position, item in enumerate(new, start=last + 1):
            item.school, item.portfolio, item.position = self.school, self, position
        PortfolioItem.objects.bulk_create(new)
        return len(new)

    @transaction.atomic
    def move(self, item: PortfolioItem, way: str) -> None:
        """One up, one down or to the top; the others close up."""
        Portfolio.objects.select_for_update().get(pk=self.pk)
        order = list(self.items.values_list("pk", flat=True))
        if item.pk not in order:
            return  # taken out in another window
        at = order.index(item.pk)
        to = {"up": at - 1, "down": at + 1, "top": 0}.get(way, at)
        order.insert(max(to, 0), order.pop(at))
        rows = [PortfolioItem(pk=pk, position=n) for n, pk in enumerate(order, start=1)]
        PortfolioItem.objects.bulk_update(rows, ["position"])


class PortfolioItem(SchoolModel):
    """One thing in a portfolio, with its owner's comment.

    Activities, reflections and observations are shown as they are now, and go when they are gone;
    anything else is written down as it was when it was chosen. `source` says where it came from.
    """

    class Kind(models.TextChoices):
        ACTIVITY = "activity", "Learning"
        REFLECTION = "reflection", "Reflection"
        OBSERVATION = "observation", "Observation"
        EVIDENCE = "evidence", "Evidence"
        ROLE = "role", "Role"
        POST = "post", "Post"
        HELP = "help", "Help given"
        ENTITLEMENT = "entitlement", "Entitlement received"
        RECOGNITION = "recognition", "Recognition"
        AWARD = "award", "Qualification or award"
        IMPORTED = "imported", "From an earlier school"
        WORDS = "words", "Own words"

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=120, editable=False)
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )
    reflection = models.ForeignKey(
        Reflection, models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )
    observation = models.ForeignKey(
        Observation, models.CASCADE, null=True, blank=True, related_name="+", editable=False
    )
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=10_000, blank=True)
    comment = models.TextField("why it is here", max_length=2000, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "source"], name="in_a_portfolio_once"),
            models.CheckConstraint(
                condition=Q(
                    kind="activity", activity__isnull=False, reflection=None, observation=None
                )
                | Q(kind="reflection", activity=None, reflection__isnull=False, observation=None)
                | Q(kind="observation", activity=None, reflection=None, observation__isnull=False)
                | (
                    ~Q(kind__in=["activity", "reflection", "observation"])
                    & Q(activity=None, reflection=None, observation=None)
                    & ~Q(title="")
                ),
                name="portfolio_item_is_one_thing",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_ones_own_words",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__reflection__isnull=False)
                | pgtrigger.Q(new__observation__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_portfolio p
                        LEFT JOIN evaluation_reflection r ON r.id = NEW.reflection_id
                        LEFT JOIN evaluation_observation o ON o.id = NEW.observation_id
                        WHERE p.id = NEW.portfolio_id
                        AND p.owner_id IN (r.owner_id, o.owner_id)
                    ) THEN RAISE EXCEPTION 'a portfolio holds only what its owner wrote'
                        USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.portfolio_id}"

    @property
    def may_be_rewritten(self) -> bool:
        return self.kind == self.Kind.WORDS


class PortfolioLinkQuerySet(models.QuerySet["PortfolioLink"]):
    def working(self, today: date) -> Self:
        """Neither ended nor past its last day, of somebody here or who has only just left."""
        here = Q(portfolio__owner__ends_on=None)
        lately = Q(portfolio__owner__ends_on__gt=today - AFTER_LEAVING)
        return self.filter(here | lately, ended_at=None, ends_on__gte=today)

    def count_opening(self, *, at: datetime) -> None:
        """In the database: two who open it at once both count."""
        self.update(opened=F("opened") + 1, last_opened_at=at)


class PortfolioLink(SchoolModel):
    """A secret address that shows a portfolio to whoever has it, until a day."""

    SALT = "portfolio"
    USUAL = timedelta(days=30)
    LONGEST = timedelta(days=366)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="links")
    whom = models.CharField(
        "who is it for?",
        max_length=120,
        blank=True,
        help_text="Only for you, to tell your links apart. Optional.",
    )
    ends_on = models.DateField("last day it works")
    created_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened = models.PositiveIntegerField(default=0, editable=False)
    last_opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = scoped(PortfolioLinkQuerySet)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened=0, last_opened_at=None)
                | Q(opened__gt=0, last_opened_at__isnull=False),
                name="opened_has_a_moment",
            )
        ]

    def __str__(self) -> str:
        return f"link {self.pk} to {self.portfolio_id}"

    @property
    def url(self) -> str:
        """The secret is not kept: it is the row's key, signed. Without the row it opens nothing."""
        token = signing.Signer(salt=self.SALT).sign_object([self.school_id, self.uuid.hex])
        before = get_script_prefix()
        set_script_prefix("/")
        try:
            return settings.BASE_URL + reverse("shared_portfolio", "cpdhub.urls", args=[token])
        finally:
            set_script_prefix(before)

    @classmethod
    def read(cls, token: str) -> tuple[int, UUID] | None:
        """The school and the row a secret names, if we gave it."""
        try:
            school_id, key = signing.Signer(salt=cls.SALT).unsign_object(token)
        except (signing.BadSignature, ValueError):
            return None
        return school_id, UUID(key)

    def is_working(self, today: date) -> bool:
        return self.ended_at is None and self.ends_on >= today


class ImportedRecord(SchoolModel):
    """What somebody learned at an earlier school, brought by themselves from there.

    Kept as it came, with the file. Theirs alone; the school they left vouched for it if
    `is_known`, else it is what the file says.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="imported_records")
    person_name = models.CharField("made out to", max_length=220)
    school_name = models.CharField("from", max_length=200)
    urn = models.CharField("URN", max_length=6, blank=True)
    exported_at = models.DateTimeField()
    imported_at = models.DateTimeField()
    is_known = models.BooleanField(help_text="Signed with a key of this installation.")
    signed_by = models.CharField("fingerprint of the key", max_length=64)
    digest = models.CharField(max_length=64, editable=False)
    document = models.JSONField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-exported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "digest"], name="imported_once"),
        ]

    def __str__(self) -> str:
        return f"record from {self.school_name}"
