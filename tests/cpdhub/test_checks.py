"""What must not start, does not."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cpdhub import checks, signing_key

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


@pytest.mark.parametrize("value", ["", "change-me", "aGVsbG8="])
def test_production_needs_a_key_to_sign_with(settings, value):
    settings.PRODUCTION, settings.SIGNING_KEY = True, signing_key.new_key()
    assert checks.key_to_sign_with() == []

    settings.SIGNING_KEY = value

    assert [problem.id for problem in checks.key_to_sign_with()] == ["cpdhub.E005"]


def test_tables_half_way_are_not_migrated_further(db):
    """As from an earlier state of the code, which had more migrations than this one."""
    assert checks.tables_half_way(databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    recorder = MigrationRecorder(connection)
    replaced = MigrationLoader(connection).replacements["cpdhub", "0003_shipped"].replaces

    recorder.record_unapplied(*replaced[0])

    [problem] = checks.tables_half_way(databases=["default"])
    assert problem.id == "cpdhub.E004"
    assert problem.msg.startswith("Of cpdhub this database has only some")

    for app, name in replaced:
        recorder.record_unapplied(app, name)
    assert checks.tables_half_way(databases=["default"]) == []  # none of them: to be done


def test_tables_made_before_migrations_became_one_are_up_to_date(db):
    """Every earlier migration is recorded, and of the new ones those whose names are old."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    for app in ("cpdhub", "audits", "activities"):
        MigrationRecorder(connection).record_unapplied(app, "0003_shipped")

    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_passwords_are_hashed_with_the_whole_of_argon2():
    """Tests take a cheaper one (tests/passwords.py); the application does not."""
    from cpdhub import settings as ours

    assert ours.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
