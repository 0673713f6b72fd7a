"""Files people take away."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from cpdhub import exports


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)", "\tcmd", "\rcmd",
        "\n=1", "  =1+1", "＝1+1", "-", "+44 20 7946 0018",
    ],
)  # fmt: skip
def test_cell_that_would_calculate_is_shown_as_text(text):
    assert exports.cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (-3, "-3"),
        ("-3.5", "-3.5"),
        (Decimal("0.60"), "0.60"),
        (True, "yes"),
        (False, "no"),
        (date(2026, 11, 21), "2026-11-21"),
        (datetime(2026, 6, 1, 12, 30, tzinfo=UTC), "2026-06-01 13:30"),
        ("Siân O'Brien", "Siân O'Brien"),
        ("a=b", "a=b"),
    ],
)
def test_cell_of_a_harmless_value_is_the_value(value, shown):
    assert exports.cell(value) == shown


def test_csv_response_reads_back_as_written():
    rows = [["Siân", 'says "hi", twice\nand again'], ["=1+1", None]]

    response = exports.csv_response("Staff 2026/27.csv", ["Name", "=Note"], rows)

    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="Staff-2026-27.csv"'
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["Name", "'=Note"],
        ["Siân", 'says "hi", twice\nand again'],
        ["'=1+1", ""],
    ]


def test_workbook_reads_back_with_numbers_as_numbers_and_no_formula():
    rows = [["Siân", 3, 2.5, Decimal("1.50")], ["=1+1", None, "a\x0bb", True]]

    response = exports.xlsx_response("Staff 2026/27.xlsx", ["Name", "=N", "M", "D"], rows)

    (sheet,) = load_workbook(io.BytesIO(response.content)).worksheets
    assert response["Content-Disposition"] == 'attachment; filename="Staff-2026-27.xlsx"'
    assert list(sheet.values) == [
        ("Name", "'=N", "M", "D"), ("Siân", 3, 2.5, 1.5), ("'=1+1", None, "ab", "yes"),
    ]  # fmt: skip
    assert "f" not in {cell.data_type for row in sheet.rows for cell in row}
