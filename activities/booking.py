"""Who gets a place, who waits, and who comes next when one is free.

Everything here locks the activity's row first, as registers and choosing people do, so that any
number of people after the last place take turns. A trigger holds the same promise underneath.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from activities import actions
from activities.models import (
    Activity,
    Attendance,
    Booking,
    Excuse,
    NotPossible,
    Participation,
    Places,
    Session,
)
from activities.models.place import BOOKABLE
from cpdhub import clock
from cpdhub.models import Reminder, School, Staff

State = Booking.State
PLACE, EXCUSE = "place", "excuse"  # kinds of letters
PRIVATE = "Only those who take part know of this, so there is nothing to book: choose its people."
FULL = "All {n} places are taken. Raise the number of places first."


def locked(activity: Activity) -> Places:
    """Its places, nobody else's to give until this transaction is over."""
    mine = Activity.objects.select_for_update().get(pk=activity.pk)
    places = Places.objects.filter(activity=mine).first()
    if places is None:
        raise NotPossible("This is not open for booking: ask whoever leads it.")
    places.activity = mine
    return places


def first_start(activity: Activity) -> datetime | None:
    held = Session.objects.filter(activity=activity, cancelled_at=None)
    return held.order_by("starts_at").values_list("starts_at", flat=True).first()


def taken(activity: Activity) -> int:
    """Everybody who takes part has a place."""
    return Participation.objects.filter(activity=activity).count()


# --- one's own place -------------------------------------------------------------------------
@transaction.atomic
def book(activity: Activity, *, staff: Staff) -> Booking:
    """A place, or one in the queue when all are taken. Asking twice is harmless.

    Whoever was invited may take one that is kept back.
    """
    places = locked(activity)
    now = clock.now()
    booking = of(places.activity, staff)
    if booking.state in {State.BOOKED, State.WAITING} and booking.pk:
        return booking
    if has_place(places.activity, staff) and places.activity.state in BOOKABLE:
        return move(booking, State.BOOKED, by=staff)
    if refusal := places.why_not_now(clock.today(), now, first_start(places.activity)):
        raise NotPossible(refusal)
    is_invited = booking.state == State.INVITED
    teams = set(places.for_teams.values_list("team", flat=True))
    if not is_invited and not places.are_for(staff, teams):
        raise NotPossible(
            "This is for other colleagues. Ask whoever leads it whether you can come."
        )
    if other := elsewhere(places.activity, staff):
        raise NotPossible(
            f"You are at {other.activity} then ({other}). Give that up first, or stay there."
        )
    count = taken(places.activity)
    left = places.left(count) if is_invited else places.left_to_book(count)
    if left == 0:
        return move(booking, State.WAITING, by=staff)
    return give(booking, by=staff)


@transaction.atomic
def give_up(activity: Activity, *, staff: Staff, by: Staff, because: str = "") -> None:
    """They do not come after all; whoever has waited longest gets the place."""
    places = locked(activity)
    if places.activity.is_over:
        raise NotPossible("It is over: nothing about places changes any more.")
    if places.activity.is_compulsory and by == staff:
        raise NotPossible("It is compulsory: ask to be excused instead.")
    is_open = of(places.activity, staff).state in Booking.OPEN
    if not is_open and not has_place(places.activity, staff):
        return
    release(places.activity, staff, by=by, because=because)
    fill(places)


@transaction.atomic
def decline(activity: Activity, *, staff: Staff, because: str = "") -> None:
    """No thank you to an invitation."""
    locked(activity)
    booking = of(activity, staff)
    if booking.state == State.INVITED:
        move(booking, State.DECLINED, by=staff, because=because)


# --- what whoever leads it does --------------------------------------------------------------
@transaction.atomic
def change_places(places: Places, *, teams: Collection[Any]) -> None:
    """Open it for booking, or change how: never to fewer places than are taken."""
    activity = Activity.objects.select_for_update().get(pk=places.activity_id)
    if activity.is_private:
        raise NotPossible(PRIVATE)
    count = taken(places.activity)
    if places.capacity is not None and places.capacity < count:
        raise NotPossible(
            f"{count} people have a place already. Take somebody out first, or leave at least"
            f" {count} places."
        )
    places.save()
    places.teams.set(teams, through_defaults={"school_id": places.school_id})
    fill(places)


