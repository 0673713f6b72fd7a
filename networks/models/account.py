"""Accounts of practice: what a school tried, told so that others can talk about it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from cpdhub import clock
from cpdhub.models import School
from cpdhub.queries import holding
from networks.models.base import NetworkModel, of_networks
from networks.models.network import Network
from networks.models.profile import Theme


class AccountQuerySet(models.QuerySet["Account"]):
    def read_by(self, school: School, *, writes: bool) -> Self:
        """What is shared; of the own school its drafts too, for who writes for it."""
        read = Q(shared_on__isnull=False)
        return self.filter(read | Q(school=school)) if writes else self.filter(read)

    def search(self, words: str) -> Self:
        return self.filter(holding(words, "title", "wanted", "did", "changed", "school__name"))


class Account(NetworkModel):
    """What one school wanted, did and saw change, with how sure it is, what went well and what did
    not, and questions others should talk about. A draft is its school's alone."""

    title = models.CharField(max_length=120)
    # The database empties it when the theme goes (`0002_walls`): whoever takes a theme off does not
    # see the drafts of other schools.
    theme = models.ForeignKey(
        Theme, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+",
        verbose_name="for which theme",
    )  # fmt: skip
    wanted = models.TextField("what we wanted for our pupils", max_length=2000)
    did = models.TextField("what we did", max_length=4000, blank=True)
    changed = models.TextField("what changed, and how we know", max_length=4000, blank=True)
    strength = models.CharField(
        "how sure we are", max_length=9, choices=Network.Strength, blank=True, default=""
    )
    went_well = models.TextField("what made it work", max_length=2000, blank=True)
    went_less = models.TextField(
        "what did not, and what we would change", max_length=2000, blank=True
    )
    questions = models.TextField("questions to talk about", max_length=1000, blank=True)
    written_by = models.CharField(max_length=330, editable=False)  # name and job
    is_agreed = models.BooleanField(
        "Colleagues I name have agreed, and nobody can tell which pupils are meant", default=False
    )
    shared_on = models.DateField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = of_networks(AccountQuerySet)

    class Meta:
        ordering = [models.F("shared_on").desc(nulls_first=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shared_on=None)
                | Q(is_agreed=True) & ~Q(did="") & ~Q(changed="") & ~Q(questions=""),
                name="what_is_shared_is_told_whole",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        return self.shared_on is not None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(heading, text), in the order one tells it."""
        told = [
            ("What we wanted for our pupils", self.wanted),
            ("What we did", self.did),
            ("What changed, and how we know", self.changed),
            ("What made it work", self.went_well),
            ("What did not, and what we would change", self.went_less),
        ]
        return [(heading, text) for heading, text in told if text]

    def share(self, is_shared: bool) -> None:
        self.shared_on = (self.shared_on or clock.today()) if is_shared else None
