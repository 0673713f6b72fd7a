"""Something new in classrooms: its parts, what each looks like on the way, where teams are."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from cpdhub import clock
from cpdhub.models import Priority, Staff, Team
from cpdhub.models.base import SchoolModel, scoped
from cpdhub.queries import holding

MOST_COMPONENTS = 8


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def going_on(self) -> Self:
        return self.filter(ended_on=None)

    def search(self, words: str) -> Self:
        return self.filter(holding(words, "title", "goal"))


class Innovation(SchoolModel):
    """A practice the school brings in, described so that everybody knows it when they see it.

    Its map says for each part what it looks like from ideal to not in use: how it is done, never
    how good somebody is. Teams are placed on it, no person is.
    """

    title = models.CharField("what is new", max_length=120)
    goal = models.CharField("what it is like once it is there", max_length=400)
    pupils = models.CharField("what pupils have of it", max_length=300, blank=True)
    lead = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="innovations_led"
    )
    priority = models.ForeignKey(
        Priority, models.SET_NULL, null=True, blank=True, related_name="innovations"
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="copies"
    )
    begun_on = models.DateField(default=clock.today, editable=False)
    ended_on = models.DateField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = scoped(InnovationQuerySet)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(goal=""), name="innovation_says_what_it_is"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Component(SchoolModel):
    """One part of an innovation: questions teachers ask; how pupils talk."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="components")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["innovation", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "position"],
                name="one_component_a_place",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title


class Variation(SchoolModel):
    """One way in which a component is done, from ideal to not in use."""

    class Band(models.TextChoices):
        IDEAL = "ideal", "Ideal"
        ACCEPTABLE = "acceptable", "Acceptable"
        DEVELOPING = "developing", "Developing"
        NOT_IN_USE = "not_in_use", "Not in use"

    component = models.ForeignKey(Component, models.CASCADE, related_name="variations")
    band = models.CharField(max_length=10, choices=Band)
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["component", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["component", "band"], name="one_variation_a_band"),
            models.CheckConstraint(condition=~Q(text=""), name="variation_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Placement(SchoolModel):
    """Where a team, or the whole school, stood with one component on one day."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="placements")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    band = models.CharField(max_length=10, choices=Variation.Band)
    placed_on = models.DateField()
    known_by = models.CharField("how we know", max_length=200, blank=True)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["placed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["component", "team", "placed_on"],
                nulls_distinct=False,
                name="placed_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_band_display()} on {self.placed_on}"


class NextStep(SchoolModel):
    """What a team does to get from where it is to the next variation of a component."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="steps")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    band = models.CharField("where to", max_length=10, choices=Variation.Band)
    action = models.CharField("what we do", max_length=300)
    due_on = models.DateField("by when")
    done_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(action=""), name="step_says_what_is_done")
        ]

    def __str__(self) -> str:
        return self.action
