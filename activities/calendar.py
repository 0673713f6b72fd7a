"""Sessions in time: a month on a page, and files for people's own calendars."""

import calendar
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import icalendar

from activities.models import Activity, Session
from cpdhub import clock
from cpdhub.models import BlockedDates, InsetDay

HOST = "cpdhub"
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(frozen=True)
class Entry:
    """A session as the month shows it."""

    url: str
    title: str
    times: str
    note: str
    is_mine: bool


@dataclass(frozen=True)
class Day:
    date: date
    label: str
    is_in_month: bool
    is_today: bool
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # INSET, kept free

    @property
    def css(self) -> str:
        names = {"free": not self.entries and not self.notes, "outside": not self.is_in_month}
        return " ".join(name for name, applies in names.items() if applies)


def month_of(text: str, today: date) -> date:
    """The first of the month an address names as 2026-11; this month when it names none."""
    try:
        year, month = text.split("-")
        return date(int(year), int(month), 1) if 2000 <= int(year) <= 2100 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def weeks_of(month: date) -> list[list[date]]:
    return calendar.Calendar().monthdatescalendar(month.year, month.month)


def month_grid(month: date, sessions: Iterable[Any], *, today: date, base: str) -> list[list[Day]]:
    """Weeks of days, each with its sessions in order; `base` is where activities live."""
    weeks = [
        [
            Day(
                day,
                f"{DAYS[day.weekday()]} {day.day} {day:%B}",
                day.month == month.month,
                day == today,
            )
            for day in week
        ]
        for week in weeks_of(month)
    ]
    by_date = {day.date: day for week in weeks for day in week}
    for session in sessions:
        day = by_date.get(session.starts_at.astimezone(clock.LONDON).date())
        if day:
            day.entries.append(entry_of(session, base))
    return weeks


def note_days(
    weeks: list[list[Day]], inset: Iterable[InsetDay], blocked: Iterable[BlockedDates]
) -> None:
    """Write INSET days, their twilights and what is kept free onto the days they are on."""
    by_date = {day.date: day for week in weeks for day in week}
    for day, words in inset_notes(inset):
        if day in by_date:
            by_date[day].notes.append(words)
    for dates in blocked:
        for when, square in by_date.items():
            if dates.holds(when):
                square.notes.append(kept_free(dates))


def inset_notes(inset: Iterable[InsetDay]) -> Iterator[tuple[date, str]]:
    """Each day with what it is; twilights are loaded."""
    for one in inset:
        twilights = list(one.twilights.all())
        yield one.day, f"Off for twilights: {one}" if twilights else f"INSET: {one}"
        for part in twilights:
            yield part.day, f"INSET twilight {part.starts_at:%H:%M}: {one}"


def days_between(first: date, last: date) -> tuple[list[InsetDay], list[BlockedDates]]:
    """INSET days with their twilights, and dates kept free."""
    inset = InsetDay.objects.between(first, last).prefetch_related("twilights")
    blocked = BlockedDates.objects.filter(first_day__lte=last, last_day__gte=first)
    return list(inset), list(blocked.select_related("team"))


def kept_free(dates: BlockedDates) -> str:
    for_whom = f" for {dates.team}" if dates.team_id else ""
    return f"Kept free{for_whom}: {dates.reason}"


def entry_of(session: Any, base: str) -> Entry:
    activity = session.activity
    if session.cancelled_at or activity.state == Activity.State.CANCELLED:
        note = "cancelled"
    elif activity.is_draft:
        note = "draft"
    else:
        note = session.place
    # What was logged afterwards has a day and a length, not an hour.
    times = "" if activity.was_logged else session.times.partition("–")[0]
    return Entry(f"{base}{activity.pk}/", activity.title, times, note, session.is_mine)


def ics(
    sessions: Iterable[Session],
    *,
    name: str,
    with_details: bool,
    inset: Iterable[InsetDay] = (),
) -> bytes:
    """A calendar file. With details (place, page) for one session a signed-in colleague takes;
    without for a private feed, whose address may get about."""
    file = icalendar.Calendar()
    file.add("prodid", "-//CPD Hub//cpdhub//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", name)
    file.add("x-wr-timezone", "Europe/London")
    for session in sessions:
        file.add_component(event_of(session, with_details=with_details))
    for day in inset:
        for event in inset_events(day):
            file.add_component(event)
    file.add_missing_timezones()
    return file.to_ical()


def event_of(session: Session, *, with_details: bool) -> icalendar.Event:
    """The same uid for ever, and a higher number each time it changes."""
    activity = session.activity
    is_off = session.cancelled_at is not None or activity.state == Activity.State.CANCELLED
    event = icalendar.Event()
    event.add("uid", f"{session.uid}@{HOST}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", clock.now())
    event.add("summary", f"Cancelled: {activity.title}" if is_off else activity.title)
    event.add("dtstart", session.starts_at.astimezone(clock.LONDON))
    event.add("dtend", session.ends_at.astimezone(clock.LONDON))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if with_details:
        if session.place:
            event.add("location", session.place)
        event.add("url", session.school.link("activities:activity", activity.pk))
    return event


def inset_events(inset: InsetDay) -> Iterator[icalendar.Event]:
    """The whole day or, where it is split, each of its twilights."""
    twilights = list(inset.twilights.all())
    if not twilights:
        yield _whole_day(inset)
    for part in twilights:
        event = _named(inset, part.uid)
        event.add("dtstart", clock.at(part.day, part.starts_at).astimezone(clock.LONDON))
        event.add("dtend", clock.at(part.day, part.ends_at).astimezone(clock.LONDON))
        yield event


def _whole_day(inset: InsetDay) -> icalendar.Event:
    event = _named(inset, inset.uid)
    event.add("dtstart", inset.day)
    event.add("dtend", inset.day + timedelta(days=1))
    return event


def _named(inset: InsetDay, uid: uuid.UUID) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{uid}@{HOST}")
    event.add("sequence", inset.sequence)
    event.add("dtstamp", clock.now())
    event.add("summary", f"INSET: {inset}")
    return event


def month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
