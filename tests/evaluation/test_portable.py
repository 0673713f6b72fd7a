"""The portable record: out of one school, into another."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Activity
from cpdhub import signing_key
from cpdhub.models import LogEntry, StoredFile
from cpdhub.walls import school_scope
from evaluation import portable
from evaluation.models import ImportedRecord
from evaluation.portfolios import of_imported
from tests.cpdhub.test_signing_key import elsewhere  # noqa: F401
from tests.evaluation.test_record import attended
from tests.factories import (
    ImportedRecordFactory,
    PortfolioFactory,
    PortfolioItemFactory,
    ReflectionFactory,
    StaffFactory,
    StoredFileFactory,
    UserFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def newcomer(other_school, teacher):
    """The teacher, at their next school."""
    return StaffFactory(
        school=other_school, user=UserFactory(), first_name="Tom", last_name="Teacher"
    )


@pytest.fixture
def made(teacher, school):
    """What the teacher took away."""
    attended(teacher, hours=2, title="Phonics day", type__title="Course")
    ReflectionFactory(school=school, owner=teacher, title="Pace", learned="Wait longer")
    portfolio = PortfolioFactory(school=school, owner=teacher, title="Three years")
    PortfolioItemFactory(school=school, portfolio=portfolio, title="A talk", comment="Nerves!")
    with school_scope(school):
        return portable.build(teacher)


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, packing=zipfile.ZIP_DEFLATED, **changed):
    """A zip of these, signed anew when `manifest` is given."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, content in {**parts, **changed}.items():
            archive.writestr(name, content)
    return made.getvalue()


def signed(files, sign=signing_key.sign, **manifest):
    """A zip that is signed as it should be, of these files."""
    said = {
        "format": portable.FORMAT,
        "version": 1,
        "exported_at": "2026-07-20T12:00:00+01:00",
        "person": {"name": "Tom Teacher"},
        "school": {"name": "Oakfield Primary", "urn": "200001"},
        "files": {name: {"sha256": hashlib.sha256(raw).hexdigest()} for name, raw in files.items()},
    } | manifest
    return packed(files, **{portable.MANIFEST: sign(said)})


def a_record(**parts):
    return json.dumps({"format": "cpdhub-record", "version": 1} | parts).encode()


def send(client, school, content, name="record.zip"):
    file = SimpleUploadedFile(name, content, "application/zip")
    return client.post(url(school, "portfolio:bring"), {"file": file})


def the_record(school):
    with school_scope(school):
        return ImportedRecord.objects.select_related("file").get()


# --- out ----------------------------------------------------------------------------------------
def test_the_zip_holds_everything_and_says_who_made_it(sign_in, teacher, school, made):
    response = sign_in(teacher).get(url(school, "portfolio:record"))

    assert response["Content-Disposition"] == (
        'attachment; filename="record-Tom-Teacher-Oakfield-Primary-2026-11-21.zip"'
    )
    parts = members(response.content)
    assert list(parts) == [
        "manifest.jws", "README.txt", "record.json", "record.csv", "portfolios/1-Three-years.pdf"
    ]  # fmt: skip
    record = json.loads(parts["record.json"])
    assert [row["title"] for row in record["activities"]] == ["Phonics day"]
    assert record["portfolios"] == [
        {
            "title": "Three years",
            "introduction": "",
            "items": [
                {"kind": "words", "title": "A talk", "facts": "", "text": "", "comment": "Nerves!"}
            ],
        }
    ]
    assert parts["portfolios/1-Three-years.pdf"].startswith(b"%PDF")
    manifest = signing_key.read(parts["manifest.jws"].decode())
    assert manifest.is_ours
    assert manifest.payload["school"] == {"name": "Oakfield Primary", "urn": school.urn}
    assert set(manifest.payload["files"]) == set(parts) - {"manifest.jws"}
    with school_scope(school):
        assert LogEntry.objects.get().what == "portable record"


def test_what_came_from_an_earlier_school_travels_on(teacher, school):
    file = StoredFileFactory(school=school, name="record.zip", size=0)
    ImportedRecordFactory(school=school, owner=teacher, school_name="First School", file=file)
    huge = StoredFileFactory(school=school, size=6_000_000)
    ImportedRecordFactory(school=school, owner=teacher, school_name="Huge", file=huge)

    with school_scope(school):
        parts = members(portable.build(teacher))

    assert [name for name in parts if name.startswith("earlier/")] == [
        next(name for name in parts if "First-School" in name)
    ]