@transaction.atomic
def add(activity: Activity, *, staff: Staff, by: Staff) -> Booking:
    """A place from whoever leads it, also one that is kept back."""
    places = locked(activity)
    booking = of(places.activity, staff)
    if has_place(places.activity, staff):
        return booking
    if places.activity.state not in BOOKABLE:
        raise NotPossible("Plan it first: a draft or what is over has no places to give.")
    if places.left(taken(places.activity)) == 0:
        raise NotPossible(FULL.format(n=places.capacity))
    return give(booking, by=by)


@transaction.atomic
def invite(activity: Activity, *, people: Iterable[Staff], by: Staff) -> int:
    """Ask people to come. Whoever has a place, or waits for one, has been asked enough."""
    places = locked(activity)
    if places.activity.state not in BOOKABLE:
        raise NotPossible("Plan it first: nobody is invited to a draft or to what is over.")
    if places.activity.is_private:
        raise NotPossible(PRIVATE)
    count = 0
    for person in people:
        booking = of(places.activity, person)
        if booking.state in Booking.OPEN or has_place(places.activity, person):
            continue
        move(booking, State.INVITED, by=by)
        count += 1
    return count


@transaction.atomic
def decide(excuse: Excuse, *, by: Staff, decision: str, answer: str) -> None:
    """Excused, their place goes to somebody else; once decided it stays decided."""
    if excuse.staff_id == by.pk:
        raise NotPossible("Somebody else decides about this one: it is your own.")
    activity = Activity.objects.select_for_update().get(pk=excuse.activity_id)
    if not Excuse.objects.filter(pk=excuse.pk, decision="").exists():
        raise NotPossible("Somebody has decided this already.")
    excuse.decision, excuse.answer = decision, answer.strip()
    excuse.decided_by, excuse.decided_at = by, clock.now()
    excuse.save()
    tell(EXCUSE, excuse.staff, f"{excuse.pk}", excuse.pk)
    places = Places.objects.filter(activity=activity).first()
    if decision == Excuse.Decision.EXCUSED and not was_marked(activity, excuse.staff):
        release(activity, excuse.staff, by=by, because="Excused")
        if places:
            places.activity = activity
            fill(places)


# --- the parts -------------------------------------------------------------------------------
def of(activity: Activity, staff: Staff) -> Booking:
    """This person's booking there, or a new one that is not saved."""
    found: Booking | None = Booking.objects.filter(activity=activity, staff=staff).first()
    return found or Booking(school_id=activity.school_id, activity=activity, staff=staff, state="")


def has_place(activity: Activity, staff: Staff) -> bool:
    return Participation.objects.filter(activity=activity, staff=staff).exists()


def elsewhere(activity: Activity, staff: Staff) -> Session | None:
    """Where this person is already at the time: nobody is in two rooms at once."""
    others = Session.objects.overlapping(activity).of(staff).select_related("activity")
    found: Session | None = others.first()
    return found


def was_marked(activity: Activity, staff: Staff) -> bool:
    """Somebody has said on a register whether they were there."""
    return Attendance.objects.filter(session__activity=activity, staff=staff).exists()


def give(booking: Booking, *, by: Staff | None) -> Booking:
    actions.add_people(booking.activity, [booking.staff_id])
    return move(booking, State.BOOKED, by=by)


def release(activity: Activity, staff: Staff, *, by: Staff | None, because: str) -> None:
    """Out of it, before anybody took attendance."""
    if was_marked(activity, staff):
        raise NotPossible(
            f"{staff} has been marked on a register, so the place stays. Correct the register"
            " instead."
        )
    Participation.objects.filter(activity=activity, staff=staff).delete()
    booking = of(activity, staff)
    if booking.state in Booking.OPEN or not booking.pk:
        move(booking, State.CANCELLED, by=by, because=because)


