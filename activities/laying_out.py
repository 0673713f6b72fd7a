"""From a form of activity and a first date to sessions on days the school is open."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from activities.actions import is_holiday
from activities.models import ActivityForm, FormSession
from activities.models.activity_form import next_school_day
from cpdhub.models import HalfTerm

USUAL_START = time(15, 45)
LONG = 181  # minutes: more than that is a day, and begins in the morning
MORNING = time(9)
LATEST = time(23, 55)


def lay_out(
    form: ActivityForm, *, first: date, starts: time, half_terms: Sequence[HalfTerm]
) -> list[dict[str, Any]]:
    """Its sessions, as the rows of the plan page show them.

    The first day is as it was chosen. The others skip weekends and the holidays the school has
    told us of: what comes every week keeps its weekday.
    """

    def is_off(day: date) -> bool:
        return is_holiday(day, half_terms)

    rows: list[dict[str, Any]] = []
    day, before = first, datetime.combine(first, starts)
    for session in form.sessions.all():
        follows_at_once = bool(rows) and session.days_after == 0
        if rows and session.days_after:
            step = 7 if session.days_after % 7 == 0 else 1
            day += timedelta(days=session.days_after)
            day = next_school_day(day, step=step, is_off=is_off)
        begin = before.time() if follows_at_once else _start_of(session, starts)
        before = _end(datetime.combine(day, begin), session.minutes)
        rows.append(
            {
                "step": session.pk,
                "name": session.name,
                "day": day,
                "starts": begin,
                "ends": before.time(),
            }
        )
    return rows


def _start_of(session: FormSession, starts: time) -> time:
    return min(starts, MORNING) if session.minutes >= LONG else starts


def _end(begin: datetime, minutes: int) -> datetime:
    """On the same day, however late it began."""
    return min(begin + timedelta(minutes=minutes), datetime.combine(begin.date(), LATEST))
