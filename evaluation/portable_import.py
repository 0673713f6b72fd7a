"""A portable record brought from an earlier school: looked at, checked, kept as it came."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.dateparse import parse_datetime

from cpdhub import archives, clock, files, signing_key
from cpdhub.models import LogEntry, Staff
from evaluation.models import ImportedRecord
from evaluation.portable import FORMAT, MANIFEST, RECORD, VERSION
from evaluation.record import say_day, say_hours
from evaluation.record_files import FORMAT as RECORD_FORMAT

MOST_ROWS = 5000
MOST_BYTES = 20_000_000  # of record.json


class RecordRefused(Exception):
    """A file that is not taken; the text says why, to the person who sent it."""


NO_RECORD = "This is not a record from CPD Hub. Choose the zip file you downloaded there, as it is."
DAMAGED = "The file is damaged. Copy it again from where you kept it, or download it once more."
UNSAFE = "The file would unpack to far more than a record needs, so it was not opened."
CHANGED = (
    "Something in this file was changed after your earlier school made it, so it is not taken."
    " Use the file as you downloaded it."
)
NEWER = "This record was made by a newer CPD Hub than this one. Ask for this one to be updated."


@dataclass(frozen=True)
class Brought:
    """What a file holds once nothing speaks against it."""

    person_name: str
    school_name: str
    urn: str
    exported_at: datetime
    is_known: bool
    signed_by: str
    digest: str
    document: dict[str, Any]


def read(file: BinaryIO) -> Brought:
    """Look at everything before anything is kept; raises `RecordRefused` with a sentence."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    try:
        with archives.opened(file) as archive:
            return _read(archive, digest)
    except archives.Damaged as problem:
        raise RecordRefused(NO_RECORD) from problem
    except archives.Encrypted as problem:
        raise RecordRefused(
            "The file is protected with a password. Use it as it came."
        ) from problem
    except archives.Unsafe as problem:
        raise RecordRefused(UNSAFE) from problem
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as problem:
        raise RecordRefused(DAMAGED) from problem


def _read(archive: zipfile.ZipFile, digest: str) -> Brought:
    sizes = {member.filename: member.file_size for member in archive.infolist()}
    if MANIFEST not in sizes or RECORD not in sizes or sizes[MANIFEST] > archives.SMALL:
        raise RecordRefused(NO_RECORD)
    try:
        signed = signing_key.read(archive.read(MANIFEST).decode("ascii"))
    except (signing_key.NotSigned, UnicodeDecodeError) as problem:
        raise RecordRefused(CHANGED) from problem
    manifest = signed.payload
    if manifest.get("format") != FORMAT:
        raise RecordRefused(NO_RECORD)
    if manifest.get("version") != VERSION:
        raise RecordRefused(NEWER)
    _compare(archive, manifest, set(sizes) - {MANIFEST})
    exported_at = _moment(manifest.get("exported_at"))
    if sizes[RECORD] > MOST_BYTES:
        raise RecordRefused(UNSAFE)
    return Brought(
        person_name=_text(_part(manifest, "person").get("name"), 220),
        school_name=_text(_part(manifest, "school").get("name"), 200) or "a school without a name",
        urn=_text(_part(manifest, "school").get("urn"), 6),
        exported_at=exported_at,
        is_known=signed.is_ours,
        signed_by=signed.fingerprint,
        digest=digest,
        document=_document(archive.read(RECORD)),
    )


def _moment(value: Any) -> datetime:
    """One that was: years far from ours cannot be kept or shown everywhere."""
    try:
        found = parse_datetime(_text(value, 40))
    except ValueError as problem:  # 30 February
        raise RecordRefused(NO_RECORD) from problem
    if found is None or found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise RecordRefused(NO_RECORD)
    return found


def _compare(archive: zipfile.ZipFile, manifest: dict[str, Any], names: set[str]) -> None:
    """Every file is the one that was signed, and there is no other."""
    told = _part(manifest, "files")
    if set(told) != names:
        raise RecordRefused(CHANGED)
    for name in names:
        entry = told[name]
        with archive.open(name) as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
        if not isinstance(entry, dict) or entry.get("sha256") != found:
            raise RecordRefused(CHANGED)


# --- what is shown of it --------------------------------------------------------------------------
def _document(raw: bytes) -> dict[str, Any]:
    """The parts we show, each a text of a length we can keep: the file itself is kept whole."""
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise RecordRefused(NO_RECORD) from problem
    if not isinstance(record, dict) or record.get("format") != RECORD_FORMAT:
        raise RecordRefused(NO_RECORD)
    return {
        "activities": [_activity(row) for row in _rows(record, "activities")],
        "reflections": [_reflection(row) for row in _rows(record, "reflections")],
        "portfolios": [_text(row.get("title"), 120) for row in _rows(record, "portfolios")],
    }


def _activity(row: dict[str, Any]) -> dict[str, Any]:
    first, last = _day(row.get("began_on")), _day(row.get("last_on"))
    return {
        "title": _text(row.get("title"), 200) or "Untitled",
        "type": _text(row.get("type"), 120),
        "when": last if first in ("", last) else f"{first} to {last}",
        "hours": _hours(row.get("hours")),
        "is_private": row.get("is_private") is True,
    }


def _reflection(row: dict[str, Any]) -> dict[str, Any]:
    texts = (_text(row.get(name), 10_000) for name in ("learned", "will_try", "seen_in_pupils"))
    return {
        "about": _text(row.get("about"), 200) or "Untitled",
        "title": _text(row.get("title"), 200),
        "is_private": row.get("is_private") is True,
        "when": _day(row.get("written_on")),
        "texts": [text for text in texts if text],
    }


def _rows(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = record.get(name, [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise RecordRefused(NO_RECORD)
    return [row for row in rows if isinstance(row, dict)]


def _part(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    part = manifest.get(name)
    if not isinstance(part, dict):
        raise RecordRefused(NO_RECORD)
    return part


def _text(value: Any, longest: int) -> str:
    """PostgreSQL refuses NUL; half a surrogate pair cannot be written as UTF-8."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\x00", "").strip()[:longest]


def _day(value: Any) -> str:
    try:
        return say_day(datetime.fromisoformat(_text(value, 10)).date())
    except ValueError:
        return ""


def _hours(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
        return ""
    return say_hours(timedelta(hours=value))


# --- keeping it -----------------------------------------------------------------------------------
@transaction.atomic
def bring(upload: UploadedFile, *, owner: Staff) -> tuple[ImportedRecord, bool]:
    """Keep the record, with its file; the same file twice is kept once."""
    brought = read(upload)  # type: ignore[arg-type]
    mine = ImportedRecord.objects.filter(owner=owner)
    Staff.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two windows take turns
    if there := mine.filter(digest=brought.digest).first():
        return there, False
    upload.seek(0)
    stored = files.store("record.zip", "application/zip", upload.chunks(), school=owner.school)
    row = ImportedRecord.objects.create(
        school=owner.school, owner=owner, file=stored, imported_at=clock.now(), **vars(brought)
    )
    LogEntry.write(LogEntry.Kind.IMPORTED, by=owner, what="portable record", object_id=row.pk)
    return row, True


@transaction.atomic
def remove(row: ImportedRecord) -> None:
    stored = row.file
    row.delete()
    stored.delete()
