"""What stands in one cell."""

import re
from datetime import date, datetime

UNREADABLE = "\ufffd"  # stands where bytes were no text
# Our own exports put a mark before what a spreadsheet would calculate; it comes off again.
MARKED = re.compile(r"^'(?=\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SPACES = re.compile(r"\s+")


class Formula(str):
    """A cell whose value a spreadsheet would calculate. It is told, never calculated."""

    __slots__ = ()


Cell = str | date


def from_text(text: str) -> Cell:
    """A cell of a CSV file."""
    if not text:
        return ""
    if MARKED.match(text):
        return tidy(text[1:])
    text = tidy(text)
    return Formula(text) if text.startswith("=") else text


def from_value(value: object, kind: str) -> Cell:
    """A cell of a workbook. `kind` is openpyxl's: f for a formula, e for an error."""
    if value is None:
        return ""
    if kind == "f":
        return Formula(tidy(str(value)) or "=")
    if kind == "e":
        return Formula(f"={value}")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))


def tidy(text: str) -> str:
    """One line, single spaces, nothing invisible at the ends; control characters stay visible."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = CONTROL.sub(UNREADABLE, text.replace("\u200b", "").replace("\ufeff", ""))
    return SPACES.sub(" ", text).strip()


def settled(text: str) -> str:
    """Text as a file would give it back, however often: what round trips do not change.

    One line, single spaces, no mark a spreadsheet would take off. HTML is text like any other;
    pages escape it.
    """
    before = None
    while before != text:
        before, text = text, as_text(from_text(text))
    return text


def as_text(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_blank(cell: Cell) -> bool:
    return cell == ""
