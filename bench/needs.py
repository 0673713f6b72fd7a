"""As many needs as a large school writes down in some years: two thousand, on sixty topics."""

from __future__ import annotations

from datetime import timedelta

from audits.models import Need, NeedSource, Topic
from cpdhub import clock
from cpdhub.models import School, Staff

NUMBER, TOPICS = 2_000, 60
NAME = "A thing that should be different, number"


def write_down(school: School) -> None:
    """Nothing when they are there. The school must be open."""
    if Need.objects.filter(title__startswith=NAME).exists():
        return
    topics = [Topic.named(f"Topic of the bench {n}", school_id=school.pk) for n in range(TOPICS)]
    people = list(Staff.objects.live(clock.today()).on_staff())
    statuses = [Need.Status.IDENTIFIED, Need.Status.AGREED, Need.Status.PLANNED, Need.Status.MET]
    needs = Need.objects.bulk_create(
        Need(
            school=school, title=f"{NAME} {number}", whom=Need.Whom.PERSON,
            staff=people[number % len(people)], topic=topics[number % TOPICS],
            level_now=number % 3 + 1, level_wanted=4, status=statuses[number % 4],
            met_on=clock.today() if statuses[number % 4] == Need.Status.MET else None,
            identified_on=clock.today() - timedelta(days=number % 300),
        )
        for number in range(NUMBER)
    )  # fmt: skip
    NeedSource.objects.bulk_create(
        NeedSource(school=school, need=need, kind=NeedSource.Kind.OWN) for need in needs
    )
