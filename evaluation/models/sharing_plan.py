"""What of an activity is passed on, to whom, by when; and whether it was."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from activities.models import Activity
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.queries import holding


class SharingPlanQuerySet(models.QuerySet["SharingPlan"]):
    def visible_to(self, staff: Staff) -> Self:
        """Whoever sees the activity; of private ones nothing is passed on."""
        seen = Activity.objects.visible_to(staff).happening().filter(is_private=False)
        return self.filter(activity__in=seen)

    def still_to_come(self) -> Self:
        return self.filter(done_on=None)

    def done(self) -> Self:
        return self.filter(done_on__isnull=False)

    def search(self, words: str) -> Self:
        return self.filter(holding(words, "what", "activity__title"))


class SharingPlan(SchoolModel):
    """One thing somebody will pass on of what they learned: what, to whom, how and by when."""

    class How(models.TextChoices):
        SHOW = "show", "Come and watch, or I show you"
        TALK = "talk", "Talk with one or two"
        NOTE = "note", "A note or something to use"
        MEETING = "meeting", "Part of a meeting"
        SESSION = "session", "A session of its own"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sharing")
    by = models.ForeignKey(Staff, models.CASCADE, related_name="+", verbose_name="who")
    what = models.CharField("what will you pass on?", max_length=200)
    whom = models.CharField("to whom?", max_length=120)
    how = models.CharField("how?", max_length=7, choices=How, default=How.SHOW)
    due_on = models.DateField("by when?")
    done_on = models.DateField("when was it?", null=True, blank=True)
    became = models.CharField("what came of it?", max_length=300, blank=True)

    objects: ClassVar[Any] = scoped(SharingPlanQuerySet)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(became="") | Q(done_on__isnull=False), name="it_came_of_what_was_done"
            )
        ]

    def __str__(self) -> str:
        return self.what

    def may_be_changed_by(self, staff: Staff) -> bool:
        """Whose it is, and who may change the activity."""
        return self.by_id == staff.pk or self.activity.may_be_changed_by(staff)

    def is_late(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today
