"""Fixtures. The whole run assumes the application's plain role: both walls stand in tests."""

import gc
import logging
import os
import uuid
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.urls import set_urlconf
from psycopg2 import sql

from cpdhub import clock
from cpdhub.celery import app
from cpdhub.permissions import Role
from tests.factories import SchoolFactory, StaffFactory
from tests.flushing import flush_what_holds_rows
from tests.worker import Worker, forget_queued, own_queue

LONG = {
    "test_access.py", "test_odd_input.py", "test_second_wall.py", "test_markup.py",
    "test_private_pages.py", "test_demo_days.py", "test_seed_demo.py",
}  # fmt: skip
LONG_IN_THE_BROWSER = {"test_review.py", "test_main_job.py", "test_needs.py", "test_coaching.py"}


def is_long_in_the_browser(item):
    return item.path.parent.name == "browser" and item.path.name in LONG_IN_THE_BROWSER


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What is long comes first, or one process walks at the end while the others wait."""
    items.sort(
        key=lambda item: (
            not is_long_in_the_browser(item),
            item.path.name not in LONG or is_transactional(item),
        )
    )


def pytest_collection_finish():
    """What is loaded by now stays: looking for garbage in it again and again takes a twentieth."""
    gc.collect()
    gc.freeze()


def is_transactional(item):
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or (
        marker is not None and marker.kwargs.get("transaction", False)
    )


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickArgon2"]


@pytest.fixture(scope="session", autouse=True)
def quiet_refusals():
    """The walks are refused thousands of times: nobody reads where in our code that was."""
    logging.getLogger("django.request").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Copied from the database that `make test` migrated, where there is one: each process would
    run every migration again."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("CPDHUB_TEST_TEMPLATE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Created and migrated as the owner, then used as the application."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:  # for the flush of transactional tests
            cursor.execute(
                sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}").format(
                    sql.Identifier(settings.APP_ROLE)
                )
            )
        connection.close()
        connection.settings_dict["OPTIONS"]["assume_role"] = settings.APP_ROLE
        flush_what_holds_rows()
    yield
    with django_db_blocker.unblock():
        connection.close()
        del connection.settings_dict["OPTIONS"]["assume_role"]


@pytest.fixture(scope="session", autouse=True)
def queue_of_this_run():
    """What tests queue is read by their own worker or by nobody."""
    name = f"test-{uuid.uuid4()}"
    with own_queue(name):
        yield name
        forget_queued(f"{name}-unread")


@pytest.fixture(autouse=True)
def addresses_of_nobody():
    """A file that a test asks for and does not read to its end leaves its school's addresses."""
    set_urlconf(None)


@pytest.fixture(autouse=True)
def queue_nobody_reads(request, queue_of_this_run):
    """The worker stays for the whole run: work of tests that did not ask for it is kept from it."""
    if "running_worker" in request.fixturenames:
        yield
    else:
        app.conf.task_default_queue = f"{queue_of_this_run}-unread"
        yield
        app.conf.task_default_queue = queue_of_this_run


@pytest.fixture(scope="session")
def running_worker(django_db_setup, queue_of_this_run, tmp_path_factory):
    database = connection.settings_dict["NAME"]
    folder = tmp_path_factory.mktemp("worker")
    worker = Worker(folder, queue_of_this_run, database=database)
    yield worker
    worker.stop()


@pytest.fixture
def worker(running_worker, transactional_db):
    """A real worker on this test's database. What it did is there once `wait_for` returns."""
    running_worker.forget_letters()
    running_worker.start_if_stopped()
    yield running_worker
    # The flush after this test needs every table to itself.
    running_worker.rest()


@pytest.fixture
def school(db):
    return SchoolFactory(name="Oakfield Primary", slug="oakfield")


@pytest.fixture
def other_school(db):
    return SchoolFactory(name="Riverside", slug="riverside")


@pytest.fixture
def teacher(school):
    return StaffFactory(school=school, first_name="Tom", last_name="Teacher")


@pytest.fixture
def head(school):
    return StaffFactory(school=school, first_name="Helen", last_name="Head", roles=[Role.HEAD])


@pytest.fixture
def cpd_leader(school):
    return StaffFactory(
        school=school, first_name="Carla", last_name="Leader", roles=[Role.CPD_LEADER]
    )


@pytest.fixture
def governor(school):
    return StaffFactory(
        school=school, first_name="Gus", last_name="Governor", roles=[Role.GOVERNOR], group=""
    )


@pytest.fixture
def outsider(other_school):
    """Head of another school: every right there, none here."""
    return StaffFactory(school=other_school, last_name="Outsider", roles=[Role.HEAD])


@pytest.fixture
def sign_in(client):
    """`sign_in(staff)` gives the test client, signed in as that person."""

    def sign_in(staff):
        client.force_login(staff.user)
        return client

    return sign_in


@pytest.fixture
def quick_walk(settings, monkeypatch):
    """For thousands of requests: who is signed in stands in the cookie instead of a table, and
    nobody keeps a copy of what each template was given. Ask for it before signing in."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)


@pytest.fixture
def at(monkeypatch):
    """`at("2026-11-23 08:00")` stops the clock there (London time)."""

    def at(moment: str) -> datetime:
        now = datetime.fromisoformat(moment).replace(tzinfo=clock.LONDON)
        # Below `clock.now`, which models and dataclasses hold as the default of a field.
        stopped = SimpleNamespace(now=lambda: now - clock._shift)
        monkeypatch.setattr(clock, "timezone", stopped)
        return now

    return at
