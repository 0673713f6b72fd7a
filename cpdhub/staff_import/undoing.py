"""An import taken back: exactly what it wrote, and nothing anybody did since."""

from typing import Any

import pghistory
from django.db import connection
from django.db.models import Q
from pghistory.models import Event

from cpdhub import clock
from cpdhub.models import LogEntry, Reminder, Staff, StaffImport, StaffImportRow, Team
from cpdhub.staff_import.columns import BY_KEY
from cpdhub.staff_import.rows import (
    in_batches,
    keep_written,
    log,
    put,
    raise_revision,
    raw,
)
from cpdhub.staff_import.writing import OWN_PEOPLE, taken_now

State = StaffImport.State


def undo(pk: int, *, by: Staff | None) -> None:
    """The staff list as it was before. People edited or used since are left and named.

    The school must be open. Twice is once.
    """
    imports = {row.pk: row for row in StaffImport.objects.select_for_update().order_by("pk")}
    staff_import = imports[pk]
    if staff_import.state != State.UNDOING:
        return
    with pghistory.context(staff_import=pk, undo=True, user=by.user_id if by else None):
        restored = _restore(staff_import, by=by)
        removed = _remove_newcomers(staff_import)
        _remove_teams(staff_import)
    kept = staff_import.rows.exclude(written={}).exclude(kept="").count()
    staff_import.state = State.UNDONE
    staff_import.undone_at, staff_import.undone_by = clock.now(), by
    staff_import.counts = staff_import.counts | {
        "restored": restored, "removed": removed, "not_undone": kept,
    }  # fmt: skip
    staff_import.save(update_fields=["state", "undone_at", "undone_by", "counts"])
    log(
        LogEntry.Kind.UNDID, staff_import, by=by,
        note=f"{restored} restored, {removed} removed, {kept} left",
    )  # fmt: skip


def _changed_since(row: StaffImportRow, staff: Staff) -> list[str]:
    """The fields the import wrote that say something else now."""
    return [
        BY_KEY[field].label
        for field, (_, after) in row.written["fields"].items()
        if raw(staff, field) != after
    ]


def _restore(staff_import: StaffImport, *, by: Staff | None) -> int:
    restored = 0
    for rows in in_batches(staff_import.rows.filter(written__is_new=False)):
        posts = Staff.objects.select_for_update().in_bulk([row.staff_id for row in rows])
        held = taken_now([_before(row) for row in rows])
        put_back, fields = [], set()
        for row in rows:
            row.kept = ""
            staff = posts.get(row.staff_id)
            if staff is None:
                row.kept = "Not there any more."
            elif edited := _changed_since(row, staff):
                row.kept = f"Edited since: {', '.join(edited)}"[:200]
            elif _given_away(row, held):
                row.kept = "Their old staff code or e-mail is somebody else’s now."
            elif by and _would_manage(by, row):
                row.kept = OWN_PEOPLE
            else:
                for field, (before, _) in row.written["fields"].items():
                    put(staff, field, _if_still_there(field, before))
                    fields.add(field)
                fields |= raise_revision(staff, row.written["fields"])
                put_back.append(staff)
        if put_back:
            Staff.objects.bulk_update(put_back, fields, batch_size=200)
        restored += len(put_back)
        keep_written(rows)
    return restored


def _before(row: StaffImportRow) -> dict[str, Any]:
    return {field: before for field, (before, _) in row.written["fields"].items()}


def _given_away(row: StaffImportRow, held: dict[str, set[str]]) -> bool:
    """Somebody else has by now what this row would put back."""
    before = _before(row)
    return any((before.get(field) or "").casefold() in values for field, values in held.items())


def _would_manage(by: Staff, row: StaffImportRow) -> bool:
    """Whoever undoes it would be their line manager again, and may not make themselves one."""
    before, _ = row.written["fields"].get("line_manager", (None, None))
    return before == by.pk and not by.may_make_themselves_manager


def _if_still_there(field: str, before: Any) -> Any:
    """A team or a line manager may have gone meanwhile."""
    model = {"team": Team, "line_manager": Staff}.get(field)
    if model is None or before is None or model._default_manager.filter(pk=before).exists():
        return before
    return None


def _remove_newcomers(staff_import: StaffImport) -> int:
    """People the import added go, unless somebody edited them or they have done something."""
    rows: dict[int, int] = {}  # post → row: numbers only, there may be many
    why: dict[int, str] = {}
    added = staff_import.rows.filter(written__is_new=True)
    added.update(kept="")
    for batch in in_batches(added.all()):
        posts = Staff.objects.select_for_update().in_bulk([row.staff_id for row in batch])
        for row in batch:
            staff = posts.get(row.staff_id)
            if staff is None:
                continue
            rows[staff.pk] = row.pk
            if edited := _changed_since(row, staff):
                why[staff.pk] = f"Edited since: {', '.join(edited)}"[:200]
            elif staff.user_id or staff.invited_at or staff.roles:
                why[staff.pk] = "Invited, or given a role, since."
    why |= dict.fromkeys(_used(set(rows) - set(why)), "Part of other records since.")
    gone = _without_managers_of_others(set(rows) - set(why), why)
    for reason in set(why.values()):
        named = [rows[pk] for pk, said in why.items() if said == reason]
        StaffImportRow.objects.filter(pk__in=named).update(kept=reason)
    _delete(gone)
    return len(gone)


def _delete(people: set[int]) -> None:
    """Posts nothing points at: what was missed, the database's own keys refuse.

    Not by the model, which would write to the log of deeds, where nothing may be changed.
    """
    Reminder.objects.filter(staff__in=people).delete()
    StaffImportRow.objects.filter(staff__in=people).update(staff=None)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cpdhub_staff WHERE id = ANY(%s)", [list(people)])


def _pointing_at(model: type, *, except_for: tuple[type, ...]) -> list[tuple[Any, str]]:
    """(model, name of its key) of every table that points at this one, histories left out."""
    return [
        (relation.related_model, relation.field.name)
        for relation in model._meta.related_objects  # type: ignore[attr-defined]
        if not issubclass(relation.related_model, (Event, *except_for))
    ]


def _used(people: set[int]) -> set[int]:
    """Those that other records name: what they took part in, lead or wrote."""
    found: set[int] = set()
    pointers = _pointing_at(Staff, except_for=(StaffImportRow, StaffImport, Reminder, Staff))
    for model, name in pointers:
        rows = model._default_manager.filter(**{f"{name}__in": people})
        found |= set(rows.values_list(name, flat=True).distinct())
    return found


def _without_managers_of_others(people: set[int], why: dict[int, str]) -> set[int]:
    """Somebody who manages a colleague that stays, stays."""
    pairs = list(Staff.objects.filter(line_manager__in=people).values_list("line_manager_id", "pk"))
    staying = set(people)
    while kept := {manager for manager, pk in pairs if manager in staying and pk not in staying}:
        staying -= kept
        why |= dict.fromkeys(kept, "Line manager of somebody who stays.")
    return staying


def _remove_teams(staff_import: StaffImport) -> None:
    """Teams the import made go when nobody and nothing is left in them."""
    teams = set(Team.objects.filter(pk__in=staff_import.new_teams).values_list("pk", flat=True))
    for model, name in _pointing_at(Team, except_for=()):
        rows = model._default_manager.filter(**{f"{name}__in": teams})
        teams -= set(rows.values_list(name, flat=True).distinct())
    Team.objects.filter(Q(pk__in=teams, leader=None)).delete()
