"""The data folder: everything a trial keeps, and the lock that makes it ours alone."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trial import account as accounts
from trial import process
from trial.problem import Problem

REPO = Path(__file__).resolve().parent.parent
SOCKET_FOLDER_LIMIT = 80  # bytes; with the socket's name the system allows 107
PASSWORDS = ("superuser", "owner", "app")


def choose(environ: Mapping[str, str]) -> Path:
    """Return the folder asked for, else `.data` in the repository if the servers can get there."""
    if asked := environ.get("CPDHUB_DATA_DIR"):
        return Path(asked).resolve()
    usual = REPO / ".data"
    if os.geteuid() == 0 and accounts.for_folder(usual).closed_parent(usual):
        # Typical of a container: the repository is in root's own home.
        mark = hashlib.sha256(os.fsencode(REPO)).hexdigest()[:8]
        return Path("/var/lib/cpdhub-trial") / f"{REPO.name}-{mark}"
    return usual


class Folder:
    """One data folder and the account its servers run as."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.account = accounts.for_folder(self.path)
        self.logs = self.path / "logs"
        self.servers = self.path / "servers"
        self.addresses = self.path / "addresses.json"
        self._lock: int | None = None

    # The lock

    def lock(self) -> None:
        """Make the folder ours until we end, however we end: the kernel lets go of it for us."""
        self.make()
        try:
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
            if self.account.is_person:
                self.account.give(self.path / "lock")
        except PermissionError:
            raise Problem(self._not_ours(self.path / "lock")) from None
        # Who asks for the holder takes the lock for an instant, so once is not enough.
        if not process.wait_until(lambda: _try_lock(handle), 1):
            os.close(handle)
            raise Problem(
                f"CPD Hub already runs in {self.path} as process {self.holder()}: stop that one "
                "(`python -m trial stop`), or give this one its own CPDHUB_DATA_DIR."
            )
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._lock = handle
        self.addresses.unlink(missing_ok=True)

    def unlock(self) -> None:
        if self._lock is not None:
            self.addresses.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def is_gone(self) -> bool:
        """Say whether somebody has removed the folder under us."""
        try:
            there = os.stat(self.path / "lock")
        except FileNotFoundError:
            return True
        return self._lock is not None and not os.path.samestat(os.fstat(self._lock), there)

    def holder(self) -> int | None:
        """Return the process that has the folder, if one has."""
        try:
            handle = os.open(self.path / "lock", os.O_RDWR)
        except OSError:
            return None
        try:
            return None if _try_lock(handle) else int(os.read(handle, 20) or 0)
        finally:
            os.close(handle)

    # What is kept

    def secret(self, name: str) -> str:
        """Return a random text of this installation, made at the first start."""
        return str(self._secrets()[name])

    def write_private(self, path: Path, content: dict[str, Any]) -> None:
        """Write so that nobody else can read it, and so that half a file is never seen."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=1)
        if self.account.is_person:
            self.account.give(new)
        new.replace(path)

    def socket_folder(self) -> Path:
        """Return a folder only the servers' account can enter, with a path short enough."""
        folder = self.servers / "run"
        if len(os.fsencode(folder)) > SOCKET_FOLDER_LIMIT:
            mark = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
            temporary = Path(tempfile.gettempdir())
            if len(os.fsencode(temporary)) > SOCKET_FOLDER_LIMIT - 30:
                temporary = Path("/tmp")  # noqa: S108 (what stands there is checked below)
            folder = temporary / f"cpdhub-{mark}"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.account.give(folder)
        found = folder.lstat()
        rights = stat.S_IMODE(found.st_mode)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid or rights != 0o700:
            raise Problem(f"{folder} is not a private folder of ours: remove it and start again.")
        return folder

    # Making it

    def make(self) -> None:
        if parent := self.account.closed_parent(self.path):
            raise Problem(
                f"The database runs as {self.account.name or self.account.uid}, who may not enter "
                f"{parent}: set CPDHUB_DATA_DIR to a folder elsewhere, such as /var/lib/cpdhub."
            )
        try:
            for missing in [p for p in reversed([self.path, *self.path.parents]) if not p.exists()]:
                missing.mkdir()
                # Ours, so the rights are too; another account has to pass through.
                missing.chmod(0o711 if self.account.is_other else 0o700)
                if self.account.is_person:
                    self.account.give(missing)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            if not self.servers.exists():
                self.servers.mkdir(mode=0o700)
                self.account.give(self.servers)
            if self.account.is_person:
                self.account.give(self.logs)
        except PermissionError as error:
            raise Problem(self._not_ours(Path(error.filename))) from None
        self._check_owners()

    def _check_owners(self) -> None:
        if not self.account.can_enter(self.path) and self._is_ours():
            self.path.chmod(0o711)
        if not self.account.can_enter(self.path):
            raise Problem(
                f"The database runs as {self.account.name or self.account.uid}, who may not enter "
                f"{self.path}: give that account the folder, or set CPDHUB_DATA_DIR to another."
            )
        if self.servers.stat().st_uid != self.account.uid:
            raise Problem(self._not_ours(self.servers))
        for entry in self.path.iterdir():
            if not os.access(entry, os.W_OK):
                raise Problem(self._not_ours(entry))

    def _is_ours(self) -> bool:
        """Say whether nothing but a trial is in the folder, so that its rights are ours to set."""
        content = {entry.name for entry in self.path.iterdir()}
        return "lock" in content or content <= {self.logs.name, self.servers.name}

    def _not_ours(self, path: Path) -> str:
        owner = accounts.of_uid(path.stat().st_uid) if path.exists() else None
        whose = f"belongs to {owner.name or owner.uid}" if owner else "cannot be made"
        return (
            f"{path} {whose}: start CPD Hub with the account that started it before, "
            "or set CPDHUB_DATA_DIR to another folder."
        )

    def _secrets(self) -> dict[str, Any]:
        path = self.path / "secrets.json"
        if path.exists():
            return dict(json.loads(path.read_text()))
        if (self.servers / "pg").exists():
            raise Problem(
                f"{path} is missing, and without its passwords the database in {self.path} stays "
                "closed: put the file back, or set CPDHUB_DATA_DIR to a new folder."
            )
        made = {name: secrets.token_urlsafe(24) for name in PASSWORDS}
        made["secret_key"] = secrets.token_urlsafe(50)
        self.write_private(path, made)
        return made


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Throwaway(Folder):
    """A data folder that lives as long as one test run."""

    def __init__(self) -> None:
        path = Path(tempfile.mkdtemp(prefix="cpdhub-test-"))
        if os.geteuid() == 0:
            path.chmod(0o711)
        super().__init__(path)

    def unlock(self) -> None:
        super().unlock()
        shutil.rmtree(self.path, ignore_errors=True)
