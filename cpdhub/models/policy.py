"""The school's CPD policy: what it means by professional development, and how it decides."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cpdhub.models.base import SchoolModel, remembered, scoped
from cpdhub.models.plan import Priority
from cpdhub.models.staff import Staff
from cpdhub.permissions import Permission


def frozen(words: str) -> str:
    return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation';"


class PolicyQuerySet(models.QuerySet["Policy"]):
    def published(self) -> Self:
        return self.filter(state=Policy.State.PUBLISHED)

    def in_force(self) -> Self:
        """The newest published version; the ones before it stay readable."""
        newer = Policy.objects.filter(state=Policy.State.PUBLISHED, version__gt=OuterRef("version"))
        return self.filter(~Exists(newer), state=Policy.State.PUBLISHED)

    def visible_to(self, staff: Staff) -> Self:
        """Drafts only to those who write the plan."""
        return self if staff.can(Permission.EDIT_PLAN) else self.published()

    def not_read_by(self, staff: Staff) -> Self:
        read = PolicyReader.objects.filter(policy=OuterRef("pk"), staff=staff)
        return self.filter(~Exists(read))

    def overdue(self, *, today: date) -> Self:
        return self.filter(review_on__lt=today)


@remembered()
class Policy(SchoolModel):
    """The school's CPD policy in one version. Published, it stays as it is; the next is a copy."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    version = models.PositiveSmallIntegerField(editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    vision = models.TextField("our vision", max_length=600, blank=True)
    definition = models.TextField("what we mean by CPD", max_length=2000, blank=True)
    roles = models.TextField("who does what", max_length=4000, blank=True)
    decisions = models.TextField("how we decide", max_length=4000, blank=True)
    review_on = models.DateField("to be reviewed by", null=True, blank=True)
    published_on = models.DateField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(PolicyQuerySet)

    class Meta:
        verbose_name = "CPD policy"
        verbose_name_plural = "CPD policies"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["school", "version"], name="one_policy_a_version"),
            models.UniqueConstraint(
                fields=["school"], condition=Q(state="draft"), name="one_policy_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_on=None)
                | Q(state="published", published_on__isnull=False, review_on__isnull=False)
                & ~Q(vision="")
                & ~Q(definition=""),
                name="published_policy_is_complete",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_stays_as_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "version", "state", "vision", "definition", "roles", "decisions", "review_on",
                    "published_on", "school_id",
                ),
                condition=pgtrigger.Q(old__state="published"),
                func=frozen("a published policy is frozen: begin its next version"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"CPD policy, version {self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def is_overdue(self, *, today: date) -> bool:
        return self.review_on is not None and self.review_on < today


@remembered()
class PolicyObjective(SchoolModel):
    """One thing the school wants of CPD itself. A priority may be where it works on it.

    The words are frozen with the policy; the priority is not: each year's plan has its own.
    """

    MOST = 10

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="objectives")
    text = models.CharField("objective", max_length=300)
    known_by = models.CharField("how we will know", max_length=300, blank=True)
    priority = models.ForeignKey(
        Priority,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="policy_objectives",
        verbose_name="priority that works on it",
    )

    class Meta:
        ordering = ["pk"]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_when_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("policy_id", "text", "known_by"),
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM cpdhub_policy p WHERE p.state = 'published'
                        AND (TG_OP <> 'INSERT' AND p.id = OLD.policy_id
                          OR TG_OP <> 'DELETE' AND p.id = NEW.policy_id)
                    ) THEN {frozen("a published policy is frozen: begin its next version")}
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.text


class PolicyReader(SchoolModel):
    """Somebody said that they have read a version of the policy: once."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="readers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    read_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "staff"], name="policy_is_read_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_what_is_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM cpdhub_policy p
                        WHERE p.id = NEW.policy_id AND p.state = 'published'
                    ) THEN {frozen("only a published policy is read")}
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff} read {self.policy}"
