"""Asking those who took part, weeks and terms later: few questions, few times, then no more.

Found in each sweep and written down once a moment. Private activities are left out: what comes of
them is for the people in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min, Q, QuerySet

from activities.models import Activity
from audits import rounds
from audits.models import Instrument, Invitation, Round
from audits.models.round import LEAST_ANONYMOUS
from cpdhub import clock, sweeps
from cpdhub.models import School, Staff
from cpdhub.reminders import half_term_began, next_school_day
from evaluation.models import Decision, ImpactReview, ImpactRound, Moment
from evaluation.models.review import moments_of
from evaluation.reminders import asked_about, took_part

OPEN_FOR = 10  # school days
TOO_LATE = timedelta(days=21)  # what could not be asked by then is not asked at all
LATEST = timedelta(weeks=105)
LEAST = 5  # what fewer say points at somebody: they are not asked
HOLIDAYS = timedelta(days=60)  # longer ones there are not
INSTRUMENTS = {
    Moment.END: "after-activity",
    Moment.WEEKS: "weeks-after-activity",
    Moment.TERM: "term-after-activity",
    Moment.YEAR: "term-after-activity",
}
TITLES = {
    Moment.END: "How was “{}”?",
    Moment.WEEKS: "Some weeks after “{}”",
    Moment.TERM: "A term after “{}”",
    Moment.YEAR: "A year after “{}”",
}
# What cannot be known earlier says more about impact.
MOST_TELLING = [Moment.YEAR, Moment.TERM, Moment.WEEKS, Moment.END]


@dataclass(frozen=True)
class Asking:
    """One activity whose people are due to be asked."""

    activity: Activity
    moment: str
    due_on: date


def with_days() -> QuerySet[Any]:
    """What people are asked about, each with the moments of its first and last session."""
    held = Q(sessions__cancelled_at=None)
    return (
        asked_about()
        .filter(is_private=False)
        .annotate(
            first_at=Min("sessions__starts_at", filter=held),
            last_at=Max("sessions__ends_at", filter=held),
        )
    )


def planned(activity: Any) -> dict[str, date]:
    """The moments of one of `with_days()`; none while it has no session."""
    first, last = activity.first_at, activity.last_at
    return moments_of(activity, clock.day_of(first), clock.day_of(last)) if last else {}


def due(today: date) -> list[Asking]:
    """Moments that have come and were not settled yet, the most telling first. On school days: what
    would come in the holidays comes after them."""
    if next_school_day(today) != today:
        return []
    over = with_days().filter(
        last_at__lt=clock.midnight(today), last_at__gt=clock.midnight(today - LATEST)
    )
    settled = set(ImpactRound.objects.values_list("activity", "moment"))
    near = [
        Asking(activity, moment, next_school_day(on))
        for activity in over
        for moment, on in planned(activity).items()
        if today - HOLIDAYS < on <= today and (activity.pk, moment) not in settled
    ]
    found = [asking for asking in near if today - TOO_LATE < asking.due_on <= today]
    return sorted(found, key=lambda each: (MOST_TELLING.index(Moment(each.moment)), each.due_on))


def sweep(school: School, now: datetime) -> None:
    today = clock.day_of(now)
    for round_ in pointless():
        rounds.close(round_, now=now)
    for asking in due(today):
        ask(school, asking, today=today)


def pointless() -> list[Round]:
    """Open ones about an activity that is not there any more, is off, or has become private."""
    about = Round.objects.open().filter(is_about_activity=True)
    gone = Q(about=None) | Q(about__activity__is_private=True)
    off = Q(about__activity__state__in=Activity.NOT_HAPPENING)
    return list(about.filter(gone | off))


@transaction.atomic
def ask(school: School, asking: Asking, *, today: date) -> ImpactRound | None:
    """Put the questions of a moment to those who took part, or write down why not. Once."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=asking.activity.pk)
    row = ImpactRound(school=school, activity=activity, moment=asking.moment, due_on=asking.due_on)
    if activity.is_private or activity.state in Activity.NOT_HAPPENING:
        return None
    if ImpactRound.objects.filter(activity=activity, moment=asking.moment).exists():
        return None
    whom, row.spared = people(activity, asking.moment, today, most=school.most_prompts)
    row.not_asked_because = _needless(activity, asking.moment) or _nobody(whom, row.spared)
    if not row.not_asked_because:
        row.round = _open(activity, asking.moment, whom, today)
    row.save()
    return row


def _needless(activity: Activity, moment: str) -> str:
    """Enough is known once it was judged; but whether it lasts is asked after a year."""
    review = ImpactReview.objects.standing().filter(activity=activity).first()
    if review is None:
        return ""
    if review.decision == Decision.STOP:
        return "It was decided to stop it."
    return "" if moment == Moment.YEAR else "Enough was known: it had been judged."


def _nobody(whom: list[int], spared: int) -> str:
    if len(whom) >= LEAST:
        return ""
    if len(whom) + spared >= LEAST:
        return "Most had been asked enough in this half-term."
    return "Fewer than five who took part are here: what they say would point at somebody."


def people(activity: Activity, moment: str, today: date, *, most: int) -> tuple[list[int], int]:
    """Whom to ask: who was there and is still here, without those asked enough; how many those
    are. Some weeks later whoever leads it is asked as well what helped."""
    there = {staff for _, staff in took_part([activity.pk])}
    if moment == Moment.WEEKS and activity.lead_id:
        there.add(activity.lead_id)
    here = set(
        Staff.objects.live(today).on_staff().filter(pk__in=there).values_list("pk", flat=True)
    )
    had = Counter(
        Invitation.objects.filter(
            staff__in=here,
            round__is_about_activity=True,
            round__opens_on__gte=half_term_began(today),
        ).values_list("staff", flat=True)
    )
    asked = sorted(staff for staff in here if had[staff] < most)
    return asked, len(here) - len(asked)


def mode_for(number: int) -> str:
    """Ten can be anonymous, fewer are confidential; fewer than five are not asked."""
    return Round.Mode.ANONYMOUS if number >= LEAST_ANONYMOUS else Round.Mode.CONFIDENTIAL


def last_day(today: date) -> date:
    """So many school days later, also when holidays come in between."""
    day = today
    for _ in range(OPEN_FOR):
        day = next_school_day(day + timedelta(days=1))
    return day


def _open(activity: Activity, moment: str, whom: list[int], today: date) -> Round:
    round_ = Round(
        instrument=_instrument(INSTRUMENTS[Moment(moment)]),
        title=TITLES[Moment(moment)].format(activity.title[:150]),
        mode=mode_for(len(whom)),
        opens_on=today,
        closes_on=last_day(today),
        is_about_activity=True,
    )
    rounds.save_draft(round_, by=activity.lead or activity.owner, people=whom)
    rounds.open_round(round_, today=today)
    return round_


def _instrument(code: str) -> Instrument:
    """A school's own version of it, where it has copied and published one; else what ships."""
    published = Instrument.objects.published().filter(code=code)
    found: Instrument = published.order_by(F("school").asc(nulls_last=True), "-pk")[0]
    return found


def register() -> None:
    sweeps.register("asking about activities", sweep)


def waiting(activity: Activity, today: date) -> Iterator[tuple[str, date]]:
    """Moments that are to come, for the page of its impact."""
    found = with_days().filter(pk=activity.pk).first()
    for moment, on in (planned(found) if found else {}).items():
        if on > today:
            yield moment, on
