"""PostgreSQL under our own supervision: on a private socket, with passwords, never as root."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from trial import process, programs
from trial.folder import Folder
from trial.problem import Problem

DATABASE, OWNER, APP = "cpdhub", "cpdhub_owner", "cpdhub_app"
MAX_CONNECTIONS = 100
START_SECONDS = 300  # recovery after a power cut on a slow disk is slow
STOP_SECONDS = 60

ROLES = """
SELECT format('CREATE ROLE %I', wanted) FROM unnest(ARRAY['{owner}', '{app}']) AS wanted
    WHERE wanted NOT IN (SELECT rolname FROM pg_roles) \\gexec
ALTER ROLE {owner} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB PASSWORD '{owner_password}';
ALTER ROLE {app} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB PASSWORD '{app_password}';
GRANT {app} TO {owner} {options};
SELECT 'CREATE DATABASE {database} OWNER {owner}'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {app};
"""


class Postgres:
    title = "PostgreSQL"

    def __init__(self, folder: Folder, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.data = folder.servers / "pg"
        self.log = folder.logs / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.program = programs.postgres(
            written_by=self._written_by(), account=folder.account, copies=folder.path / "programs"
        )
        self.sockets = folder.socket_folder()

    def url(self, role: str, database: str = DATABASE) -> str:
        password = self.folder.secret(role.removeprefix("cpdhub_"))
        return f"postgresql://{role}:{password}@{quote(str(self.sockets), safe='')}:5432/{database}"

    def start(self) -> None:
        self._end_orphans()
        self._create()
        settings = [f"--{name}={value}" for name, value in self._settings()]
        self.process = process.start(
            [self.program.path, "-D", self.data, *settings],
            log=self.log,
            env=self._env(),
            cwd=self.folder.servers,
            account=self.folder.account,
            death_signal=signal.SIGINT,  # to PostgreSQL: end sessions, write all, stop
        )
        self._wait()
        self._make_roles()

    def stop(self) -> None:
        if self.process:
            # With its files removed it has nothing to write, and would try for a long time.
            ask = signal.SIGINT if self.data.exists() else signal.SIGQUIT
            process.stop(self.process, ask, grace=STOP_SECONDS, force=signal.SIGQUIT)

    # Before the start

    def _written_by(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _create(self) -> None:
        """Create the cluster beside its place and move it there, so that it is whole or absent."""
        if self.data.exists():
            return
        if self.folder.account.name is None:
            raise Problem(
                f"Account {self.folder.account.uid} has no name on this system, which PostgreSQL "
                "needs: use another, or set DATABASE_URL and DATABASE_OWNER_URL to your server."
            )
        new = self.folder.servers / "pg.new"
        shutil.rmtree(new, ignore_errors=True)
        with self._password_file() as passwords:
            done = subprocess.run(
                [
                    *(self.program.beside("initdb"), "-D", new, "-U", "superuser", "-E", "UTF8"),
                    *("-A", "scram-sha-256", "--pwfile", passwords),
                    # The one locale that every build has. We sort names by our own key.
                    *("--locale=C.UTF-8", "--locale-provider=libc", "--data-checksums"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=self._env(),
                cwd=self.folder.servers,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                start_new_session=True,  # Ctrl-C is ours to answer
                **self.folder.account.popen_options(),
            )
        if done.returncode:
            self.log.write_text(done.stdout)
            raise Problem(f"PostgreSQL could not make its files:\n{process.tail(self.log)}")
        new.rename(self.data)

    @contextmanager
    def _password_file(self) -> Iterator[Path]:
        path = self.folder.servers / "password"
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.folder.secret("superuser"))
        self.folder.account.give(path)
        try:
            yield path
        finally:
            path.unlink()

    def _end_orphans(self) -> None:
        """End what an earlier start left behind. Safe only because we hold the folder's lock."""
        if not Path("/proc/self").exists():
            return  # without it we cannot tell; PostgreSQL then decides by itself
        deadline = time.monotonic() + STOP_SECONDS
        while living := process.living_in(self.data):
            main = self._recorded_pid()
            if main in living:
                late = time.monotonic() > deadline - 20
                with suppress(ProcessLookupError):
                    os.kill(main, signal.SIGQUIT if late else signal.SIGINT)
            if time.monotonic() > deadline:
                raise Problem(
                    f"An earlier PostgreSQL does not stop: end process {main or min(living)}."
                )
            time.sleep(0.2)
        # A dead process nobody reaped still counts as alive for PostgreSQL, which would
        # then refuse to start for ever. Nobody works in the folder, so the files lie.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.sockets.glob(".s.PGSQL.5432*"):
            leftover.unlink()

    def _recorded_pid(self) -> int:
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return 0

    # The start

    def _settings(self) -> list[tuple[str, object]]:
        settings: list[tuple[str, object]] = [
            ("listen_addresses", ""),
            ("port", 5432),
            ("unix_socket_directories", self.sockets),
            ("unix_socket_permissions", "0700"),
            ("max_connections", MAX_CONNECTIONS),
            ("log_checkpoints", "off"),
            ("lc_messages", "C.UTF-8"),
        ]
        if not self.durable:
            # A test run's data may vanish in a power cut. Its tables are nearly always empty, and
            # plans made for empty tables take minutes over a test that fills them.
            risks = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
            settings += [(name, "off") for name in risks]
        return settings

    def _wait(self) -> None:
        assert self.process
        running = self.process

        def settled() -> bool:
            return self._is_ready() or running.poll() is not None

        if not process.wait_until(settled, START_SECONDS) or running.poll() is not None:
            raise Problem(f"PostgreSQL did not start:\n{process.tail(self.log)}")

    def _is_ready(self) -> bool:
        """Read what PostgreSQL itself writes down: our process, and the word ready."""
        assert self.process
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and int(lines[0]) == self.process.pid and lines[7].strip() == "ready"

    def _make_roles(self) -> None:
        # From 16 the owner can become the app role (tests do) without having its rights.
        options = "WITH INHERIT FALSE, SET TRUE" if self.program.version >= 16 else ""
        statements = ROLES.format(
            owner=OWNER,
            app=APP,
            database=DATABASE,
            owner_password=self.folder.secret("owner"),
            app_password=self.folder.secret("app"),
            options=options,
        )
        done = subprocess.run(
            [self.program.beside("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=statements,
            env=self._env()
            | {
                "PGHOST": str(self.sockets),
                "PGPORT": "5432",
                "PGUSER": "superuser",
                "PGPASSWORD": self.folder.secret("superuser"),
                "PGDATABASE": "postgres",
                "PGOPTIONS": "-c client_min_messages=warning",
            },
            cwd=self.folder.servers,
            capture_output=True,
            text=True,
            check=False,
            **self.folder.account.popen_options(),
        )
        if done.returncode:
            raise Problem(f"The database's roles could not be made:\n    {done.stderr.strip()}")

    def _env(self) -> dict[str, str]:
        """Nothing of the person's own: a PGDATA of theirs must not lead us elsewhere."""
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder.servers)}
