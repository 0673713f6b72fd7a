"""Certificates: that somebody took part in something, or that something was recognised."""

from __future__ import annotations

import secrets
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.models.base import SchoolModel, remembered, scoped
from evaluation.models.recognition import Submission

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look like another
RANDOM = 12  # of 31 letters: nobody finds one by trying


def new_code(school_id: int) -> str:
    """The school's number, so that one is found without opening all, and a random rest."""
    number, first = school_id, ""
    while number or not first:
        number, rest = divmod(number, len(LETTERS))
        first = LETTERS[rest] + first
    rest_of_it = "".join(secrets.choice(LETTERS) for _ in range(RANDOM))
    return "-".join([first, rest_of_it[:4], rest_of_it[4:8], rest_of_it[8:]])


def school_of(code: str) -> int | None:
    """Which school a code is of, if it could be one."""
    first, _, rest = code.partition("-")
    parts = rest.split("-")
    if [len(part) for part in parts] != [4, 4, 4] or not 0 < len(first) <= 8:
        return None
    if set(code.replace("-", "")) - set(LETTERS):
        return None
    number = 0
    for letter in first:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def owned_by(self, staff: Staff) -> Self:
        return self.filter(owner=staff)

    def valid(self) -> Self:
        return self.filter(withdrawn_at=None)

    def shown(self) -> Self:
        """On the wall: their owners said so, and are here; the latest first."""
        here = Q(owner__ends_on=None) | Q(owner__ends_on__gt=clock.today())
        return self.valid().filter(here, shown_at__isnull=False).order_by("-shown_at", "-pk")


@remembered()
class Certificate(SchoolModel):
    """A statement of the school about one person, with a code anybody can check it by.

    What it says is written down as it was on the day; it can be withdrawn, never changed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=24, unique=True, editable=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="certificates")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="+")
    submission = models.ForeignKey(
        Submission, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField("who", max_length=220)
    school_name = models.CharField(max_length=200)
    title = models.CharField("for what", max_length=250)
    text = models.CharField("said of it", max_length=600, blank=True)
    is_recognition = models.BooleanField(default=False)
    issued_on = models.DateField()
    shown_at = models.DateTimeField("colleagues may see it", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_because = models.CharField("why it is withdrawn", max_length=300, blank=True)

    objects: ClassVar[Any] = scoped(CertificateQuerySet)

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "activity"],
                condition=Q(activity__isnull=False, withdrawn_at=None),
                name="one_certificate_an_activity",
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(submission__isnull=False, withdrawn_at=None),
                name="one_certificate_a_recognition",
            ),
            models.CheckConstraint(
                condition=Q(activity=None) | Q(submission=None), name="certificate_is_for_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_at is None

    @property
    def url(self) -> str:
        """Where anybody checks it."""
        return f"{settings.BASE_URL}/verify/{self.code}/"
