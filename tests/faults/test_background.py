"""Background work at full size: `make faults`. Each test prints its figure."""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection

from cpdhub import clock, dispatch, jobs, queue
from cpdhub.models import Job, OutboxMessage, Reminder, StoredFile
from cpdhub.walls import installation_scope, school_scope
from tests.factories import ReminderFactory, SchoolFactory, StaffFactory
from tests.kinds import has_begun  # and registers them
from tests.worker import forget_queued

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def empty_queue(queue_of_this_run):
    yield
    forget_queued(queue_of_this_run)


def fresh(job):
    with school_scope(job.school_id):
        return Job.objects.get(pk=job.pk)


def start(kind, by, **params):
    with school_scope(by.school):
        return jobs.start(kind, by=by, params=params)


def add_reminders(staff, count, *, due_in):
    """Rows by the hundred thousand, written as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.school_ids', %s, false)", [str(staff.school_id)])
        cursor.execute(
            "INSERT INTO cpdhub_reminder (school_id, staff_id, kind, key, due_at, state, attempts)"
            " SELECT %s, %s, 'test_note', 'n' || n, %s + n * interval '1 second', 'waiting', 0"
            " FROM generate_series(1, %s) n",
            [staff.school_id, staff.pk, clock.now() + due_in, count],
        )
        cursor.execute("SELECT set_config('app.school_ids', '', false)")
        cursor.execute("ANALYZE cpdhub_reminder")


def test_a_million_waiting_reminders_none_due_are_looked_through_in_50_ms(capsys):
    for _ in range(10):
        add_reminders(StaffFactory(), 100_000, due_in=timedelta(days=1))

    took = []
    for _ in range(20):
        began = time.perf_counter()
        with installation_scope():
            assert list(Reminder.across.due(clock.now())[: dispatch.MOST_A_TICK]) == []
        took.append((time.perf_counter() - began) * 1000)

    with capsys.disabled():
        print(f"\n1,000,000 waiting, none due: {sorted(took)[10]:.1f} ms, worst {max(took):.1f} ms")
    assert sorted(took)[10] <= 50


def test_ten_thousand_due_are_queued_in_10_seconds(capsys):
    for _ in range(40):
        add_reminders(StaffFactory(), 250, due_in=timedelta(days=-1))

    began = time.perf_counter()
    dispatch.tick()
    took = time.perf_counter() - began

    with capsys.disabled():
        print(f"\n10,000 due: queued in {took:.1f} s, {queue.length()} messages")
    assert took <= 10
    assert queue.length() >= 40 * 250 / dispatch.HANDFUL


def test_ten_thousand_due_are_sent_once_each(worker, capsys):
    staff = [StaffFactory() for _ in range(40)]
    for person in staff:
        add_reminders(person, 250, due_in=timedelta(days=-1))

    began = time.perf_counter()
    for _ in range(3):  # as if several beats ran
        queue.publish("tick", priority=queue.JOB)
    worker.wait_for(lambda: _letters() == 10_000 and _unsent() == 0, seconds=1800)

    took = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n10,000 due: all letters sent by one worker in {took:.0f} s")
    worker.wait_for(worker.is_idle, seconds=120)
    assert _letters() == len(list(worker.mail.glob("*.eml"))) == 10_000


def _letters():
    with installation_scope():
        return OutboxMessage.across.count()


def _unsent():
    with installation_scope():
        return OutboxMessage.across.filter(sent_at=None).count()


def test_worker_killed_fifty_times_every_job_is_done_once(worker, tmp_path, capsys):
    """R1: kill -9 of the child, of the worker's whole group, at random moments."""
    chance = random.Random(50)
    staff = StaffFactory()
    longest = 0.0
    for turn in range(50):
        started, go = tmp_path / f"started-{turn}", tmp_path / f"go-{turn}"
        job = start("test_while", staff, started=str(started), go=str(go))
        worker.wait_for(has_begun(started), seconds=30)
        time.sleep(chance.random())
        if turn % 2:
            os.kill(int(started.read_text().split()[0]), signal.SIGKILL)
        else:
            worker.kill()
            worker.start()
        began = time.monotonic()
        go.touch()
        while not fresh(job).is_over:
            assert time.monotonic() - began < 60, f"turn {turn}: still {fresh(job).state}"
            queue.publish("tick", priority=queue.JOB)
            time.sleep(0.5)
        longest = max(longest, time.monotonic() - began)
        done = fresh(job)
        assert (done.state, done.attempts) == (Job.State.DONE, 2), f"turn {turn}"

    with capsys.disabled():
        print(f"\n50 kills: every job done once, the slowest {longest:.1f} s after the kill")
    with school_scope(staff.school):
        assert StoredFile.objects.count() == 50


def test_worker_of_five_thousand_tasks_never_mixes_schools(worker, capsys):
    """T7: alternating schools; each file holds the names its own school has."""
    people = [StaffFactory(last_name=f"Only{n}") for n in range(4)]

    asked = [start("test_file", people[n % 4]) for n in range(5_000)]
    worker.wait_for(lambda: _unfinished() == 0, seconds=1800)

    crossings = 0
    for n, job in enumerate(asked):
        with school_scope(job.school_id):
            stored = Job.objects.select_related("result").get(pk=job.pk).result
            crossings += b"".join(stored.pieces()) != f"Only{n % 4}".encode()
    with capsys.disabled():
        print(f"\n5,000 tasks of 4 schools by one worker: {crossings} crossings")
    assert crossings == 0


def _unfinished():
    with installation_scope():
        return Job.across.unfinished().count()


def test_two_beats_and_two_workers_send_each_letter_once(worker, capsys):
    """R6: several beats for half a minute; each reminder becomes one letter."""
    rows = [ReminderFactory(kind="test_note", school=SchoolFactory()) for _ in range(50)]
    beats = [worker.beat(seconds=2) for _ in range(2)]
    try:
        worker.wait_for(lambda: _letters() == 50 and _unsent() == 0, seconds=120)
        time.sleep(5)
    finally:
        for beat in beats:
            beat.terminate()
            beat.wait()

    worker.wait_for(worker.is_idle)
    with capsys.disabled():
        print(f"\n2 beats: {len(rows)} reminders, {_letters()} letters")
    assert _letters() == 50
