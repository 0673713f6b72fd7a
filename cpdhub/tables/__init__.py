"""Reading tables people send us: CSV or XLSX from any system, good, odd or hostile.

`open_table` looks at what the file is (never at its name), finds the row of column names and
gives the rows one by one with their line numbers. It holds one row at a time. What cannot be
read is refused with a named exception whose text is one sentence for the person who sent it.
"""

import csv
import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, NamedTuple

from cpdhub.tables import delimited, workbooks
from cpdhub.tables.cells import MARKED, UNREADABLE, Cell, Formula, as_text, is_blank
from cpdhub.tables.refusals import (
    EmptyTable,
    TableRefused,
    TookTooLong,
    TooManyColumns,
    TooManyRows,
)

__all__ = [
    "UNREADABLE", "Cell", "Formula", "Row", "Table", "TableRefused", "as_text", "open_table",
    "written",
]  # fmt: skip

MOST_ROWS = 50_000
MOST_COLUMNS = 300
SECONDS = 60.0
LOOK_FOR_HEADER = 15  # rows that may be titles, dates and blank lines above the column names

Recognise = Callable[[Sequence[str]], int]


class Row(NamedTuple):
    """A row and the line it began on, as the person sees it in their spreadsheet."""

    line: int
    cells: list[Cell]


@dataclass
class Table:
    """The column names and, once, the rows below them."""

    header: list[str]
    header_line: int
    rows: Iterator[Row]
    notes: list[str] = field(default_factory=list)
    wanted: delimited.Wanted = field(default_factory=delimited.Wanted)

    def only(self, positions: Sequence[int]) -> None:
        """From here on only these columns are needed: a wide file is read much faster."""
        self.wanted.positions = positions


def no_opinion(names: Sequence[str]) -> int:
    """How many of these are known column names: here, none is."""
    return 0


@contextmanager
def open_table(
    file: BinaryIO,
    *,
    recognise: Recognise = no_opinion,
    most_rows: int = MOST_ROWS,
    seconds: float = SECONDS,
) -> Iterator[Table]:
    """The table in a file that can be rewound. `recognise` tells its column names from titles."""
    deadline = time.monotonic() + seconds
    wanted = delimited.Wanted()
    with _sheets(file, wanted) as (sheets, notes):
        best = max(
            (_begin(rows, name, recognise) for name, rows in sheets),
            key=lambda start: start.score,
            default=None,
        )
        if best is None or not best.header:
            raise EmptyTable
        if len(sheets) > 1:
            notes.append(f"Only the sheet “{best.name}” was read; the workbook has others.")
        yield Table(
            header=best.header,
            header_line=best.line,
            rows=_limited(best.rest(), most_rows=most_rows, deadline=deadline),
            notes=notes,
            wanted=wanted,
        )


@contextmanager
def _sheets(
    file: BinaryIO, wanted: delimited.Wanted
) -> Iterator[tuple[list[tuple[str, Iterator[Row]]], list[str]]]:
    """(name, rows) of each sheet; a CSV file is one sheet without a name."""
    file.seek(0)
    start = file.read(8)
    if workbooks.is_workbook(start):
        with workbooks.sheets(file) as found:
            yield [(name, _rows(rows)) for name, rows in found], []
    else:
        with delimited.rows(file, wanted) as (rows, notes):
            yield [("", _rows(rows))], notes


def _rows(rows: Iterator[tuple[int, list[Cell]]]) -> Iterator[Row]:
    for line, cells in rows:
        if any(not is_blank(cell) for cell in cells):
            yield Row(line, cells)


@dataclass
class _Start:
    """Where a sheet's table begins."""

    name: str
    score: int
    header: list[str]
    line: int
    read: list[Row]
    more: Iterator[Row]

    def rest(self) -> Iterator[Row]:
        yield from self.read
        yield from self.more


def _begin(rows: Iterator[Row], name: str, recognise: Recognise) -> _Start:
    """The row of column names: the one with most known names, else the first full one."""
    first: list[Row] = []
    for row in rows:
        first.append(row)
        if len(first) == LOOK_FOR_HEADER:
            break
    if not first:
        return _Start(name, -1, [], 0, [], rows)
    scores = [recognise([as_text(cell) for cell in row.cells]) for row in first]
    if max(scores):
        position = scores.index(max(scores))
    else:
        full = max(_filled(row) for row in first)
        position = next(i for i, row in enumerate(first) if _filled(row) * 2 > full)
    header = [as_text(cell) for cell in first[position].cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise TooManyColumns(MOST_COLUMNS)
    score = max(scores[position] * 1000, min(len(header), 999) * (len(first) > 1))
    return _Start(name, score, header, first[position].line, first[position + 1 :], rows)


def _filled(row: Row) -> int:
    return sum(not is_blank(cell) for cell in row.cells)


def _limited(rows: Iterator[Row], *, most_rows: int, deadline: float) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == most_rows:
            raise TooManyRows(most_rows)
        if count % 100 == 0 and time.monotonic() > deadline:
            raise TookTooLong
        yield row


def written(header: Sequence[str], header_line: int, rows: Iterable[Row]) -> Iterator[bytes]:
    """A table as CSV, with every row on the line it had, so that messages name the right one."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    line = 1
    for at, cells in chain([Row(header_line, list(header))], rows):
        buffer.write("\n" * (at - line))
        # Cells hold no line breaks (see cells.tidy): one row is one line.
        writer.writerow([_as_read(cell) for cell in cells] or [""])
        line = max(at, line) + 1
        yield buffer.getvalue().encode("utf-8")
        buffer.seek(0)
        buffer.truncate()


def _as_read(cell: Cell) -> str:
    """What is read again as the same cell: text that looks like a formula gets its mark back, and
    what only looks like a mark the space that stood before it."""
    text = as_text(cell)
    if MARKED.match(text):
        return f" {text}"
    return f"'{text}" if text.startswith("=") and not isinstance(cell, Formula) else text
