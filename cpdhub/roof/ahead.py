"""What the weekly digest says of the weeks ahead: clashes of the calendar, entitlements overdue
or due. Numbers and days, never names: a letter gets about, and the pages behind have them.

Not on home, which is opened more often than anything else: both are worked out from registers
and rules (activities.ahead, activities.entitled), not counted in one statement.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from activities.ahead import clashes
from activities.entitled import DUE, OVERDUE, Cell, cells, people_seen_by
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.roof.todo import Line

AHEAD = timedelta(weeks=4)
MOST_DAYS = 3


def lines_for(staff: Staff, *, today: date) -> list[Line]:
    """What somebody may see of it. The school must be open."""
    found = []
    keeps_calendar = staff.can(Permission.KEEP_CALENDAR)
    if keeps_calendar and staff.can(Permission.PLAN_ACTIVITIES):  # sees who is out
        found += _clashes(staff, today)
    if staff.can(Permission.SEE_ACTIVITIES):
        found += _entitlements(staff, today)
    return found


def _clashes(staff: Staff, today: date) -> list[Line]:
    """The soonest days on which something does not fit, each with what."""
    of_day: dict[date, list[str]] = defaultdict(list)
    for clash in clashes(staff.school, today, today + AHEAD):
        of_day[clash.day].append(clash.text)
    return [
        Line(
            f"{day:%A} {day.day} {day:%B}: {texts[0]}",
            "and more on that day" if len(texts) > 1 else "move it, or arrange cover",
            "See who is out",
            "activities:day",
            query=f"?day={day}",
            minutes=5,
        )
        for day, texts in list(of_day.items())[:MOST_DAYS]
    ]


def _entitlements(staff: Staff, today: date) -> list[Line]:
    """One's own steps, and how many of others' one sees: all, or those of whom one manages."""
    people = people_seen_by(staff, today=today)
    found = [cell for cell in cells(people, today=today, by=staff) if _presses(cell)]
    own = [cell for cell in found if cell.person.pk == staff.pk]
    others = [cell for cell in found if cell.person.pk != staff.pk]
    lines = []
    if others:
        number = len({cell.person.pk for cell in others})
        whose = "1 colleague" if number == 1 else f"{number} colleagues"
        lines.append(
            Line(f"Entitlements of {whose}", _how_many(others), "Look", "activities:entitled")
        )
    if own:
        page = "activities:entitled_person"
        lines.append(Line("What you are entitled to", _how_many(own), "Look", page, (staff.pk,)))
    return lines


def _presses(cell: Cell) -> bool:
    """Overdue or due; what is only offered presses nobody."""
    return cell.state in {OVERDUE, DUE} and not cell.entitlement.is_optional


def _how_many(found: list[Cell]) -> str:
    states = [state.state for cell in found for state in cell.states]
    parts = [(states.count(OVERDUE), "overdue"), (states.count(DUE), "due within 8 weeks")]
    return ", ".join(
        f"{number} step{'' if number == 1 else 's'} {words}" for number, words in parts if number
    )
