"""A short code on the screen, typed on a phone: I am here."""

import secrets
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import salted_hmac

from activities import actions
from activities.models import Activity, Attendance, NotPossible, Session
from activities.models.place import BOOKABLE
from cpdhub import clock
from cpdhub.models import Staff

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look like another
LENGTH = 5
BEFORE, AFTER = timedelta(minutes=10), timedelta(hours=1)
MOST_TRIES, TRIES_IN = 8, 600  # seconds
WRONG = "No session that is on now has this code. Look at the screen again."


def code_of(session: Session) -> str:
    """Always the same for a session until it is moved; nothing is stored."""
    digest = salted_hmac("activities.code", f"{session.uid} {session.sequence}").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])


def is_open(session: Session) -> bool:
    """From shortly before it starts until an hour after it ends."""
    return session.starts_at - BEFORE <= clock.now() <= session.ends_at + AFTER


def check_in(staff: Staff, typed: str) -> Session:
    """Present at the session whose code this is. The register stays the truth."""
    count_try(staff)
    code = "".join(typed.upper().split())
    now = clock.now()
    going = Session.objects.held().filter(
        starts_at__lte=now + BEFORE,
        ends_at__gte=now - AFTER,
        activity__in=Activity.objects.visible_to(staff).of_school(),
        activity__state__in=[*BOOKABLE, Activity.State.FINISHED],
    )
    for session in going.select_related("activity"):
        if secrets.compare_digest(code_of(session).encode(), code.encode()):
            mark_present(session, staff)
            return session
    raise NotPossible(WRONG)


def count_try(staff: Staff) -> None:
    key = f"check-in-{staff.school_id}-{staff.pk}"
    cache.add(key, 0, TRIES_IN)
    if cache.incr(key) > MOST_TRIES:
        raise NotPossible(
            "That were many tries. Wait ten minutes, or ask whoever leads it to tick you off."
        )


@transaction.atomic
def mark_present(session: Session, staff: Staff) -> None:
    activity = Activity.objects.select_for_update().get(pk=session.activity_id)
    marked = Attendance.objects.filter(session=session, staff=staff).first()
    if marked and marked.was_present:
        return
    session.refresh_from_db(fields=["register_taken_at", "cancelled_at"])
    if session.register_taken_at or session.cancelled_at:
        raise NotPossible("The register has been taken: ask whoever leads it to correct it.")
    actions.add_people(activity, [staff.pk])
    Attendance.objects.update_or_create(
        session=session, staff=staff, defaults={"was_present": True, "school": staff.school}
    )
