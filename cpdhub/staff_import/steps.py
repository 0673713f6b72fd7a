"""The steps people take with a staff file. Each checks and moves the state under a lock."""

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from django.db import transaction

from cpdhub import clock, files, jobs
from cpdhub.models import School, Staff, StaffImport, StaffImportRow, StoredFile
from cpdhub.staff_import import preview, work
from cpdhub.staff_import.changes import NOTHING
from cpdhub.staff_import.columns import BY_KEY

State = StaffImport.State


class NotNow(Exception):
    """The import is past that step, or not there yet; the text says so."""


@transaction.atomic
def upload(file: BinaryIO, name: str, *, by: Staff, roles: BinaryIO | None = None) -> StaffImport:
    """Keep a file and begin its preview. Raises TableRefused for what is no table."""
    staff_import = keep(file, name, school=by.school, by=by, roles=roles)
    _start(work.PREVIEW, staff_import, by=by)
    return staff_import


def keep(
    file: BinaryIO, name: str, *, school: School, by: Staff | None, roles: BinaryIO | None = None
) -> StaffImport:
    """Keep a file to be previewed; by nobody, when it is a command that does it."""
    copy, notes = preview.clean_copy(file, roles)
    kept = files.store(
        name, "text/csv" if copy else "application/octet-stream", copy or _chunks(file),
        school=school,
    )  # fmt: skip
    made: StaffImport = StaffImport.objects.create(
        school=school,
        name=name[-255:],
        file=kept,
        notes=notes,
        created_by=by,
        created_at=clock.now(),
    )
    return made


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(StoredFile.PIECE):
        yield piece


def _start(kind: str, staff_import: StaffImport, *, by: Staff) -> None:
    staff_import.job = jobs.start(kind, by=by, params={"staff_import": staff_import.pk})
    staff_import.save()


def _locked(staff_import: StaffImport) -> StaffImport:
    locked: StaffImport = StaffImport.objects.select_for_update().get(pk=staff_import.pk)
    return locked


@transaction.atomic
def map_columns(staff_import: StaffImport, mapping: dict[str, int], *, by: Staff) -> StaffImport:
    """Read the file again with these columns. Choices made in the old preview are gone."""
    locked = _locked(staff_import)
    if not locked.can_be_mapped:
        raise NotNow("The columns of this import can no longer be changed.")
    locked.mapping, locked.state = mapping, State.UPLOADED
    _start(work.PREVIEW, locked, by=by)
    return locked


@transaction.atomic
def choose(staff_import: StaffImport, choices: "list[Choice]") -> int:
    """Keep what somebody ticked and decided on a page of the preview."""
    locked = _locked(staff_import)
    if not locked.can_be_confirmed:
        raise NotNow("This import is no longer waiting for choices.")
    by_pk = {choice.pk: choice for choice in choices}
    rows = list(locked.rows.filter(pk__in=by_pk))
    for row in rows:
        by_pk[row.pk].put_on(row)
    StaffImportRow.objects.bulk_update(
        rows, ["is_chosen", "decision", "staff", "values", "writes", "changes"]
    )
    return len(rows)


@transaction.atomic
def tick_all(staff_import: StaffImport, outcome: str, *, is_chosen: bool) -> None:
    """Every new person, or everyone with changes, at once. Leavers are ticked one by one."""
    locked = _locked(staff_import)
    if not locked.can_be_confirmed:
        raise NotNow("This import is no longer waiting for choices.")
    if outcome in {StaffImportRow.Outcome.NEW, StaffImportRow.Outcome.CHANGED}:
        locked.rows.filter(outcome=outcome).update(is_chosen=is_chosen)


class Choice:
    """What somebody said of one row: take it or not, who it is, which group they belong to."""

    def __init__(self, pk: int, *, is_chosen: bool, decision: str = "", group: str | None = None):
        self.pk, self.is_chosen, self.decision, self.group = pk, is_chosen, decision, group

    def put_on(self, row: StaffImportRow) -> None:
        """Only what the row allows; anything else that was sent is ignored."""
        outcome, decision = StaffImportRow.Outcome, StaffImportRow.Decision
        if row.outcome in {outcome.NEW, outcome.CHANGED, outcome.POSSIBLE_LEAVER}:
            row.is_chosen = self.is_chosen
        if row.outcome == outcome.NEW and self.group in {"", *Staff.Group.values}:
            self._put_group(row)
        if row.outcome == outcome.ASK:
            candidates = {str(candidate["id"]): candidate["id"] for candidate in row.candidates}
            row.staff_id = candidates.get(self.decision)
            if row.staff_id:
                row.decision = decision.MATCH
            else:
                allowed = {decision.NEW, decision.SKIP}
                row.decision = self.decision if self.decision in allowed else ""

    def _put_group(self, row: StaffImportRow) -> None:
        assert self.group is not None
        row.values["group"] = self.group
        row.writes["group"] = ["", self.group]
        label = BY_KEY["group"].label
        words = [label, NOTHING, dict(Staff.Group.choices).get(self.group, NOTHING)]
        row.changes = [change for change in row.changes if change[0] != label] + [words]


@transaction.atomic
def confirm(staff_import: StaffImport, *, leaving_on: date, by: Staff) -> StaffImport:
    """Have it written. Confirmed twice, or by two people, it is written once."""
    locked = _locked(staff_import)
    if locked.state in {State.CONFIRMED, State.APPLIED}:
        return locked
    if not locked.can_be_confirmed:
        raise NotNow("This import cannot be confirmed now.")
    locked.state, locked.leaving_on = State.CONFIRMED, leaving_on
    _start(work.APPLY, locked, by=by)
    return locked


@transaction.atomic
def undo(staff_import: StaffImport, *, by: Staff) -> StaffImport:
    """Have it taken back. Asked twice, it is taken back once."""
    locked = _locked(staff_import)
    if locked.state in {State.UNDOING, State.UNDONE}:
        return locked
    if not locked.can_be_undone:
        raise NotNow("Only an import that was written can be undone.")
    locked.state = State.UNDOING
    _start(work.UNDO, locked, by=by)
    return locked


@transaction.atomic
def discard(staff_import: StaffImport) -> None:
    """Forget a file nobody wants to import: its rows and the file itself."""
    locked = _locked(staff_import)
    if locked.state not in {State.MAPPING, State.PREVIEWED, State.FAILED}:
        raise NotNow("This import can no longer be discarded.")
    file = locked.file
    locked.delete()
    if file:
        file.delete()