def test_portfolios_of_one_long_title_are_two_files_and_the_newest_five_are_drawn(teacher, school):
    for _ in range(7):
        PortfolioFactory(school=school, owner=teacher, title="A long title " * 9)

    with school_scope(school):
        parts = members(portable.build(teacher))

    drawn = [name.removeprefix("portfolios/") for name in parts if name.startswith("portfolios/")]
    assert [name[0] for name in drawn] == ["1", "2", "3", "4", "5"]
    assert len(json.loads(parts["record.json"])["portfolios"]) == 7


def test_what_is_private_stays_private_on_its_way(sign_in, newcomer, other_school, teacher, school):
    attended(teacher, title="Support for Ola", is_private=True, type__title="Coaching")
    with school_scope(school):
        activity = Activity.objects.get()
    ReflectionFactory(school=school, owner=teacher, activity=activity, title="")
    with school_scope(school):
        made = portable.build(teacher)

    send(sign_in(newcomer), other_school, made)

    row = the_record(other_school)
    with school_scope(other_school):
        titles = [one.title for one in of_imported(row)]
    assert [
        each["is_private"] for part in ("activities", "reflections") for each in row.document[part]
    ] == [True, True]
    assert titles == ["Coaching", "Reflection"]


# --- in -----------------------------------------------------------------------------------------
def test_a_record_is_brought_to_the_next_school_and_marked(
    sign_in, newcomer, other_school, school, made
):
    client = sign_in(newcomer)

    response = send(client, other_school, made)

    row = the_record(other_school)
    assert response.url == url(other_school, "portfolio:imported", row.uuid)
    assert (row.owner_id, row.school_name, row.person_name, row.is_known) == (
        newcomer.pk, "Oakfield Primary", "Tom Teacher", True
    )  # fmt: skip
    assert row.document == {
        "activities": [
            {
                "title": "Phonics day",
                "type": "Course",
                "when": "18 November 2026",
                "hours": "2 hours",
                "is_private": False,
            }
        ],
        "reflections": [
            {
                "about": "Pace",
                "title": "Pace",
                "is_private": False,
                "when": "21 November 2026",
                "texts": ["Wait longer", "Sentence stems with Year 4"],
            }
        ],
        "portfolios": ["Three years"],
    }
    page = client.get(response.url).text
    for words in ("From Oakfield Primary", "Checked: the file is as", "Phonics day", "Wait longer"):
        assert words in page
    assert "made out to" not in page
    assert client.get(url(other_school, "portfolio:imported_file", row.uuid)).content == made
    with school_scope(other_school):
        assert LogEntry.objects.get(kind="imported").what == "portable record"


def test_it_counts_in_no_figure_and_nobody_else_sees_it(
    sign_in, newcomer, other_school, outsider, made
):
    client = sign_in(newcomer)
    send(client, other_school, made)
    row = the_record(other_school)

    assert "Phonics day" not in client.get(url(other_school, "record:mine")).text
    client = sign_in(outsider)  # head of that school
    assert client.get(url(other_school, "portfolio:imported", row.uuid)).status_code == 404
    assert "Phonics day" not in client.get(url(other_school, "record:person", newcomer.pk)).text


def test_a_foreign_signature_is_marked_in_words(
    sign_in,
    newcomer,
    other_school,
    elsewhere,  # noqa: F811
):
    foreign = signed({"record.json": a_record()}, sign=elsewhere)
    client = sign_in(newcomer)

    response = send(client, other_school, foreign)

    assert not the_record(other_school).is_known
    assert "signed elsewhere, with a key this hub does not know" in client.get(response.url).text
    assert "not checked" in client.get(url(other_school, "portfolio:list")).text


def test_a_record_of_another_name_says_so(sign_in, newcomer, other_school):
    client = sign_in(newcomer)

    response = send(
        client, other_school, signed({"record.json": a_record()}, person={"name": "Jo Roe"})
    )

    assert "made out to Jo Roe. If that is not you, remove it." in client.get(response.url).text


def test_the_same_file_twice_is_kept_once(sign_in, newcomer, other_school, made):
    client = sign_in(newcomer)

    first, second = (send(client, other_school, made) for _ in range(2))

    assert first.url == second.url
    with school_scope(other_school):
        assert StoredFile.objects.count() == 1


def test_removing_asks_first_and_takes_the_file(sign_in, newcomer, other_school, made):
    client = sign_in(newcomer)
    send(client, other_school, made)
    path = url(other_school, "portfolio:imported_remove", the_record(other_school).uuid)

    assert "with your own copy of the file you can bring it again" in client.get(path).text
    client.post(path)

    with school_scope(other_school):
        assert not ImportedRecord.objects.exists()
        assert not StoredFile.objects.exists()


# --- refused ------------------------------------------------------------------------------------
def refused(client, school, content):
    response = send(client, school, content)
    assert response.status_code == 200
    with school_scope(school):
        assert not ImportedRecord.objects.exists()
        assert not StoredFile.objects.exists()
    [error] = response.context["form"].errors["file"]
    return error


