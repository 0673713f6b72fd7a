"""Letters about activities: a register nobody has taken, a place, a request, an answer."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from activities.deciding import deciders
from activities.models import Activity, Booking, Excuse, Request, RequestStep, Session
from activities.models.place import BOOKABLE
from cpdhub import clock, emails, reminders
from cpdhub.models import Reminder, School, Staff

REGISTER = "register"
ASKED_AGAIN_AFTER = timedelta(days=4)
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


def nothing_to_find(school: School, now: datetime) -> Iterator[reminders.Due]:
    """These are written where it happens, in the same transaction."""
    yield from ()


def invitations_not_answered(school: School, now: datetime) -> Iterator[reminders.Due]:
    """Whoever has not said yes or no is asked once more, half a week on."""
    asked = Booking.objects.invited().filter(asked_at__lt=now - ASKED_AGAIN_AFTER)
    for booking in asked.filter(activity__state__in=BOOKABLE).select_related("staff"):
        yield reminders.Due(
            staff=booking.staff,
            key=f"{booking.pk} invited again {booking.asked_at:%y%m%d}",
            due_at=now,
            object_id=booking.pk,
        )


def about_a_place(reminder: Reminder) -> emails.Letter | None:
    """Booked, a place came free, invited. Nothing when it is otherwise meanwhile."""
    booking = Booking.objects.filter(pk=reminder.object_id).select_related("activity", "by").first()
    said = reminder.key.split()[1]
    if booking is None or booking.state != said or booking.activity.is_over:
        return None
    first = booking.activity.sessions.filter(cancelled_at=None).first()
    return emails.letter(
        reminder.staff,
        "place",
        {
            "booking": booking,
            "activity": booking.activity,
            "first": first,
            "url": reminder.school.link("activities:activity", booking.activity_id),
        },
    )


def about_an_excuse(reminder: Reminder) -> emails.Letter | None:
    excuse = (
        Excuse.objects.filter(pk=reminder.object_id)
        .select_related("activity", "decided_by")
        .first()
    )
    if excuse is None or excuse.activity.state == Activity.State.CANCELLED:
        return None
    url = reminder.school.link("activities:activity", excuse.activity_id)
    return emails.letter(reminder.staff, "excuse", {"excuse": excuse, "url": url})


def put_off_until_today(school: School, now: datetime) -> Iterator[reminders.Due]:
    """A request was to wait until a day, and the day has come: whoever has it is told."""
    today = clock.day_of(now)
    waiting = Request.objects.filter(state=Request.State.WAITING, waits_until__lte=today)
    if not waiting.exists():
        return
    who = deciders(school, today)
    steps = RequestStep.objects.filter(request__in=waiting, kind=RequestStep.Kind.WAITS)
    for step in steps.select_related("request"):
        step.request.school = school
        holder = who.holder(step.request)
        if holder and step.until == step.request.waits_until:
            yield reminders.Due(staff=holder, key=f"{step.pk} again", due_at=now, object_id=step.pk)


def about_a_request(reminder: Reminder) -> emails.Letter | None:
    """One step, to whoever it is for and whoever has it. Nothing where it went on meanwhile and
    there is nothing left to do."""
    step = (
        RequestStep.objects.filter(pk=reminder.object_id)
        .select_related("request__activity", "request__staff", "by", "to")
        .first()
    )
    if step is None:
        return None
    found = step.request
    is_own = found.staff_id == reminder.staff_id
    if not is_own and not found.is_open and step.kind != RequestStep.Kind.TURNED_DOWN:
        return None
    return emails.letter(
        reminder.staff,
        "request",
        {
            "step": step,
            "found": found,
            "is_own": is_own,
            "is_manager": found.staff.line_manager_id == reminder.staff_id,
            "url": reminder.school.link("activities:request", found.pk),
        },
    )
