"""The parts of `make run` that need no servers."""

import re
import signal
import socket
import sys

import pytest

from trial import children, packages, run, servers, steps
from trial.folder import REPO
from trial.problem import Problem


def test_address_of_the_application_without_the_owners_is_refused(folder):
    with pytest.raises(Problem, match="set DATABASE_OWNER_URL too"):
        servers.Servers(folder, {"DATABASE_URL": "postgresql://app@db/cpdhub"})


def test_addresses_left_by_shell_env_are_not_taken_for_servers_of_the_persons_own():
    theirs = {"PATH": "/bin", "CPDHUB_PORT": "8001"}
    ours = {"CPDHUB_PORT": "8001", "DATABASE_URL": "postgresql://a", "SECRET_KEY": "s"}

    shell = {**theirs, **servers.exports(ours, theirs)}

    assert servers.asked_for(shell) == theirs


def test_what_a_person_sets_wins_over_what_is_usual(folder):
    folder.make()

    env = servers.environment(folder, {}, {"CPDHUB_PORT": "8123", "SECRET_KEY": "mine"})

    assert env["SECRET_KEY"] == "mine"
    assert env["CPDHUB_BASE_URL"] == "http://127.0.0.1:8123"
    assert env["CPDHUB_TRIAL"] == "True"


def test_taken_port_is_named_with_another_to_try(monkeypatch):
    monkeypatch.setattr(run, "PORT_SECONDS", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Problem, match=f"Port {port} is taken.*CPDHUB_PORT={port + 1} make run"):
            run._require_port(port)


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1"])
def test_port_that_cannot_be_is_refused(monkeypatch, port):
    monkeypatch.setenv("CPDHUB_PORT", port)

    with pytest.raises(Problem, match="from 1 to 65535"):
        run._port()


def make_child(tmp_path, script):
    command = [sys.executable, "-c", script]
    return children.Child("worker", command, tmp_path, {"PATH": "/usr/bin:/bin"})


def look_after_until_it_fails(child):
    while True:
        child.process.wait()
        child.look_after()


def test_child_that_keeps_ending_is_given_up_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "FIRST_PAUSE", 0)
    child = make_child(tmp_path, "raise SystemExit('out of paper')")
    child.start()

    with pytest.raises(Problem, match="worker process ended 6 times in a row") as problem:
        look_after_until_it_fails(child)

    assert str(problem.value).count("out of paper") == 6


def test_killed_child_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "FIRST_PAUSE", 0)
    child = make_child(tmp_path, "import time; time.sleep(60)")
    child.start()
    first = child.process

    first.kill()
    first.wait()
    child.look_after()

    assert child.process.pid != first.pid
    assert child.process.poll() is None
    child.stop()
    assert child.process.returncode == -signal.SIGTERM


def test_changed_requirements_are_installed(tmp_path, monkeypatch):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one==1\n")
    monkeypatch.setattr(packages, "REQUIREMENTS", (requirements,))
    before = packages._mark("3.11")

    requirements.write_text("one==2\n")

    assert packages._mark("3.11") != before
    assert packages._mark("3.12") != packages._mark("3.11")


def test_ci_requires_a_browser(monkeypatch, capsys):
    monkeypatch.setattr(steps, "browser", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    assert steps._run_step("browser", [], {}) == 0
    assert "Left out: no Chromium here" in capsys.readouterr().out

    monkeypatch.setenv("CI", "1")

    with pytest.raises(Problem, match="CI requires it"):
        steps._run_step("browser", [], {})


def test_step_looks_where_it_is_told():
    unit = steps.STEPS["unit"]

    assert unit.with_options(["-x"])[-2:] == ["tests", "-x"]
    assert unit.with_options(["tests/trial", "-x"])[-2:] == ["tests/trial", "-x"]
    assert "tests" not in unit.with_options(["tests/trial"])


def test_unknown_step_is_refused_with_the_names_of_the_others():
    with pytest.raises(Problem, match="no step lunch: choose from lint, format"):
        steps.test(["lunch"])


def test_example_environment_lists_every_variable_that_is_read():
    read = set()
    for package in ("cpdhub", "trial"):
        for path in (REPO / package).rglob("*.py"):
            text = path.read_text()
            read |= set(re.findall(r'env\.(?:text|switch|number|words)\(\s*"(\w+)"', text))
            read |= set(re.findall(r'environ(?:\.get\(|\[)\s*"(CPDHUB_\w+|[A-Z]+_URL)"', text))

    listed = set(re.findall(r"^([A-Z_]+)=", (REPO / ".env.example").read_text(), re.MULTILINE))

    assert read <= listed
    assert listed - read <= {"CPDHUB_PORT"}  # read through a helper
