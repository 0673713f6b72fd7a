"""A real worker on the test's database: Celery in a process of its own, as the application."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from cpdhub import clock
from cpdhub.celery import app

READY_SECONDS = 30


class Worker:
    """`celery worker` that can be killed and started again. `wait_for` waits for what it does."""

    def __init__(self, folder: Path, queue: str, *, database: str, lease: int = 2) -> None:
        self.folder = folder
        self.queue = queue
        self.log = folder / "worker.log"
        self.env = {
            **os.environ,
            "DATABASE_URL": _other_database(os.environ["DATABASE_URL"], database),
            "CPDHUB_QUEUE": queue,
            "CPDHUB_DATA_DIR": str(folder),
            "CPDHUB_TRIAL": "True",
            "CPDHUB_JOB_LEASE_SECONDS": str(lease),
        }
        self.opened_at = time.monotonic()
        self.began_at: datetime | None = None
        self.process: subprocess.Popen | None = None

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    def forget_letters(self) -> None:
        for letter in self.mail.glob("*.eml"):
            letter.unlink()

    def now(self) -> datetime:
        """The worker's clock: a school morning, and it does not go back when it restarts."""
        began_at = self.began_at or next_school_morning()
        return began_at + timedelta(seconds=time.monotonic() - self.opened_at)

    @contextmanager
    def on_the_day(self, moment: datetime) -> Iterator[None]:
        """A worker that started at that moment, alone; afterwards there is none."""
        self.stop()
        self.began_at, self.opened_at = moment, time.monotonic()
        self.start()
        try:
            yield
            self.wait_for(self.is_idle)
        finally:
            self.stop()
            self.began_at = None

    def start_if_stopped(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.start()

    def rest(self) -> None:
        """Wait until nothing moves, and look again: the flush after a test needs every table,
        and a task that began in that moment would lock it out (a deadlock was seen)."""
        for _ in range(3):
            self.wait_for(self.is_idle)
            time.sleep(0.1)

    def start(self, *, concurrency: int = 1) -> None:
        command = [
            *(sys.executable, "-m", "celery", "-A", "cpdhub", "worker"),
            *("--include", "tests.kinds", "--concurrency", str(concurrency), "-Q", self.queue),
            *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
        ]
        self.log.write_bytes(b"")
        self.env["CPDHUB_NOW"] = self.now().isoformat()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that a kill takes the children with it
            )
        self.wait_for(lambda: " ready." in self.log.read_text(), seconds=READY_SECONDS)

    def beat(self, *, seconds: int) -> subprocess.Popen:
        """A beat with short ticks, ended by the caller."""
        command = [
            *(sys.executable, "-m", "celery", "-A", "cpdhub", "beat"),
            *("-S", "celery.beat:Scheduler", "--pidfile=", "--loglevel", "INFO"),
        ]
        env = {**self.env, "CPDHUB_TICK_SECONDS": str(seconds)}
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """As the machine losing power: worker and children at once, without a word."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def wait_for(self, happened: Callable[[], object], *, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                raise AssertionError(f"It did not happen.\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def is_idle(self) -> bool:
        with app.connection_for_read() as broker:
            client = broker.channel().client
            queues = [self.queue, *(f"{self.queue}\x06\x16{step}" for step in (3, 6, 9))]
            return not any(client.llen(name) for name in queues) and not self._is_at_work()

    def _is_at_work(self) -> bool:
        """Does one of its connections hold a transaction? A flush would wait for it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            return bool(cursor.fetchone()[0])


def next_school_morning() -> datetime:
    """Ten o'clock on a weekday to come: letters go out, and what is due now is due then."""
    day = clock.today() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, time_of_day(10), tzinfo=clock.LONDON)


def _other_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def own_queue(name: str):
    """This process publishes to a queue that no other worker reads."""
    before, app.conf.task_default_queue = app.conf.task_default_queue, name
    yield
    forget_queued(name)
    app.conf.task_default_queue = before


def forget_queued(name: str) -> None:
    """Throw away what waits in a queue, and the queue."""
    with suppress(app.connection().connection_errors), app.connection_for_write() as broker:
        channel = broker.channel()
        channel.queue_purge(name)
        channel.client.delete(f"_kombu.binding.{name}")
