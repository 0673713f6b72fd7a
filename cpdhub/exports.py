"""Lists people take away as a file: one way for all pages."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from cpdhub import clock

BOM = "\ufeff"  # without it Excel reads UTF-8 as Windows-1252
# A spreadsheet takes a cell that starts so for a formula, and runs it.
FORMULA = re.compile(r"^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n]")
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


def cell(value: Any) -> str:
    """A value as a spreadsheet shows it, and never as something it would calculate."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if FORMULA.match(text) and not NUMBER.match(text):
        return f"'{text}"
    return text


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A file Excel opens by double click. The caller writes who took it to the log."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{plain_name(filename)}"'
    response.headers["Cache-Control"] = "no-store"
    response.write(BOM)
    writer = csv.writer(response)
    writer.writerow([cell(value) for value in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return response


def xlsx_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """The same as a workbook of one sheet, numbers as numbers, its first row always in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.freeze_panes = "A2"
    for row in (header, *rows):
        sheet.append([value if _is_number(value) else _words(value) for value in row])
    made = io.BytesIO()
    book.save(made)
    response = HttpResponse(
        made.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{plain_name(filename)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _words(value: Any) -> str:
    """Without characters no workbook may hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", cell(value))


def plain_name(filename: str) -> str:
    """A file name every system takes: letters, digits, dots and hyphens."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", filename).strip("-.") or "export.csv"
