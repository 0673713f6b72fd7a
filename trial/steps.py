"""`make test`: every check, the quick ones first, and each of them callable alone."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trial import process
from trial.folder import REPO, Folder, Throwaway
from trial.problem import Problem
from trial.servers import Servers

Command = list[str]
ALL = {
    "DJANGO_SETTINGS_MODULE": "cpdhub.settings",
    # Dozens of processes load the same files: what the first has compiled is kept for the others.
    "PYTHONDONTWRITEBYTECODE": "",
}
# The first draws no window around its pages, which is a quarter of the browser tests' time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Step:
    title: str
    command: Callable[[], Command]
    needs_servers: bool = True
    needs_tables: bool = False  # its databases are copies of one that is migrated
    env: Callable[[], dict[str, str]] = dict
    place: str = ""  # what it looks at, unless told otherwise
    beside: bool = False  # runs while the steps before the tests do: they leave a core idle

    def with_options(self, options: list[str]) -> Command:
        told = not self.place or any(option.startswith("tests/") for option in options)
        return [*self.command(), *([] if told else [self.place]), *options]


def _python(*arguments: str) -> Command:
    return [sys.executable, "-m", *arguments]


def _on_every_core() -> Command:
    """Each process has its own database, queue and worker; who is done takes from the others. One
    more than there are cores: now and then each waits for its worker, its browser or its servers.
    """
    return [f"--numprocesses={min((os.cpu_count() or 1) + 1, 8)}", "--dist=worksteal"]


def _manage(*arguments: str) -> Command:
    return [sys.executable, "manage.py", *arguments]


def _templates() -> Command:
    files = sorted(str(path.relative_to(REPO)) for path in REPO.glob("templates/**/*.html"))
    return [str(Path(sys.executable).with_name("djade")), "--check", "--target-version=5.2", *files]


def _packages() -> list[str]:
    found = sorted(path.parent.name for path in REPO.glob("*/__init__.py"))
    return [name for name in found if name != "tests"]


def _types_env() -> dict[str, str]:
    """The types come from the settings, which want addresses; nothing is asked of them."""
    nowhere = "postgresql://app@localhost/none"
    return {
        "DATABASE_URL": nowhere,
        "DATABASE_OWNER_URL": nowhere,
        "REDIS_URL": "redis://localhost",
        "CPDHUB_TRIAL": "True",
    }


def _production_env() -> dict[str, str]:
    return {
        "CPDHUB_TRIAL": "False",
        "DEBUG": "False",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "CPDHUB_SIGNING_KEY": _signing_key(),
        "ALLOWED_HOSTS": "cpdhub.example",
        "CPDHUB_BASE_URL": "https://cpdhub.example",
        "CPDHUB_NOW": "",
    }


def _signing_key() -> str:
    make = "from cpdhub.signing_key import new_key; print(new_key())"
    command = [sys.executable, "-c", make]
    made = subprocess.run(command, cwd=REPO, check=True, capture_output=True, text=True)
    return made.stdout.strip()


def _browser_env() -> dict[str, str]:
    # Playwright keeps an event loop in the thread, which Django would refuse to work in.
    return {"DJANGO_ALLOW_ASYNC_UNSAFE": "true", "CPDHUB_CHROMIUM": browser() or ""}


def browser() -> str | None:
    """Return the browser asked for, or the first on this machine."""
    if asked := os.environ.get("CPDHUB_CHROMIUM"):
        if not shutil.which(asked):
            raise Problem(f"CPDHUB_CHROMIUM names {asked}, which is not a program here.")
        return asked
    return next(filter(None, map(shutil.which, BROWSERS)), None)


STEPS = {
    "lint": Step("Lint", lambda: _python("ruff", "check", "."), False),
    "format": Step("Format", lambda: _python("ruff", "format", "--check", "."), False),
    "templates": Step("Templates", _templates, False),
    "types": Step(
        "Types", lambda: _python("mypy", "--show-traceback"), False, env=_types_env, beside=True
    ),
    "security": Step(
        "Security lint",
        lambda: _python("bandit", "-q", "-lll", "-r", *_packages()),
        False,
        beside=True,
    ),
    "migrations": Step(
        "Migrations match the models", lambda: _manage("makemigrations", "--check", "--dry-run")
    ),
    "deploy": Step(
        "Settings fit for production",
        lambda: _manage("check", "--deploy", "--fail-level", "WARNING", "--database", "default"),
        env=_production_env,
    ),
    "unit": Step(
        "Tests",
        lambda: _python("pytest", *_on_every_core(), "--ignore=tests/browser", "-m", "not faults"),
        needs_tables=True,
        place="tests",
    ),
    "browser": Step(
        "Browser tests",
        lambda: _python("pytest", *_on_every_core(), "-m", "not faults"),
        needs_tables=True,
        env=_browser_env,
        place="tests/browser",
    ),
    "coverage": Step(
        "Tests, and how much of our code they run",
        lambda: _python(
            *("pytest", *_on_every_core(), "--ignore=tests/browser", "-m", "not faults"),
            *("--cov", "--cov-fail-under=90"),
        ),
        needs_tables=True,
        place="tests",
    ),
}
CHECKS = ["lint", "format", "templates", "types"]
ALONE = ["coverage"]  # the unit tests once more, a third slower: `make coverage`


def test(arguments: list[str]) -> int:
    """Run every step, or those named; what follows `--` goes to the last one."""
    names, options = _split(arguments)
    if unknown := [name for name in names if name not in STEPS]:
        raise Problem(f"There is no step {unknown[0]}: choose from {', '.join(STEPS)}.")
    return _run(names or [name for name in STEPS if name not in ALONE], options)


def check(_arguments: list[str]) -> int:
    return _run(CHECKS, [])


def coverage(_arguments: list[str]) -> int:
    return _run(ALONE, [])


def faults(arguments: list[str]) -> int:
    """Run the long fault tests; the data must survive them, so nothing is relaxed."""
    command = _python("pytest", "tests", "-m", "faults", *_split(arguments)[1])
    return _with_servers(lambda env: _call(command, env), durable=True)


def bench(arguments: list[str]) -> int:
    """Measure the application on servers that write to disk, as they do in earnest."""

    commands = [
        _manage("migrate", "--noinput", "--verbosity=0"),
        _manage("collectstatic", "--noinput", "--verbosity=0"),
        _python("bench", *arguments),
    ]

    def measure(env: Mapping[str, str]) -> int:
        return next((code for command in commands if (code := _call(command, env))), 0)

    return _with_servers(measure, durable=True)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _run(names: list[str], options: list[str]) -> int:
    began = time.monotonic()

    def run_all(env: Mapping[str, str]) -> int:
        at_once = [name for name in names if STEPS[name].beside]
        beside = _Beside(at_once, options if names[-1] in at_once else [], env)
        try:
            for name in [name for name in names if not STEPS[name].beside]:
                if STEPS[name].needs_tables and "CPDHUB_TEST_TEMPLATE" not in env:
                    code = _call(_manage("migrate", "--noinput", "--verbosity=0"), env)
                    if code := code or beside.wait():
                        return code
                    database = env["DATABASE_OWNER_URL"].partition("?")[0].rpartition("/")[2]
                    env = {**env, "CPDHUB_TEST_TEMPLATE": database}
                more = options if name == names[-1] else []
                if code := _run_step(name, more, env):
                    return code
            return beside.wait()
        finally:
            beside.stop()

    if any(STEPS[name].needs_servers for name in names):
        code = _with_servers(run_all, durable=False)
    else:
        code = run_all(os.environ)
    if code == 0:
        _say(f"All passed in {time.monotonic() - began:.0f} s")
    return code


class _Beside:
    """Steps that run at the same time; what they say is told when they are waited for."""

    def __init__(self, names: list[str], options: list[str], env: Mapping[str, str]) -> None:
        self.running = {
            name: subprocess.Popen(
                STEPS[name].with_options(options),
                cwd=REPO,
                env={**env, **STEPS[name].env()},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for name in names
        }

    def wait(self) -> int:
        """The first code that is not 0."""
        for name in list(self.running):
            running = self.running.pop(name)
            said, _ = running.communicate()
            outcome = f"FAILED (code {running.returncode})" if running.returncode else "passed"
            _say(f"\n== {STEPS[name].title} ({name})\n{said}-- {STEPS[name].title} {outcome}")
            if running.returncode:
                return running.returncode
        return 0

    def stop(self) -> None:
        for running in self.running.values():
            running.kill()
            running.communicate()


def _run_step(name: str, options: list[str], env: Mapping[str, str]) -> int:
    step = STEPS[name]
    _say(f"\n== {step.title} ({name})")
    if name == "browser" and not browser():
        if os.environ.get("CI"):
            raise Problem("No Chromium here, and CI requires it: install one (.ci/run does).")
        _say("Left out: no Chromium here. Install one or set CPDHUB_CHROMIUM to run them.")
        return 0
    began = time.monotonic()
    code = _call(step.with_options(options), {**env, **step.env()})
    outcome = "passed" if code == 0 else f"FAILED (code {code})"
    _say(f"-- {step.title} {outcome} in {time.monotonic() - began:.1f} s")
    return code


def _with_servers(work: Callable[[Mapping[str, str]], int], *, durable: bool) -> int:
    """Work with servers of our own: a test run must never meet somebody's data."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up then, too
    folder: Folder = Throwaway()
    nobody: dict[str, str] = {}
    folder.lock()
    try:
        servers = Servers(folder, nobody, durable=durable)
        try:
            servers.start()
            own = servers.environment(nobody)
            return work({**os.environ, **own, **ALL})
        finally:
            servers.stop()
    finally:
        folder.unlock()


def _call(command: Command, env: Mapping[str, str]) -> int:
    """Run in our own session: Ctrl-C reaches the tests, which stop and say where they were."""
    with subprocess.Popen(command, cwd=REPO, env=dict(env)) as running:
        try:
            return running.wait()
        except KeyboardInterrupt:
            process.stop(running, signal.SIGINT, grace=10, force=signal.SIGKILL)
            raise


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
