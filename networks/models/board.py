"""The board of a network: what somebody tells colleagues of all schools, and what they answer."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.queries import holding
from cpdhub.walls import school_scope
from evaluation.models import Hideable
from networks.models.base import NetworkModel, of_networks
from networks.models.profile import Theme

SCHOOL_HAS_LEFT = "By a school that has left"


class SaidQuerySet(models.QuerySet[Any]):
    def visible_to(self, staff: Staff, *, leads: bool) -> Self:
        """All that is not hidden, one's own, and for who leads the hidden too."""
        return self if leads else self.filter(Q(hidden_at=None) | Q(staff=staff))


class SaidAloud(Hideable, NetworkModel):
    """Words of one person, under their name, job and school."""

    NOBODY = ""

    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", editable=False)
    written_by = models.CharField(max_length=330, blank=True, editable=False)
    written_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    hidden_by = models.CharField(max_length=330, blank=True, editable=False)
    reported_by = models.CharField(max_length=330, blank=True, editable=False)

    class Meta(Hideable.Meta):
        abstract = True

    def take_from(self, staff: Staff) -> None:
        """What others see of its writer, copied: their record stays where it is."""
        self.staff, self.school = staff, staff.school
        self.written_by = named(staff)


def named(staff: Staff) -> str:
    """Ada Byron, CPD leader"""
    return ", ".join(part for part in (staff.name, staff.job_title) if part)


class ThreadQuerySet(SaidQuerySet):
    def on_show(self, today: date) -> Self:
        """An announcement is gone from the list after its last day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today))

    def search(self, words: str) -> Self:
        return self.filter(holding(words, "title", "text", "written_by"))

    def listed(self) -> Self:
        """Announcements first, then what is new; with how many answered."""
        is_notice = models.ExpressionWrapper(Q(kind=Thread.Kind.NOTICE), models.BooleanField())
        answered = Count("replies", filter=Q(replies__hidden_at=None))
        rows = self.alias(is_notice=is_notice).annotate(answered=answered)
        return rows.select_related("school", "theme").order_by("-is_notice", "-written_at", "-pk")


class Thread(SaidAloud):
    """Something to talk about in a network, an announcement to it, or a bulletin for those of one
    interest or career stage."""

    class Kind(models.TextChoices):
        TALK = "talk", "Something to talk about"
        NOTICE = "notice", "Announcement"
        BULLETIN = "bulletin", "Bulletin"

    kind = models.CharField("what it is", max_length=8, choices=Kind, default=Kind.TALK)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="for which theme",
    )  # fmt: skip
    stage = models.CharField("for whom", max_length=11, choices=Staff.Stage, blank=True)
    ends_on = models.DateField("last day it is shown", null=True, blank=True)

    objects: ClassVar[Any] = of_networks(ThreadQuerySet)

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            *Hideable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text="") | Q(written_by=""), name="thread_says_something"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(kind="notice"), name="announcements_end"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_gone(self) -> bool:
        """Its writer's school has left; what others answered stays."""
        return not self.text

    @classmethod
    def taken_away(cls, network: int, school: int, heir: int | None) -> None:
        """Where others have answered, the place of it stays for their words; none of its own."""
        Reply.objects.filter(network=network, school=school).delete()
        mine = cls.objects.filter(network=network, school=school)
        answered = list(
            mine.filter(Exists(Reply.objects.filter(thread=OuterRef("pk")))).values_list(
                "pk", flat=True
            )
        )
        if answered and heir is not None:
            with school_scope(heir):
                cls.objects.filter(pk__in=answered).update(
                    school=heir, staff=None, written_by="", title=SCHOOL_HAS_LEFT, text="",
                    hidden_at=None, hidden_because="", hidden_by="",
                    reported_at=None, reported_because="", reported_by="",
                )  # fmt: skip
        mine.delete()


class Reply(SaidAloud):
    """What somebody of any school of the network answers."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="replies", editable=False)
    text = models.TextField("your answer", max_length=2000)

    objects: ClassVar[Any] = of_networks(SaidQuerySet)

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name_plural = "replies"
        constraints = [
            *Hideable.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="reply_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
