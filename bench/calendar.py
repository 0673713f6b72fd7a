"""A month with 400 sessions, for the calendar."""

from __future__ import annotations

from datetime import time, timedelta

from activities.models import Activity, IntendedImpact, Participation, Session
from cpdhub import clock
from cpdhub.models import FrameworkItem, School, Staff
from cpdhub.permissions import Role

ACTIVITIES, SESSIONS, PEOPLE = 40, 10, 3
NAME = "Study group of the bench"


def fill(school: School) -> None:
    """Activities with three people each, their sessions spread over this month's first 28 days;
    nothing when they are there. Registers are taken, so that home has nothing more to ask."""
    if Activity.objects.filter(title__startswith=NAME).exists():
        return
    today = clock.today()
    people = list(Staff.objects.live(today).on_staff())
    leader = Staff.objects.with_role(Role.CPD_LEADER).first()
    menu = FrameworkItem.objects.filter(code="coaching", framework__school=None).first()
    for number in range(ACTIVITIES):
        activity = Activity.objects.create(
            school=school, type=menu, owner=leader, title=f"{NAME} {number}"
        )
        IntendedImpact.objects.create(
            school=school, activity=activity, staff_will="Try it", pupils_will="Explain more",
            known_by="A look", look_again_on=today + timedelta(weeks=20),
        )  # fmt: skip
        activity.plan()
        Participation.objects.bulk_create(
            Participation(
                school=school, activity=activity, staff=people[(number + n) % len(people)]
            )
            for n in range(PEOPLE)
        )
        Session.objects.bulk_create(
            Session(
                school=school, activity=activity, place="Hall", register_taken_at=clock.now(),
                starts_at=clock.at(day, time(16)), ends_at=clock.at(day, time(17)),
            )
            for n in range(SESSIONS)
            for day in [today.replace(day=1 + (number * SESSIONS + n) % 28)]
        )  # fmt: skip
