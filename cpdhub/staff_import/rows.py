"""The rows of an import in thousands, and what was written kept on each, in one statement."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cpdhub.models import LogEntry, Staff, StaffImport, StaffImportRow

BATCH = 2000
NOT_BY_ONESELF = "that opens their record, so a head or the CPD leader does it"


def in_batches(rows: QuerySet[StaffImportRow]) -> Iterator[list[StaffImportRow]]:
    """In the order of the file, read once, a few thousand in memory."""
    iterator = rows.order_by("line", "pk").iterator(chunk_size=BATCH)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def insert(rows: list[dict[str, Any]], *, staff_import: StaffImport) -> None:
    """Keep rows of a preview: a few thousand in one statement, without a model for each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cpdhub_staffimportrow (school_id, staff_import_id, line, outcome,"
            ' staff_id, name, "values", changes, writes, problems, candidates, is_chosen,'
            " decision, written, kept) SELECT %s, %s, r.line, r.outcome, r.staff_id, r.name,"
            " r.\"values\", r.changes, r.writes, r.problems, r.candidates, r.is_chosen, '', '{}',"
            " '' FROM jsonb_to_recordset(%s::jsonb) AS r (line int, outcome text,"
            ' staff_id bigint, name text, "values" jsonb, changes jsonb, writes jsonb,'
            " problems jsonb, candidates jsonb, is_chosen boolean)",
            [staff_import.school_id, staff_import.pk, json.dumps(rows)],
        )


def set_managers(changes: list[tuple[int, int, int | None, int]]) -> None:
    """(row, post, manager before, manager now): written to the posts, and noted on the rows."""
    if not changes:
        return
    rows, posts, before, now = (list(column) for column in zip(*changes, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cpdhub_staff s SET line_manager_id = v.manager, revision = s.revision + 1"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS v (id, manager) WHERE s.id = v.id",
            [posts, now],
        )
        cursor.execute(
            "UPDATE cpdhub_staffimportrow r SET written = jsonb_set("
            " CASE WHEN r.written = '{}' THEN '{\"is_new\": false, \"fields\": {}}'"
            " ELSE r.written END,"
            " '{fields,line_manager}', jsonb_build_array(v.before, v.now))"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS v (id, before, now)"
            " WHERE r.id = v.id",
            [rows, before, now],
        )


def keep_written(rows: list[StaffImportRow]) -> None:
    """Save `staff`, `written` and `kept` of all these rows."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cpdhub_staffimportrow r SET staff_id = v.staff, written = v.written::jsonb,"
            " kept = v.kept FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])"
            " AS v (id, staff, written, kept) WHERE r.id = v.id",
            [
                [row.pk for row in rows],
                [row.staff_id for row in rows],
                [json.dumps(row.written) for row in rows],
                [row.kept for row in rows],
            ],
        )


def raw(staff: Staff, field: str) -> Any:
    """A field's value as previews keep it."""
    if field in {"team", "line_manager"}:
        return getattr(staff, f"{field}_id")
    value = getattr(staff, field)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def put(staff: Staff, field: str, value: Any) -> None:
    """Set a field from the value a preview kept."""
    if field in {"team", "line_manager"}:
        setattr(staff, f"{field}_id", value)
    elif field in {"starts_on", "ends_on"}:
        setattr(staff, field, date.fromisoformat(value) if value else None)
    elif field == "fte":
        staff.fte = Decimal(value)
    else:
        setattr(staff, field, value)


def raise_revision(staff: Staff, changed: Iterable[str]) -> set[str]:
    """Raise the revision, so that whoever has the person's form open sees what a file changed.

    Gives the fields to be saved beside the changed ones. The last day is not on that form.
    """
    if set(changed) <= {"ends_on"}:
        return set()
    staff.revision += 1
    return {"revision"}


def log(kind: LogEntry.Kind, staff_import: StaffImport, *, by: Staff | None, note: str) -> None:
    """Write down who did it; nobody, when it was a command."""
    LogEntry.objects.create(
        school_id=staff_import.school_id,
        by=by,
        user_id=by.user_id if by else None,
        kind=kind,
        what="staff import",
        object_id=str(staff_import.pk),
        note=f"{staff_import.name[:100]}: {note}"[:200],
    )
