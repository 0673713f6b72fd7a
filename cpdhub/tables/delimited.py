"""CSV as it really comes: any delimiter, any line ending, three encodings, sometimes broken."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from cpdhub.tables.cells import Cell, from_text
from cpdhub.tables.refusals import (
    CellTooLong,
    EmptyTable,
    Encrypted,
    NotATable,
    OldExcel,
    WebPage,
    WrongEncoding,
)

LONGEST_CELL = 2_000_000
SAMPLE = 64 * 1024
DELIMITERS = ",;\t|"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel files, and encrypted new ones
MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
HIGH = re.compile(rb"[\x80-\xff]+")
# The module's one limit is for the whole process; raising it harms nobody.
csv.field_size_limit(LONGEST_CELL)


@dataclass
class Wanted:
    """Which columns somebody needs; the others of a wide file are not even looked at."""

    positions: Sequence[int] | None = None

    def cells(self, row: list[str]) -> list[Cell]:
        if self.positions is None:
            return [from_text(cell) for cell in row]
        cells: list[Cell] = list(row)
        for position in self.positions:
            if position < len(row):
                cells[position] = from_text(row[position])
        return cells


@contextmanager
def rows(
    file: BinaryIO, wanted: Wanted
) -> Iterator[tuple[Iterator[tuple[int, list[Cell]]], list[str]]]:
    """The file's rows with the lines they begin on, and what should be said about it."""
    notes: list[str] = []
    encoding = _encoding(file, notes)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        sample = text.read(SAMPLE)
        _refuse_what_is_no_table(sample)
        text.seek(0)
        yield _parsed(text, _delimiter(sample), wanted), notes
    finally:
        text.detach()  # the file is the caller's to close


def _parsed(
    text: io.TextIOWrapper, delimiter: str, wanted: Wanted
) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(text, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise CellTooLong(line) from None
        yield line, wanted.cells(row)


def _encoding(file: BinaryIO, notes: list[str]) -> str:
    """UTF-8 unless the bytes say otherwise; older programs write Windows-1252."""
    file.seek(0)
    start = file.read(SAMPLE)
    if not start.strip():
        raise EmptyTable
    if start.startswith(OLE):
        raise _what_ole_holds(file)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        notes.append("The file was saved as Unicode text (UTF-16); it was read as that.")
        return "utf-16"
    if start.count(0) * 4 > len(start):
        raise WrongEncoding  # UTF-16 without its mark, or no text at all
    good, bad = _count_utf8(file)
    if not bad:
        return "utf-8-sig"
    if start.startswith(codecs.BOM_UTF8) or good > bad:
        notes.append(
            "The file is UTF-8 with some broken characters; the rows that hold them are listed."
        )
        return "utf-8-sig"
    notes.append(
        "The file is not UTF-8; it was read as Windows-1252."
        " Check that accents in names look right."
    )
    return "cp1252"


def _count_utf8(file: BinaryIO) -> tuple[int, int]:
    """How many characters beyond ASCII are good UTF-8, and how many places are not."""
    good = bad = 0
    file.seek(0)
    while line := file.readline(LONGEST_CELL):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            readable = len(MULTIBYTE.findall(line))
            good += readable
            bad += max(1, len(HIGH.findall(line)) - readable)
        else:
            good += len(MULTIBYTE.findall(line))
    return good, bad


def _what_ole_holds(file: BinaryIO) -> Exception:
    file.seek(0)
    marked = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    while piece := file.read(SAMPLE):
        if marked in tail + piece:
            return Encrypted()
        tail = piece[-len(marked) :]
    return OldExcel()


def _refuse_what_is_no_table(sample: str) -> None:
    start = sample.lstrip("\ufeff \t\r\n").casefold()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head", "<table", "<script")):
        raise WebPage
    if start.startswith(("%pdf", "{\\rtf", '{"', "[{")):
        raise NotATable
    counts = Counter(sample)
    odd = sum(
        n for c, n in counts.items() if (ord(c) < 32 and c not in "\t\r\n\f") or c == "\ufffd"
    )
    if odd * 10 > len(sample):
        raise NotATable


def _delimiter(sample: str) -> str:
    """The one that cuts most of the first lines into the same number of cells, above one."""
    lines = [line for line in re.split(r"\r\n|\r|\n", sample)[:40] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width, times = max(
            ((width, times) for width, times in widths.items() if width > 1),
            key=lambda pair: (pair[1], pair[0]),
            default=(1, 0),
        )
        return times, width

    return max(DELIMITERS, key=score)
