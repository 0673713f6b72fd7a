"""Field by field: what a line would change. An empty cell changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cpdhub.models import Staff
from cpdhub.staff_import.colleagues import Colleague
from cpdhub.staff_import.columns import BY_KEY
from cpdhub.staff_import.reading import Line

if TYPE_CHECKING:
    from cpdhub.staff_import.comparing import Comparison

GROUPS = dict(Staff.Group.choices)
PLAIN = ("first_name", "last_name", "email", "staff_code", "job_title")
NOTHING = "(empty)"


@dataclass(slots=True)
class Change:
    """One field, in values to be written and in words to be read."""

    field: str
    old: Any
    new: Any
    old_words: str
    new_words: str

    @property
    def words(self) -> list[str]:
        return [BY_KEY[self.field].label, self.old_words or NOTHING, self.new_words]


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def differences(line: Line, colleague: Colleague | None, comparison: Comparison) -> list[Change]:
    """Against a colleague, or (None) everything a new person starts with.

    What the file may not change is said in a remark on the line.
    """
    found: list[Change | None] = [_plain(field, line, colleague) for field in PLAIN]
    found.append(_group(line, colleague))
    found.append(_team(line, colleague, comparison))
    found.append(_manager(line, colleague, comparison))
    found.append(_fte(line, colleague))
    found.append(_day("starts_on", line, colleague))
    found.append(_last_day(line, colleague, comparison))
    return _sound_dates([change for change in found if change], line, colleague)


def _remark(line: Line, column: str, text: str) -> None:
    if [column, text] not in line.remarks:
        line.remarks.append([column, text])


def _plain(field: str, line: Line, colleague: Colleague | None) -> Change | None:
    new = line.values.get(field, "")
    old = getattr(colleague, field) if colleague else ""
    is_same = new.casefold() == old.casefold() if field in {"email", "staff_code"} else new == old
    if not new or is_same:
        return None
    if field == "email" and colleague and colleague.roles and not colleague.user_id:
        # The invitation goes to that address, and the role with it.
        _remark(
            line,
            BY_KEY[field].label,
            "stays as it is: they hold a role, so a head changes it on their own page",
        )
        return None
    if field == "email" and colleague and colleague.user_id:
        _remark(
            line,
            BY_KEY[field].label,
            "stays as it is: they can sign in, and a file never changes that address",
        )
        return None
    return Change(field, old, new, old, new)


def _group(line: Line, colleague: Colleague | None) -> Change | None:
    new = line.values.get("group", "")
    old = colleague.group if colleague else ""
    if not new or new == old:
        return None
    if colleague and not old:
        _remark(
            line,
            BY_KEY["group"].label,
            "stays empty: a governor becomes staff on their own page, not by a file",
        )
        return None
    return Change("group", old, new, GROUPS.get(old, ""), GROUPS[new])


def _team(line: Line, colleague: Colleague | None, comparison: Comparison) -> Change | None:
    name = line.values.get("team", "")
    if not name:
        return None
    pk, label = comparison.team(name)
    old = colleague.team_id if colleague else None
    if pk is not None and pk == old:
        return None
    old_words = comparison.colleagues.team_names.get(old, "") if old else ""
    return Change("team", old, pk if pk is not None else label, old_words, label)


def _manager(line: Line, colleague: Colleague | None, comparison: Comparison) -> Change | None:
    text = line.values.get("line_manager", "")
    if not text:
        return None
    column = BY_KEY["line_manager"].label
    who = comparison.manager(text)
    if len(who) != 1:
        reason = "fits several colleagues; use a staff code or e-mail" if who else "is not known"
        _remark(line, column, f"“{text}” {reason}; left as it is")
        return None
    manager = who[0]
    if manager is line or (colleague and isinstance(manager, Colleague) and manager is colleague):
        _remark(line, column, "would be themselves; left as it is")
        return None
    old = colleague.line_manager_id if colleague else None
    if isinstance(manager, Colleague):
        if manager.pk == old:
            return None
        new: Any = manager.pk
    else:
        new = {"line": manager.line}
    return Change("line_manager", old, new, comparison.colleagues.manager_name(old), manager.name)


def _fte(line: Line, colleague: Colleague | None) -> Change | None:
    new = line.values.get("fte", "")
    old = colleague.fte if colleague else Decimal(1)
    if not new or Decimal(new) == old:
        return None
    return Change("fte", str(old), new, f"{old.normalize():f}", f"{Decimal(new).normalize():f}")


def _day(field: str, line: Line, colleague: Colleague | None) -> Change | None:
    new = line.values.get(field, "")
    old: date | None = getattr(colleague, field) if colleague else None
    if not new or date.fromisoformat(new) == old:
        return None
    return Change(
        field,
        old.isoformat() if old else None,
        new,
        day_in_words(old) if old else "",
        day_in_words(date.fromisoformat(new)),
    )


def _last_day(line: Line, colleague: Colleague | None, comparison: Comparison) -> Change | None:
    change = _day("ends_on", line, colleague)
    column = BY_KEY["ends_on"].label
    if colleague is None:
        return change
    has_left = not colleague.is_live(comparison.today)
    stays = change is None or date.fromisoformat(change.new) > comparison.today
    if has_left and stays:
        assert colleague.ends_on is not None
        _remark(
            line,
            column,
            f"they left on {day_in_words(colleague.ends_on)}; a file brings nobody back",
        )
        return None
    if change and (colleague.is_head or colleague.pk == comparison.by):
        who = "you" if colleague.pk == comparison.by else "a head"
        _remark(line, column, f"stays as it is: a file does not end the post of {who}")
        return None
    return change


def _sound_dates(changes: list[Change], line: Line, colleague: Colleague | None) -> list[Change]:
    """The last day stays on or after the first, whichever of the two the file holds."""
    written = {change.field: change.new for change in changes}
    first = written.get("starts_on") or (_iso(colleague.starts_on) if colleague else None)
    last = written.get("ends_on") or (_iso(colleague.ends_on) if colleague else None)
    if not first or not last or first <= last:
        return changes
    _remark(line, "", "the last day would be before the first; both stay as they are")
    return [change for change in changes if change.field not in {"starts_on", "ends_on"}]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
