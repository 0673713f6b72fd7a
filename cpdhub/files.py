"""Files in the database: in, in pieces of a megabyte; out, through a temporary file."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse

from cpdhub import clock
from cpdhub.models import FilePiece, School, StoredFile


def store_upload(upload: UploadedFile, *, school: School | None) -> StoredFile:
    """Keep an uploaded file. The school (or, with None, the installation) must be open."""
    return store(
        upload.name or "file",
        upload.content_type or "application/octet-stream",
        upload.chunks(StoredFile.PIECE),
        school=school,
    )


def store(
    name: str, content_type: str, chunks: Iterable[bytes], *, school: School | None
) -> StoredFile:
    """Keep bytes as they come; no more than two pieces are in memory."""
    stored = StoredFile.across.create(
        school=school,
        name=name[-255:],
        content_type=content_type[:100],
        created_at=clock.now(),
    )
    for position, piece in enumerate(_pieces(chunks)):
        FilePiece.across.create(school=school, file=stored, position=position, data=piece)
        stored.size += len(piece)
    stored.save(update_fields=["size"])
    return stored


def open_file(stored: StoredFile) -> IO[bytes]:
    """The content as a file that can be read and searched, on disk when it is large.

    The stored file's scope must be open now; the answer outlives it.
    """
    if stored.size <= StoredFile.PIECE:
        return io.BytesIO(b"".join(stored.pieces()))
    copy = tempfile.TemporaryFile()  # noqa: SIM115  given away
    for piece in stored.pieces():
        copy.write(piece)
    copy.seek(0)
    return copy


def download(stored: StoredFile) -> FileResponse:
    """To be kept, never to be shown: nothing in it runs on our pages.

    Copied out of the database first: what is streamed later would meet closed walls.
    """
    response = FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut to the size of a piece."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= StoredFile.PIECE:
            yield bytes(waiting[: StoredFile.PIECE])
            del waiting[: StoredFile.PIECE]
    if waiting:
        yield bytes(waiting)
