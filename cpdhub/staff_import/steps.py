"""The steps people take with a staff file. Each checks and moves the state under a lock."""

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from django.db import transaction

from cpdhub import clock, files, jobs
from cpdhub.models import Job, Staff, StaffImport, StaffImportRow, StoredFile
from cpdhub.staff_import import columns, preview, work

State = StaffImport.State


class NotNow(Exception):
    """The import is past that step, or not there yet; the text says so."""


@transaction.atomic
def upload(file: BinaryIO, name: str, *, by: Staff, roles: BinaryIO | None = None) -> StaffImport:
    """Keep a file and begin its preview. Raises TableRefused for what is no table."""
    copy, notes = preview.clean_copy(file, roles)
    kept = files.store(
        name, "text/csv" if copy else "application/octet-stream", copy or _chunks(file),
        school=by.school,
    )  # fmt: skip
    staff_import = StaffImport.objects.create(
        school=by.school,
        name=name[-255:],
        file=kept,
        notes=notes,
        created_by=by,
        created_at=clock.now(),
    )
    _start(work.PREVIEW, staff_import, by=by)
    return staff_import


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


@transaction.atomic
def resume(staff_import: StaffImport, *, by: Staff) -> None:
    """Its job failed for a reason of ours: begin that step again."""
    locked = _locked(staff_import)
    kind = {State.UPLOADED: work.PREVIEW, State.CONFIRMED: work.APPLY, State.UNDOING: work.UNDO}
    if locked.state not in kind or locked.job is None or locked.job.state != Job.State.FAILED:
        raise NotNow("Nothing has to be begun again.")
    _start(kind[State(locked.state)], locked, by=by)


def known_mapping(header: list[str], chosen: dict[str, int]) -> dict[str, int]:
    """Only our fields and the file's columns, each column once."""
    mapping: dict[str, int] = {}
    for key, position in chosen.items():
        fits = key in columns.BY_KEY and 0 <= position < len(header)
        if fits and position not in mapping.values():
            mapping[key] = position
    return mapping
