"""A staff file and a register of 50,000 rows, and what must be said of the malformed ones."""

import csv
import io
import string

from cpdhub import gias
from cpdhub.models import Staff
from cpdhub.walls import school_scope

ROWS = 50_000
COLLEAGUES = 5_000
HEADER = [
    "First name", "Last name", "Staff code", "Work e-mail", "Job title", "Department",
    "Line manager", "Start date", "FTE",
]  # fmt: skip
EVERY = 20  # each twentieth row is malformed: 5 %
MEGABYTE = "x" * 1_000_000


def letters(number):
    """A name of its own for each number: names hold no digits."""
    name = ""
    while number:
        number, place = divmod(number, 26)
        name = string.ascii_lowercase[place] + name
    return (name or "a").capitalize()


def good(number):
    return [
        "Zoë", f"Ny{letters(number)}", f"C{number}", f"p{number}@school.example", "Teacher",
        f"Department {number % 40}", f"C{number // 10 or 1}", "01/09/2020", "0.8",
    ]  # fmt: skip


def with_cell(row, column, value):
    return [value if name == column else cell for name, cell in zip(HEADER, row, strict=True)]


def swapped(row):
    """First name and e-mail stand in each other's column."""
    return with_cell(with_cell(row, "First name", row[3]), "Work e-mail", row[0])


# What is done to a row, and the column that must be named ("" is the whole line).
FAULTS = [
    (lambda row: with_cell(row, "Last name", "N\udcffu"), "Last name"),  # no UTF-8
    (lambda row: with_cell(row, "Job title", "Teacher\udce9"), "Job title"),  # Windows-1252
    (lambda row: with_cell(row, "Staff code", "C1"), ""),  # the code of an earlier line
    (swapped, "First name"),
    (lambda row: with_cell(row, "Last name", ""), "Last name"),
    (lambda row: with_cell(row, "Start date", "32/13/2020"), "Start date"),
    (lambda row: with_cell(row, "FTE", "full"), "FTE"),
    (lambda row: with_cell(row, "Work e-mail", "at home"), "Work e-mail"),
    (lambda row: with_cell(row, "Job title", "=HYPERLINK(1)"), "Job title"),
    (lambda row: [*row, "one", "more"], ""),  # a comma too many
]


def staff_file():
    """The file, and the column to be named for each malformed line."""
    text, expected = io.StringIO(), {}
    text.write("\ufeff")
    csv.writer(text).writerow(HEADER)
    for number in range(1, ROWS + 1):
        row = good(number)
        if number % EVERY == 0:
            spoil, column = FAULTS[number // EVERY % len(FAULTS)]
            row, expected[number + 1] = spoil(row), column
        if number == EVERY * 5:
            row, expected[number + 1] = with_cell(good(number), "Job title", MEGABYTE), "Job title"
        csv.writer(text, lineterminator=["\r\n", "\n"][number // 1_000 % 2]).writerow(row)
    return text.getvalue().encode("utf-8", "surrogateescape"), expected


def add_colleagues(school):
    """Five thousand of them are here already, some as the file says and most not."""
    with school_scope(school):
        Staff.objects.bulk_create(
            Staff(
                school=school, first_name="Zoë", last_name=f"Ny{letters(number)}",
                staff_code=f"C{number}", group="teacher",
                email=f"p{number}@school.example" if number % 3 else f"old{number}@school.example",
                job_title="Teacher" if number % 2 else "Trainee",
            )
            for number in range(1, COLLEAGUES + 1)
        )  # fmt: skip


def everyone(school):
    """The staff list without its keys, to be compared from school to school."""
    with school_scope(school):
        return list(
            Staff.objects.filter(user=None).order_by("staff_code").values_list(
                "first_name", "last_name", "staff_code", "email", "job_title", "team__name",
                "line_manager__staff_code", "starts_on", "ends_on", "fte", "group", "roles",
            )
        )  # fmt: skip


def register():
    """The DfE's extract: Windows-1252, 150 columns, most of which nobody here reads."""
    known = [*gias.COLUMNS.values(), gias.LA_CODE, gias.NUMBER]
    text = io.StringIO()
    writer = csv.writer(text)
    others = [f"Something else {n}" for n in range(150 - len(known))]
    writer.writerow([*known, *others])
    more = ["Not applicable", "", "9"] * (len(others) // 3 + 1)
    for number in range(ROWS):
        cells = {
            "URN": 100_000 + number, "EstablishmentName": f"St Zoë’s School {number}",
            "LA (name)": "Salford", "EstablishmentStatus (name)": "Open", "OpenDate": "01-09-1999",
            "PhaseOfEducation (name)": "Primary", "StatutoryLowAge": "3", "StatutoryHighAge": "11",
            "NumberOfPupils": number % 900, "Town": "Eccles", "Postcode": "M30 9DY",
            gias.LA_CODE: "355", gias.NUMBER: 1000 + number % 9000,
        }  # fmt: skip
        writer.writerow([*(cells.get(name, "") for name in known), *more[: len(others)]])
    return text.getvalue().encode("cp1252")
