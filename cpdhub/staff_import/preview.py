"""From an uploaded file to a preview: read, compared, kept; nothing in the staff list changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain, islice
from typing import Any, BinaryIO

from cpdhub import clock, files
from cpdhub.models import StaffImport
from cpdhub.staff_import import columns, comparing
from cpdhub.staff_import.colleagues import Colleagues
from cpdhub.staff_import.reading import FAMILY, PUPIL, Line, read
from cpdhub.staff_import.rows import insert
from cpdhub.tables import Row, Table, TableRefused, as_text, open_table, written

BATCH = 2000
SAMPLES = 3
Scope = Callable[[], AbstractContextManager[None]]
Tell = Callable[[int, str], None]
State = StaffImport.State


def clean_copy(
    file: BinaryIO, roles: BinaryIO | None = None
) -> tuple[Iterator[bytes] | None, list[str]]:
    """The file as it may be kept, and what to say of it. None: keep it as it is.

    Refuses at once what is no table. Passwords and other columns that are nobody's business
    here are left out before anything is kept; School Data Sync's second file says who is staff.
    """
    with open_table(file, recognise=columns.known) as table:
        header, notes = table.header, list(table.notes)
        has_rows = any(True for _ in table.rows)
    secret = columns.secret(header)
    if not has_rows:
        raise NoPeople
    if secret:
        hidden = ", ".join(f"“{header[i]}”" for i in sorted(secret))
        notes.append(f"Left out before the file was kept, never read or stored: {hidden}.")
    if roles is not None:
        by_person = _roles(roles)
        notes.append("Who is staff was read from the second file.")
        return _rewritten(file, secret, by_person), notes
    if columns.is_roster(header) and "kind" not in columns.match(header):
        notes.append(
            "The file does not say who is a pupil, so nobody new is ticked yet. If pupils are in"
            " it, upload it again together with roles.csv."
        )
    return (_rewritten(file, secret, None) if secret else None), notes


class NoPeople(TableRefused):
    sentence = "The file has column names and no people below them."


class NotRoles(TableRefused):
    sentence = "The second file is not School Data Sync’s roles.csv: it names no person and role."


def _roles(file: BinaryIO) -> dict[str, str]:
    """userSourcedId → role; somebody with a role on the staff is staff, whatever else they are."""
    found: dict[str, str] = {}
    with open_table(file, recognise=columns.known, most_rows=200_000) as table:
        names = ["".join(columns.words(name)) for name in table.header]
        if "usersourcedid" not in names or "role" not in names:
            raise NotRoles
        person, role = names.index("usersourcedid"), names.index("role")
        for row in table.rows:
            if len(row.cells) <= max(person, role):
                continue
            who, what = as_text(row.cells[person]), as_text(row.cells[role]).casefold()
            if found.get(who, "student") == "student":
                found[who] = what
    return found


def _rewritten(file: BinaryIO, secret: set[int], roles: dict[str, str] | None) -> Iterator[bytes]:
    with open_table(file, recognise=columns.known, most_rows=10**9) as table:
        keep = [i for i in range(len(table.header)) if i not in secret]
        header = [table.header[i] for i in keep]
        person = _position(header, "sourcedid")
        if roles is not None:
            header.append("role")

        def rows() -> Iterator[Row]:
            for row in table.rows:
                cells = [row.cells[i] if i < len(row.cells) else "" for i in keep]
                if roles is not None:
                    cells.append(roles.get(as_text(cells[person]), "") if person >= 0 else "")
                yield Row(row.line, cells + row.cells[len(table.header) :])

        yield from written(header, table.header_line, rows())


def _position(header: list[str], name: str) -> int:
    plain = ["".join(columns.words(cell)) for cell in header]
    return plain.index(name) if name in plain else -1


def build(pk: int, *, scope: Scope, tell: Tell) -> None:
    """Fill an import's preview from its file. Doing it again replaces what is there."""
    with scope():
        staff_import = StaffImport.objects.select_related("file").get(pk=pk)
        if staff_import.state != State.UPLOADED or staff_import.file is None:
            return
        file = files.open_file(staff_import.file)
    with file:
        try:
            lines = _read(file, staff_import, tell)  # type: ignore[arg-type]
        except TableRefused as problem:
            with scope():
                StaffImport.objects.filter(pk=pk).update(
                    state=State.FAILED, error=str(problem), file=None
                )
                staff_import.file.delete()
            raise
    if lines is None:
        with scope():
            staff_import.state = State.MAPPING
            staff_import.save(update_fields=["state", "header", "samples", "mapping"])
        return
    tell(45, "Comparing with the staff list")
    with scope():
        colleagues = Colleagues()
        staff_import.rows.all().delete()
    comparison = comparing.Comparison(
        lines, colleagues, today=clock.today(), by=staff_import.created_by_id or 0
    )
    counts = _keep(comparison, staff_import, scope, tell)
    with scope():
        staff_import.state = State.PREVIEWED
        staff_import.previewed_at = clock.now()
        staff_import.counts = counts
        staff_import.save(
            update_fields=["state", "previewed_at", "counts", "header", "samples", "mapping"]
        )


def _read(file: BinaryIO, staff_import: StaffImport, tell: Tell) -> list[Line] | None:
    """Every line, or None when somebody must first say which column is which."""
    with open_table(file, recognise=columns.known) as table:
        first = list(islice(table.rows, 20))
        staff_import.header = table.header
        staff_import.samples = _samples(table, first)
        if not staff_import.mapping:
            staff_import.mapping = columns.match(table.header, staff_import.samples)
        if columns.missing(staff_import.mapping):
            return None
        lines = []
        for row in chain(first, table.rows):
            lines.append(read(row, table.header, staff_import.mapping))
            if len(lines) % 500 == 0:
                tell(min(40, 5 + len(lines) // 1000), f"Reading line {row.line:,}")
        return lines


def _samples(table: Table, rows: list[Row]) -> list[list[str]]:
    samples: list[list[str]] = [[] for _ in table.header]
    for row in rows:
        for sample, cell in zip(samples, row.cells, strict=False):
            if cell != "" and len(sample) < SAMPLES:
                sample.append(as_text(cell)[:60])
    return samples


def _keep(
    comparison: comparing.Comparison, staff_import: StaffImport, scope: Scope, tell: Tell
) -> dict[str, int]:
    """Rows into the database, a few thousand at a time."""
    counts: Counter[str] = Counter()
    total = max(1, len(comparison.lines))
    kept = 0
    for batch in _batches(_rows(comparison, staff_import)):
        with scope():
            insert(batch, staff_import=staff_import)
        kept += len(batch)
        for row in batch:
            counts[row["outcome"]] += 1
            counts["problems"] += bool(row["problems"] and row["line"])
        tell(min(98, 50 + 48 * kept // total), f"Compared {kept:,} of {total:,}")
    counts["pupils"] = comparison.left_out[PUPIL]
    counts["families"] = comparison.left_out[FAMILY]
    counts["teams"] = len(comparison.new_teams)
    return {name: count for name, count in counts.items() if count}


def _rows(comparison: comparing.Comparison, staff_import: StaffImport) -> Iterator[comparing.Row]:
    header, mapping = staff_import.header, staff_import.mapping
    is_uncertain = columns.is_roster(header) and "kind" not in mapping
    for finding in comparison.rows():
        yield comparing.to_row(finding, is_uncertain=is_uncertain)
    for colleague in comparison.leavers():
        yield comparing.leaver_row(colleague)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
