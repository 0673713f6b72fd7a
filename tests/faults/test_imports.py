"""Files at full size: 50,000 rows, 5 % malformed, and a worker that is killed over them."""

import csv
import io
import threading
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from cpdhub import jobs, queue
from cpdhub.models import Establishment, Job, LogEntry, StaffImport
from cpdhub.permissions import Role
from cpdhub.walls import installation_scope, school_scope
from tests.factories import SchoolFactory, StaffFactory, UserFactory
from tests.faults.large_files import ROWS, add_colleagues, everyone, register, staff_file
from tests.helpers import url
from tests.worker import forget_queued

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MOST_MEGABYTES = 300
KILLED_AT = (0.1, 0.5, 0.9)  # of the time the work takes


@pytest.fixture(autouse=True)
def empty_queue(queue_of_this_run):
    yield
    forget_queued(queue_of_this_run)


@pytest.fixture
def fresh_worker(worker):
    """One that has done nothing yet, so that its memory is that of this test's jobs."""
    worker.stop()
    worker.start()
    return worker


def megabytes(worker):
    """The most memory any process of the worker has held."""
    parent = worker.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return max(
        int(line.split()[1]) // 1024
        for pid in [parent, *children]
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def a_school():
    """With five thousand colleagues, a data manager and a head, both at their desks."""
    school = SchoolFactory()
    add_colleagues(school)
    roles = ([Role.DATA_MANAGER], [Role.HEAD])
    people = [StaffFactory(school=school, roles=each, group="") for each in roles]
    return school, *(signed_in(person.user) for person in people)


def upload(school, client, content):
    file = SimpleUploadedFile("staff.csv", content)
    answer = client.post(url(school, "imports:upload"), {"file": file})
    return int(answer.url.rstrip("/").split("/")[-1])


def stands(school, pk):
    with school_scope(school):
        return StaffImport.objects.select_related("job").get(pk=pk)


def until(worker, school, pk, state):
    """How many seconds it takes until the import has got so far."""
    began = time.monotonic()
    worker.wait_for(lambda: stands(school, pk).state == state, seconds=300)
    return time.monotonic() - began


def test_fifty_thousand_rows_are_previewed_and_every_bad_one_is_listed(fresh_worker, capsys):
    """F2: a minute and 300 MB at most; nothing is in the staff list before somebody confirms."""
    school, manager, _ = a_school()
    content, expected = staff_file()
    before = everyone(school)

    began = time.monotonic()
    pk = upload(school, manager, content)
    sent = time.monotonic() - began
    took = sent + until(fresh_worker, school, pk, "previewed")

    memory = megabytes(fresh_worker)
    with capsys.disabled():
        print(f"\n{ROWS:,} rows: sent in {sent:.1f} s, preview after {took:.1f} s, {memory} MB")
    listed = {}
    for line in problems(manager.get(url(school, "imports:problems", pk))):
        if line["What happens"] == "Cannot be imported":
            assert line["Reason"]
            listed.setdefault(int(line["Line"]), []).append(line["Column"])
    assert listed.keys() == expected.keys()
    assert [line for line, column in expected.items() if column not in listed[line]] == []
    assert len(expected) == ROWS * 5 // 100
    assert everyone(school) == before
    assert took <= 60
    assert memory <= MOST_MEGABYTES


def problems(answer):
    return csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))


