"""Redis, or Valkey, under our own supervision: on a private socket, written to disk."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from trial import process, programs
from trial.folder import Folder
from trial.problem import Problem

START_SECONDS = 300
STOP_SECONDS = 30


class Broker:
    title = "Redis"

    def __init__(self, folder: Folder, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.log = folder.logs / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.program = programs.redis(account=folder.account, copies=folder.path / "programs")
        self.socket = folder.socket_folder() / "redis.sock"
        # Redis cannot always read what Valkey wrote. The queue holds only what the
        # database can repeat, so another program simply starts with an empty folder.
        self.data = folder.servers / f"{self.program.name}-{self.program.version}"

    def url(self, database: int = 0) -> str:
        return f"unix://{self.socket}?db={database}"

    def start(self) -> None:
        self._end_orphans()
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            self.folder.account.give(self.data)
        self.process = process.start(
            [self.program.path, *self._arguments()],
            log=self.log,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd=self.data,
            account=self.folder.account,
            death_signal=signal.SIGINT,
        )
        self._wait()

    def stop(self) -> None:
        if self.process:
            process.stop(self.process, signal.SIGTERM, grace=STOP_SECONDS, force=signal.SIGKILL)

    def _arguments(self) -> list[str | Path]:
        return [
            *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
            *("--dir", self.data, "--daemonize", "no", "--save", ""),
            *("--appendonly", "yes" if self.durable else "no", "--appendfsync", "everysec"),
            *("--maxmemory-policy", "noeviction"),  # a queue must refuse, never forget
        ]

    def _end_orphans(self) -> None:
        """End what an earlier start left behind. Safe only because we hold the folder's lock."""
        deadline = time.monotonic() + STOP_SECONDS
        while living := process.living_in(self.data):
            late = time.monotonic() > deadline
            for pid in living:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
            time.sleep(0.2)
        self.socket.unlink(missing_ok=True)

    def _wait(self) -> None:
        assert self.process
        running = self.process

        def settled() -> bool:
            return self._answers() or running.poll() is not None

        if not process.wait_until(settled, START_SECONDS) or running.poll() is not None:
            raise Problem(f"Redis did not start:\n{process.tail(self.log)}")

    def _answers(self) -> bool:
        """Ask for a sign of life; while it reads its files it answers with an error."""
        with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
            connection.settimeout(1)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        return False
