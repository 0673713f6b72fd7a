"""Twenty entitlements for the 120 people of the demo's secondary school, and what they have had."""

from __future__ import annotations

from datetime import timedelta

from activities import entitling
from activities.models import Entitlement, EntitlementStep, EntitlementUse, Received
from cpdhub import clock
from cpdhub.models import School, Staff

COLUMNS, STEPS = 20, 3
CODE = "bench"


def promise(school: School) -> None:
    """Nothing when they are there. The school must be open."""
    if EntitlementUse.objects.filter(code__startswith=CODE).exists():
        return
    today = clock.today()
    people = list(Staff.objects.live(today).on_staff())
    for number in range(COLUMNS):
        entitlement = Entitlement.objects.create(
            school=school, code=f"{CODE}-{number}", version="1", title=f"Entitlement {number}",
            short=f"No. {number}", summary="What everyone may expect",
        )  # fmt: skip
        steps = EntitlementStep.objects.bulk_create(
            EntitlementStep(
                school=school, entitlement=entitlement, code=f"step-{place}", position=place,
                title=f"Step {place}", due=EntitlementStep.Due.EVERY, number=12,
            )
            for place in range(STEPS)
        )  # fmt: skip
        entitling.keep(entitlement, by=people[0], since=today - timedelta(days=700))
        Received.objects.bulk_create(
            Received(
                school=school, staff=person, step=step, evidence="Attendance list",
                on=today - timedelta(days=(index * 7 + place * 40 + number) % 500),
            )
            for index, person in enumerate(people)
            for place, step in enumerate(steps)
            if (index + place + number) % 5
        )  # fmt: skip
