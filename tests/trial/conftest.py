"""Real servers, in folders of their own; nothing here uses the database of the other tests."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from trial import process
from trial.folder import REPO, Folder

DEADLINE = 120  # seconds; seldom two, but a busy disk can take long to sync
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")


class Trial:
    """One data folder, and the command line as a person would use it."""

    def __init__(self, path: Path, programs: str = "") -> None:
        self.path = path
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in OURS and not name.startswith("CPDHUB_")
        }
        self.env = {**kept, "CPDHUB_DATA_DIR": str(path), "CPDHUB_PROGRAMS": programs}
        self.supervisor: subprocess.Popen | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "trial", *arguments]

    def call(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*arguments), cwd=REPO, env=self.env, capture_output=True, text=True
        )

    def start(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with (self.path.parent / "said").open("w") as said:
            self.supervisor = subprocess.Popen(
                self.command("serve"), cwd=REPO, env=self.env, stderr=said
            )
        file = self.path / "addresses.json"
        ours = self.supervisor
        process.wait_until(
            lambda: (
                (file.exists() and self.addresses()["pid"] == ours.pid) or ours.poll() is not None
            ),
            DEADLINE,
        )
        assert self.supervisor.poll() is None, self.said()

    def said(self) -> str:
        return (self.path.parent / "said").read_text()

    def addresses(self) -> dict:
        return json.loads((self.path / "addresses.json").read_text())

    def connect(self, role: str = "DATABASE_OWNER_URL"):
        connection = psycopg2.connect(self.addresses()[role])
        connection.autocommit = True
        return connection

    def server_pids(self) -> set[int]:
        folders = [entry for entry in (self.path / "servers").iterdir() if entry.name != "run"]
        return set().union(*map(process.living_in, folders))

    def kill_everything(self) -> None:
        """As when the machine loses power: nobody gets a word in."""
        self.supervisor.send_signal(signal.SIGSTOP)  # or it would tidy up
        for pid in self.server_pids():
            with suppress(ProcessLookupError):  # some end with the first
                os.kill(pid, signal.SIGKILL)
        self.supervisor.kill()
        self.supervisor.wait()

    def stop(self) -> None:
        if self.supervisor:
            self.supervisor.terminate()
            try:
                self.supervisor.wait(DEADLINE)
            finally:
                self.supervisor.kill()
                self.supervisor.wait()


@contextmanager
def open_folder():
    """Give a folder that other accounts can enter, which pytest's own is not."""
    path = Path(tempfile.mkdtemp(prefix="cpdhub-trial-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def place():
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def running():
    """Servers that several tests look at and none disturbs."""
    with open_folder() as path:
        trial = Trial(path / "data")
        trial.rights_before = {parent: parent.stat().st_mode for parent in (path, *path.parents)}
        trial.start()
        yield trial
        trial.stop()


@pytest.fixture
def make_trial(place):
    made = []

    def make(path: Path | None = None, programs: str = "") -> Trial:
        made.append(Trial(path or place / "data", programs))
        return made[-1]

    yield make
    for trial in made:
        trial.stop()


@pytest.fixture
def trial(make_trial):
    return make_trial()


@pytest.fixture
def folder(place):
    return Folder(place / "data")