def test_worker_killed_over_an_import_leaves_one_clean_import(fresh_worker, capsys):
    """F3: killed at 10, 50 and 90 % of reading and of writing, and half way through undoing."""
    worker, (content, _) = fresh_worker, staff_file()
    clean, manager, _ = a_school()
    before = everyone(clean)
    pk = upload(clean, manager, content)
    reading = until(worker, clean, pk, "previewed")
    counts = stands(clean, pk).counts
    manager.post(url(clean, "imports:confirm", pk))
    writing = until(worker, clean, pk, "applied")
    written = everyone(clean)
    manager.post(url(clean, "imports:undo", pk))
    undoing = until(worker, clean, pk, "undone")
    memory = megabytes(worker)
    with capsys.disabled():
        print(
            f"\nread {reading:.0f} s, written {writing:.0f} s, undone {undoing:.0f} s, {memory} MB"
        )
    assert everyone(clean) == before
    assert memory <= MOST_MEGABYTES

    school, manager, head = a_school()
    pk = upload(school, manager, content)
    kill_at(worker, school, pk, KILLED_AT, reading)
    ask_again(worker, school, pk, manager)
    until(worker, school, pk, "previewed")
    assert stands(school, pk).counts == counts
    assert everyone(school) == before

    at_once([manager, head], url(school, "imports:confirm", pk))
    kill_at(worker, school, pk, KILLED_AT, writing)
    assert everyone(school) == before
    ask_again(worker, school, pk, head)
    until(worker, school, pk, "applied")
    at_once([manager, head], url(school, "imports:confirm", pk))
    assert everyone(school) == written
    with school_scope(school):
        assert LogEntry.objects.filter(kind=LogEntry.Kind.IMPORTED).count() == 1

    again = upload(school, head, content)
    until(worker, school, again, "previewed")
    assert not {"new", "changed"} & stands(school, again).counts.keys()

    at_once([manager, head], url(school, "imports:undo", pk))
    kill_at(worker, school, pk, [0.5], undoing)
    until(worker, school, pk, "undone")
    assert everyone(school) == before


def kill_at(worker, school, pk, shares, whole):
    """The worker dies at each of these shares of the time the work takes, and starts again."""
    for attempt, share in enumerate(shares, start=1):
        worker.wait_for(lambda n=attempt: stands(school, pk).job.attempts == n, seconds=60)
        time.sleep(share * whole)
        worker.kill()
        assert stands(school, pk).job.state == Job.State.RUNNING
        worker.start()
        worker.wait_for(lambda: stands(school, pk).job.next_try_at < worker.now())
        queue.publish("tick", priority=queue.JOB)


def ask_again(worker, school, pk, client):
    """Three kills park a job with a sentence for people, who press “Try again”."""
    worker.wait_for(lambda: stands(school, pk).job.state == Job.State.FAILED, seconds=60)
    job = stands(school, pk).job
    assert job.error == jobs.KEPT_STOPPING
    client.post(url(school, "jobs:again", job.uuid))


def at_once(clients, path):
    """Everybody presses the same button at the same moment."""
    gate, answers = threading.Barrier(len(clients)), []

    def press(client):
        gate.wait()
        answers.append(client.post(path).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * len(clients)


def test_register_of_fifty_thousand_schools_is_read_in_a_minute(fresh_worker, capsys):
    """The whole extract, 150 columns wide; read again, nothing changes."""
    administrator = signed_in(UserFactory(is_administrator=True))
    content = register()

    took = read_register(fresh_worker, administrator, content)
    memory = megabytes(fresh_worker)
    again = read_register(fresh_worker, administrator, content)

    with capsys.disabled():
        size = len(content) // 1_000_000
        print(
            f"\n{ROWS:,} establishments, {size} MB: {took:.1f} s, again {again:.1f} s, {memory} MB"
        )
    notes = [entry.note for entry in register_log()]
    assert f"{ROWS:,} new" in notes[-1]
    assert f"{ROWS:,} unchanged" in notes[0]
    assert Establishment.objects.count() == ROWS
    assert took <= 60
    assert memory <= MOST_MEGABYTES


def read_register(worker, client, content):
    began = time.monotonic()
    file = SimpleUploadedFile("edubasealldata.csv", content)
    client.post(reverse("hub:register_upload"), {"file": file})
    worker.wait_for(lambda: not unfinished(), seconds=300)
    return time.monotonic() - began


def unfinished():
    with installation_scope():
        return Job.across.unfinished().exists()


def register_log():
    with installation_scope():
        return list(LogEntry.across.filter(school=None, what="register"))
