"""The real worker, and what it must bear: kills, repeats, a queue that is gone."""

import os
import signal
import time

from django.db import transaction

from cpdhub import files, jobs, queue
from cpdhub.models import Job, Reminder, StoredFile
from cpdhub.walls import school_scope
from tests.factories import ReminderFactory, StaffFactory
from tests.kinds import has_begun  # and registers them here, too


def start(kind, by, **params):
    with school_scope(by.school):
        return jobs.start(kind, by=by, params=params)


def fresh(row):
    with school_scope(row.school_id):
        return type(row).objects.get(pk=row.pk)


def content(job):
    with school_scope(job.school_id), files.open_file(job.result) as file:
        return file.read()


def tick():
    """The worker looks for what is due, by its own clock."""
    queue.publish("tick", priority=queue.JOB)


def is_over(job):
    return lambda: fresh(job).is_over


# --- with the real worker ------------------------------------------------------------------------
def test_job_runs_and_its_file_is_kept(worker):
    priya = StaffFactory(last_name="Shah")
    StaffFactory(last_name="Elsewhere")

    job = start("test_file", priya)
    worker.wait_for(is_over(job))

    done = fresh(job)
    assert (done.state, done.percent, done.attempts) == (Job.State.DONE, 100, 1)
    with school_scope(priya.school):
        assert done.result.name == "names.txt"
    assert content(done) == b"Shah"


def test_what_is_rolled_back_is_not_queued(worker):
    priya = StaffFactory()
    worker.wait_for(worker.is_idle)
    runs = worker.log.read_text().count("cpdhub.tasks.run_job[")

    with transaction.atomic():
        start("test_file", priya)
        transaction.set_rollback(True)
    job = start("test_file", priya)
    worker.wait_for(is_over(job))
    worker.wait_for(worker.is_idle)

    with school_scope(priya.school):
        assert list(Job.objects.all()) == [job]
    assert worker.log.read_text().count("cpdhub.tasks.run_job[") == runs + 2  # received, succeeded


def test_worker_killed_in_the_middle_job_is_done_once_after_restart(worker, tmp_path):
    priya = StaffFactory()
    started, go = tmp_path / "started", tmp_path / "go"
    job = start("test_while", priya, started=str(started), go=str(go))
    worker.wait_for(has_begun(started))

    worker.kill()
    go.touch()
    worker.start()
    time.sleep(2)  # the lease of the dead attempt
    tick()
    worker.wait_for(is_over(job))

    done = fresh(job)
    assert (done.state, done.attempts) == (Job.State.DONE, 2)
    assert len(started.read_text().splitlines()) == 2
    with school_scope(priya.school):
        assert StoredFile.objects.count() == 1


def test_child_of_the_worker_killed_job_is_done_again(worker, tmp_path):
    priya = StaffFactory()
    started, go = tmp_path / "started", tmp_path / "go"
    job = start("test_while", priya, started=str(started), go=str(go))
    worker.wait_for(has_begun(started))

    os.kill(int(started.read_text()), signal.SIGKILL)
    go.touch()
    worker.wait_for(is_over(job))

    assert (fresh(job).state, fresh(job).attempts) == (Job.State.DONE, 2)


def test_job_that_kills_its_worker_is_put_aside_and_others_are_done(worker):
    priya, other = StaffFactory(), StaffFactory()

    deadly = start("test_kill", priya)
    began = time.monotonic()
    harmless = start("test_file", other)
    worker.wait_for(is_over(harmless))
    waited = time.monotonic() - began
    worker.wait_for(is_over(deadly), seconds=40)

    assert waited < 30
    assert (fresh(deadly).state, fresh(deadly).attempts) == (Job.State.FAILED, 3)
    assert fresh(deadly).error == jobs.KEPT_STOPPING


def test_worker_never_mixes_two_schools(worker):
    one, other = StaffFactory(last_name="One"), StaffFactory(last_name="Other")

    asked = [start("test_file", by) for _ in range(25) for by in (one, other)]
    worker.wait_for(lambda: all(fresh(job).is_over for job in asked), seconds=60)

    found = [content(fresh(job)) for job in asked]
    assert found == [b"One", b"Other"] * 25


def test_reminder_becomes_a_letter_in_the_folder(worker):
    reminder = ReminderFactory(kind="test_note")

    tick()
    worker.wait_for(lambda: list(worker.mail.glob("*.eml")))

    assert fresh(reminder).state == Reminder.State.SENT
