"""The register of schools from the DfE's extract."""

import csv
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from cpdhub import gias
from cpdhub.models import Establishment, LogEntry, School
from cpdhub.walls import installation_scope
from tests.factories import EstablishmentFactory

ROWS = [
    {
        "URN": "138130", "LA (code)": "355", "LA (name)": "Salford", "EstablishmentNumber": "7025",
        "EstablishmentName": "St Zoë’s Academy", "EstablishmentStatus (name)": "Open",
        "TypeOfEstablishment (name)": "Academy special converter", "OpenDate": "01-01-2000",
        "CloseDate": "", "PhaseOfEducation (name)": "Not applicable", "StatutoryLowAge": "9",
        "StatutoryHighAge": "19", "NumberOfPupils": "315", "UKPRN": "10037232",
        "Trusts (name)": "EXAMPLE TRUST", "Town": "Eccles", "Postcode": "M30 9DY",
        "Something new": "x",
    },
    {
        "URN": "140134", "LA (code)": "207", "LA (name)": "Kensington and Chelsea",
        "EstablishmentNumber": "4320", "EstablishmentName": "Example School",
        "EstablishmentStatus (name)": "Closed", "OpenDate": "01-01-2000",
        "CloseDate": "31-12-2022", "PhaseOfEducation (name)": "Secondary",
        "NumberOfPupils": "1391", "Town": "London", "Postcode": "W8 7AF",
    },
]  # fmt: skip


def extract(rows=ROWS, *, columns=None, encoding="cp1252"):
    columns = columns or list(ROWS[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def read(file):
    return gias.import_register(file, tell=lambda percent, doing: None)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_extract_fills_the_register_in_any_encoding(db, encoding):
    result = read(extract(encoding=encoding))

    assert (result.new, result.problems) == (2, [])
    academy = Establishment.objects.get(urn="138130")
    assert academy.name == "St Zoë’s Academy"
    assert academy.dfe_number == "3557025"
    assert academy.opened_on == date(2000, 1, 1)
    assert (academy.low_age, academy.high_age, academy.pupils) == (9, 19, 315)
    closed = Establishment.objects.get(urn="140134")
    assert closed.is_closed
    assert closed.closed_on == date(2022, 12, 31)


def test_same_extract_twice_changes_nothing(db):
    read(extract())
    before = list(Establishment.objects.order_by("pk").values())

    result = read(extract())

    assert (result.new, result.changed, result.unchanged) == (0, 0, 2)
    assert list(Establishment.objects.order_by("pk").values()) == before


def test_columns_in_any_order_and_missing_ones_keep_what_is_there(db):
    read(extract())
    moved = [ROWS[0] | {"Town": "Salford", "Postcode": "ignored"}]

    result = read(extract(moved, columns=["Town", "EstablishmentName", "URN"]))

    assert (result.changed, result.unchanged) == (1, 0)
    academy = Establishment.objects.get(urn="138130")
    assert (academy.town, academy.postcode, academy.pupils) == ("Salford", "M30 9DY", 315)


def test_bad_rows_are_listed_with_line_column_and_reason(db):
    bad = [
        ROWS[0],
        {"URN": "none", "EstablishmentName": "No number"},
        {"URN": "100001", "EstablishmentName": ""},
        {"URN": "138130", "EstablishmentName": "Again"},
        {"URN": "100002", "EstablishmentName": "Odd", "OpenDate": "31-02-2020",
         "NumberOfPupils": "many", "Postcode": "far too long for one"},
    ]  # fmt: skip

    result = read(extract(bad))

    assert (result.new, result.left_out) == (2, 3)
    assert [(p.line, p.column) for p in result.problems] == [
        (3, "URN"), (4, "EstablishmentName"), (5, "URN"),
        (6, "OpenDate"), (6, "NumberOfPupils"), (6, "Postcode"),
    ]  # fmt: skip
    odd = Establishment.objects.get(urn="100002")
    assert (odd.opened_on, odd.pupils, odd.postcode) == (None, None, "")


def test_another_table_is_no_register(db):
    with pytest.raises(gias.NotTheRegister):
        read(io.BytesIO(b"Name,Job\nAda,Head\n"))


def test_leading_zeros_of_numbers_are_kept(db):
    read(extract([ROWS[0] | {"LA (code)": "1", "EstablishmentNumber": "25"}]))

    assert Establishment.objects.get().dfe_number == "0010025"


@pytest.mark.parametrize(
    ("phase", "kind", "ours"),
    [
        ("Primary", "Community school", School.Phase.PRIMARY),
        ("Middle deemed secondary", "Foundation school", School.Phase.MIDDLE),
        ("All through", "Academy converter", School.Phase.ALL_THROUGH),
        ("16 plus", "Further education", School.Phase.SIXTEEN_PLUS),
        ("Not applicable", "Community special school", School.Phase.SPECIAL),
        ("Not applicable", "Pupil referral unit", School.Phase.ALTERNATIVE),
        ("Not applicable", "Other independent school", ""),
    ],
)
def test_phase_is_proposed_from_the_register_or_asked(phase, kind, ours):
    establishment = EstablishmentFactory.build(phase_name=phase, type_name=kind)

    assert gias.propose_phase(establishment) == ours


def test_command_reads_an_extract_and_says_what_it_did(db, tmp_path, capsys):
    path = tmp_path / "extract.csv"
    path.write_bytes(extract().getvalue())

    call_command("import_schools", str(path))

    assert "2 establishments read: 2 new" in capsys.readouterr().out
    with installation_scope():
        assert LogEntry.across.get().note.startswith("2 establishments read")


@pytest.mark.parametrize("content", [b"", b"<html></html>", None])
def test_command_refuses_what_is_no_extract_in_one_sentence(db, tmp_path, content):
    path = tmp_path / "extract.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match=r"\.$"):
        call_command("import_schools", str(path))
