"""Nobody is in two places at once: the one rule of the calendar that refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from activities.models import Activity, NotPossible, Participation, Session
from cpdhub import clock
from cpdhub.models import Staff

MOST_CLASHES = 5


class DoubleBooked(NotPossible):
    """Somebody would be in two places at once."""


@contextmanager
def nobody_twice(activity: Activity) -> Iterator[None]:
    """What is done to an activity inside stands only if nobody in it is double booked by it.

    What is over is over; a draft binds nobody, nor does what was logged with a day and no hour.
    """
    with transaction.atomic():
        yield
        refuse_double_booking(activity)


def refuse_double_booking(activity: Activity) -> None:
    """Inside a transaction. Two plans for one person at the same moment take turns."""
    people = people_of(activity)
    list(
        Staff.objects.select_for_update(no_key=True)
        .filter(pk__in=people)
        .order_by("pk")
        .values_list("pk")
    )
    found = clashes_of(activity, people)
    if found:
        more = len(found) - MOST_CLASHES
        also = [f"So {'is one other' if more == 1 else f'are {more} others'}."] if more > 0 else []
        raise DoubleBooked(
            " ".join([*found[:MOST_CLASHES], *also])
            + " Nobody can be in two places: choose another time, or take them out of one."
        )


def people_of(activity: Activity) -> set[int]:
    """Who takes part and who leads."""
    people = set(activity.participations.values_list("staff", flat=True))
    return people | ({activity.lead_id} if activity.lead_id else set())


def clashes_of(activity: Activity, people: set[int]) -> list[str]:
    """Who is somewhere else at the time of a session to come, in words."""
    ours = Session.objects.settled().filter(activity=activity)
    if not ours.exists():
        return []
    now = clock.now()
    others = Session.objects.overlapping(activity).settled().filter(ends_at__gte=now)
    sessions = {session.activity_id: session for session in others.select_related("activity__lead")}
    if not sessions:
        return []
    there = Participation.objects.filter(activity__in=sessions, staff__in=people)
    found = {
        (row.staff.sort_name, str(row.staff), row.activity_id)
        for row in there.select_related("staff")
    }
    for session in sessions.values():
        lead = session.activity.lead
        if lead and lead.pk in people:
            found.add((lead.sort_name, str(lead), session.activity_id))
    return [
        f"{name} is already at {sessions[pk].activity.title_for_all} then ({sessions[pk]})."
        for _, name, pk in sorted(found)
    ]
