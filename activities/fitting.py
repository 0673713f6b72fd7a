"""Whether the sessions of an activity fit into the school's days: the rules, put to its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from activities import rules
from activities.clashes import people_of
from activities.models import Activity, Session
from activities.rules import Finding
from activities.school_time import Facts, Slot, gather, works
from cpdhub import clock
from cpdhub.models import Staff


def slot_of(session: Session, activity: Activity, *, is_only_one: bool) -> Slot:
    return Slot(
        session.starts_at,
        session.ends_at,
        session=session.pk,
        activity=activity.pk,
        is_compulsory=activity.is_compulsory,
        is_own_time=activity.is_own_time,
        is_direct=activity.kind == Activity.Kind.DIRECT,
        is_only_one=is_only_one,
        place=session.place,
    )


def crew_of(activity: Activity) -> list[Staff]:
    people = Staff.objects.filter(pk__in=people_of(activity))
    return list(people.select_related("team"))


def gathered(activity: Activity, *, first: date, last: date, on: date | None = None) -> Facts:
    return gather(activity.school, crew_of(activity), first=first, last=last, on=on)


def is_only_one(activity: Activity, session: Session) -> bool:
    return not activity.sessions.filter(cancelled_at=None).exclude(pk=session.pk).exists()


def of_activity(activity: Activity) -> list[Finding]:
    """What the rules find of all its sessions to come, in one look."""
    if activity.is_own_learning or activity.was_logged:
        return []
    held = list(activity.sessions.filter(cancelled_at=None))
    to_come = [session for session in held if session.ends_at >= clock.now()]
    if not to_come:
        return []
    days = [clock.day_of(session.starts_at) for session in to_come]
    facts = gathered(activity, first=min(days), last=max(days))
    return [
        finding
        for session in to_come
        for finding in rules.look(facts, slot_of(session, activity, is_only_one=len(held) == 1))
    ]


@dataclass(frozen=True)
class Fit:
    """What is found of one time, and nearby times of which nothing is."""

    findings: list[Finding]
    offers: list[Slot]
    missed: list[Staff] = field(default_factory=list)  # whom it takes out of the school day


def fit_of(session: Session) -> Fit:
    """Of one session, kept or only thought of; better times where something is found."""
    activity = session.activity
    day = clock.day_of(session.starts_at)
    facts = gathered(
        activity,
        first=day - timedelta(days=rules.LOOKS_BACK),
        last=day + timedelta(days=rules.LOOKS_AHEAD),
        on=day,
    )
    slot = slot_of(session, activity, is_only_one=is_only_one(activity, session))
    found = rules.look(facts, slot)
    offers = rules.offers(facts, slot, today=clock.today()) if found else []
    missed = [
        person
        for person in facts.people
        if facts.takes_from_school(slot.starts_at, slot.ends_at)
        and works(person.working_days, slot.starts_at, slot.ends_at)
    ]
    return Fit(found, offers, missed)
