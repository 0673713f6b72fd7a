"""Is everything well? For load balancers and monitors."""

import os
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cpdhub import clock, dispatch, queue
from cpdhub.celery import app
from cpdhub.models import OutboxMessage, Submission
from cpdhub.walls import school_scope
from tests.factories import (
    JobFactory,
    OutboxMessageFactory,
    PulseFactory,
    ReminderFactory,
    SubmissionFactory,
    UserFactory,
)


@pytest.fixture
def beating(db):
    return PulseFactory(name="beat")


def parts(client):
    response = client.get("/readyz")
    return {name: part["ok"] for name, part in response.json()["parts"].items()}


WELL = dict.fromkeys(["database", "queue", "beat", "reminders", "letters", "jobs"], True)


def test_web_process_says_it_lives_without_a_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/livez")

    assert (response.status_code, response.text) == (200, "ok")


def test_all_is_well(client, beating):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert {name: part["ok"] for name, part in response.json()["parts"].items()} == WELL


def test_reads_no_session_and_no_person(client, beating):
    with CaptureQueriesContext(connection) as queries:
        client.get("/readyz")

    read = " ".join(query["sql"] for query in queries)
    assert "cpdhub_pulse" in read
    assert "django_session" not in read
    assert "cpdhub_user" not in read


def test_beat_not_seen_for_five_minutes_is_an_alarm(client, db):
    PulseFactory(name="beat", beat_at=clock.now() - timedelta(minutes=5, seconds=1))

    assert client.get("/readyz").status_code == 503
    assert parts(client) == {**WELL, "beat": False}


def test_beat_never_seen_is_an_alarm(client, db):
    assert parts(client) == {**WELL, "beat": False}


@pytest.mark.parametrize(
    ("part", "make"),
    [
        ("reminders", lambda at: ReminderFactory(due_at=at)),
        ("letters", lambda at: OutboxMessageFactory(next_try_at=at)),
        ("jobs", lambda at: JobFactory(next_try_at=at)),
    ],
)
@pytest.mark.parametrize(("minutes", "is_ok"), [(14, True), (16, False)])
def test_what_is_due_for_long_is_an_alarm(client, beating, part, make, minutes, is_ok):
    make(clock.now() - timedelta(minutes=minutes))

    assert parts(client) == {**WELL, part: is_ok}


@pytest.fixture
def no_queue(settings, monkeypatch):
    """Redis is gone: nothing listens at its address."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.conf, "broker_read_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setattr(queue, "_paused_until", 0.0)


def test_queue_that_is_gone_is_an_alarm_within_a_second(client, beating, no_queue):
    began = time.monotonic()

    assert parts(client) == {**WELL, "queue": False}
    assert time.monotonic() - began < 1


@pytest.mark.django_db(transaction=True)
def test_page_works_while_the_queue_is_gone_and_the_letter_waits(client, no_queue, monkeypatch):
    message = OutboxMessageFactory(attempts=8, next_try_at=None, error="550")
    client.force_login(UserFactory(is_administrator=True))
    began = time.monotonic()
    response = client.post(f"/hub/outbox/{message.pk}/again/")
    took = time.monotonic() - began

    assert response.status_code == 302
    assert took < 1
    queued = []
    monkeypatch.setattr(queue, "publish", lambda task, **kwargs: queued.append((task, kwargs)))
    monkeypatch.setattr(queue, "length", lambda: 0)
    dispatch.tick()
    letters = [kwargs["message_id"] for task, kwargs in queued if task == "send_message"]
    assert letters == [message.pk]


@pytest.mark.django_db(transaction=True)
def test_queue_that_failed_is_not_asked_again_for_some_seconds(no_queue, monkeypatch):
    asked = []
    real = app.send_task
    monkeypatch.setattr(app, "send_task", lambda *a, **k: asked.append(a) or real(*a, **k))

    taken = [queue.publish("tick", priority=queue.JOB) for _ in range(50)]

    assert taken == [False] * 50
    assert len(asked) == 1
    assert queue.length() == 0


def test_details_are_for_whoever_knows_the_word(client, beating, settings):
    settings.HEALTH_TOKEN = "open sesame"

    without = client.get("/readyz")
    wrong = client.get("/readyz", {"token": "open sesam\u00e9"})
    right = client.get("/readyz", {"token": "open sesame"})

    assert (without.text, wrong.text) == ("ok", "ok")
    assert right.json()["ready"] is True


def test_outside_a_trial_details_are_for_nobody_without_a_word(client, beating, settings):
    settings.TRIAL = False

    assert client.get("/readyz", {"token": ""}).text == "ok"


# --- tidying --------------------------------------------------------------------------------------
def test_tidying_deletes_what_has_served_in_its_own_school_only(school, other_school):
    old = clock.now() - timedelta(days=31)
    for place in (school, other_school):
        OutboxMessageFactory(school=place, sent_at=old, next_try_at=None)
        OutboxMessageFactory(school=place, created_at=old)  # never sent: kept

    dispatch.tidy(school_id=school.pk)

    left = []
    for place in (school, other_school):
        with school_scope(place):
            left.append(OutboxMessage.objects.count())
    assert left == [1, 2]


def test_tidying_deletes_forms_answered_days_ago(school, settings, tmp_path):
    SubmissionFactory(school=school, created_at=clock.now() - timedelta(days=3))
    kept = SubmissionFactory(school=school)

    dispatch.tidy(school_id=school.pk)

    with school_scope(school):
        assert list(Submission.objects.values_list("key", flat=True)) == [
            Submission.objects.get(pk=kept.pk).key
        ]


def test_tidying_the_installation_deletes_sessions_that_are_over_and_old_mail(
    db, settings, tmp_path
):
    settings.MAIL_FOLDER = tmp_path
    over, running = (
        Session.objects.create(session_key=key, expire_date=clock.now() + timedelta(days=days))
        for key, days in (("over", -1), ("running", 1))
    )
    old, new = tmp_path / "old.eml", tmp_path / "new.eml"
    for letter in (old, new):
        letter.write_text("x")
    os.utime(old, (0, 0))

    dispatch.tidy(school_id=None)

    assert list(Session.objects.all()) == [running]
    assert list(tmp_path.iterdir()) == [new]
