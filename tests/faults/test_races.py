"""B1, with what exists: many people at one form at the same moment, and one effect.

The same tests in two sizes: a few connections in `make test`, 20 × 100 rounds in `make faults`.
"""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from activities.models import Activity, Attendance, Participation
from cpdhub import clock, jobs
from cpdhub.models import Job, LogEntry, Staff, StaffImport, StoredFile
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    QualificationFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    StaffImportFactory,
    StaffImportRowFactory,
    at_four,
)
from tests.helpers import url

pytestmark = pytest.mark.django_db(transaction=True)


class Crowd:
    """People who act at the same moment, each on a database connection of their own."""

    def __init__(self, size):
        self.size = size
        self.pool = ThreadPoolExecutor(size)
        self.gate = threading.Barrier(size)

    def do(self, act):
        """`act(n)` by everybody at once; their answers."""

        def wait_and_act(n):
            self.gate.wait(timeout=60)
            return act(n)

        return list(self.pool.map(wait_and_act, range(self.size)))

    def leave(self):
        self.do(lambda n: connection.close())
        self.pool.shutdown()


@pytest.fixture(
    params=[(4, 3), pytest.param((20, 100), marks=pytest.mark.faults)], ids=["few", "many"]
)
def crowd_and_rounds(request):
    size, rounds = request.param
    crowd = Crowd(size)
    yield crowd, range(rounds)
    crowd.leave()


@pytest.fixture(autouse=True)
def time_taken(request, capsys):
    began = time.monotonic()
    yield
    if "many" in request.node.name:
        with capsys.disabled():
            print(f"\n{request.node.name}: {time.monotonic() - began:.0f} s")


def clients_of(people, size):
    """A client for each connection; the people take turns at them."""
    clients = [Client() for _ in range(size)]
    for n, client in enumerate(clients):
        client.force_login(people[n % len(people)].user)
    return clients


def test_same_form_sent_many_times_at_once_has_one_effect(crowd_and_rounds):
    crowd, rounds = crowd_and_rounds
    teacher = StaffFactory()
    school, kind = teacher.school, ActivityTypeFactory(school=teacher.school)
    clients = clients_of([teacher], crowd.size)
    path, day = url(school, "activities:log_own"), clock.today() - timedelta(days=1)

    for number in rounds:
        form = {"title": f"Book {number}", "type": kind.pk, "on": day.isoformat(), "hours": "1"}
        form["once"] = str(uuid.uuid4())
        answers = crowd.do(lambda n, form=form: clients[n].post(path, form))
        with school_scope(school):
            made = Activity.objects.get(title=form["title"])
        there = url(school, "activities:activity", made.pk)
        assert {answer.headers.get("Location") for answer in answers} == {there}

    with school_scope(school):
        assert Attendance.objects.count() == Activity.objects.count() == len(rounds)


def test_paper_replaced_in_many_windows_at_once_is_kept_once(crowd_and_rounds):
    crowd, rounds = crowd_and_rounds
    row = QualificationFactory()
    school, path = row.school, url(row.school, "record:qualification_change", row.uuid)
    clients = clients_of([row.owner], crowd.size)
    form = {"kind": row.kind, "title": row.title, "state": row.state}

    for _ in rounds:
        answers = crowd.do(
            lambda n: clients[n].post(
                path, form | {"upload": SimpleUploadedFile("paper.pdf", b"%PDF-1.7")}
            )
        )
        assert {answer.status_code for answer in answers} == {302}
        with school_scope(school):
            row.refresh_from_db()
            assert [file.pk for file in StoredFile.objects.all()] == [row.file_id]


def test_import_confirmed_by_two_people_many_times_at_once_is_written_once(crowd_and_rounds):
    crowd, rounds = crowd_and_rounds
    school = SchoolFactory()
    people = [StaffFactory(school=school, roles=[role]) for role in (Role.HEAD, Role.CPD_LEADER)]
    clients = clients_of(people, crowd.size)

    for number in rounds:
        made = StaffImportFactory(school=school, created_by=people[0])
        values = {"first_name": "Ada", "last_name": "Byron", "staff_code": f"A{number}"}
        writes = {field: ["", value] for field, value in values.items()}
        StaffImportRowFactory(school=school, staff_import=made, values=values, writes=writes)
        path = url(school, "imports:confirm", made.pk)

        answers = crowd.do(lambda n, path=path: clients[n].post(path).status_code)
        with school_scope(school):
            job = Job.objects.unfinished().get()
        crowd.do(lambda n, pk=job.pk: jobs.run(school_id=school.pk, job_id=pk))

        assert answers == [302] * crowd.size
        with school_scope(school):
            assert Staff.objects.filter(staff_code=f"A{number}").count() == 1
            assert StaffImport.objects.get(pk=made.pk).state == "applied"

    with school_scope(school):
        assert LogEntry.objects.filter(kind=LogEntry.Kind.IMPORTED).count() == len(rounds)


def test_register_taken_many_times_at_once_counts_everybody_once(crowd_and_rounds):
    crowd, rounds = crowd_and_rounds
    school = SchoolFactory()
    leaders = [StaffFactory(school=school, roles=[role]) for role in (Role.HEAD, Role.CPD_LEADER)]
    people = [StaffFactory(school=school).pk for _ in range(3)]
    clients = clients_of(leaders, crowd.size)

    for _ in rounds:
        activity = ActivityFactory(school=school, state="planned", owner=leaders[0])
        start = at_four(clock.today() - timedelta(days=1))
        session = SessionFactory(school=school, activity=activity, starts_at=start)
        join = url(school, "activities:people", activity.pk)
        register = url(school, "activities:register", session.pk)

        # Half of them put people down for it, the other half take its register.
        answers = crowd.do(
            lambda n, join=join, register=register: (
                (
                    clients[n].post(register, {"added": people})
                    if n % 4 < 2
                    else clients[n].post(join, {"people": people})
                ).status_code
            )
        )

        assert answers == [302] * crowd.size
        with school_scope(school):
            of_this = Participation.objects.filter(activity=activity)
            assert sorted(of_this.values_list("staff", flat=True)) == sorted(people)
            there = Attendance.objects.filter(session=session, was_present=True)
            assert sorted(there.values_list("staff", flat=True)) == sorted(people)
            assert Activity.objects.get(pk=activity.pk).state == Activity.State.FINISHED
