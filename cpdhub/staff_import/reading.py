"""One line of a staff file, read: what it says of a person, or why it cannot be taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cpdhub.models import Staff, Team
from cpdhub.staff_import import dates, groups, names
from cpdhub.staff_import.columns import BY_KEY
from cpdhub.tables import UNREADABLE, Cell, Formula, Row, as_text

LONGEST: dict[str, int] = {
    key: model._meta.get_field(name).max_length  # type: ignore[misc, union-attr]
    for key, model, name in (
        ("first_name", Staff, "first_name"),
        ("known_as", Staff, "first_name"),
        ("last_name", Staff, "last_name"),
        ("email", Staff, "email"),
        ("staff_code", Staff, "staff_code"),
        ("job_title", Staff, "job_title"),
        ("team", Team, "name"),
    )
}
DEFAULT_LONGEST = 250
SHOWN = 60

PUPIL, FAMILY, GONE = "pupil", "family", "gone"


class Unusable(ValueError):
    """A cell that cannot be used; `str()` is the reason."""


@dataclass(slots=True)
class Line:
    """What a line says. `values` are plain text, in the form they are compared and kept."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    remarks: list[list[str]] = field(default_factory=list)
    other_first_name: str = ""
    is_not_staff: str = ""

    @property
    def name(self) -> str:
        parts = self.values.get("first_name", ""), self.values.get("last_name", "")
        return " ".join(part for part in parts if part)

    @property
    def key(self) -> str:
        return names.person_key(self.values.get("first_name", ""), self.values.get("last_name", ""))

    @property
    def other_key(self) -> str:
        return names.person_key(self.other_first_name, self.values.get("last_name", ""))


def read(row: Row, header: Sequence[str], mapping: dict[str, int]) -> Line:
    """Every mapped cell of a row, with what is wrong in it."""
    line = Line(row.line)
    for key, position in mapping.items():
        cell = row.cells[position] if position < len(row.cells) else ""
        if cell == "":
            continue
        try:
            line.values[key] = _value(key, cell)
        except Unusable as problem:
            line.problems.append([_column(header, position), str(problem)])
            line.values[key] = _short(as_text(cell))
    if _who(line):
        return line
    _name(line, header, mapping)
    if any(cell != "" for cell in row.cells[len(header) :]):
        line.problems.append(
            ["", "The line has more cells than there are columns: is a comma in one of them?"]
        )
    first, last = line.values.get("starts_on"), line.values.get("ends_on")
    if first and last and not line.problems and last < first:
        line.problems.append([_column(header, mapping["ends_on"]), "is before the first day"])
    return line


def _column(header: Sequence[str], position: int) -> str:
    return _short(header[position])


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _value(key: str, cell: Cell) -> str:
    if isinstance(cell, Formula):
        raise Unusable("holds a formula. Copy the column and paste it as values")
    if isinstance(cell, date):
        return cell.isoformat()
    most = LONGEST.get(key, DEFAULT_LONGEST)
    if len(cell) > most:
        raise Unusable(f"has {len(cell):,} characters; {most} is the most")
    if UNREADABLE in cell:
        raise Unusable("has characters that cannot be read. Save the file as “CSV UTF-8”")
    return _READERS.get(key, str)(cell)


def _email(text: str) -> str:
    address = text.removeprefix("mailto:").strip().casefold()
    try:
        validate_email(address)
    except ValidationError:
        raise Unusable(f"“{_short(text)}” is not an e-mail address") from None
    return address


def _day(text: str) -> str:
    try:
        return dates.parse(text).isoformat()
    except dates.NotADate as problem:
        raise Unusable(str(problem)) from None


def _fte(text: str) -> str:
    bare = text.casefold().replace("fte", "").strip()
    try:
        number = Decimal(bare.removesuffix("%").strip().replace(",", "."))
        if bare.endswith("%"):
            number /= 100
        if not 0 < number <= 1:  # not a number (NaN) raises here too
            raise Unusable(f"“{_short(text)}” is not between 0 and 1")
        return str(number.quantize(Decimal("0.01")).max(Decimal("0.01")))
    except InvalidOperation:
        raise Unusable(f"“{_short(text)}” is not a number between 0 and 1") from None


def _part_of_name(text: str) -> str:
    if "@" in text or any(c.isdigit() for c in text):
        raise Unusable(f"“{_short(text)}” does not look like a name. Are columns swapped?")
    if not names.key(text):
        raise Unusable(f"“{_short(text)}” does not look like a name")
    return text


def _group(text: str) -> str:
    group = groups.named(text)
    if group is None:
        raise Unusable(
            f"“{_short(text)}” is not a staff group (teacher, teaching assistant, other)"
        )
    return group


_READERS = {
    "first_name": _part_of_name,
    "known_as": _part_of_name,
    "last_name": _part_of_name,
    "full_name": _part_of_name,
    "email": _email,
    "starts_on": _day,
    "ends_on": _day,
    "fte": _fte,
    "group": _group,
}


def _who(line: Line) -> str:
    """Pupils and families are no staff; a roster's `kind` becomes a title for new people."""
    kind = line.values.pop("kind", "").casefold()
    status = line.values.pop("status", "").casefold()
    title = line.values.get("job_title", "").casefold()
    if kind in groups.PUPILS or title in groups.PUPILS:
        line.is_not_staff = PUPIL
    elif kind in groups.FAMILY or title in groups.FAMILY:
        line.is_not_staff = FAMILY
    elif status in {"tobedeleted", "deleted"}:
        line.is_not_staff = GONE
    elif kind:
        first = kind.split(",")[0].strip()
        line.values["proposed_title"] = groups.ROSTER_TITLES.get(first, first.capitalize())[:120]
    return line.is_not_staff


def _name(line: Line, header: Sequence[str], mapping: dict[str, int]) -> None:
    """First and last name from whichever columns there are."""
    values = line.values
    known_as, full = values.pop("known_as", ""), values.pop("full_name", "")
    if full and not line.problems:
        parts = names.split(full)
        if parts is None:
            column = _column(header, mapping["full_name"])
            line.problems.append([column, f"“{_short(full)}” is not a first and a last name"])
        else:
            values.setdefault("first_name", parts[0])
            values.setdefault("last_name", parts[1])
            _check_lengths(line, _column(header, mapping["full_name"]))
    if known_as:
        line.other_first_name = values.get("first_name", "")
        values["first_name"] = known_as
    if line.problems:
        return
    for key in ("first_name", "last_name"):
        if not values.get(key):
            column = _column(header, mapping[key]) if key in mapping else BY_KEY[key].label
            line.problems.append([column, "is empty"])


def _check_lengths(line: Line, column: str) -> None:
    for key in ("first_name", "last_name"):
        if len(line.values[key]) > LONGEST[key]:
            line.problems.append([column, f"is too long; {LONGEST[key]} is the most"])
