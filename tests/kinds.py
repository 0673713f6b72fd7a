"""Kinds of jobs and reminders for the tests; the real worker loads them with `--include`."""

import os
import signal
import time
from pathlib import Path

from cpdhub import jobs, reminders
from cpdhub.emails import Letter
from cpdhub.models import LogEntry, Staff
from cpdhub.permissions import Permission


def make_file(job, progress):
    """Writes who is open now into the file: a worker that mixes schools is found out."""
    progress(50, "Half way")
    with job.scope():
        names = sorted(Staff.objects.values_list("last_name", flat=True))
    jobs.store(job, "names.txt", "text/plain", [" ".join(names).encode()])


def take_a_while(job, progress):
    """Leaves a line for each time it runs, then works until the test lets it go."""
    with Path(job.params["started"]).open("a") as started:
        started.write(f"{os.getpid()}\n")
    for second in range(job.params.get("tenths", 600)):
        if Path(job.params["go"]).exists():
            break
        progress(second // 10, "Working")
        time.sleep(0.1)
    jobs.store(job, "done.txt", "text/plain", [b"done"])


def has_begun(started):
    """It has left its line: the file is there a moment before."""
    return lambda: started.exists() and started.read_text()


def kill_the_worker(job, progress):
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(job, progress):
    raise jobs.JobFailed("The file has no column with names.")


def break_down(job, progress):
    raise ZeroDivisionError("secret detail")


def lose_the_database(job, progress):
    raise ConnectionError("server closed the connection")


def leave_a_trace(job, progress):
    with job.scope():
        LogEntry.objects.create(school=job.school, by=job.requested_by, kind="exported")


for _name, _run in {
    "test_file": make_file,
    "test_while": take_a_while,
    "test_kill": kill_the_worker,
    "test_refuse": refuse,
    "test_break": break_down,
    "test_lose": lose_the_database,
    "test_trace": leave_a_trace,
}.items():
    jobs.register(_name, title="A test", permission=Permission.LOG_LEARNING, run=_run)


def write(reminder):
    if reminder.key.endswith("poison"):
        raise ValueError("this one cannot be written")
    if reminder.key.endswith("void"):
        return None
    to = reminder.staff.user.email
    return Letter(to=to, subject=f"About {reminder.key}", text="Hello", html="<p>Hello</p>")


def find_nothing(school, now):
    return []


reminders.register("test_note", find=find_nothing, letter=write)
reminders.register("test_prompt", find=find_nothing, letter=write, is_prompt=True)
reminders.register("test_digest", find=find_nothing, letter=write, is_digest=True)
reminders.register("test_for_all", find=find_nothing, letter=write, is_for_all=True)
