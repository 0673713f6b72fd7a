"""What changed, and how we know: reflections."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from activities.models import Activity
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, scoped


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, staff: Staff) -> Self:
        """One's own, and those whose owner chose this reader, by person or everyone."""
        return self.filter(Q(owner=staff) | Q(pk__in=self._shared_with(staff)))

    def _shared_with(self, staff: Staff) -> models.QuerySet:
        chosen = ReflectionReader.objects.filter(staff=staff).values("reflection_id")
        return (
            Reflection.objects.shared()
            .filter(Q(audience=Reflection.Audience.EVERYONE) | Q(pk__in=chosen))
            .values("pk")
        )

    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def shared(self) -> Self:
        """Shared with at least somebody. What is private looks the same as what is unwritten."""
        return self.exclude(audience=Reflection.Audience.ONLY_ME).filter(shared_at__isnull=False)


class Reflection(SchoolModel):
    """What one person learned, will try and saw in pupils. Theirs; private until they choose.

    No history is kept of it on purpose: a text taken back is gone.
    """

    class Audience(models.TextChoices):
        ONLY_ME = "only_me", "Only me"
        LINE_MANAGER = "line_manager", "My line manager"
        CPD_LEADER = "cpd_leader", "CPD leader"
        EVERYONE = "everyone", "Everyone here"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="reflections")
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="reflections"
    )
    title = models.CharField("what it is about", max_length=200, blank=True)
    will_try = models.TextField("what will you try, and with whom?", blank=True)
    learned = models.TextField("what did you learn?", blank=True)
    seen_in_pupils = models.TextField("what did you see in pupils?", blank=True)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.ONLY_ME)
    shared_at = models.DateTimeField(null=True, blank=True, editable=False)
    written_on = models.DateField()
    saved_at = models.DateTimeField()

    objects: ClassVar[Any] = scoped(ReflectionQuerySet)

    class Meta:
        ordering = ["-written_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "activity"],
                condition=Q(activity__isnull=False),
                name="one_reflection_per_activity",
            ),
            models.CheckConstraint(
                condition=Q(audience="only_me", shared_at=None)
                | (~Q(audience="only_me") & Q(shared_at__isnull=False)),
                name="shared_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["school", "owner"], name="reflection_by_owner")]

    def __str__(self) -> str:
        return f"reflection {self.uuid}"


class ReflectionReader(SchoolModel):
    """A person the owner chose when sharing. A successor in the role sees nothing older."""

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="readers")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reflection", "staff"], name="one_reader_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} may read {self.reflection_id}"


class ReflectionOpening(SchoolModel):
    """Somebody other than the owner opened a reflection; the owner sees who and when."""

    reflection = models.ForeignKey(Reflection, models.CASCADE, related_name="openings")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reflection", "staff"], name="one_opening_a_reader")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} opened {self.reflection_id}"
