"""The command line: `python -m trial <command>`."""

import os
import sys
from collections.abc import Callable

from trial import run, serve, steps
from trial.problem import Problem
from trial.servers import asked_for

COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "run": (run.run, "the application with a demo school, until Ctrl-C"),
    "serve": (serve.serve, "database and queue only, until Ctrl-C"),
    "shell-env": (serve.shell_env, "start or find them, print `export` lines for a shell"),
    "stop": (serve.stop, "stop whatever runs in the data folder"),
    "test": (steps.test, f"[{'|'.join(steps.STEPS)}]... [-- options of the last one]"),
    "check": (steps.check, "lint and types"),
    "coverage": (steps.coverage, "how much of our code the tests run; at least 90 %"),
    "faults": (steps.faults, "the long fault tests"),
    "bench": (steps.bench, "speed"),
}


def main(arguments: list[str]) -> int:
    name, *rest = arguments or ["help"]
    if name not in COMMANDS:
        for command, (_, meaning) in COMMANDS.items():
            sys.stdout.write(f"  {command:<10} {meaning}\n")
        return 0 if name in ("help", "-h", "--help") else 2
    environ = asked_for(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        return COMMANDS[name][0](rest)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
