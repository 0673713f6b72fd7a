"""The pages around a staff file: upload, preview, choices, confirm, undo."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cpdhub.models import Staff, StaffImport
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.cpdhub.staff_files import FOLDER, again, preview, rows, run_jobs
from tests.factories import StaffFactory, StaffImportFactory, StaffImportRowFactory
from tests.helpers import url

HEADER = "First name,Last name,Staff code,Work e-mail,Job title\n"


@pytest.fixture
def data_manager(school, at):
    at("2026-11-22 09:00")
    return StaffFactory(school=school, last_name="Manager", roles=[Role.DATA_MANAGER], group="")


@pytest.fixture
def visitor(sign_in, data_manager):
    return sign_in(data_manager)


def upload(name, data):
    return SimpleUploadedFile(name, data)


def test_file_goes_from_upload_to_written_and_back(visitor, school, data_manager):
    file = upload("staff.csv", (FOLDER / "mis-report.csv").read_bytes())
    response = visitor.post(url(school, "imports:upload"), {"file": file})
    page = response.url
    assert "Waiting for its turn" in visitor.get(page).text
    run_jobs(school)

    shown = visitor.get(page)
    assert "5 new people." in shown.text
    taken = {"row": [], "take": [], "then": "confirm"}
    for line in shown.context["lines"]:
        taken["row"].append(line.row.pk)
        if line.row.line != 9:
            taken["take"].append(line.row.pk)
    response = visitor.post(f"{page}choose/", taken)
    assert response.url == f"{page}confirm/"
    assert "4 people are added." in visitor.get(response.url).text
    visitor.post(response.url)
    run_jobs(school)

    assert visitor.get(page).context["found"] == "4 people added, 0 colleagues changed."
    with school_scope(school):
        assert Staff.objects.exclude(pk=data_manager.pk).count() == 4
    assert "Undo the import of staff.csv?" in visitor.get(f"{page}undo/").text
    visitor.post(f"{page}undo/")
    run_jobs(school)
    assert "4 new people taken out again" in visitor.get(page).text
    with school_scope(school):
        assert Staff.objects.get().pk == data_manager.pk


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<html><body>Sign in</body></html>", "This is a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Excel file"),
        (b"First name,Last name\n", "no people below"),
        (b"", "The file is empty."),
    ],
)
def test_refused_file_is_told_beside_the_field_and_nothing_is_kept(visitor, school, data, sentence):
    page = visitor.post(url(school, "imports:upload"), {"file": upload("staff.csv", data)})

    assert sentence in page.context["form"].errors["file"][0]
    assert "There is a problem" in page.text
    with school_scope(school):
        assert not StaffImport.objects.exists()


def test_second_file_that_is_no_roles_file_is_told_beside_its_field(visitor, school):
    data = (FOLDER / "sds-users.csv").read_bytes()

    page = visitor.post(
        url(school, "imports:upload"),
        {"file": upload("users.csv", data), "roles": upload("roles.csv", b"a,b\n1,2\n")},
    )

    assert list(page.context["form"].errors) == ["roles"]


def test_upload_sent_twice_is_one_import(visitor, school):
    form = {"once": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}
    first = visitor.post(
        url(school, "imports:upload"), form | {"file": upload("s.csv", b"Name,Job\nA B,x\n")}
    )
    second = visitor.post(
        url(school, "imports:upload"), form | {"file": upload("s.csv", b"Name,Job\nA B,x\n")}
    )

    assert first.url == second.url
    with school_scope(school):
        assert StaffImport.objects.count() == 1


@pytest.mark.parametrize("tab", ["problems", "unchanged", "left_out"])
def test_continuing_from_a_tab_without_ticks_unticks_nobody(visitor, school, data_manager, tab):
    text = HEADER + f"{data_manager.first_name},Manager,,,\nAda,Byron,A1,,=x\nBea,Lee,B1,,\n"
    made = preview(data_manager, text + "Bea,Lee,B1,,\n")

    page = visitor.get(url(school, "imports:staff_import", made.pk), {"show": tab})
    assert page.context["tab"] == tab
    assert 'name="row"' not in page.text
    visitor.post(url(school, "imports:choose", made.pk), {"then": "confirm"})

    assert [row.is_chosen for row in rows(made, outcome="new")] == [True]


def test_choices_of_another_imports_rows_are_ignored(visitor, school, data_manager, outsider):
    made = preview(data_manager, HEADER + "Ada,Byron,A1,,\n")
    other = StaffImportRowFactory(school=school)
    foreign = StaffImportRowFactory(school=outsider.school)

    visitor.post(
        url(school, "imports:choose", made.pk),
        {"row": [other.pk, foreign.pk, "x", "9" * 30, "-1"], "group-x": "head"},
    )

    assert rows(other.staff_import)[0].is_chosen
    assert rows(foreign.staff_import)[0].is_chosen


def test_ticking_all_and_none_and_the_group(visitor, school, data_manager):
    made = preview(data_manager, HEADER + "Ada,Byron,A1,,TA\nBea,Lee,B1,,Cook\n")
    path = url(school, "imports:choose", made.pk)

    visitor.post(path, {"everyone": "new:off"})
    assert {row.is_chosen for row in rows(made, outcome="new")} == {False}
    visitor.post(path, {"everyone": "new:on"})
    first = rows(made, line=2)[0]
    assert first.values["group"] == "assistant"
    visitor.post(path, {"row": first.pk, "take": first.pk, f"group-{first.pk}": "teacher"})

    first = rows(made, line=2)[0]
    assert (first.is_chosen, first.values["group"]) == (True, "teacher")


def test_columns_are_matched_on_screen(visitor, school, data_manager):
    made = preview(data_manager, "Alpha,Beta,Gamma\nAda,Byron,Head\n")
    page = url(school, "imports:mapping", made.pk)
    assert visitor.get(url(school, "imports:staff_import", made.pk)).url == page
    assert "Byron" in visitor.get(page).text

    wrong = visitor.post(page, {"column-0": "first_name", "column-1": "first_name"})
    assert "chosen for another column too" in wrong.text
    lacking = visitor.post(page, {"column-0": "first_name"})
    assert "Choose a column for: last name" in lacking.text
    visitor.post(page, {"column-0": "first_name", "column-1": "last_name", "column-2": "roles"})
    visitor.post(page, {"column-0": "first_name", "column-1": "last_name"})
    run_jobs(school)

    assert again(made).counts == {"new": 1}


def test_problems_are_a_file_no_spreadsheet_calculates(visitor, school, data_manager):
    made = preview(data_manager, HEADER + "Ada,,=cmd(),not-mail,\n")

    response = visitor.get(url(school, "imports:problems", made.pk))

    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0] == ["Line", "Name", "What happens", "Column", "Reason"]
    assert {(line[0], line[3]) for line in lines[1:]} == {("2", "Staff code"), ("2", "Work e-mail")}
    assert not any(value.startswith("=") for line in lines for value in line)


def test_discarding_forgets_file_and_rows(visitor, school, data_manager):
    made = preview(data_manager, HEADER + "Ada,Byron,A1,,\n")

    visitor.post(url(school, "imports:discard", made.pk))

    with school_scope(school):
        assert not StaffImport.objects.exists()
    assert "Nothing has been imported yet" in visitor.get(url(school, "imports:list")).text


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_imports_in_constant_queries(visitor, school, count, django_assert_num_queries):
    StaffImportFactory.create_batch(count, school=school)

    with django_assert_num_queries(15):
        page = visitor.get(url(school, "imports:list"))

    assert len(page.context["lines"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_preview_in_constant_queries(visitor, school, count, django_assert_num_queries):
    made = StaffImportFactory(school=school)
    StaffImportRowFactory.create_batch(count, school=school, staff_import=made)
    StaffImportRowFactory(school=school)

    with django_assert_num_queries(17):
        page = visitor.get(url(school, "imports:staff_import", made.pk))

    assert len(page.context["lines"]) == count


def test_import_of_another_school_does_not_exist(visitor, school, outsider):
    theirs = StaffImportFactory(school=outsider.school)

    for view in ("staff_import", "mapping", "confirm", "undo", "problems"):
        assert visitor.get(url(school, f"imports:{view}", theirs.pk)).status_code == 404
    for view in ("choose", "confirm", "undo", "discard"):
        assert visitor.post(url(school, f"imports:{view}", theirs.pk)).status_code == 404


def test_governor_and_teacher_have_no_way_in(client, governor, teacher, school):
    for person in (governor, teacher):
        client.force_login(person.user)
        assert client.get(url(school, "imports:list")).status_code == 403


def test_command_previews_and_writes_only_when_told(data_manager, capsys):
    from django.core.management import CommandError, call_command

    path, urn = str(FOLDER / "safeguarding.csv"), data_manager.school.urn
    call_command("import_staff", path, school=urn)
    assert "7 new people." in capsys.readouterr().out
    with school_scope(data_manager.school):
        assert Staff.objects.count() == 1

    call_command("import_staff", path, school=urn, confirm=True)
    assert "7 people added" in capsys.readouterr().out
    call_command("import_staff", path, school=urn, confirm=True)
    assert "7 unchanged" in capsys.readouterr().out

    with pytest.raises(CommandError, match="No school with the URN 999999"):
        call_command("import_staff", path, school="999999")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_staff", "/no/such/file.csv", school=urn)
