"""Starting and stopping child processes so that none is left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from trial.account import Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside at the next start

# Loaded here: between fork and exec it is too late to import anything.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent(death_signal: int) -> Callable[[], None] | None:
    """Have the kernel end the child when we are killed without a chance to do it ourselves."""
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # we died before the line above took effect
            os._exit(1)

    return before_exec


def start(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    anew: bool = False,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that Ctrl-C reaches us alone and we choose the order."""
    with open_log(log, anew=anew) as output:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(death_signal),  # noqa: PLW1509 (we have no threads)
            **(account.popen_options() if account else {}),
        )


def open_log(log: Path, *, anew: bool) -> BinaryIO:
    """Open a log for whoever owns its folder, who may come back without being root."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    output = log.open("wb" if anew else "ab")
    if os.geteuid() == 0:
        owner = log.parent.stat()
        os.fchown(output.fileno(), owner.st_uid, owner.st_gid)
    return output


def stop(process: subprocess.Popen[bytes], ask: int, *, grace: float, force: int) -> None:
    """Ask first; after the grace period, insist."""
    if process.poll() is not None:
        return
    process.send_signal(ask)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.send_signal(force)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def tail(log: Path, lines: int = 15) -> str:
    """Return the end of a log, to be shown under the sentence that says what failed."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


def living_in(folder: Path) -> set[int]:
    """Return the living processes that work in `folder`; a dead, unreaped one has no folder."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if entry.readlink() == folder:
                found.add(int(entry.parent.name))
    return found


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
