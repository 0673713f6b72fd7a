"""A framework as a CSV file, and back, without losing anything.

One row is the framework itself or an item; the order of the rows is the order of the items.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from cpdhub.exports import cell
from cpdhub.models import Framework, FrameworkItem, School
from cpdhub.models.framework import OWN_AREAS, as_tree
from cpdhub.staff_import import dates
from cpdhub.tables import open_table
from cpdhub.tables.named import MOST_PROBLEMS, FileRefused, Problem, by_name, refuse_without

LEVELS = [f"level {number}" for number in range(1, 11)]
HEADER = [
    "row", "code", "title", "text", "parent", "follows", "kind", "version", "owner", "source",
    "licence", "valid from", "valid to", *LEVELS,
]  # fmt: skip
MOST_ITEMS = 2_000
MOST_DEEP = 6
LONGEST_TEXT = 4_000
LARGEST = 2_000_000  # bytes of it as a file: a form carries no more


# --- out --------------------------------------------------------------------------------------
def rows(framework: Framework, items: Iterable[FrameworkItem]) -> Iterator[list[Any]]:
    """The lines below HEADER. The items come in order, each with its parent."""
    yield _line(
        framework.scale, row="framework", code=framework.code, title=framework.title,
        kind=framework.kind, version=framework.version, owner=framework.owner,
        source=framework.source, licence=framework.licence,
        **{"valid from": framework.valid_from, "valid to": framework.valid_to},
    )  # fmt: skip
    for item in items:
        yield _line(
            item.scale, row="item", code=item.code, title=item.title, text=item.text,
            parent=item.parent.code if item.parent else "", follows=", ".join(item.follows),
        )  # fmt: skip


def _line(scale: list[str], **values: Any) -> list[Any]:
    values |= dict(zip(LEVELS, scale, strict=False))
    return [values.get(name, "") for name in HEADER]


# --- in ---------------------------------------------------------------------------------------
@dataclass
class Reading:
    """What a file says, as rows not yet saved, and everything wrong with it."""

    school: School
    framework: Framework | None = None
    items: dict[str, FrameworkItem] = field(default_factory=dict)
    parents: dict[str, tuple[int, str]] = field(default_factory=dict)  # code: line, parent's code
    problems: list[Problem] = field(default_factory=list)

    def take(self, line: int, cells: dict[str, str]) -> None:
        kind = cells["row"].lower()
        if kind == "framework":
            self._take_framework(line, cells)
        elif kind == "item":
            self._take_item(line, cells)
        else:
            self._refuse(line, "row", "write framework or item here.")

    def _refuse(self, line: int, column: str, reason: str) -> None:
        self.problems.append(Problem(line, column, reason))

    def _take_framework(self, line: int, cells: dict[str, str]) -> None:
        if self.framework is not None:
            self._refuse(line, "row", "a file holds one framework only.")
            return
        kind = cells["kind"].lower()
        if kind not in Framework.Kind.values:
            self._refuse(line, "kind", f"write one of {', '.join(Framework.Kind.values)}.")
            kind = Framework.Kind.INSPECTION
        self.framework = Framework(
            school=self.school, kind=kind, code=cells["code"] or slugify(cells["title"])[:60],
            title=cells["title"], version=cells["version"] or "1", owner=cells["owner"],
            source=cells["source"], licence=cells["licence"], scale=self._scale(line, cells),
            valid_from=self._day(line, "valid from", cells),
            valid_to=self._day(line, "valid to", cells),
        )  # fmt: skip
        first, last = self.framework.valid_from, self.framework.valid_to
        if first and last and last < first:
            self._refuse(line, "valid to", "this day is before the first one.")
        self._check(line, self.framework)

    def _take_item(self, line: int, cells: dict[str, str]) -> None:
        code = cells["code"] or self._free_code(cells["title"])
        if code in self.items:
            self._refuse(line, "code", f"“{code}” is there already.")
            return
        if len(cells["text"]) > LONGEST_TEXT:
            self._refuse(line, "text", f"is longer than {LONGEST_TEXT:,} characters.")
        self.items[code] = FrameworkItem(
            school=self.school, code=code, title=cells["title"], text=cells["text"],
            position=len(self.items) + 1, scale=self._scale(line, cells),
            follows=[name.strip() for name in cells["follows"].split(",") if name.strip()],
        )  # fmt: skip
        self.parents[code] = (line, cells["parent"])
        self._check(line, self.items[code])

    def _free_code(self, title: str) -> str:
        base = slugify(title)[:50].strip("-") or "item"
        code, number = base, 1
        while code in self.items:
            number += 1
            code = f"{base}-{number}"
        return code

    def _scale(self, line: int, cells: dict[str, str]) -> list[str]:
        scale = [cells[name] for name in LEVELS if cells[name]]
        if len(set(scale)) < len(scale):
            self._refuse(line, LEVELS[0], "two of the levels are the same.")
        return scale

    def _day(self, line: int, name: str, cells: dict[str, str]) -> date | None:
        try:
            return dates.parse(cells[name]) if cells[name] else None
        except dates.NotADate as why:
            self._refuse(line, name, f"{why}.")
            return None

    def _check(self, line: int, row: Any) -> None:
        """What the model itself has against it, said of the file's columns."""
        try:
            row.clean_fields(exclude=["school", "framework", "parent"])
        except ValidationError as found:
            for name, errors in found.error_dict.items():
                reason = " ".join(message for error in errors for message in error.messages)
                column = LEVELS[0] if name == "scale" else name
                self._refuse(line, column, reason)

    def finish(self) -> None:
        """What can only be seen once every row is read."""
        if self.framework is None:
            self._refuse(2, "row", "a row that says framework is missing.")
        elif self.framework.code == OWN_AREAS:
            self._refuse(
                2, "code", "“own-areas” is the list you change on the page “Our own areas”:"
                " give this framework a code of its own.",
            )  # fmt: skip
        elif self._is_of_another_kind(self.framework):
            self._refuse(2, "kind", "earlier versions of it are of another kind: use another code.")
        if not self.items:
            self._refuse(2, "row", "a framework needs at least one row that says item.")
        for code, (line, _) in self.parents.items():
            if len(self.problems) >= MOST_PROBLEMS:
                return
            if trouble := self._trouble_above(code):
                self._refuse(line, "parent", trouble)

    def _is_of_another_kind(self, framework: Framework) -> bool:
        others = Framework.objects.filter(code=framework.code).exclude(kind=framework.kind)
        return others.exists()

    def _trouble_above(self, code: str) -> str:
        """Looks up from an item to its top, and hangs the item on its parent."""
        parent = self.parents[code][1]
        if parent and parent not in self.items:
            return f"no item here has the code “{parent}”."
        above = [code]
        while (higher := self.parents.get(above[-1], (0, ""))[1]) and len(above) <= MOST_ITEMS:
            above.append(higher)
            if higher == code:
                return f"goes round in a circle: {' → '.join(above[:8])}."
        if len(above) > MOST_DEEP:
            return f"the item lies more than {MOST_DEEP} deep: hang it higher up."
        self.items[code].parent = self.items.get(parent)
        return ""


