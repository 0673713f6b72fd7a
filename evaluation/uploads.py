"""Small files people add: pictures, PDFs, plain text, and nothing else.

What a file is, is read from its content, never from its name. Pictures are drawn anew, so that
neither a place nor a script stays in them. See `files.download` for how they come out.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from PIL import Image, ImageOps

from cpdhub import files
from cpdhub.models import School, StoredFile
from evaluation.models import Evidence, Post, Qualification

LARGEST = 5_000_000  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_400  # pixels: enough to print a page of an exercise book
ROOM = 2_000_000_000  # bytes of what people of one school added
PICTURES = ("PNG", "JPEG", "WEBP", "GIF")
LONGEST_NAME = 80
# Whose files take of a school's room; apps above add theirs when they start.
HOLD_FILES: list[Any] = [Evidence, Post, Qualification]


class Refused(Exception):
    """The file is none we keep; the text says why and what to do."""


@dataclass(frozen=True)
class Checked:
    """What will be kept: its name with the ending of what it is, and its bytes."""

    name: str
    content_type: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check(upload: UploadedFile) -> Checked:
    """What will be kept of an upload. Raises Refused with a sentence for beside the field."""
    if (upload.size or 0) > LARGEST:
        raise Refused(f"The file is larger than {LARGEST // 1_000_000} MB. Send a smaller one.")
    content = upload.read()
    stem = _stem(upload.name or "")
    if content.startswith(b"%PDF-"):
        return Checked(f"{stem}.pdf", "application/pdf", content)
    if picture := _picture(content):
        return Checked(f"{stem}.jpg", "image/jpeg", picture)
    if _is_text(content):
        return Checked(f"{stem}.txt", "text/plain; charset=utf-8", content)
    raise Refused("Only pictures (PNG, JPEG, WebP, GIF), PDF files and plain text can be added.")


def keep(checked: Checked, school: School) -> StoredFile:
    """In the open school's files; refused when there is no room."""
    if room_used() + len(checked.content) > ROOM:
        raise Refused("The school's room for files is full. Remove files, or add an address.")
    return files.store(checked.name, checked.content_type, [checked.content], school=school)


def room_used() -> int:
    """Bytes of what people of the open school added."""
    return sum(model.objects.aggregate(all=Sum("file__size"))["all"] or 0 for model in HOLD_FILES)


def _stem(name: str) -> str:
    """The name without folders, endings and characters that mean something to a computer."""
    plain = re.sub(r"[^\w \-]+", " ", PurePath(name.replace("\\", "/")).stem).strip()
    return plain[:LONGEST_NAME] or "file"


def _picture(content: bytes) -> bytes | None:
    """Drawn anew; None when it is no picture. Its size is read before it is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=PICTURES)
    except Image.DecompressionBombError:
        raise Refused(_too_many_pixels()) from None
    except (OSError, SyntaxError, ValueError):
        return None
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(_too_many_pixels())
    try:
        drawn = ImageOps.exif_transpose(picture).convert("RGB")
    except Exception:  # noqa: BLE001  what hostile bytes raise there is no list of
        raise Refused("This picture is broken. Open it, save it again, and send that.") from None
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=85)
    return out.getvalue()


def _too_many_pixels() -> str:
    return f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels. Make it smaller."


def _is_text(content: bytes) -> bool:
    """Words somebody typed; a page of the web is none."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    begins = text.lstrip("\ufeff \r\n\t")[:200].lower()
    return bool(begins) and "\x00" not in text and not begins.startswith("<")
