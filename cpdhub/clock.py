"""The only clock. `CPDHUB_NOW` starts it elsewhere (never in production); it then runs on."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def _offset() -> timedelta:
    if not settings.CPDHUB_NOW:
        return timedelta(0)
    start = datetime.fromisoformat(settings.CPDHUB_NOW)
    if start.tzinfo is None:
        start = start.replace(tzinfo=LONDON)
    return start - datetime.fromtimestamp(_started, tz=LONDON)


_started = time.time()
_shift = _offset()


def now() -> datetime:
    """This moment, aware."""
    return timezone.now() + _shift


def today() -> date:
    """Today in a school's words: the date in London."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """A moment's date in London."""
    return moment.astimezone(LONDON).date()


def midnight(day: date) -> datetime:
    """When a day begins, in London."""
    return datetime.combine(day, clock_time.min, tzinfo=LONDON)


def midnight_after(day: date) -> datetime:
    """When a day is over: the next one's beginning."""
    return midnight(day + timedelta(days=1))


def at(day: date, moment: clock_time) -> datetime:
    """That time on the school's wall clock that day, in UTC so that hours add up as they pass."""
    return datetime.combine(day, moment, tzinfo=LONDON).astimezone(UTC)