def known(names: Iterable[str]) -> int:
    return sum(str(name).strip().lower() in HEADER for name in names)


def read(file: BinaryIO, *, school: School) -> Reading:
    """Raises TableRefused where it is no table, FileRefused where a row is wrong."""
    reading = Reading(school)
    with open_table(file, recognise=known) as table:
        names = [name.strip().lower() for name in table.header]
        refuse_without(("row", "title"), names, line=table.header_line)
        for row in table.rows:
            reading.take(row.line, by_name(row, names, HEADER, reading.problems))
            if len(reading.problems) >= MOST_PROBLEMS:
                break
            if len(reading.items) > MOST_ITEMS:
                raise FileRefused([
                    Problem(row.line, "row", f"a framework holds {MOST_ITEMS:,} items at most.")
                ])  # fmt: skip
        else:
            reading.finish()
    if reading.problems or reading.framework is None:
        raise FileRefused(sorted(reading.problems, key=lambda problem: problem.line))
    reading.framework.version = free_version(reading.framework)
    if len(as_text(reading).encode()) > LARGEST:
        raise FileRefused([Problem(2, "text", "all texts together are too long: shorten them.")])
    return reading


def free_version(framework: Framework) -> str:
    """The version it says or, where that is taken, shipped or own, the next number."""
    taken = set(Framework.objects.filter(code=framework.code).values_list("version", flat=True))
    wanted, number = framework.version, 1
    while wanted in taken:
        number += 1
        wanted = str(number)
    return wanted


def as_text(reading: Reading) -> str:
    """The same as a file, to be carried by the page that asks whether it is right."""
    assert reading.framework is not None
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for row in rows(reading.framework, reading.items.values()):
        writer.writerow([cell(value) for value in row])
    return text.getvalue()


@transaction.atomic
def save(reading: Reading) -> Framework:
    """A framework of the school's own; no other version is changed."""
    framework = reading.framework
    assert framework is not None
    framework.save()
    branches = as_tree(reading.items.values())
    for depth in range(MOST_DEEP):  # an item is saved after its parent
        level = [branch.item for branch in branches if branch.depth == depth]
        for item in level:
            item.framework = framework
        FrameworkItem.objects.bulk_create(level)
    return framework