def test_a_tampered_record_is_refused(sign_in, newcomer, other_school, made, elsewhere):  # noqa: F811
    client = sign_in(newcomer)
    parts = members(made)
    better = parts["record.json"].replace(b"Phonics day", b"Phonics PhD")
    header, payload, signature = parts["manifest.jws"].decode().split(".")

    for tampered in (
        packed(parts, **{"record.json": better}),
        packed(parts, **{"portfolios/more.pdf": b"%PDF"}),
        packed({name: raw for name, raw in parts.items() if name != "record.csv"}),
        packed(parts, **{"manifest.jws": f"{header}.{payload}.{signature[:-4]}AAAA"}),
        packed(parts, **{"manifest.jws": elsewhere({"a": 1}).split(".")[0] + ".e30."}),
        packed(parts, **{"manifest.jws": b"\xff\xfe"}),
    ):
        assert "was changed after your earlier school made it" in refused(
            client, other_school, tampered
        )


def test_what_is_no_record_is_refused(sign_in, newcomer, other_school, made):
    client = sign_in(newcomer)

    for wrong in (
        b"<html>",
        b"PK\x03\x04 nonsense",
        packed({"a.txt": b"a"}),
        signed({"record.json": a_record()}, format="something"),
        signed({"record.json": a_record()}, exported_at="yesterday"),
        signed({"record.json": a_record()}, exported_at="2026-07-20T12:00:00"),
        signed({"record.json": a_record()}, exported_at="2026-02-30T12:00:00+00:00"),
        signed({"record.json": a_record()}, exported_at="0001-01-01T00:00:00+14:00"),
        signed({"record.json": a_record()}, exported_at="9999-12-31T23:59:59-12:00"),
        signed({"record.json": a_record()}, school="Oakfield"),
        signed({"record.json": b"{"}),
        signed({"record.json": b"[" * 200_000}),
        signed({"record.json": b"[]"}),
        signed({"record.json": b"{}"}),
        signed({"record.json": a_record(activities={"a": 1})}),
        signed({"record.json": a_record(reflections=[{}] * 5001)}),
    ):
        assert "This is not a record from CPD Hub" in refused(client, other_school, wrong)


def test_a_record_of_a_newer_version_is_refused(sign_in, newcomer, other_school):
    content = signed({"record.json": a_record()}, version=2)

    assert "a newer CPD Hub" in refused(sign_in(newcomer), other_school, content)


def test_bombs_and_names_that_lead_outside_are_refused(sign_in, newcomer, other_school):
    client = sign_in(newcomer)
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("record.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("record.json", b"{}")

    for unsafe in (
        signed({"record.json": b" " * 60_000_000}),
        signed({"record.json": b"[" + b" " * 2_000_000 + b"]"}),
        signed({"record.json": a_record(), "../../x": b"x"}),
        signed({"record.json": a_record()} | {f"{number}": b"x" for number in range(200)}),
        twice.getvalue(),
        packed({"record.json": b"{}"}, packing=zipfile.ZIP_LZMA),
        packed({"record.json": b"{}"}, packing=zipfile.ZIP_BZIP2),
    ):
        assert "would unpack to far more" in refused(client, other_school, unsafe)


def test_a_damaged_member_is_refused(sign_in, newcomer, other_school, made):
    at = made.index(b"record.json") + 60
    broken = made[:at] + bytes(40) + made[at + 40 :]

    error = refused(sign_in(newcomer), other_school, broken)

    assert "damaged" in error or "was changed" in error


def test_odd_values_are_kept_as_something_that_can_be_shown(sign_in, newcomer, other_school):
    record = a_record(
        activities=[
            {"title": "\x00 \ud800", "hours": -1, "began_on": "soon", "last_on": 7},
            {"title": ["x"], "hours": True},
            "no row",
            {"title": "T" * 500, "hours": 1e9, "type": None},
            {"title": "Fine", "hours": float("nan")},
        ],
        reflections=[{"about": 7, "learned": {"a": 1}, "will_try": "Yes", "written_on": ""}],
    )
    client = sign_in(newcomer)

    response = send(client, other_school, signed({"record.json": record}))

    assert client.get(response.url).status_code == 200
    row = the_record(other_school)
    assert [activity["title"] for activity in row.document["activities"]] == [
        "?", "Untitled", "T" * 200, "Fine"
    ]  # fmt: skip
    assert row.document["reflections"] == [
        {"about": "Untitled", "title": "", "is_private": False, "when": "", "texts": ["Yes"]}
    ]


def test_no_file_is_asked_for_again(sign_in, newcomer, other_school):
    response = sign_in(newcomer).post(url(other_school, "portfolio:bring"))

    assert "Error:" in response.text
