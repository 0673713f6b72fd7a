"""Zip archives people send, looked at by their own list of members: nothing is unpacked."""

import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_UNPACKED = 50_000_000
MOST_RATIO = 100
SMALL = 1_000_000  # a small member may be as repetitive as it likes
MOST_MEMBERS = 200
USUAL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # what the limits below are made for


class Damaged(Exception):
    """It is no zip archive, or a broken one."""


class Encrypted(Exception):
    """It has a password."""


class Unsafe(Exception):
    """Too many members, too large when unpacked, packed in an unusual way, or names that lead
    elsewhere or come twice."""


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, once nothing speaks against unpacking it. The caller closes it."""
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise Damaged from problem
    try:
        _inspect(archive.infolist())
    except Exception:
        archive.close()
        raise
    return archive


def _inspect(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise Encrypted
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or len(set(names)) < len(names):
        raise Unsafe
    if any(map(_leads_outside, names)):
        raise Unsafe
    if {member.compress_type for member in members} - USUAL:
        raise Unsafe
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unsafe
    for member in members:
        packed = max(1, member.compress_size)
        if member.file_size > SMALL and member.file_size > MOST_RATIO * packed:
            raise Unsafe


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name
