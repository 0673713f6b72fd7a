"""A confirmed preview, written to the staff list: set by set, in one transaction, once."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import pghistory
from django.db.models import F
from django.db.models.functions import Lower

from cpdhub import clock
from cpdhub.models import LogEntry, Staff, StaffImport, StaffImportRow, Team
from cpdhub.permissions import Role
from cpdhub.staff_import.rows import (
    BATCH,
    NOT_BY_ONESELF,
    in_batches,
    keep_written,
    log,
    put,
    raise_revision,
    raw,
    set_managers,
)

Outcome, Decision, State = StaffImportRow.Outcome, StaffImportRow.Decision, StaffImport.State

TAKEN = "Somebody with this {} was added meanwhile."
CHANGED_SINCE = "Changed by hand since the preview; left as it is."
OWN_PEOPLE = f"You would be their line manager: {NOT_BY_ONESELF}."


def apply(pk: int, *, by: Staff | None) -> bool:
    """Write what was confirmed. False: the staff list changed since, a new preview is needed.

    The school must be open. Twice is once: the state says it is done.
    """
    # Imports of one school take turns.
    imports = {row.pk: row for row in StaffImport.objects.select_for_update().order_by("pk")}
    staff_import = imports[pk]
    if staff_import.state != State.CONFIRMED:
        return True
    since = staff_import.previewed_at
    if since and StaffImport.objects.exclude(pk=pk).written_since(since).exists():
        staff_import.state = State.UPLOADED
        staff_import.save(update_fields=["state"])
        return False
    with pghistory.context(staff_import=pk, user=by.user_id if by else None):
        writer = Writer(staff_import, by=by)
        writer.write()
    file, staff_import.file = staff_import.file, None
    staff_import.state = State.APPLIED
    staff_import.applied_at, staff_import.applied_by = clock.now(), by
    staff_import.new_teams = writer.new_teams
    staff_import.counts = staff_import.counts | {
        "written": writer.written, "kept": writer.kept, "left": writer.left,
        "added": writer.added,
    }  # fmt: skip
    staff_import.save()
    if file:
        file.delete()  # what it said is written; nobody needs to keep it
    changed = writer.written - writer.added
    log(LogEntry.Kind.IMPORTED, staff_import, by=by, note=f"{writer.added} new, {changed} changed")
    return True


class Writer:
    """Writes the chosen rows of one import and keeps on each what was there before."""

    def __init__(self, staff_import: StaffImport, *, by: Staff | None) -> None:
        self.staff_import, self.by = staff_import, by
        self.today = clock.today()
        self.new_teams: list[int] = []
        self.teams = {name.casefold(): pk for pk, name in Team.objects.values_list("pk", "name")}
        self.on_line: dict[int, int] = {}  # line → the post it became
        self.waiting: list[tuple[StaffImportRow, int]] = []  # rows whose manager is on a line
        self.pending: list[tuple[int, int, int, bool]] = []  # row, post, line, is it noted
        self.touched: set[int] = set()
        self.held: dict[str, set[str]] = {}  # codes and addresses a batch would give that are taken
        self.written = self.kept = self.left = self.added = 0

    def write(self) -> None:
        rows = StaffImportRow.objects.filter(staff_import=self.staff_import)
        known = rows.exclude(staff=None).exclude(line=0)
        self.on_line.update(known.values_list("line", "staff_id"))
        for batch in in_batches(rows.to_be_written()):
            self._make_teams(batch)
            new = [row for row in batch if self._is_new(row)]
            self._add([row for row in new if self._is_free(row, new)])
            self._change([row for row in batch if not self._is_new(row)])
            keep_written(batch)
            self._remember_managers()
        self._set_managers()

    @staticmethod
    def _is_new(row: StaffImportRow) -> bool:
        return row.outcome == Outcome.NEW or row.decision == Decision.NEW

    def _make_teams(self, rows: list[StaffImportRow]) -> None:
        wanted = {
            new.casefold(): new
            for row in rows
            if isinstance(new := row.to_write.get("team", [None, None])[1], str)
        }
        missing = [name for key, name in wanted.items() if key not in self.teams]
        made = Team.objects.bulk_create(
            Team(school_id=self.staff_import.school_id, name=name) for name in missing
        )
        self.teams.update((team.name.casefold(), team.pk) for team in made)
        self.new_teams += [team.pk for team in made]

    # --- new people ---
    def _is_free(self, row: StaffImportRow, rows: list[StaffImportRow]) -> bool:
        """Nobody was given this code or address since the preview."""
        taken = self._taken(rows)
        for field, words in (("staff_code", "staff code"), ("email", "e-mail")):
            value = row.values.get(field, "")
            if value and value.casefold() in taken[field]:
                self._keep(row, TAKEN.format(words))
                return False
        return True

    def _taken(self, rows: list[StaffImportRow]) -> dict[str, set[str]]:
        if getattr(self, "_taken_for", None) is not rows:
            self._taken_for = rows
            self._taken_now = taken_now([row.values for row in rows])
        return self._taken_now

    def _add(self, rows: list[StaffImportRow]) -> None:
        people = [self._newcomer(row) for row in rows]
        Staff.objects.bulk_create(people, batch_size=500)
        for row, person in zip(rows, people, strict=True):
            row.staff = person
            self.on_line[row.line] = person.pk
            self._note(row, {f: [None, raw(person, f)] for f in row.to_write}, is_new=True)
        self.added += len(rows)

    def _newcomer(self, row: StaffImportRow) -> Staff:
        person = Staff(school_id=self.staff_import.school_id, group=row.values.get("group", ""))
        for field, (_, new) in row.to_write.items():
            self._put(row, person, field, new)
        return person

    # --- colleagues ---
    def _change(self, rows: list[StaffImportRow]) -> None:
        posts = Staff.objects.select_for_update().in_bulk([row.staff_id for row in rows])
        changed: list[Staff] = []
        fields: set[str] = set()
        leavers: list[Staff] = []
        self.held = taken_now([{f: new for f, (_, new) in row.to_write.items()} for row in rows])
        for row in rows:
            staff = posts.get(row.staff_id)
            if staff is None or staff.pk in self.touched:
                self._keep(row, "Another line was written to them, or they are no longer here.")
                continue
            self.touched.add(staff.pk)
            before = {field: raw(staff, field) for field in self._wanted(row)}
            self._write_fields(row, staff)
            done = {f: [old, raw(staff, f)] for f, old in before.items() if raw(staff, f) != old}
            row.staff = staff
            self.on_line.setdefault(row.line, staff.pk)
            if done:
                fields |= set(done) | raise_revision(staff, done)
                changed.append(staff)
                self._note(row, done, is_new=False)
            if "ends_on" in done:
                leavers.append(staff)
        if changed:
            Staff.objects.bulk_update(changed, fields, batch_size=200)
        self._log_leavers(leavers)

    def _wanted(self, row: StaffImportRow) -> dict[str, list[Any]]:
        if row.outcome == Outcome.POSSIBLE_LEAVER:
            last = self.staff_import.leaving_on or self.today
            return {"ends_on": [None, last.isoformat()]}
        return row.to_write

    def _write_fields(self, row: StaffImportRow, staff: Staff) -> None:
        before = staff.starts_on, staff.ends_on
        for field, (old, new) in self._wanted(row).items():
            is_leaver = row.outcome == Outcome.POSSIBLE_LEAVER
            if not is_leaver and raw(staff, field) != old:
                self._keep(row, CHANGED_SINCE)
            elif field == "email" and (staff.user_id or staff.roles):
                self._keep(row, "They can sign in or hold a role now: the e-mail was left.")
            elif field == "email" and self.by and not self.by.may_change_email_of(staff):
                self._keep(row, "They hold a role and are not in yet: a head changes the e-mail.")
            elif field == "ends_on" and (staff.has_role(Role.HEAD) or staff == self.by):
                self._keep(row, "A file does not end the post of a head, or your own.")
            elif field in self.held and new and new.casefold() in self.held[field]:
                self._keep(row, TAKEN.format("staff code or e-mail"))
            else:
                self._put(row, staff, field, new)
        if staff.starts_on and staff.ends_on and staff.ends_on < staff.starts_on:
            staff.starts_on, staff.ends_on = before
            self._keep(row, "The last day would be before the first.")

    def _put(self, row: StaffImportRow, staff: Staff, field: str, new: Any) -> None:
        if field == "line_manager" and isinstance(new, dict):
            self.waiting.append((row, new["line"]))
        elif field == "line_manager" and new == staff.pk:
            self._keep(row, "Nobody is their own line manager.")
        elif field == "line_manager" and self._is_own_deed(new):
            self._keep(row, OWN_PEOPLE)
        elif field == "team" and isinstance(new, str):
            put(staff, field, self.teams[new.casefold()])
        else:
            put(staff, field, new)

    def _is_own_deed(self, manager: int | None) -> bool:
        """Whoever confirms would make themselves a line manager, and may not."""
        by = self.by
        return by is not None and manager == by.pk and not by.may_make_themselves_manager

    # --- afterwards ---
    def _remember_managers(self) -> None:
        """Of rows whose manager stands on a line, only numbers are kept until all are written."""
        self.pending += [
            (row.pk, row.staff_id, line, bool(row.written))
            for row, line in self.waiting
            if row.staff_id
        ]
        self.waiting.clear()

    def _set_managers(self) -> None:
        """Managers who stood on a line of the file are colleagues by now."""
        pending = iter(self.pending)
        while batch := list(islice(pending, BATCH)):
            found = Staff.objects.filter(pk__in=[staff for _, staff, _, _ in batch])
            before = dict(found.values_list("pk", "line_manager_id"))
            changes, refused = [], []
            for row, staff, line, is_noted in batch:
                manager = self.on_line.get(line)
                if not manager or manager == staff or before[staff] == manager:
                    continue
                if self._is_own_deed(manager):
                    refused.append(row)
                else:
                    changes.append((row, staff, before[staff], manager))
                    self.written += not is_noted
            set_managers(changes)
            told = StaffImportRow.objects.filter(pk__in=refused, kept="")
            self.kept += told.update(kept=OWN_PEOPLE)

    def _note(self, row: StaffImportRow, fields: dict[str, list[Any]], *, is_new: bool) -> None:
        row.written = {"is_new": is_new, "fields": fields}
        self.written += 1

    def _keep(self, row: StaffImportRow, why: str) -> None:
        if not row.kept:
            self.kept += 1
        row.kept = why

    def _log_leavers(self, people: list[Staff]) -> None:
        self.left += len(people)
        LogEntry.objects.bulk_create(
            LogEntry(
                school_id=person.school_id,
                by=self.by,
                user_id=self.by.user_id if self.by else None,
                kind=LogEntry.Kind.LEFT,
                what="staff",
                object_id=str(person.pk),
                note=f"on {person.ends_on}, by a file",
            )
            for person in people
        )


def taken_now(wanted: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """Which codes and addresses of these somebody has, asked once for all of them."""
    values = list(wanted)
    return {
        field: taken(field, [each.get(field) or "" for each in values])
        for field in ("staff_code", "email")
    }


def taken(field: str, values: list[str]) -> set[str]:
    """Which of these codes or addresses somebody has already."""
    wanted = {value.casefold() for value in values if value}
    if not wanted:
        return set()
    found = Staff.objects.annotate(plain=Lower(F(field))).filter(plain__in=wanted)
    return set(found.values_list("plain", flat=True))
