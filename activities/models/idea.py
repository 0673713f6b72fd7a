"""Ideas for what should be on next: anybody's, backed by whoever would come, answered for all."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q

from activities.models.activity import Activity
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible, SchoolModel, scoped


class IdeaQuerySet(models.QuerySet["Idea"]):
    def waiting(self) -> Self:
        return self.filter(state=Idea.State.OPEN)

    def answered(self) -> Self:
        return self.exclude(state=Idea.State.OPEN).order_by("-answered_on", "pk")

    def for_list(self, staff: Staff) -> Self:
        """With how many would come and whether this person would; what most want first."""
        mine = IdeaBacker.objects.filter(idea=OuterRef("pk"), staff=staff)
        return (
            self.select_related("by", "activity")
            .annotate(number=Count("backers"), is_backed=Exists(mine))
            .order_by("-number", "-made_on", "pk")
        )


class Idea(SchoolModel):
    """Something a colleague would like to see on next term, and what was decided about it.

    Everybody at the school reads it with the name of who wrote it, and how many would come; who
    they are is for whoever plans.
    """

    class State(models.TextChoices):
        OPEN = "open", "Not decided yet"
        TAKEN = "taken", "We do it"
        NOT_NOW = "not_now", "Not now"

    title = models.CharField("what should be on?", max_length=120)
    why = models.CharField(
        "what would pupils gain from it?",
        max_length=300,
        blank=True,
        help_text="One sentence is enough. It helps others decide whether they would come.",
    )
    by = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    made_on = models.DateField(default=clock.today)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    answer = models.CharField("what was decided, and why", max_length=300, blank=True)
    answered_on = models.DateField(null=True)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="the activity it became",
    )  # fmt: skip

    objects: ClassVar[Any] = scoped(IdeaQuerySet)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_on=None)
                | (~Q(state="open") & ~Q(answer="") & Q(answered_on__isnull=False)),
                name="answered_idea_says_what_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == Idea.State.OPEN

    @transaction.atomic
    def back(self, staff: Staff, *, would_come: bool) -> None:
        """Say that one would come, or no longer; twice is once."""
        now = Idea.objects.select_for_update().get(pk=self.pk)
        if not now.is_open:
            raise NotPossible("It is decided already: the answer stands beside it.")
        if would_come:
            IdeaBacker.objects.get_or_create(
                idea=now, staff=staff, defaults={"school_id": now.school_id}
            )
        else:
            IdeaBacker.objects.filter(idea=now, staff=staff).delete()

    def decide(self, state: str, *, answer: str, activity: Activity | None = None) -> None:
        """For all to read; it may be changed later, and opened again."""
        self.state = state
        self.answer = "" if state == Idea.State.OPEN else answer
        self.answered_on = None if state == Idea.State.OPEN else clock.today()
        self.activity = activity if state == Idea.State.TAKEN else None
        self.save()

    def may_be_taken_back_by(self, staff: Staff) -> bool:
        return self.is_open and self.by_id == staff.pk


class IdeaBacker(SchoolModel):
    """One colleague would come."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="backers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    objects: ClassVar[Any] = scoped()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "staff"], name="would_come_once"),
        ]
