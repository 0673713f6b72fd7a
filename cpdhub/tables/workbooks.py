"""XLSX, looked at as a zip archive before anything in it is parsed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from openpyxl import load_workbook

from cpdhub import archives
from cpdhub.tables.cells import Cell, from_value
from cpdhub.tables.refusals import (
    DamagedWorkbook,
    Encrypted,
    HasMacros,
    NotATable,
    OpenDocument,
    TableRefused,
    TooManyColumns,
    UnsafeWorkbook,
)

MOST_SHEETS = 20
MOST_CELLS_IN_A_ROW = 1_000

Rows = Iterator[tuple[int, list[Cell]]]


def is_workbook(start: bytes) -> bool:
    return start.startswith(b"PK")


@contextmanager
def sheets(file: BinaryIO) -> Iterator[list[tuple[str, Rows]]]:
    """(name, rows) of each visible sheet. Formulas are told, not calculated."""
    _inspect(file)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as problem:  # openpyxl lets every parser's own error through
        raise DamagedWorkbook from problem
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        yield [(sheet.title, _rows(sheet)) for sheet in visible[:MOST_SHEETS]]
    finally:
        book.close()


def _rows(sheet: object) -> Rows:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # what a file says of its size is not believed
    try:
        for line, row in enumerate(sheet.iter_rows(), start=1):  # type: ignore[attr-defined]
            if len(row) > MOST_CELLS_IN_A_ROW:
                raise TooManyColumns(MOST_CELLS_IN_A_ROW)
            yield line, [from_value(cell.value, cell.data_type) for cell in row]
    except TableRefused:
        raise
    except Exception as problem:
        raise DamagedWorkbook from problem


def _inspect(file: BinaryIO) -> None:
    """Refuses by the archive's own list of members: nothing is unpacked."""
    try:
        archive = archives.opened(file)
    except archives.Damaged as problem:
        raise DamagedWorkbook from problem
    except archives.Encrypted as problem:
        raise Encrypted from problem
    except archives.Unsafe as problem:
        raise UnsafeWorkbook from problem
    with archive:
        names = set(archive.namelist())
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise HasMacros
    if "mimetype" in names and "content.xml" in names:
        raise OpenDocument
    if "[Content_Types].xml" not in names:
        raise NotATable