def move(booking: Booking, to: str, *, by: Staff | None, because: str = "") -> Booking:
    """To another state, and a letter where somebody else did it or a place was booked."""
    was = booking.state
    if was == to:
        return booking
    if to == State.WAITING or not booking.pk:
        booking.asked_at = clock.now()
    booking.state, booking.by, booking.because = to, by, because.strip()[:300]
    booking.save()
    if to in {State.BOOKED, State.INVITED}:
        tell(PLACE, booking.staff, f"{booking.pk} {to} {clock.now():%y%m%d%H%M%S}", booking.pk)
    return booking


def tell(kind: str, staff: Staff, key: str, pk: int) -> None:
    """A letter that leaves with this transaction, or not at all."""
    Reminder.objects.bulk_create(
        [
            Reminder(
                school_id=staff.school_id, staff=staff, kind=kind, key=f"{kind}:{key}",
                object_id=pk, due_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def fill(places: Places) -> None:
    """Whoever has waited longest gets what is free, and the next, until it is over."""
    activity = places.activity
    left = places.left_to_book(taken(activity))
    if activity.state not in BOOKABLE or left == 0:
        return
    if not is_to_come(activity, clock.now()):
        return
    here = Staff.objects.live(clock.today())
    waiting = Booking.objects.waiting().filter(activity=activity, staff__in=here)
    for booking in waiting.select_related("staff"):
        if left == 0:
            break
        if elsewhere(activity, booking.staff):
            continue  # they keep their turn
        booking.activity = activity
        give(booking, by=None)
        left = None if left is None else left - 1


def is_to_come(activity: Activity, now: datetime) -> bool:
    held = Session.objects.filter(activity=activity, cancelled_at=None)
    return not held.exists() or held.filter(ends_at__gt=now).exists()


def follow_people(activity: Activity, *, by: Staff | None) -> None:
    """Somebody chose who takes part: bookings say the same, and what became free is given."""
    inside = Participation.objects.filter(activity=activity).values("staff")
    bookings = Booking.objects.filter(activity=activity).select_related("staff")
    for booking in bookings.booked().exclude(staff__in=inside):
        move(booking, State.CANCELLED, by=by, because="Taken out by whoever leads it")
    if activity.state not in BOOKABLE:
        return
    for booking in bookings.open().exclude(state=State.BOOKED).filter(staff__in=inside):
        move(booking, State.BOOKED, by=by)
    if places := Places.objects.filter(activity=activity).first():
        places.activity = activity
        fill(places)


def refuse_too_many(activity: Activity, people: Collection[int]) -> None:
    """Somebody is put down for more places than there are."""
    places = Places.objects.filter(activity=activity).first()
    if places is None or places.capacity is None:
        return
    if len(people) > max(places.capacity, taken(activity)):
        raise NotPossible(
            f"There are {places.capacity} places and you chose {len(people)} people. Raise the"
            " number of places first, or choose fewer."
        )


def free_places_of_leavers(school: School, now: datetime) -> None:
    """Who will not be here any more when it starts gives their place back by themselves."""
    today = clock.day_of(now)
    leaving = Staff.objects.exclude(ends_on=None)
    held: QuerySet[Activity] = Activity.objects.filter(state__in=BOOKABLE).exclude(places=None)
    places = Q(participations__staff__in=leaving) | Q(bookings__staff__in=leaving)
    for activity in held.filter(places).distinct():
        with transaction.atomic():
            mine = locked(activity)
            starts = first_start(activity)
            day: date = max(today, clock.day_of(starts)) if starts else today
            gone = Staff.objects.left(day).filter(
                Q(participations__activity=activity)
                | Q(bookings__activity=activity, bookings__state__in=Booking.OPEN)
            )
            for person in gone.distinct():
                if not was_marked(activity, person):
                    release(mine.activity, person, by=None, because="Has left")
            fill(mine)
