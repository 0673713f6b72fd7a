"""How an activity is meant to work: what is built into it on purpose."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from activities.models.activity import Activity
from audits.models import Topic
from cpdhub.models import FrameworkItem
from cpdhub.models.base import SchoolModel, remembered, scoped


@remembered()
class Design(SchoolModel):
    """What whoever plans an activity thought of before it began. All of it may be left empty."""

    class Focus(models.TextChoices):
        TECHNICAL = "technical", "How something works: kit, software, procedure"
        PEDAGOGY = "pedagogy", "How to teach with it"
        SUBJECT = "subject", "A subject or specialism"

    class Level(models.TextChoices):
        BASELINE = "baseline", "People who begin with it"
        EXTENSION = "extension", "People who do it already and go further"
        INNOVATION = "innovation", "People who try something nobody here does yet"
        MIXED = "mixed", "Several levels, with a way in for each"

    class Style(models.TextChoices):
        TOGETHER = "together", "Shaped by those who take part"
        CENTRAL = "central", "Set for them"

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="design")
    focus = ArrayField(
        models.CharField(max_length=10, choices=Focus), default=list, blank=True,
        verbose_name="what it is about",
    )  # fmt: skip
    level = models.CharField("who it is made for", max_length=10, choices=Level, blank=True)
    style = models.CharField("who shapes it", max_length=8, choices=Style, blank=True)
    one_session_because = models.CharField("why one session is enough", max_length=300, blank=True)
    outside_because = models.CharField(
        "why somebody from outside rather than a colleague", max_length=300, blank=True
    )

    # Thought of backwards, from the pupils: what the school gives, what people have to learn.
    support = models.CharField("what the school gives towards it", max_length=300, blank=True)
    learning = models.CharField("what people have to learn for it", max_length=300, blank=True)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="topic"
    )
    practice_seen_by = models.CharField(
        "how we will see that practice changed", max_length=300, blank=True
    )
    learning_seen_by = models.CharField(
        "how we will see that people learned it", max_length=300, blank=True
    )

    objects: ClassVar[Any] = scoped()

    def __str__(self) -> str:
        return f"design of {self.activity_id}"


class DesignFeature(SchoolModel):
    """One thing that is true of an activity: a mechanism, a feature of good CPD, a risk."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="features")
    item = models.ForeignKey(FrameworkItem, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item__framework", "item__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "item"], name="design_feature_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} of {self.activity_id}"
