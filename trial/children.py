"""The application's own processes: watched, started again a few times, stopped in order."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from trial import process
from trial.folder import REPO
from trial.problem import Problem

MAX_RESTARTS = 5
FIRST_PAUSE = 0.5  # seconds; then twice as long each time
STEADY_SECONDS = 60  # a process that lived this long has its restarts forgiven
STOP_SECONDS = 25


class Child:
    def __init__(
        self, name: str, command: Sequence[str], logs: Path, env: Mapping[str, str]
    ) -> None:
        self.name = name
        self.command = command
        self.log = logs / f"{name}.log"
        self.env = env
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.started_at = self.ended_at = 0.0

    def start(self) -> None:
        self.started_at, self.ended_at = time.monotonic(), 0.0
        self.process = process.start(self.command, log=self.log, env=self.env, cwd=REPO)

    def stop(self) -> None:
        if self.process:
            process.stop(self.process, signal.SIGTERM, grace=STOP_SECONDS, force=signal.SIGKILL)
            self._end_family()

    def look_after(self) -> None:
        """Start it again if it has ended, each time after a longer pause."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.ended_at:
            self.ended_at = now
            self._end_family()
            if now - self.started_at > STEADY_SECONDS:
                self.restarts = 0
            self.restarts += 1
        if self.restarts > MAX_RESTARTS:
            raise Problem(
                f"The {self.name} process ended {self.restarts} times in a row, "
                f"last with code {self.process.returncode}:\n{process.tail(self.log)}"
            )
        if now - self.ended_at >= FIRST_PAUSE * 2 ** (self.restarts - 1):
            self.start()

    def _end_family(self) -> None:
        """End what a killed process has left behind; it leads a session of its own."""
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
