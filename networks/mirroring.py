"""What a place at another school means at home: an activity in the visitor's own school, kept in
step with the offer, so that it stands in people's calendars and on their records.

Each function opens the visitor's school for itself, writes there, and shows nobody what is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from activities import actions
from activities.clashes import refuse_double_booking
from activities.forms.activity import activity_types
from activities.models import Activity, Attendance, IntendedImpact, Session
from cpdhub import clock
from cpdhub.models import FrameworkItem, Staff
from cpdhub.models.base import NotPossible
from cpdhub.walls import school_scope
from networks.models import Offer, OfferPlace, SchoolPlaces


def _part(offer: Offer, school_id: int) -> SchoolPlaces:
    part: SchoolPlaces
    part, _ = SchoolPlaces.objects.get_or_create(school_id=school_id, offer=offer)
    return part


def _activity(offer: Offer, school_id: int) -> tuple[SchoolPlaces | None, Activity | None]:
    """The school's own entry, locked as registers lock it; None where there is none any more."""
    part = SchoolPlaces.objects.filter(school=school_id, offer=offer).first()
    if part is None or part.activity_id is None:
        return part, None
    return part, Activity.objects.select_for_update().filter(pk=part.activity_id).first()


@transaction.atomic
def add_people(offer: Offer, school_id: int, people: Iterable[int], *, by: Staff) -> None:
    """Onto the school's own entry, which the first of them makes. Refused when somebody is
    elsewhere at that time."""
    chosen = list(people)
    if not chosen:
        return
    with school_scope(school_id):
        part = _part(offer, school_id)
        _, activity = _activity(offer, school_id)
        if activity is None or activity.state == Activity.State.CANCELLED:
            activity = _made(offer, part, by)
        actions.add_people(activity, chosen)
        refuse_double_booking(activity)


def _made(offer: Offer, part: SchoolPlaces, by: Staff) -> Activity:
    activity = Activity.objects.create(
        school=by.school, owner=by, type=_type(offer), title=offer.title, purpose=_purpose(offer),
        audience=offer.audience, led_by=offer.school.name[:120], kind=offer.kind,
    )  # fmt: skip
    said = offer.impact
    if said:
        IntendedImpact.objects.create(
            school=by.school, activity=activity, staff_will=said["staff_will"],
            pupils_will=said["pupils_will"], known_by=said["known_by"],
            look_again_on=date.fromisoformat(said["look_again_on"])
            if said["look_again_on"] else None,
        )  # fmt: skip
    part.activity, part.numbers = activity, {}
    _set_sessions(offer, part, activity)
    activity.plan()
    return activity


def _type(offer: Offer) -> FrameworkItem:
    """The host's, where it ships with CPD Hub; a school's own type means nothing elsewhere."""
    types = activity_types()
    code = {"visit": "school-visit", "day": "specialist"}.get(offer.what, "")
    found: FrameworkItem | None = (
        types.filter(school=None, code=code).first()
        or types.filter(pk=offer.type_id or 0).exclude(code="training-other-schools").first()
        or types.filter(school=None, code="network").first()
        or types.first()
    )
    if found is None:
        raise NotPossible("Your school has no types of activity yet.")
    return found


def _purpose(offer: Offer) -> str:
    note = f"At {offer.school}, through {offer.network}. That school keeps the times and register."
    return f"{offer.about}\n\n{note}" if offer.about else note


def _set_sessions(offer: Offer, part: SchoolPlaces, activity: Activity) -> None:
    """Its sessions as the offer has them now; what people attended is never touched."""
    known = {one.pk: one for one in activity.sessions.all()}
    numbers = dict(part.numbers)
    for meeting in offer.meetings:
        session = known.pop(numbers.get(str(meeting.key), 0), None)
        if session is None:
            if meeting.is_off:
                continue
            session = Session(school_id=activity.school_id, activity=activity)
        _set(session, meeting)
        numbers[str(meeting.key)] = session.pk
    for pk in set(known) & set(part.numbers.values()):  # gone at the host
        _call_off(known[pk])
    part.numbers = numbers
    part.save(update_fields=["activity", "numbers"])


def _set(session: Session, meeting: Any) -> None:
    if meeting.is_off:
        _call_off(session)
        return
    now = (session.starts_at, session.ends_at, session.place, session.cancelled_at)
    new = (meeting.starts_at, meeting.ends_at, meeting.place, None)
    if session.pk and now == new:
        return
    session.starts_at, session.ends_at, session.place, session.cancelled_at = new
    session.sequence += 1 if session.pk else 0
    session.save()


def _call_off(session: Session) -> None:
    if session.cancelled_at or session.register_taken_at:
        return
    session.cancelled_at, session.sequence = clock.now(), session.sequence + 1
    session.save(update_fields=["cancelled_at", "sequence"])


@transaction.atomic
def follow(offer: Offer, school_id: int) -> None:
    """The offer changed: so does the school's own entry. Nobody is asked whether they are free:
    they are told, and can give the place back."""
    with school_scope(school_id):
        part, activity = _activity(offer, school_id)
        if part is None or activity is None or activity.is_over:
            return
        if (activity.title, activity.audience) != (offer.title, offer.audience):
            activity.title, activity.audience = offer.title, offer.audience
            activity.save(update_fields=["title", "audience"])
        _set_sessions(offer, part, activity)
        activity.go_on()


@transaction.atomic
def take_out(offer: Offer, place: OfferPlace, *, because: str) -> None:
    """A place was given back. What its person attended stays; nobody left, and it is off."""
    with school_scope(place.school_id):
        _, activity = _activity(offer, place.school_id)
        if activity is None or activity.is_over:
            return
        marked = Attendance.objects.filter(session__activity=activity)
        if not marked.filter(staff=place.staff_id, was_present=True).exists():
            activity.participations.filter(staff=place.staff_id).delete()
        if not activity.participations.exists():
            _end(activity, because)


@transaction.atomic
def end(offer: Offer, school_id: int, *, because: str) -> None:
    """It takes place no more for this school."""
    with school_scope(school_id):
        _, activity = _activity(offer, school_id)
        if activity is not None and not activity.is_over:
            _end(activity, because)


def _end(activity: Activity, because: str) -> None:
    """Off, or, where somebody has been there, over with what was held."""
    if not Attendance.objects.filter(session__activity=activity, was_present=True).exists():
        if activity.state not in Activity.OVER:
            activity.cancel(because)
        return
    for session in activity.sessions.filter(cancelled_at=None, starts_at__gt=clock.now()):
        _call_off(session)
    activity.move_on()


@transaction.atomic
def attend(offer: Offer, school_id: int, *, key: int, marks: Mapping[int, bool]) -> None:
    """The host's register of these people, on their records. Written twice, it is the same."""
    with school_scope(school_id):
        part, activity = _activity(offer, school_id)
        if part is None or activity is None or activity.state == Activity.State.CANCELLED:
            return
        number = part.numbers.get(str(key), 0)
        session = activity.sessions.filter(pk=number, cancelled_at=None).first()
        if session is None:
            return
        here = set(Staff.objects.filter(pk__in=marks).values_list("pk", flat=True))
        actions.add_people(activity, [pk for pk in here if marks[pk]])
        Attendance.objects.bulk_create(
            [
                Attendance(school_id=school_id, session=session, staff_id=pk, was_present=marks[pk])
                for pk in sorted(here)
            ],
            update_conflicts=True,
            unique_fields=["session", "staff"],
            update_fields=["was_present"],
        )
        if session.register_taken_at is None:
            session.register_taken_at = clock.now()
            session.save(update_fields=["register_taken_at"])
            activity.move_on()
