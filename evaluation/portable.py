"""The portable record: everything of one person in a zip, signed, to take to the next school.

Described in docs/portable-record.md. `manifest.jws` is the signature: it names the school and
the person, and every other file by its digest.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from cpdhub import clock, files, signing_key
from cpdhub.exports import BOM, cell, plain_name
from cpdhub.models import Staff
from evaluation import badges, portfolio_pdf, record_files
from evaluation.models import Certificate, ImportedRecord, Portfolio
from evaluation.portfolio_shown import shown
from evaluation.record import Record

FORMAT, VERSION = "cpdhub-portable-record", 1
MANIFEST, RECORD = "manifest.jws", "record.json"
MOST_PORTFOLIOS = 5  # drawn as pages while somebody waits; every one is in record.json
MOST_CERTIFICATES = 50
MOST_EARLIER = 5_000_000  # bytes of records from earlier schools that travel on

README = """\
This is the record of what {name} learned at {school}, made on {day} with CPD Hub.

record.json     everything, for another system (docs/portable-record.md of CPD Hub describes it)
record.csv      the same activities and reflections, for a spreadsheet
portfolios/     the newest portfolios {name} put together, to read and print
certificates/   what {name} was certified for, each as a badge (Open Badges 3.0); record.json has
                the addresses at which anybody checks them
earlier/        records brought from earlier schools, as they came
manifest.jws    the signature: it breaks when any of these files is changed

At your next school: My record, Portfolios, "Bring a record from an earlier school".
Choose this zip as it is. It holds private reflections: keep it where only you can open it.
"""


def build(person: Staff) -> bytes:
    """The zip. The person's school must be open."""
    members = dict(_members(person))
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": clock.now().astimezone(clock.LONDON).isoformat(timespec="seconds"),
        "person": {"name": person.name},
        "school": {"name": person.school.name, "urn": person.school.urn},
        "files": {
            name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in members.items()
        },
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, signing_key.sign(manifest))
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def file_name(person: Staff) -> str:
    return f"record {person.name} {person.school.name} {clock.today().isoformat()}.zip"


def _members(person: Staff) -> Iterator[tuple[str, bytes]]:
    record = Record(person, person)
    portfolios = list(Portfolio.objects.owned_by(person).select_related("owner__school"))
    held = Certificate.objects.owned_by(person).valid().select_related("owner", "school")
    held = list(held[:MOST_CERTIFICATES])
    day = f"{clock.today().day} {clock.today():%B %Y}"
    readme = README.format(name=person.name, school=person.school.name, day=day)
    yield "README.txt", readme.encode()
    document = {
        **record_files.document(record),
        "portfolios": [_portfolio(row) for row in portfolios],
        "certificates": [_certificate(row) for row in held],
    }
    yield RECORD, json.dumps(document, indent=2, ensure_ascii=False).encode()
    yield "record.csv", _table(record)
    for number, row in enumerate(portfolios[:MOST_PORTFOLIOS], start=1):
        name = plain_name(f"{number} {row.title[:60]}.pdf")
        yield f"portfolios/{name}", portfolio_pdf.render(row)
    for row in held:
        name = plain_name(f"{row.issued_on.isoformat()} {row.title[:50]} {row.code}")
        yield f"certificates/{name}.jwt", badges.token(row).encode()
    yield from _earlier(person)


def _portfolio(row: Portfolio) -> dict[str, Any]:
    return {
        "title": row.title,
        "introduction": row.introduction,
        "items": [
            {
                "kind": line.item.kind,
                "title": line.title,
                "facts": line.facts,
                "text": "\n\n".join(text for _, text in line.parts),
                "comment": line.item.comment,
            }
            for line in shown(row, for_others=False)
        ],
    }


def _table(record: Record) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(record_files.COLUMNS)
    writer.writerows([cell(value) for value in row] for row in record_files.rows(record))
    return (BOM + text.getvalue()).encode()


def _certificate(row: Certificate) -> dict[str, str]:
    return {
        "title": row.title,
        "text": row.text,
        "issued_on": row.issued_on.isoformat(),
        "code": row.code,
        "url": row.url,
    }


def _earlier(person: Staff) -> Iterator[tuple[str, bytes]]:
    """What they brought here travels on, as it came; the newest first, as far as there is room."""
    left = MOST_EARLIER
    for row in ImportedRecord.objects.filter(owner=person).select_related("file"):
        if row.file.size <= left:
            left -= row.file.size
            with files.open_file(row.file) as content:
                name = plain_name(f"{row.school_name[:60]} {row.pk}.zip")
                yield f"earlier/{name}", content.read()
