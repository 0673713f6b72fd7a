"""What must not start, does not."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from cpdhub import checks

COMMANDS = {
    "web": ["-c", "import cpdhub.wsgi"],
    "worker": ["-m", "celery", "-A", "cpdhub", "worker", "-c", "1", "-Q", "nobody"],
    "beat": ["-m", "celery", "-A", "cpdhub", "beat", "-S", "celery.beat:Scheduler", "--pidfile="],
}


def start(command, **env):
    return subprocess.run(
        [sys.executable, *COMMANDS[command]],
        cwd=settings.BASE_DIR,
        env={**os.environ, "CPDHUB_TRIAL": "True", **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_starts_as_the_owner_of_the_tables(db, command):
    """The test database's owner: row-level security does not bind it."""
    name = connection.settings_dict["NAME"]
    owner = os.environ["DATABASE_OWNER_URL"].rpartition("/")[0] + f"/{name}"

    result = start(command, DATABASE_URL=owner)

    assert result.returncode != 0
    assert "whom row-level security does not bind" in result.stderr


def test_plain_role_may_start(db):
    name = connection.settings_dict["NAME"]
    app = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"

    assert start("web", DATABASE_URL=app).returncode == 0


@pytest.mark.parametrize(
    ("setting", "value", "error"),
    [
        ("CPDHUB_NOW", "2026-11-22", "cpdhub.E001"),
        ("CELERY_TASK_TIME_LIMIT", 10_000, "cpdhub.E002"),
        ("SECURE", False, "cpdhub.E003"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings, setting, value, error):
    settings.PRODUCTION, settings.SECURE, settings.CPDHUB_NOW = True, True, ""
    assert checks.clock_and_queue() == []

    setattr(settings, setting, value)

    assert [problem.id for problem in checks.clock_and_queue()] == [error]


def test_passwords_are_hashed_with_the_whole_of_argon2():
    """Tests take a cheaper one (tests/passwords.py); the application does not."""
    from cpdhub import settings as ours

    assert ours.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
