"""Tables from files: good, odd and hostile. Each refusal is one sentence, given quickly."""

import csv
import io
import struct
import time
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cpdhub.tables import Formula, open_table, refusals, written
from cpdhub.tables.cells import from_text


def read(data, **kwargs):
    """(header, [(line, cells)], notes) of a file's bytes."""
    with open_table(io.BytesIO(data), **kwargs) as table:
        return table.header, [(row.line, row.cells) for row in table.rows], table.notes


def workbook(rows, *, extra=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if extra:
        extra(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(members, *, encrypted=False):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    data = bytearray(buffer.getvalue())
    if encrypted:  # set the flag in every entry of the directory and every local header
        for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            at = data.find(mark)
            while at >= 0:
                flags = struct.unpack_from("<H", data, at + offset)[0]
                struct.pack_into("<H", data, at + offset, flags | 1)
                at = data.find(mark, at + 4)
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = {"[Content_Types].xml": b"<Types/>"}


@pytest.mark.parametrize(
    ("data", "encoding_note"),
    [
        ("Name,Job\nZoë,Head\n".encode(), None),
        ("Name,Job\nZoë,Head\n".encode("utf-8-sig"), None),
        ("Name,Job\nZoë,Head\n".encode("cp1252"), "Windows-1252"),
        ("Name,Job\nZoë,Head\n".encode("utf-16"), "UTF-16"),
        (b"Name;Job\r\nZo\xc3\xab;Head\r\n", None),
        (b"Name\tJob\rZo\xc3\xab\tHead\r", None),
        (b"Name|Job\n\n\r\nZo\xc3\xab|Head", None),
    ],
)
def test_any_encoding_delimiter_and_line_ending_reads_the_same(data, encoding_note):
    header, rows, notes = read(data)

    assert (header, [cells for _, cells in rows]) == (["Name", "Job"], [["Zoë", "Head"]])
    assert [encoding_note in note for note in notes] == ([True] if encoding_note else [])


def test_lines_are_those_of_the_file():
    header, rows, _ = read(b'Staff list\n\n"two\nlines",Job\nAda,Head\r\n\r\nBea,"a\nb"\rCy,TA\n')

    assert header == ["two lines", "Job"]
    assert rows == [(5, ["Ada", "Head"]), (7, ["Bea", "a b"]), (9, ["Cy", "TA"])]


def test_known_names_tell_the_header_from_longer_titles():
    data = b"Printed,by,the,office,on,Monday\nName,Job\nAda,Head\n"

    header, _, _ = read(data, recognise=lambda names: sum(n == "Name" for n in names))

    assert header == ["Name", "Job"]


def test_broken_characters_in_utf8_spoil_their_cell_only():
    header, rows, notes = read("Name,Job\nZoë,Head\nSiân,TA\n".encode() + b"B\xffa,TA\n")

    assert [cells[0] for _, cells in rows] == ["Zoë", "Siân", "B\ufffda"]
    assert "broken characters" in notes[0]


def test_nul_and_formula_cells_are_told_not_lost():
    _, rows, _ = read(b"Name,Job\nA\x00da,=cmd()\nBea,'=safe\n")

    assert rows[0][1] == ["A\ufffdda", "=cmd()"]
    assert isinstance(rows[0][1][1], Formula)
    assert rows[1][1][1] == "=safe"
    assert not isinstance(rows[1][1][1], Formula)


@given(st.text(min_size=1, max_size=30))
def test_what_our_exports_write_reads_back_as_it_was(text):
    from cpdhub.exports import cell
    from cpdhub.tables.cells import tidy

    assert from_text(cell(text)) == tidy(text) or text.startswith("=")


@settings(max_examples=50)
@example([["", " '="]])
@given(
    st.lists(
        st.lists(st.text("abc,\"'= é\n", max_size=6), min_size=2, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_rewritten_tables_keep_their_lines_and_cells(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["Name", "Job"], *rows])
    data = buffer.getvalue().encode()

    def recognise(names):
        return "Name" in names

    with open_table(io.BytesIO(data), recognise=recognise) as table:
        copy = b"".join(written(table.header, table.header_line, table.rows))

    header, again, _ = read(copy, recognise=recognise)
    _, before, _ = read(data, recognise=recognise)
    assert header == ["Name", "Job"]
    assert again == before


def test_workbook_gives_dates_numbers_and_formulas_as_they_are():
    data = workbook(
        [
            ["Staff of the school"],
            [],
            ["Name", "Start", "Code", "FTE", "Total"],
            ["Ada", datetime(2024, 9, 1), 7.0, 0.6, "=SUM(A1:A2)"],  # noqa: DTZ001
        ]
    )

    header, rows, _ = read(data)

    assert header == ["Name", "Start", "Code", "FTE", "Total"]
    assert rows == [(4, ["Ada", date(2024, 9, 1), "7", "0.6", "=SUM(A1:A2)"])]
    assert isinstance(rows[0][1][4], Formula)


def test_best_sheet_is_read_and_the_others_are_told():
    def notes_sheet(book):
        book.create_sheet("Notes", 0).append(["Please read"])

    data = workbook([["Name", "Job"], ["Ada", "Head"]], extra=notes_sheet)

    header, rows, notes = read(data)

    assert header == ["Name", "Job"]
    assert "Only the sheet “Sheet” was read" in notes[0]


def bomb():
    """A small workbook that unpacks to 140 MB."""
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
                for _ in range(300):
                    sheet.write(row * 10_000)
        return buffer.getvalue()


HOSTILE = [
    ("nothing", lambda: b"", refusals.EmptyTable),
    ("white space", lambda: b" \r\n\t\n ", refusals.EmptyTable),
    ("a web page", lambda: b"<!DOCTYPE html><html><table><tr><td>Name</td></tr>", refusals.WebPage),
    ("a script", lambda: b"\n<script>alert(1)</script>,x\n", refusals.WebPage),
    ("a PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", refusals.NotATable),
    ("a picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, refusals.NotATable),
    ("JSON", lambda: b'{"name": "Ada"}', refusals.NotATable),
    ("UTF-16 unmarked", lambda: "Name,Job\nAda,x\n".encode("utf-16-le"), refusals.WrongEncoding),
    ("an old Excel file", lambda: OLE + b"\0" * 600, refusals.OldExcel),
    (
        "an encrypted workbook",
        lambda: OLE + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"),
        refusals.Encrypted,
    ),
    ("an encrypted zip", lambda: zipped(TYPES, encrypted=True), refusals.Encrypted),
    ("a zip bomb", bomb, refusals.UnsafeWorkbook),
    (
        "a member that shrinks too well",
        lambda: zipped(TYPES | {"xl/a.xml": b"0" * 20_000_000}),
        refusals.UnsafeWorkbook,
    ),
    (
        "10,000 members",
        lambda: zipped(TYPES | {f"{n}.xml": b"" for n in range(10_000)}),
        refusals.UnsafeWorkbook,
    ),
    ("a way out", lambda: zipped(TYPES | {"../../etc/x": b""}), refusals.UnsafeWorkbook),
    ("an absolute name", lambda: zipped(TYPES | {"/etc/x": b""}), refusals.UnsafeWorkbook),
    ("a Windows way out", lambda: zipped(TYPES | {"..\\x": b""}), refusals.UnsafeWorkbook),
    ("macros", lambda: zipped(TYPES | {"xl/vbaProject.bin": b"x"}), refusals.HasMacros),
    (
        "an OpenDocument file",
        lambda: zipped({"mimetype": b"x", "content.xml": b"<x/>"}),
        refusals.OpenDocument,
    ),
    ("a zip of something else", lambda: zipped({"inner.zip": b"PK"}), refusals.NotATable),
    ("half a workbook", lambda: workbook([["Name"]])[:900], refusals.DamagedWorkbook),
    ("a workbook without parts", lambda: zipped(TYPES), refusals.DamagedWorkbook),
    ("an empty workbook", lambda: workbook([]), refusals.EmptyTable),
    ("an open quote", lambda: b'Name,Job\nAda,"' + b"x\n" * 1_100_000, refusals.CellTooLong),
    ("too many columns", lambda: b",".join([b"a"] * 400) + b"\n1\n", refusals.TooManyColumns),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "refusal"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_hostile_file_is_refused_quickly_in_one_sentence(make, refusal):
    data = make()
    began = time.process_time()

    with pytest.raises(refusal) as refused:
        read(data)

    assert time.process_time() - began < 2
    assert str(refused.value)[0].isupper()
    assert str(refused.value).endswith(".")


def test_more_rows_than_the_limit_are_refused():
    with pytest.raises(refusals.TooManyRows, match="more than 10 rows"):
        read(b"Name\n" + b"Ada\n" * 11, most_rows=10)


def test_reading_stops_when_it_takes_too_long():
    with pytest.raises(refusals.TookTooLong):
        read(b"Name\n" + b"Ada\n" * 200, seconds=-1)


def test_columns_nobody_needs_are_left_as_they_are():
    with open_table(io.BytesIO(b"A,B\n" + b" x , y \n" * 30)) as table:
        table.only([0])
        assert [row.cells for row in table.rows][-1] == ["x", " y "]
