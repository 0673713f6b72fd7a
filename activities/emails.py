"""Letters about activities: a register nobody has taken."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from activities.models import Session
from cpdhub import clock, emails, reminders
from cpdhub.models import Reminder, School, Staff

REGISTER = "register"
REACHES_BACK = timedelta(days=14)  # older ones are on the list of missing links


def registers_not_taken(school: School, now: datetime) -> Iterator[reminders.Due]:
    """Sessions that are over and have no register: their lead is asked the morning after."""
    sessions = (
        Session.objects.without_register(now=now)
        .filter(ends_at__gte=now - REACHES_BACK)
        .select_related("activity__lead", "activity__owner")
    )
    for session in sessions:
        if staff := who_keeps_it(session):
            held = session.ends_at.astimezone(clock.LONDON).date()
            morning = datetime.combine(held + timedelta(days=1), time(7), tzinfo=clock.LONDON)
            yield reminders.Due(
                staff=staff,
                key=f"{session.pk} on {held}",  # moved, it is asked for again
                due_at=morning,
                object_id=session.pk,
            )


def who_keeps_it(session: Session) -> Staff | None:
    """Its lead or, where they are from outside or have left, whoever entered it."""
    people = (session.activity.lead, session.activity.owner)
    return next((staff for staff in people if staff and staff.is_live(clock.today())), None)


def ask_for_register(reminder: Reminder) -> emails.Letter | None:
    """Nothing when it was taken meanwhile, moved, cancelled, or is somebody else's now."""
    session = (
        Session.objects.without_register(now=clock.now())
        .filter(pk=reminder.object_id)
        .select_related("activity__lead", "activity__owner")
        .first()
    )
    if session is None or who_keeps_it(session) != reminder.staff:
        return None
    return emails.letter(
        reminder.staff,
        "register_not_taken",
        {
            "session": session,
            "people": session.activity.participations.count(),
            "url": reminder.school.link("activities:register", session.pk),
        },
    )
