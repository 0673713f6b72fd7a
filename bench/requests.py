"""Three hundred requests that wait, for the queue."""

from __future__ import annotations

from datetime import timedelta

from activities.models import Request
from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.permissions import Role

REQUESTS = 300
NAME = "Course of the bench"


def ask(school: School) -> None:
    """Of everybody in turn, asked over the last two months; nothing when they are there."""
    if Request.objects.filter(title__startswith=NAME).exists():
        return
    now, today = clock.now(), clock.today()
    leaders = Staff.objects.with_role(Role.CPD_LEADER)
    people = list(Staff.objects.live(today).on_staff().exclude(pk__in=leaders))
    Request.objects.bulk_create(
        Request(
            school=school, staff=people[number % len(people)], title=f"{NAME} {number}",
            state=Request.State.ASKED, asked_at=now - timedelta(days=number % 60), fee=number,
            cover_half_days=number % 3, starts_on=today + timedelta(days=30 + number % 90),
            why="I teach it next term", staff_will="Try it", pupils_will="Explain more",
            known_by="A look",
        )
        for number in range(REQUESTS)
    )  # fmt: skip
