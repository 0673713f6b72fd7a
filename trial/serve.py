"""Database and queue without the application: for developers, tests and tools."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from types import FrameType

from trial import process
from trial.folder import REPO, Folder, choose
from trial.problem import Problem
from trial.servers import Servers, environment, exports


class Stop:
    """Becomes true once when somebody wants us to end: Ctrl-C, a kill, a closed terminal."""

    def __init__(self) -> None:
        self.signals: list[signal.Signals] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        self.signals.append(signal.Signals(number))

    def __bool__(self) -> bool:
        return bool(self.signals)

    def __str__(self) -> str:
        """Name what asked, unless it was the person at the keyboard, who knows."""
        asked = self.signals[0].name if self else ""
        return "" if asked in ("", "SIGINT") else f" ({asked})"


def serve(_arguments: list[str]) -> int:
    """Run the servers until we are asked to stop, or one of them ends."""
    stop = Stop()
    folder = Folder(choose(os.environ))
    os.umask(0o077)  # nothing that we or our children write is anybody else's business
    folder.lock()
    servers = Servers(folder, os.environ)
    try:
        servers.start()
        while not stop and not folder.is_gone():  # or a removed folder's servers run for ever
            if ended := servers.ended():
                raise Problem(f"{ended.title} has ended:\n{process.tail(ended.log)}")
            time.sleep(0.2)
    finally:
        servers.stop()
        folder.unlock()
    return 0


def shell_env(_arguments: list[str]) -> int:
    """Print what a shell needs to use the servers; start them in the background if need be."""
    folder = Folder(choose(os.environ))
    starter = None if folder.holder() else _start_in_background(folder)

    def settled() -> bool:
        failed = starter is not None and starter.poll() is not None
        return failed or _addresses(folder) is not None

    process.wait_until(settled, 330)
    addresses = _addresses(folder)
    if addresses is None:
        said = process.tail(folder.logs / "serve.log").strip()
        raise Problem(said or "The servers did not start.")
    ours = environment(folder, addresses, os.environ)
    for name, value in sorted(exports(ours, os.environ).items()):
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    return 0


def stop(_arguments: list[str]) -> int:
    """Ask whatever holds the data folder to end, and wait for it."""
    folder = Folder(choose(os.environ))
    if not (pid := folder.holder()):
        return 0
    os.kill(pid, signal.SIGTERM)
    if not process.wait_until(lambda: folder.holder() is None, 120, 0.1):
        raise Problem(f"Process {pid} does not stop.")
    return 0


def _start_in_background(folder: Folder) -> subprocess.Popen[bytes]:
    folder.make()
    with process.open_log(folder.logs / "serve.log", anew=True) as output:
        return subprocess.Popen(
            [sys.executable, "-m", "trial", "serve"],
            cwd=REPO,
            env={**os.environ, "CPDHUB_DATA_DIR": str(folder.path)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _addresses(folder: Folder) -> dict[str, str] | None:
    """Return the addresses the folder's holder has written, once it has."""
    holder = folder.holder()
    try:
        content = json.loads(folder.addresses.read_text())
    except FileNotFoundError:
        return None
    return content if holder and content.pop("pid") == holder else None
