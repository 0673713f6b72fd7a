"""How we know: pointers and small files behind a claim about impact."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver

from activities.models import Activity
from cpdhub.models import Reading, Staff, StoredFile
from cpdhub.models.base import SchoolModel, scoped
from evaluation.models.review import known_to


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own, and that of activities of which one reads everything."""
        return self.filter(Q(by=staff) | Q(activity__in=known_to(staff)))


class Evidence(SchoolModel):
    """One thing that shows a claim is true: what it shows, what kind of thing it is, where it is.

    Never about a pupil by name. A reading of a success criterion can be evidence too.
    """

    class Kind(models.TextChoices):
        """From the weakest to the strongest."""

        SAID = "said", "What colleagues say"
        OBSERVED = "observed", "Seen in classrooms"
        VOICE = "voice", "What pupils say"
        WORK = "work", "Pupils' work"
        MEASURED = "measured", "Measured before and after"

    class Outcome(models.TextChoices):
        STAFF = "staff", "What staff do differently"
        PUPILS = "pupils", "What pupils gained"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="evidence")
    outcome = models.CharField("what it is about", max_length=6, choices=Outcome)
    claim = models.CharField("what it shows, in one line", max_length=200)
    kind = models.CharField("what it is", max_length=8, choices=Kind)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    reading = models.ForeignKey(
        Reading, models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    url = models.URLField("where it is", max_length=500, blank=True)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    digest = models.CharField(max_length=64, blank=True, editable=False)
    dated = models.DateField("date")
    by = models.ForeignKey(
        Staff, models.SET_NULL, null=True, related_name="evidence", editable=False
    )

    objects: ClassVar[Any] = scoped(EvidenceQuerySet)

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["-dated", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="measured") | ~Q(before="") & ~Q(after=""),
                name="measured_before_and_after",
            ),
            models.UniqueConstraint(
                fields=["activity", "digest"], condition=~Q(digest=""), name="a_file_once"
            ),
            models.UniqueConstraint(
                fields=["activity", "url"], condition=~Q(url=""), name="an_address_once"
            ),
            models.UniqueConstraint(
                fields=["activity", "reading"],
                condition=Q(reading__isnull=False),
                name="a_reading_once",
            ),
        ]

    def __str__(self) -> str:
        return self.claim

    @property
    def measure(self) -> str:
        """From 42 % to 61 %, where it was measured twice."""
        return f"from {self.before} to {self.after}" if self.before and self.after else ""

    @property
    def strength(self) -> str:
        return STRENGTH[self.kind]


@receiver(post_delete, sender=Evidence)
def destroy_file(sender: Any, instance: Evidence, **kwargs: Any) -> None:
    """Also where it goes with its activity: a file nobody can find any more is not kept."""
    if instance.file_id:
        StoredFile.objects.filter(pk=instance.file_id).delete()


STRENGTH: dict[str, str] = {
    Evidence.Kind.SAID: "Self-reported",
    Evidence.Kind.OBSERVED: "Observed",
    Evidence.Kind.VOICE: "Pupils' work or voice",
    Evidence.Kind.WORK: "Pupils' work or voice",
    Evidence.Kind.MEASURED: "Repeated measure",
}
ORDER = list(dict.fromkeys(STRENGTH.values()))
NONE_YET = "No evidence yet"


def strength_of(kinds: Iterable[str]) -> str:
    """The strongest there is, in words, and whether more than one piece of it says the same."""
    found = [STRENGTH[kind] for kind in kinds]
    if not found:
        return NONE_YET
    best = max(found, key=ORDER.index)
    return f"{best}, more than once" if found.count(best) > 1 else best
