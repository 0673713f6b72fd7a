"""What schools of a network made and let each other use."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Q
from django.db.models.signals import post_delete

from cpdhub import clock
from cpdhub.models import Staff, StoredFile
from cpdhub.queries import holding
from evaluation.models.evidence import destroy_file
from networks.models.base import NetworkModel, of_networks
from networks.models.profile import Theme


class ResourceQuerySet(models.QuerySet["Resource"]):
    def search(self, words: str) -> Self:
        return self.filter(holding(words, "title", "what_for", "school__name"))

    def credited(self) -> list[tuple[str, int]]:
        """(school, how many it gave), the most first."""
        rows = self.order_by().values("school__name").annotate(given=Count("pk"))
        return list(rows.order_by("-given", "school__name").values_list("school__name", "given"))


class Resource(NetworkModel):
    """Something a school made (a guide, a set of cards, a pack for newcomers) and lets the others
    use; it has one version or more, and a day on which its school looks at it again."""

    title = models.CharField(max_length=120)
    what_for = models.TextField("what it is for, and how to use it", max_length=1000)
    theme = models.ForeignKey(
        Theme, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="for which theme",
    )  # fmt: skip
    stage = models.CharField("for whom", max_length=11, choices=Staff.Stage, blank=True)
    review_on = models.DateField("when we look whether it is still right")
    made_by = models.CharField("who made it", max_length=200, blank=True)

    objects: ClassVar[Any] = of_networks(ResourceQuerySet)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "school", "title"], name="one_resource_of_a_title"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_to_look_at(self) -> bool:
        return self.review_on <= clock.today()


class ResourceVersion(NetworkModel):
    """One state of a resource: a link or a small file. Earlier ones stay."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="versions", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    note = models.CharField("what is new in it", max_length=200, blank=True)
    url = models.URLField("link", max_length=500, blank=True)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    added_on = models.DateField(default=clock.today, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="each_version_once"),
            models.CheckConstraint(
                condition=~Q(url="") | Q(file__isnull=False), name="a_link_or_a_file"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


post_delete.connect(destroy_file, sender=ResourceVersion)
