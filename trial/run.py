"""`make run`: servers, tables, the demo school, web, worker and beat, until Ctrl-C."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress

from trial import process
from trial.children import Child
from trial.folder import REPO, Folder, choose
from trial.problem import Problem
from trial.serve import Stop
from trial.servers import Servers

ANSWER_SECONDS = 120
PORT_SECONDS = 5  # after a kill, the old web server needs a moment to notice
PASSWORD = "oakfield-demo"  # noqa: S105 (of people who do not exist)
PEOPLE = {
    "head@oakfield.example": "Head teacher",
    "cpd@oakfield.example": "CPD leader",
    "team@oakfield.example": "Team leader",
    "teacher@oakfield.example": "Teacher",
    "ta@oakfield.example": "Teaching assistant",
    "office@oakfield.example": "Office",
    "governor@oakfield.example": "Governor",
    "data@oakfield.example": "Data manager",
    "cpd@riverside.example": "CPD leader of another school",
    "admin@hub.example": "Administrator of the installation",
}


def run(_arguments: list[str]) -> int:
    began = time.monotonic()
    stop = Stop()
    folder = Folder(choose(os.environ))
    os.umask(0o077)  # nothing that we or our children write is anybody else's business
    folder.lock()
    servers = Servers(folder, os.environ)
    children: list[Child] = []
    try:
        _require_port(_port())
        _say(f"Starting the database and the queue in {folder.path}")
        servers.start()
        env = {**os.environ, **servers.environment(os.environ), **_ALWAYS}
        _prepare(folder, env, stop)
        children += _children(folder, env)
        for child in children:
            child.start()
        _wait_for_answer(env["CPDHUB_PORT"], servers, children, stop)
        if not stop:
            _welcome(env, folder, time.monotonic() - began)
        _watch(servers, children, stop)
    finally:
        if servers.running or children:
            _say(f"Stopping{stop}")
        for child in children:
            child.stop()
        servers.stop()
        folder.unlock()
    return 0


_ALWAYS = {"DJANGO_SETTINGS_MODULE": "cpdhub.settings", "PYTHONUNBUFFERED": "1"}


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _port() -> int:
    text = os.environ.get("CPDHUB_PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Problem(f"CPDHUB_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _require_port(port: int) -> None:
    def is_free() -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
        return True

    if not process.wait_until(is_free, PORT_SECONDS, 0.2):
        raise Problem(
            f"Port {port} is taken: stop the program that has it, "
            f"or choose another with `CPDHUB_PORT={port + 1} make run`."
        )


def _prepare(folder: Folder, env: Mapping[str, str], stop: Stop) -> None:
    """Bring tables, pages' files and the demo school up to date with the code."""
    files = _manage("collectstatic", folder, env, "--noinput", "--verbosity=0")
    _say("Bringing the tables up to date")
    _finish(_manage("migrate", folder, env, "--noinput"), "migrate", folder, stop)
    _say("Looking after the demo school")
    _finish(_manage("seed_demo", folder, env), "seed_demo", folder, stop)
    _finish(files, "collectstatic", folder, stop)


def _manage(
    command: str, folder: Folder, env: Mapping[str, str], *options: str
) -> subprocess.Popen[bytes]:
    return process.start(
        [sys.executable, "manage.py", command, *options],
        log=folder.logs / f"{command}.log",
        env=env,
        cwd=REPO,
        anew=True,
    )


def _finish(running: subprocess.Popen[bytes], name: str, folder: Folder, stop: Stop) -> None:
    while running.poll() is None and not stop:
        time.sleep(0.05)
    if stop:
        running.terminate()
        running.wait()
    elif running.returncode:
        raise Problem(f"`manage.py {name}` failed:\n{process.tail(folder.logs / f'{name}.log')}")


def _children(folder: Folder, env: Mapping[str, str]) -> list[Child]:
    python, port = sys.executable, env["CPDHUB_PORT"]
    web = [
        *(python, "-m", "gunicorn", "cpdhub.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "15"),
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        *("--no-control-socket", "--access-logfile", "-"),
    ]
    celery = [python, "-m", "celery", "-A", "cpdhub"]
    beat = [*celery, "beat", "-S", "celery.beat:Scheduler", "--pidfile=", "--loglevel=INFO"]
    worker = [
        *(*celery, "worker", "--concurrency=2", "--loglevel=INFO"),
        *("--without-gossip", "--without-mingle"),
    ]
    commands = {"web": web, "beat": beat, "worker": worker}  # in the order they stop
    return [Child(name, command, folder.logs, env) for name, command in commands.items()]


def _wait_for_answer(port: str, servers: Servers, children: list[Child], stop: Stop) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while not stop and not _answers(port):
        _look_after(servers, children)
        if time.monotonic() > deadline:
            log = children[0].log
            raise Problem(f"The web server does not answer:\n{process.tail(log)}")
        time.sleep(0.1)


def _answers(port: str) -> bool:
    with suppress(OSError):
        address = f"http://127.0.0.1:{port}/livez"
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    return False


def _watch(servers: Servers, children: list[Child], stop: Stop) -> None:
    while not stop:
        _look_after(servers, children)
        time.sleep(0.2)


def _look_after(servers: Servers, children: list[Child]) -> None:
    """Start again what has ended; without its servers the whole has to end."""
    if ended := servers.ended():
        raise Problem(f"{ended.title} has ended by itself:\n{process.tail(ended.log)}")
    for child in children:
        child.look_after()


def _welcome(env: Mapping[str, str], folder: Folder, seconds: float) -> None:
    width = max(map(len, PEOPLE))
    lines = [
        f"\nCPD Hub runs at {env['CPDHUB_BASE_URL']} (ready in {seconds:.0f} s)\n",
        f"Sign in with the password {PASSWORD} as",
        *(f"  {address:<{width}}  {role}" for address, role in PEOPLE.items()),
        f"\nData, logs and letters are in {folder.path}. Ctrl-C stops everything.",
    ]
    _say("\n".join(lines))
