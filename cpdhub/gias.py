"""The DfE's register of schools (Get Information about Schools) into `Establishment`.

The extract has about 50,000 rows and 150 columns, in Windows-1252, in any order, more or fewer
of them every year. We read the few we need by name, in batches, and touch only what changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from cpdhub.models import Establishment, School
from cpdhub.staff_import.dates import NotADate, parse
from cpdhub.tables import UNREADABLE, Row, TableRefused, as_text, open_table

MOST_ROWS = 300_000
SECONDS = 300.0
BATCH = 2000
MOST_PROBLEMS = 10_000

Tell = Callable[[int, str], None]

COLUMNS = {
    "urn": "URN",
    "name": "EstablishmentName",
    "la_name": "LA (name)",
    "type_name": "TypeOfEstablishment (name)",
    "group_name": "EstablishmentTypeGroup (name)",
    "status_name": "EstablishmentStatus (name)",
    "phase_name": "PhaseOfEducation (name)",
    "opened_on": "OpenDate",
    "closed_on": "CloseDate",
    "low_age": "StatutoryLowAge",
    "high_age": "StatutoryHighAge",
    "pupils": "NumberOfPupils",
    "ukprn": "UKPRN",
    "trust_name": "Trusts (name)",
    "town": "Town",
    "postcode": "Postcode",
}
LA_CODE, NUMBER = "LA (code)", "EstablishmentNumber"
NEEDED = ("URN", "EstablishmentName")
LONGEST: dict[str, int | None] = {
    key: Establishment._meta.get_field(key).max_length  # type: ignore[union-attr]
    for key in [*COLUMNS, "dfe_number"]
}


class NotTheRegister(TableRefused):
    sentence = (
        "This is not an extract of the register: it has no columns “URN” and “EstablishmentName”."
        " Download “all establishment data” from Get Information about Schools."
    )


@dataclass(frozen=True)
class Problem:
    """A cell that was not taken, or (without a column's name) a whole line."""

    line: int
    column: str
    reason: str


@dataclass
class Result:
    """What an extract did to the register."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.new + self.changed + self.unchanged

    def __str__(self) -> str:
        text = (
            f"{self.read:,} establishments read: {self.new:,} new, {self.changed:,} changed,"
            f" {self.unchanged:,} unchanged."
        )
        if self.left_out:
            text += f" {self.left_out:,} left out."
        if self.problems:
            text += f" {len(self.problems):,} {'cell' if len(self.problems) == 1 else 'cells'}"
            text += " could not be used."
        return text


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


KNOWN = {_plain(name) for name in [*COLUMNS.values(), LA_CODE, NUMBER]}


def known(header: Iterable[str]) -> int:
    return sum(_plain(name) in KNOWN for name in header)


def import_register(file: BinaryIO, *, tell: Tell) -> Result:
    """Bring the register up to date. The same extract twice changes nothing."""
    result = Result()
    seen: set[str] = set()
    with open_table(file, recognise=known, most_rows=MOST_ROWS, seconds=SECONDS) as table:
        places = {_plain(name): i for i, name in reversed(list(enumerate(table.header)))}
        if any(_plain(name) not in places for name in NEEDED):
            raise NotTheRegister
        table.only([places[name] for name in KNOWN if name in places])
        reader = _Reader(places, result, seen)
        for batch in _batches(table.rows):
            _write([fields for row in batch if (fields := reader.read(row))], result)
            tell(min(95, result.read // 600), f"{result.read:,} establishments read")
    return result


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class _Reader:
    """Rows of one extract into the fields of establishments; what is wrong goes to the result."""

    def __init__(self, places: dict[str, int], result: Result, seen: set[str]) -> None:
        self.result, self.seen = result, seen
        self.places = {
            key: places[_plain(name)] for key, name in COLUMNS.items() if _plain(name) in places
        }
        self.la, self.number = places.get(_plain(LA_CODE)), places.get(_plain(NUMBER))

    def read(self, row: Row) -> dict[str, Any] | None:
        """The fields of one establishment; None when it has no usable URN or name."""
        urn, name = self._text(row, "urn"), self._text(row, "name")
        reason = self._why_not(urn, name)
        if reason:
            self.result.left_out += 1
            self._problem(row, *reason)
            return None
        self.seen.add(urn)
        fields: dict[str, Any] = {"urn": urn, "name": name}
        for key in self.places:
            if key not in fields:
                fields[key] = self._value(row, key)
        if self.la is not None and self.number is not None:
            fields["dfe_number"] = self._dfe_number(row)
        return fields

    def _why_not(self, urn: str, name: str) -> tuple[str, str] | None:
        if not urn.isdecimal() or not 5 <= len(urn) <= 6:
            return "URN", f"“{urn[:40]}” is not a URN (six digits); the line was left out"
        if urn in self.seen:
            return "URN", f"{urn} was on an earlier line too; this line was left out"
        most = LONGEST["name"] or 0
        if not name or len(name) > most:
            return COLUMNS["name"], f"is empty or longer than {most}; the line was left out"
        if UNREADABLE in name:
            return COLUMNS["name"], "has characters that cannot be read; the line was left out"
        return None

    def _text(self, row: Row, key: str) -> str:
        place = self.places[key]
        return as_text(row.cells[place]) if place < len(row.cells) else ""

    def _problem(self, row: Row, column: str, reason: str) -> None:
        if len(self.result.problems) < MOST_PROBLEMS:
            self.result.problems.append(Problem(row.line, column, reason))

    def _value(self, row: Row, key: str) -> Any:
        text = self._text(row, key)
        if key in {"opened_on", "closed_on"}:
            return self._date(row, key, text)
        if key in {"low_age", "high_age", "pupils"}:
            if text and not (text.isascii() and text.isdecimal() and len(text) <= 5):
                self._problem(row, COLUMNS[key], f"“{text[:40]}” is not a whole number")
                return None
            return int(text) if text else None
        most = LONGEST[key]
        if most and len(text) > most:
            self._problem(row, COLUMNS[key], f"is longer than {most} characters")
            return ""
        return text

    def _date(self, row: Row, key: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return parse(text, earliest=date(1000, 1, 1))  # some schools are that old
        except NotADate as problem:
            self._problem(row, COLUMNS[key], str(problem))
            return None

    def _dfe_number(self, row: Row) -> str:
        """LA code and establishment number together, with their leading zeros."""
        assert self.la is not None
        assert self.number is not None
        parts = [
            as_text(row.cells[place]).strip() if place < len(row.cells) else ""
            for place in (self.la, self.number)
        ]
        if not all(part.isascii() and part.isdecimal() for part in parts):
            return ""
        number = parts[0].zfill(3) + parts[1].zfill(4)
        return number if len(number) == 7 else ""


def _write(found: list[dict[str, Any]], result: Result) -> None:
    """New and changed ones only, so that a second run writes nothing."""
    if not found:
        return
    names = list(found[0])
    there = {
        row[0]: row
        for row in Establishment.objects.filter(urn__in=[f["urn"] for f in found]).values_list(
            *names
        )
    }
    counts = Counter(
        "new" if f["urn"] not in there else "same" if _is_same(f, there) else "changed"
        for f in found
    )
    Establishment.objects.bulk_create(
        [Establishment(**f) for f in found if not _is_same(f, there)],
        update_conflicts=True,
        unique_fields=["urn"],
        update_fields=[name for name in names if name != "urn"],
    )
    result.new += counts["new"]
    result.changed += counts["changed"]
    result.unchanged += counts["same"]


def _is_same(fields: dict[str, Any], there: dict[str, tuple]) -> bool:
    return there.get(fields["urn"]) == tuple(fields.values())


# --- from the register's words to ours ----------------------------------------------------------
Phase = School.Phase
PHASES = {
    "nursery": Phase.NURSERY,
    "primary": Phase.PRIMARY,
    "middle deemed primary": Phase.MIDDLE,
    "middle deemed secondary": Phase.MIDDLE,
    "secondary": Phase.SECONDARY,
    "all-through": Phase.ALL_THROUGH,
    "all through": Phase.ALL_THROUGH,
    "16 plus": Phase.SIXTEEN_PLUS,
}


def propose_phase(establishment: Establishment) -> str:
    """Our phase for one of the register's; empty where somebody must say.

    The register calls most special schools, PRUs and independents "Not applicable".
    """
    said = establishment.phase_name.casefold().strip()
    kind = f"{establishment.type_name} {establishment.group_name}".casefold()
    if "special" in kind:
        return Phase.SPECIAL
    if "pupil referral" in kind or "alternative provision" in kind:
        return Phase.ALTERNATIVE
    return PHASES.get(said, "")
