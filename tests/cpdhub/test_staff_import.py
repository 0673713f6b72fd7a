"""Staff from a file: what each line means, writing it once, taking it back exactly."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cpdhub.models import FilePiece, LogEntry, Staff, StaffImport, StoredFile, Team
from cpdhub.permissions import Role
from cpdhub.staff_import import steps, undoing, writing
from cpdhub.walls import school_scope
from tests.cpdhub.staff_files import (
    FOLDER,
    again,
    confirm,
    outcomes,
    preview,
    rows,
    run_jobs,
    undo,
)
from tests.factories import ActivityFactory, ParticipationFactory, StaffFactory, TeamFactory

State = StaffImport.State
HEADER = "First name,Last name,Staff code,Work e-mail,Job title,Department,Line manager\n"


@pytest.fixture(autouse=True)
def now(at):
    return at("2026-11-22 09:00")


@pytest.fixture
def data_manager(school):
    return StaffFactory(school=school, last_name="Manager", roles=[Role.DATA_MANAGER], group="")


def everyone(school):
    """The whole staff list as rows, to compare before and after: but for their revisions."""
    with school_scope(school):
        people = list(Staff.objects.order_by("pk").values())
        teams = list(Team.objects.order_by("pk").values())
    return [{**row, "revision": None} for row in people], teams


def person(school, **filters):
    with school_scope(school):
        return Staff.objects.select_related("team", "line_manager").get(**filters)


def sample(name):
    return (FOLDER / name).read_bytes()


# --- files that schools have -----------------------------------------------------------------
def test_mis_report_with_titles_above_maps_unaided_and_is_written(data_manager):
    made = confirm(preview(data_manager, sample("mis-report.csv")), data_manager)

    assert made.state == State.APPLIED
    maria = person(data_manager.school, staff_code="MNU")
    assert (maria.first_name, maria.last_name) == ("Maria", "Núñez")
    assert maria.group == Staff.Group.ASSISTANT
    assert maria.fte == Decimal("0.80")
    assert maria.starts_on == date(2023, 1, 3)
    boss = person(data_manager.school, staff_code="SOB")
    assert boss.first_name == "Shiv"
    assert maria.line_manager_id == boss.pk
    assert person(data_manager.school, staff_code="JSM").ends_on == date(2026, 12, 31)


def test_same_file_twice_changes_nothing(data_manager):
    confirm(preview(data_manager, sample("mis-report.csv")), data_manager)
    before = everyone(data_manager.school)

    second = preview(data_manager, sample("mis-report.csv"))

    assert second.counts == {"unchanged": 5}
    assert everyone(data_manager.school) == before


def test_same_file_without_codes_and_some_addresses_twice_changes_nothing(data_manager):
    first = preview(data_manager, sample("safeguarding.csv"))
    assert first.counts == {"new": 7}
    confirm(first, data_manager)

    assert preview(data_manager, sample("safeguarding.csv")).counts == {"unchanged": 7}


def test_governor_in_a_file_gets_no_role_and_no_staff_group(data_manager):
    confirm(preview(data_manager, sample("safeguarding.csv")), data_manager)

    governor = person(data_manager.school, email="john.smith2@oakfield.example")
    assert (governor.group, governor.roles, governor.user_id) == ("", [], None)


def test_oneroster_takes_staff_only_and_counts_pupils(data_manager):
    made = preview(data_manager, sample("oneroster-users.csv"))

    assert made.counts == {"new": 2, "left_out": 1, "pupils": 1, "families": 1, "problems": 1}
    assert {row.name for row in rows(made)} == {"Siobhán O'Brien", "Amy-Louise Carter", "Olive Old"}
    titles = {row.name: row.values["job_title"] for row in rows(made, outcome="new")}
    assert titles == {"Siobhán O'Brien": "Teacher", "Amy-Louise Carter": "Teaching assistant"}


def test_school_data_sync_with_its_roles_file_leaves_pupils_out(data_manager):
    made = preview(data_manager, sample("sds-users.csv"), roles=sample("sds-roles.csv"))

    assert made.counts == {"new": 2, "pupils": 2}


def test_school_data_sync_alone_ticks_nobody_new(data_manager):
    made = preview(data_manager, sample("sds-users.csv"))

    assert made.counts == {"new": 4}
    assert {row.is_chosen for row in rows(made)} == {False}
    assert any("roles.csv" in note for note in made.notes)


def test_passwords_are_never_stored(data_manager):
    made = preview(data_manager, sample("sds-users.csv"))

    with school_scope(data_manager.school):
        kept = b"".join(bytes(piece.data) for piece in FilePiece.objects.all())
    assert b"hunter2" in sample("sds-users.csv")
    assert b"hunter2" not in kept
    assert b"password" not in kept
    assert b"T-1" in kept
    assert any("“password”" in note for note in made.notes)
    assert not any("hunter2" in str(row.values) for row in rows(made))


def test_lines_keep_their_numbers_when_a_column_is_left_out(data_manager):
    text = "Staff list\n\n\nFirst name,Last name,Password\nAda,Byron,x\n\nBea,,y\n"

    made = preview(data_manager, text)

    assert outcomes(made) == {5: "new", 7: "error"}


def test_file_is_deleted_once_it_is_imported(data_manager):
    made = confirm(preview(data_manager, sample("safeguarding.csv")), data_manager)

    assert made.file_id is None
    with school_scope(data_manager.school):
        assert StoredFile.objects.count() == 0


# --- who is it? ---------------------------------------------------------------------------------
def test_person_is_found_by_code_then_by_address(data_manager):
    school = data_manager.school
    by_code = StaffFactory(school=school, staff_code="ABC", first_name="Ada", last_name="Byron")
    by_mail = StaffFactory(school=school, user=None, email="bea@x.example", last_name="Lee")
    text = HEADER + "Ada,Lovelace,abc,,Teacher,,\nBea,Lee,NEW,BEA@x.example,Teacher,,\n"

    made = preview(data_manager, text)

    found = {row.line: row for row in rows(made) if row.line}
    assert (found[2].staff_id, found[2].changes) == (
        by_code.pk,
        [["Last name", "Byron", "Lovelace"]],
    )
    assert found[3].staff_id == by_mail.pk
    assert ["Staff code", "(empty)", "NEW"] in found[3].changes


def test_same_name_without_code_or_address_asks_and_does_what_is_decided(data_manager):
    school = data_manager.school
    ada = StaffFactory(school=school, user=None, first_name="Ada", last_name="Byron", email="")
    text = HEADER + "Ada,BYRON,,,Deputy head,,\n"
    made = preview(data_manager, text)
    row = next(row for row in rows(made) if row.line == 2)
    assert (row.outcome, [c["id"] for c in row.candidates]) == ("ask", [ada.pk])

    with school_scope(school):
        steps.choose(made, [steps.Choice(row.pk, is_chosen=True, decision=str(ada.pk))])
    confirm(made, data_manager)

    assert person(school, pk=ada.pk).job_title == "Deputy head"
    with school_scope(school):
        assert Staff.objects.filter(first_name="Ada").count() == 1


def test_undecided_lines_are_not_written(data_manager):
    school = data_manager.school
    StaffFactory(school=school, user=None, first_name="Ada", last_name="Byron", email="")
    made = preview(data_manager, HEADER + "Ada,Byron,,,Deputy head,,\n")
    before = everyone(school)

    confirm(made, data_manager)

    assert everyone(school) == before


def test_decision_for_somebody_who_was_not_offered_is_ignored(data_manager, outsider):
    school = data_manager.school
    StaffFactory(school=school, user=None, first_name="Ada", last_name="Byron", email="")
    made = preview(data_manager, HEADER + "Ada,Byron,,,Deputy head,,\n")
    row = next(row for row in rows(made) if row.line == 2)

    with school_scope(school):
        steps.choose(made, [steps.Choice(row.pk, is_chosen=True, decision=str(outsider.pk))])

    changed = next(row for row in rows(made) if row.line == 2)
    assert (changed.decision, changed.staff_id) == ("", None)


def test_recycled_staff_code_asks(data_manager):
    StaffFactory(school=data_manager.school, staff_code="ABC", first_name="Ada", last_name="Byron")

    made = preview(data_manager, HEADER + "Zed,Quill,ABC,,Teacher,,\n")

    assert outcomes(made) == {2: "ask"}


def test_missing_people_are_possible_leavers_unticked_and_governors_are_not(data_manager, governor):
    ada = StaffFactory(school=data_manager.school, first_name="Ada", last_name="Byron")

    made = preview(data_manager, HEADER + "Zed,Quill,Z1,,Teacher,,\n")

    missing = rows(made, outcome="possible_leaver")
    assert [(row.staff_id, row.is_chosen) for row in missing] == [(ada.pk, False)]


def test_ticked_leaver_leaves_and_head_stays(data_manager, head):
    school = data_manager.school
    ada = StaffFactory(school=school, first_name="Ada", last_name="Byron")
    made = preview(data_manager, HEADER + "Zed,Quill,Z1,,Teacher,,\n")
    with school_scope(school):
        missing = [steps.Choice(row.pk, is_chosen=True) for row in rows(made, line=0)]
        assert steps.choose(made, missing) == 2

    confirm(made, data_manager, on="2026-11-22")

    assert person(school, pk=ada.pk).ends_on == date(2026, 11, 22)
    assert person(school, pk=head.pk).ends_on is None
    with school_scope(school):
        assert LogEntry.objects.filter(kind=LogEntry.Kind.LEFT).count() == 1


# --- what a file may not do ------------------------------------------------------------------
def test_address_of_somebody_who_can_sign_in_stays_and_the_row_says_so(data_manager):
    school = data_manager.school
    ada = StaffFactory(school=school, staff_code="ABC", first_name="Ada", last_name="Byron")
    made = preview(data_manager, HEADER + "Ada,Byron,ABC,new@x.example,Deputy,,\n")

    confirm(made, data_manager)

    now = person(school, pk=ada.pk)
    assert (now.email, now.job_title) == (ada.email, "Deputy")
    row = next(row for row in rows(made) if row.line == 2)
    assert "can sign in" in row.problems[0][1]


def test_address_of_somebody_who_holds_a_role_stays_for_a_head_to_change(data_manager):
    StaffFactory(
        school=data_manager.school, user=None, staff_code="ABC", first_name="Ada",
        last_name="Byron", email="ada@x.example", roles=[Role.HEAD],
    )  # fmt: skip

    confirm(preview(data_manager, HEADER + "Ada,Byron,ABC,thief@x.example,,,\n"), data_manager)

    assert person(data_manager.school, staff_code="ABC").email == "ada@x.example"


def test_roles_and_rights_in_a_file_change_nothing(data_manager):
    ada = StaffFactory(school=data_manager.school, staff_code="ABC", last_name="Byron")
    text = "First name,Last name,Staff code,Roles,Permissions,is_administrator\n"
    text += "Priya,Byron,ABC,head,everything,true\n"

    confirm(preview(data_manager, text), data_manager)

    now = person(data_manager.school, pk=ada.pk)
    assert (now.roles, now.job_title) == ([], "head")


def test_empty_cells_change_nothing(data_manager):
    ada = StaffFactory(
        school=data_manager.school, staff_code="ABC", first_name="Ada", last_name="Byron"
    )

    made = preview(data_manager, HEADER + "Ada,Byron,ABC,,,,\n")

    assert outcomes(made) == {2: "unchanged"}
    assert ada.job_title == "Teacher"


def test_leaver_is_not_brought_back(data_manager):
    StaffFactory(
        school=data_manager.school, staff_code="ABC", first_name="Ada", last_name="Byron",
        ends_on=date(2026, 7, 31),
    )  # fmt: skip

    made = preview(data_manager, HEADER + "Ada,Byron,ABC,,Deputy,,\n")
    confirm(made, data_manager)

    assert person(data_manager.school, staff_code="ABC").ends_on == date(2026, 7, 31)


def test_file_does_not_end_the_post_of_a_head_or_ones_own(data_manager, head):
    school = data_manager.school
    with school_scope(school):
        Staff.objects.filter(pk=head.pk).update(staff_code="HH")
        Staff.objects.filter(pk=data_manager.pk).update(staff_code="DM")
    text = "First name,Last name,Staff code,Leaving date\n"
    text += f"Helen,Head,HH,01/11/2026\n{data_manager.first_name},Manager,DM,01/11/2026\n"

    made = preview(data_manager, text)

    assert outcomes(made) == {2: "unchanged", 3: "unchanged"}
    assert all("stays as it is" in row.problems[0][1] for row in rows(made) if row.line)


# --- what is wrong in a file -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("Ada,,A1,,,,,,", "Last name", "is empty"),
        ("Ada,Byron,A1,not-an-address,,,,,", "Work e-mail", "not an e-mail address"),
        ("Ada,Byron,A1,,,,,31/02/2026,", "Start date", "not a date there is"),
        ("Ada,Byron,A1,,,,,soon,", "Start date", "is not a date"),
        ("Ada,Byron,A1,,,,,01/09/2026,01/08/2026", "Leaving date", "before the first day"),
        ("Ada,Byron,A1,,=1+1,,,,", "Job title", "holds a formula"),
        ("Ada,Byron,A1,,Te\x00acher,,,,", "Job title", "cannot be read"),
        (f"Ada,{'B' * 1_000_000},A1,,,,,,", "Last name", "1,000,000 characters"),
        ("a@x.example,Byron,A1,,,,,,", "First name", "does not look like a name"),
        ("Ada,Byron,A1,,,,,,,surplus", "", "more cells"),
    ],
)
def test_bad_line_has_column_and_reason_and_good_ones_go_on(data_manager, line, column, reason):
    header = (
        "First name,Last name,Staff code,Work e-mail,Job title,Department,Line manager,"
        "Start date,Leaving date\n"
    )
    made = preview(data_manager, header + "Good,One,G1,,,,,,\n" + line + "\n")

    assert outcomes(made) == {2: "new", 3: "error"}
    bad = next(row for row in rows(made) if row.line == 3)
    assert bad.problems[0][0] == column
    assert reason in bad.problems[0][1]


def test_duplicates_unknown_managers_and_twins(data_manager):
    text = (
        HEADER
        + "Ada,Byron,A1,,Teacher,,Nobody Here\n"  # unknown manager: written without
        + "Ada,Byron,A1,,Teacher,,Nobody Here\n"  # says the same
        + "Ada,Lovelace,A1,,Teacher,,\n"  # same code, something else
        + "Bea,Lee,B1,,Teacher,,Bea Lee\n"  # herself
    )
    made = preview(data_manager, text)

    assert outcomes(made) == {2: "new", 3: "left_out", 4: "error", 5: "new"}
    said = {row.line: row.problems[0][1] for row in rows(made) if row.line}
    assert "is not known" in said[2]
    assert said[3] == "says the same as line 2"
    assert "same person as line 2" in said[4]
    assert "themselves" in said[5]


# --- nobody makes themselves a line manager by their own file ---
@pytest.fixture
def importer(school):
    return StaffFactory(
        school=school, roles=[Role.DATA_MANAGER], first_name="Dana", last_name="Data",
        email="dana@x.example", staff_code="DD",
    )  # fmt: skip


OWN = "would make Dana Data their line manager; that opens their record"


def test_line_that_would_make_the_importer_a_line_manager_is_an_error(importer, head):
    school = importer.school
    StaffFactory(school=school, staff_code="A1", first_name="Ada", last_name="Byron")
    StaffFactory(school=school, first_name="Cy", last_name="Young")
    StaffFactory(
        school=school, staff_code="M1", first_name="Mo", last_name="Mine", line_manager=importer
    )
    text = (
        HEADER
        + "Ada,Byron,A1,,Deputy,,DD\n"  # a colleague
        + "Bea,Lee,B1,,,,Dana Data\n"  # somebody new
        + "Cy,Young,,,,,dana@x.example\n"  # somebody to decide about
        + "Mo,Mine,M1,,Deputy,,DD\n"  # a head did it before: stays
        + f"Di,Fine,D1,,,,{head.name}\n"  # anybody else
    )

    made = preview(importer, text)

    assert outcomes(made) == {2: "error", 3: "error", 4: "error", 5: "changed", 6: "new"}
    for row in rows(made, outcome="error"):
        assert row.problems[-1][0] == "Line manager"
        assert row.problems[-1][1].startswith(OWN)
    confirm(made, importer)
    with school_scope(school):
        assert [post.name for post in Staff.objects.managed_by(importer)] == ["Mo Mine"]
        assert not Staff.objects.filter(job_title="Deputy").exclude(staff_code="M1").exists()


@pytest.mark.parametrize("role", [Role.HEAD, Role.CPD_LEADER])
def test_file_of_who_sees_everyones_record_may_make_them_line_manager(school, role):
    leader = StaffFactory(school=school, roles=[role], staff_code="LL")

    confirm(preview(leader, HEADER + "Ada,Byron,A1,,,,LL\n"), leader)

    assert person(school, staff_code="A1").line_manager == leader


def test_file_a_head_uploaded_does_not_make_whoever_confirms_it_a_line_manager(importer, head):
    ada = StaffFactory(school=importer.school, staff_code="A1", first_name="Ada", last_name="By")
    text = HEADER + "Ada,By,A1,,Deputy,,DD\nBea,Lee,B1,,,,DD\n"

    made = confirm(preview(head, text), importer)

    for code in ("A1", "B1"):
        assert person(importer.school, staff_code=code).line_manager is None
    assert person(importer.school, pk=ada.pk).job_title == "Deputy"
    assert {row.line: row.kept for row in rows(made) if row.kept} == {
        2: writing.OWN_PEOPLE,
        3: writing.OWN_PEOPLE,
    }


def test_importer_who_hides_behind_a_line_of_their_own_is_kept_from_it(importer):
    """A line with a new code that somebody decides is the importer."""
    text = HEADER + "Dana,Data,NEW1,,,,\nBea,Lee,B1,,,,NEW1\n"
    made = preview(importer, text)
    ask = next(row for row in rows(made) if row.line == 2)
    assert ask.outcome == "ask"
    with school_scope(importer.school):
        steps.choose(made, [steps.Choice(ask.pk, is_chosen=True, decision=str(importer.pk))])

    made = confirm(made, importer)

    assert person(importer.school, staff_code="B1").line_manager is None
    assert {row.line: row.kept for row in rows(made) if row.kept} == {3: writing.OWN_PEOPLE}


def test_undo_does_not_make_whoever_asks_for_it_a_line_manager_again(importer, head):
    ada = StaffFactory(
        school=importer.school, staff_code="A1", first_name="Ada", last_name="By",
        line_manager=importer,
    )  # fmt: skip
    made = confirm(preview(head, HEADER + f"Ada,By,A1,,,,{head.email}\n"), head)

    made = undo(made, importer)

    assert person(importer.school, pk=ada.pk).line_manager == head
    assert [row.kept for row in rows(made) if row.line] == [writing.OWN_PEOPLE]


def test_new_teams_are_made_once_whatever_their_case(data_manager):
    TeamFactory(school=data_manager.school, name="Maths")
    text = HEADER + "Ada,Byron,A1,,,MATHS,\nBea,Lee,B1,,,Music,\nCy,Young,C1,,,music,\n"

    confirm(preview(data_manager, text), data_manager)

    with school_scope(data_manager.school):
        assert list(Team.objects.values_list("name", flat=True)) == ["Maths", "Music"]
    assert person(data_manager.school, staff_code="C1").team.name == "Music"


def test_unrecognised_columns_wait_for_somebody_to_match_them(data_manager):
    made = preview(data_manager, "Alpha,Beta\nAda,Byron\n")
    assert (made.state, made.samples) == (State.MAPPING, [["Ada"], ["Byron"]])

    with school_scope(data_manager.school):
        steps.map_columns(made, {"first_name": 0, "last_name": 1}, by=data_manager)
    run_jobs(data_manager.school)

    assert again(made).counts == {"new": 1}


# --- once, and back -----------------------------------------------------------------------------
@pytest.fixture
def written(data_manager):
    school = data_manager.school
    StaffFactory(
        school=school, user=None, email="", staff_code="OLD", first_name="Olive", last_name="Old"
    )
    StaffFactory(school=school, user=None, email="gone@x.example", last_name="Gone")
    before = everyone(school)
    text = (
        HEADER
        + "Olive,Older,OLD,o@x.example,Deputy,Music,New Boss\nNew,Boss,NB,,Head of Music,Music,\n"
    )
    made = preview(data_manager, text)
    leaver = next(row for row in rows(made, outcome="possible_leaver"))
    with school_scope(school):
        steps.choose(made, [steps.Choice(leaver.pk, is_chosen=True)])
    return confirm(made, data_manager), before


def test_undo_restores_exactly(written, data_manager):
    made, before = written
    assert made.counts["written"] == 3
    assert person(data_manager.school, staff_code="OLD").line_manager.last_name == "Boss"

    made = undo(made, data_manager)

    assert made.state == State.UNDONE
    assert everyone(data_manager.school) == before
    with school_scope(data_manager.school):
        kinds = list(LogEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["left", "imported", "undid"]


def test_writing_and_undoing_ask_no_question_for_each_colleague(data_manager):
    """Each new address was looked for in the whole staff list, by itself."""
    counts = []
    for number in (1, 4):
        codes = [f"C{n}of{number}" for n in range(number)]
        for code in codes:
            StaffFactory(
                school=data_manager.school, user=None, staff_code=code, email=f"{code}@old.example"
            )
        lines = [f"Priya,Shah,{code},{code}@new.example,,,\n" for code in codes]
        made = preview(data_manager, HEADER + "".join(lines))
        with CaptureQueriesContext(connection) as writing_it:
            assert confirm(made, data_manager).counts["written"] == number
        with CaptureQueriesContext(connection) as undoing_it:
            assert undo(made, data_manager).counts["restored"] == number
        counts.append((len(writing_it), len(undoing_it)))

    assert counts[0] == counts[1]


def test_address_given_to_somebody_else_meanwhile_is_not_put_back(data_manager):
    school = data_manager.school
    StaffFactory(school=school, user=None, email="old@x.example", staff_code="A1", last_name="Lee")
    made = confirm(preview(data_manager, HEADER + "Priya,Lee,A1,new@x.example,,,\n"), data_manager)
    StaffFactory(school=school, user=None, email="Old@x.example")

    made = undo(made, data_manager)

    assert (made.counts["restored"], made.counts["not_undone"]) == (0, 1)
    assert "somebody else’s now" in rows(made)[0].kept


def test_undo_names_who_was_edited_since_and_leaves_them(written, data_manager):
    made, before = written
    school = data_manager.school
    with school_scope(school):
        Staff.objects.filter(staff_code="OLD").update(job_title="Head of school")

    made = undo(made, data_manager)

    kept = {row.name: row.kept for row in rows(made) if row.kept}
    assert kept == {
        "Olive Older": "Edited since: Job title",
        "New Boss": "Line manager of somebody who stays.",
    }
    assert person(school, staff_code="OLD").last_name == "Older"
    assert made.counts["not_undone"] == 2


def test_undo_keeps_new_people_who_have_done_something_since(data_manager):
    school = data_manager.school
    made = confirm(preview(data_manager, HEADER + "Ada,Byron,A1,,,,\n"), data_manager)
    ada = person(school, staff_code="A1")
    ParticipationFactory(school=school, staff=ada, activity=ActivityFactory(school=school))

    made = undo(made, data_manager)

    assert person(school, pk=ada.pk)
    assert [row.kept for row in rows(made, line=2)] == ["Part of other records since."]


def test_confirmed_twice_and_by_two_people_is_written_once(data_manager, head):
    made = preview(data_manager, HEADER + "Ada,Byron,,,,,\n")
    with school_scope(data_manager.school):
        steps.confirm(made, leaving_on=date(2026, 11, 22), by=data_manager)
        steps.confirm(made, leaving_on=date(2026, 11, 22), by=head)
    run_jobs(data_manager.school)

    confirm(made, head)

    with school_scope(data_manager.school):
        assert Staff.objects.filter(last_name="Byron").count() == 1
        assert LogEntry.objects.filter(kind=LogEntry.Kind.IMPORTED).count() == 1


class Killed(BaseException):
    """What a kill -9 looks like from inside: nothing runs after it."""


@pytest.mark.parametrize("moment", ["_make_teams", "_add", "_change", "_set_managers"])
def test_worker_killed_while_writing_leaves_nothing_and_then_writes_once(
    data_manager, monkeypatch, moment
):
    school = data_manager.school
    StaffFactory(school=school, user=None, email="", staff_code="OLD", last_name="Old")
    text = HEADER + "Priya,Older,OLD,,,Music,New Boss\nNew,Boss,NB,,,Music,\n"
    made = preview(data_manager, text)
    with school_scope(school):
        made = steps.confirm(made, leaving_on=date(2026, 11, 22), by=data_manager)
    before = everyone(school)

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(writing.Writer, moment, killed)
        with pytest.raises(Killed), school_scope(school):
            writing.apply(made.pk, by=data_manager)
    assert everyone(school) == before

    run_jobs(school)

    assert again(made).state == State.APPLIED
    assert person(school, staff_code="OLD").line_manager.staff_code == "NB"
    with school_scope(school):
        assert Staff.objects.filter(staff_code="NB").count() == 1


def test_worker_killed_while_undoing_leaves_all_and_then_undoes_once(
    written, data_manager, monkeypatch
):
    made, before = written
    school = data_manager.school
    with school_scope(school):
        steps.undo(made, by=data_manager)
    after = everyone(school)

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_remove_teams", killed)
        with pytest.raises(Killed), school_scope(school):
            undoing.undo(made.pk, by=data_manager)
    assert everyone(school) == after

    run_jobs(school)

    assert everyone(school) == before


def test_staff_list_changed_by_another_import_since_asks_again(data_manager, at):
    first = preview(data_manager, HEADER + "Ada,Byron,A1,,Teacher,,\n")
    second = preview(data_manager, HEADER + "Ada,Byron,A1,,Deputy,,\n")
    at("2026-11-22 09:05")
    confirm(first, data_manager)

    second = confirm(second, data_manager)

    assert (second.state, second.counts) == (State.PREVIEWED, {"changed": 1})
    assert person(data_manager.school, staff_code="A1").job_title == "Teacher"


def test_person_edited_by_hand_since_the_preview_is_left_and_named(data_manager):
    school = data_manager.school
    ada = StaffFactory(school=school, staff_code="A1", first_name="Ada", last_name="Byron")
    made = preview(data_manager, HEADER + "Ada,Byron,A1,,Deputy,,\nBea,Lee,B1,,,,\n")
    with school_scope(school):
        Staff.objects.filter(pk=ada.pk).update(job_title="Head of school")
    StaffFactory(school=school, staff_code="b1", user=None)

    made = confirm(made, data_manager)

    assert person(school, pk=ada.pk).job_title == "Head of school"
    kept = {row.line: row.kept for row in rows(made) if row.kept}
    assert kept == {
        2: writing.CHANGED_SINCE,
        3: "Somebody with this staff code was added meanwhile.",
    }


def test_import_and_undo_raise_the_revision_of_whom_they_change(written, data_manager):
    """So that a form somebody has open does not silently take the file's values back."""
    made, _ = written
    school = data_manager.school
    old, left = person(school, staff_code="OLD"), person(school, last_name="Gone")
    assert old.revision == 3  # its fields, then the line manager who stood on a later line
    assert left.revision == 1  # the last day is not on the form

    undo(made, data_manager)

    assert person(school, staff_code="OLD").revision == 4


def test_history_names_the_import(data_manager):
    made = confirm(preview(data_manager, HEADER + "Ada,Byron,A1,,,,\n"), data_manager)

    with school_scope(data_manager.school):
        event = Staff.pgh_event_model.objects.select_related("pgh_context").get(staff_code="A1")
        assert event.pgh_context.metadata["staff_import"] == made.pk
        assert event.pgh_context.metadata["user"] == data_manager.user_id
