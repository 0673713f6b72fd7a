"""What an approval does: an activity is planned or a place taken, and money is put aside.

Called by `activities.requests`, in its transaction and with the request's row locked.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from activities import actions, booking, spending
from activities.clashes import refuse_double_booking
from activities.models import (
    Activity,
    Budget,
    Cost,
    IntendedImpact,
    NotPossible,
    Participation,
    Places,
    Request,
    Session,
)
from activities.models.place import BOOKABLE
from cpdhub import clock
from cpdhub.models import Staff

LOOK_AGAIN_AFTER = timedelta(weeks=6)
MOST_DAYS = 10  # written down day by day; of what is longer, the first and the last


def not_on_offer(activity: Activity | None) -> str:
    if activity is None:
        return "Choose what it is for."
    if activity.state not in BOOKABLE:
        return f"{activity} is {activity.get_state_display().lower()}: nobody can join it."
    return ""


def planned_for(request: Request, budget: Budget | None) -> Activity:
    """What was asked for from outside becomes an activity of the school. Why this person asked is
    between them and whoever decides: everybody reads an activity's page."""
    activity = Activity(
        type=request.type or usual_type(),
        title=request.title,
        provider=request.provider,
        led_by=request.led_by,
    )
    last = request.last_day or clock.today()
    impact = IntendedImpact(
        staff_will=request.staff_will,
        pupils_will=request.pupils_will,
        known_by=request.known_by,
        look_again_on=request.look_again_on or last + LOOK_AGAIN_AFTER,
    )
    actions.plan_activity(
        activity,
        by=request.staff,
        impact=impact,
        priorities=[request.priority] if request.priority else [],
        needs=[request.need] if request.need else [],
        sessions=sessions_of(request),
        people=[request.staff_id],
        as_draft=True,
    )
    put_aside(request, activity, budget)
    actions.plan_draft(activity)
    return activity


def joined(request: Request, by: Staff, budget: Budget | None) -> Activity:
    """A place at what is on offer."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=request.activity_id)
    if refusal := not_on_offer(activity):
        raise NotPossible(refusal)
    if Places.objects.filter(activity=activity).exists():
        booking.add(activity, staff=request.staff, by=by)
    elif not Participation.objects.filter(activity=activity, staff=request.staff).exists():
        actions.add_people(activity, [request.staff_id])
    put_aside(request, activity, budget)
    refuse_double_booking(activity)
    return activity


def put_aside(request: Request, activity: Activity, budget: Budget | None) -> None:
    """The fee and the cover, as lines for this person."""
    first = request.starts_on or spending.first_day(activity)
    common = {
        "activity": activity, "staff": request.staff, "budget": budget, "falls_on": first,
        "request": request,
    }  # fmt: skip
    if request.fee:
        spending.save_cost(Cost(kind=Cost.Kind.FEE, expected=request.fee, **common))
    if request.cover_half_days:
        cover = Cost(
            kind=Cost.Kind.COVER, expected=request.cover_cost,
            cover_unit=Cost.CoverUnit.HALF_DAY, cover_number=request.cover_half_days, **common,
        )  # fmt: skip
        spending.save_cost(cover)


def usual_type() -> Any:
    from activities.forms.activity import activity_types

    types = activity_types()
    return types.filter(code="one-day-event").first() or types.first()


def days_of(request: Request) -> list[date]:
    first, last = request.starts_on, request.last_day
    if first is None or last is None:
        return []
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(days) > 1:
        days = [day for day in days if day.weekday() < 5] or [first]
    return days if len(days) <= MOST_DAYS else [days[0], days[-1]]


def sessions_of(request: Request) -> list[Session]:
    return [
        Session(
            starts_at=clock.at(day, request.starts_at),
            ends_at=clock.at(day, request.ends_at),
            place=request.place,
        )
        for day in days_of(request)
    ]


def give_back(request: Request, *, by: Staff | None) -> None:
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=request.activity_id)
    if booking.was_marked(activity, request.staff):
        raise NotPossible("Attendance has been taken: it happened, so it stays.")
    if request.is_outside:
        if activity.state in BOOKABLE:
            activity.cancel(f"{request.staff} does not go after all.")
        return
    for line in Cost.objects.filter(request=request, actual=None):
        spending.remove_cost(line)
    if activity.is_over:
        return
    booking.release(activity, request.staff, by=by, because="Request withdrawn")
    if places := Places.objects.filter(activity=activity).first():
        booking.fill(places)
