"""Schools of a network with people, hours and needs, for tests of its figures."""

from datetime import date, timedelta
from decimal import Decimal

from activities.models import Attendance, Participation
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from evaluation.school_year import Period
from networks import publishing
from networks.models import Membership
from tests.factories import (
    ActivityFactory,
    MembershipFactory,
    NeedFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    TopicFactory,
    at_four,
)

SUMMER = Period(date(2026, 4, 13), date(2026, 7, 24))
TITLE = "Summer term 2025/26"


def staffed(school, *, people, absent=0, hours=2, cost=100, **fields):
    """So many on staff; all but `absent` of them were at one activity of so many hours."""
    with school_scope(school):
        add_year(school, 2025)
        add_year(school, 2026)
    crew = [StaffFactory(school=school, **fields) for _ in range(people)]
    activity = ActivityFactory(
        school=school, owner=crew[0], state="finished", expected_cost=Decimal(cost), was_logged=True
    )
    start = at_four(date(2026, 6, 10))
    session = SessionFactory(
        school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=hours),
        register_taken_at=start,
    )  # fmt: skip
    with school_scope(school):
        for person in crew[absent:]:
            Participation.objects.create(school=school, activity=activity, staff=person)
            Attendance.objects.create(
                school=school, session=session, staff=person, was_present=True
            )
    return crew


def joins(network, *, figures="totals", people=6, needs=(), **kwargs):
    """A member school with people, and needs as (topic, how many people)."""
    school = SchoolFactory()
    crew = staffed(school, people=people, **kwargs)
    for title, number in needs:
        topic = TopicFactory(school=school, title=title)
        for person in crew[:number]:
            NeedFactory(school=school, staff=person, topic=topic, title=title)
    MembershipFactory(network=network, school=school, figures=figures)
    return school


def shares(network, figures):
    """What the leading school shares."""
    with school_scope(network.school):
        Membership.objects.filter(school=network.school).update(figures=figures)


def published(network):
    return publishing.publish(network.pk, lead=network.school, title=TITLE, period=SUMMER)
