"""Which account the database and the queue run as.

PostgreSQL refuses to run as root, and a server has no need to be root anyway. We
never make an account and never change the rights of a folder above ours.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    name: str | None  # a container may give us a number nobody has named

    @property
    def is_other(self) -> bool:
        """Only root can start something as somebody else."""
        return self.uid != os.geteuid()

    @property
    def is_person(self) -> bool:
        """A person may come back without root, so what we make must be theirs."""
        return self.is_other and self.name != "nobody"

    def popen_options(self) -> dict[str, Any]:
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this account the owner of something of ours."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        if not self.is_other:
            return os.access(folder, os.X_OK)
        # Asked of the system, not worked out from the mode: there are access lists too.
        test = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)]
        return subprocess.run(test, cwd="/", check=False, **self.popen_options()).returncode == 0

    def closed_parent(self, path: Path) -> Path | None:
        """Return the first folder on the way to `path` that this account cannot enter."""
        for parent in reversed(path.parents):
            if parent.exists() and not self.can_enter(parent):
                return parent
        return None


def of_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(uid, os.getegid() if uid == os.geteuid() else uid, None)
    return Account(uid, entry.pw_gid, entry.pw_name)


def for_folder(folder: Path) -> Account:
    """Choose ourselves; or, when we are root, the folder's owner, the person, or nobody."""
    if os.geteuid() != 0:
        return of_uid(os.geteuid())
    if folder.exists() and folder.stat().st_uid != 0:
        return of_uid(folder.stat().st_uid)
    person = os.environ.get("SUDO_UID", "")
    if person.isdigit() and int(person) != 0:
        return of_uid(int(person))
    # Somebody's own folder, that root has come into. In a container its number may have no name.
    nearest = next(parent for parent in folder.parents if parent.exists())
    owner = of_uid(nearest.stat().st_uid)
    if owner.uid != 0 and owner.name:
        return owner
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
