"""One school asks another for somebody who knows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from cpdhub.models import School, Staff
from networks.models.base import NetworkManager, of_networks
from networks.models.network import Network


class OfBothSchools(NetworkManager):
    """Those the open school wrote or was asked."""

    def shown_to(self, schools: list[int]) -> Q:
        return Q(school__in=schools) | Q(asked__in=schools)


class Enquiry(models.Model):
    """A school asks another in its network for help with a topic, and is answered. No other school
    reads it; who would help is said in the answer, by those who asked that person first."""

    class Answer(models.TextChoices):
        NONE = "", "Not answered yet"
        YES = "yes", "We can help"
        LATER = "later", "Not now"
        NO = "no", "We cannot"

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    asked = models.ForeignKey(School, models.CASCADE, related_name="+")
    topic = models.CharField("with what", max_length=300)
    words = models.CharField("what you would like", max_length=500)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)  # of who asks, for the other school
    asked_on = models.DateField()
    answer = models.CharField(
        "your answer", max_length=5, choices=Answer, blank=True, default=Answer.NONE
    )
    reply = models.CharField("a word to them", max_length=500, blank=True)
    answered_on = models.DateField(null=True, editable=False)
    helped = models.CharField("what came of it", max_length=300, blank=True)

    objects: ClassVar[Any] = of_networks(manager=OfBothSchools)

    class Meta:
        verbose_name_plural = "enquiries"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(school=F("asked")), name="no_school_asks_itself"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None)
                | ~Q(answer="") & Q(answered_on__isnull=False),
                name="enquiry_answered_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id} asks {self.asked_id} about {self.topic}"
