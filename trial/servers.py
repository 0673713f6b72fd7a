"""The database and the queue of one data folder, and the environment that leads to them."""

import os
from collections.abc import Mapping

from trial.broker import Broker
from trial.folder import Folder
from trial.postgres import APP, OWNER, Postgres
from trial.problem import Problem

DEFAULT_PORT = "8000"
FROM_US = "CPDHUB_SHELL_ENV"


class Servers:
    """Starts the servers nobody has named an address for, and stops what it started."""

    def __init__(self, folder: Folder, environ: Mapping[str, str], *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.addresses = {
            name: environ[name]
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
            if environ.get(name)
        }
        if "DATABASE_URL" in self.addresses and "DATABASE_OWNER_URL" not in self.addresses:
            raise Problem(
                "DATABASE_URL is set: set DATABASE_OWNER_URL too, to the account that owns the "
                "database, because the application's own account may not migrate."
            )
        self.running: list[Postgres | Broker] = []

    def start(self) -> None:
        if "DATABASE_URL" not in self.addresses:
            database = Postgres(self.folder, durable=self.durable)
            self._start(database)
            self.addresses["DATABASE_URL"] = database.url(APP)
            self.addresses["DATABASE_OWNER_URL"] = database.url(OWNER)
        if "REDIS_URL" not in self.addresses:
            broker = Broker(self.folder, durable=self.durable)
            self._start(broker)
            self.addresses["REDIS_URL"] = broker.url()
        self.folder.write_private(self.folder.addresses, {"pid": os.getpid(), **self.addresses})

    def stop(self) -> None:
        while self.running:  # the queue first, as nothing feeds it any more
            self.running.pop().stop()

    def ended(self) -> Postgres | Broker | None:
        """Return a server that has ended by itself, if one has."""
        for server in self.running:
            if server.process and server.process.poll() is not None:
                return server
        return None

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        return environment(self.folder, self.addresses, environ)

    def _start(self, server: Postgres | Broker) -> None:
        self.running.append(server)
        server.start()


def environment(
    folder: Folder, addresses: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, str]:
    """Return what the application's processes need to know; what a person has set wins."""
    port = environ.get("CPDHUB_PORT") or DEFAULT_PORT
    usual = {
        "CPDHUB_TRIAL": "True",
        "CPDHUB_PORT": port,
        "CPDHUB_BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECRET_KEY": folder.secret("secret_key"),
    }
    given = {name: environ[name] for name in usual if environ.get(name)}
    return {**usual, **given, "CPDHUB_DATA_DIR": str(folder.path), **addresses}


def exports(ours: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return what `shell-env` prints, with a note of which names come from us.

    The shell outlives our servers. Without the note, a later command in it would take
    the addresses for servers of the person's own.
    """
    names = [name for name, value in ours.items() if environ.get(name) != value]
    return {**ours, FROM_US: ",".join(names)}


def asked_for(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what an earlier `shell-env` put there."""
    ours = {FROM_US, *environ.get(FROM_US, "").split(",")}
    return {name: value for name, value in environ.items() if name not in ours}
