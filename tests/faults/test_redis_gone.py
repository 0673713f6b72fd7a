"""R2: Redis is gone for a while under fifty users, comes back, and is then flushed empty.

A minute in `make faults`; CPDHUB_REDIS_GONE_SECONDS=600 makes it ten.
"""

import os
import random
import signal
import statistics
import threading
import time
import uuid
from datetime import timedelta

import pytest
import redis
from django.db import connection

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import Job, OutboxMessage, Staff
from cpdhub.permissions import Role
from cpdhub.walls import installation_scope, school_scope
from tests.factories import AcademicYearFactory, ActivityTypeFactory, SchoolFactory, StaffFactory
from tests.faults.web import Visitor, Web, failed
from tests.helpers import url
from tests.worker import Worker
from trial.broker import Broker
from trial.folder import Throwaway

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
GONE_SECONDS = int(os.environ.get("CPDHUB_REDIS_GONE_SECONDS", "60"))
BEFORE_SECONDS = 20
THINK_SECONDS = 5
SCHOOLS, USERS = 10, 50
DELIVERED_WITHIN = 120
PAGES = ["home", "activities:list", "staff:list", "plan:plan", "jobs:mine"]


@pytest.fixture
def broker():
    """A Redis of this test's own, which it may stop."""
    folder = Throwaway()
    folder.lock()
    broker = Broker(folder)
    broker.start()
    yield broker
    broker.stop()
    folder.unlock()


@pytest.fixture
def installation(transactional_db, broker, tmp_path):
    """Web, worker and beat, as they run for schools."""
    worker = Worker(tmp_path, f"test-{uuid.uuid4()}", database=connection.settings_dict["NAME"])
    worker.env["REDIS_URL"] = broker.url()
    web = Web(worker)
    web.start()
    worker.start()
    beat = worker.beat(seconds=30)
    yield web, worker
    beat.terminate()
    beat.wait()
    worker.stop()
    web.stop()


class Person(Visitor):
    """A head who reads pages, invites colleagues and logs what they learned."""

    def settle(self, school, number, kind):
        self.school, self.kind, self.number = school, kind, number
        turns = (BEFORE_SECONDS + GONE_SECONDS) // THINK_SECONDS * 2 + 20
        with school_scope(school):
            self.newcomers = Staff.objects.bulk_create(
                Staff(school=school, first_name="New", last_name="Comer", group="teacher",
                      email=f"n{number}-{turn}@school.example")
                for turn in range(turns)
            )  # fmt: skip
        self.invited, self.logged = [], []
        return self

    def read(self):
        self.ask("GET", url(self.school, random.choice(PAGES)))

    def invite(self):
        person = self.newcomers.pop()
        if self.ask("POST", url(self.school, "staff:invite", person.pk), {}):
            self.invited.append(person.email)

    def log(self):
        title = f"Book {self.number}-{len(self.logged)}"
        day = (clock.today() - timedelta(days=1)).isoformat()
        form = {"title": title, "type": self.kind, "on": day, "hours": "1"}
        if self.ask("POST", url(self.school, "activities:log_own"), form):
            self.logged.append(title)

    def work(self, until):
        while time.monotonic() < until:
            for act in (self.read, self.invite, self.read, self.log):
                self.think(THINK_SECONDS)
                if time.monotonic() < until:
                    act()


def all_at_work(people, seconds):
    """Everybody works for so long; what they were answered."""
    until = time.monotonic() + seconds
    for person in people:
        person.answers.clear()
    threads = [threading.Thread(target=person.work, args=[until]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for person in people for answer in person.answers]


def times(answers):
    """Median and 95th percentile, in milliseconds."""
    took = sorted(answer[4] * 1000 for answer in answers)
    return statistics.median(took), took[int(len(took) * 0.95)]


def people_of(web):
    people = []
    for n in range(SCHOOLS):
        school = SchoolFactory()
        AcademicYearFactory(school=school)
        kind = ActivityTypeFactory(school=school).pk
        for m in range(USERS // SCHOOLS):
            head = StaffFactory(school=school, roles=[Role.HEAD])
            people.append(Person(web, head.user).settle(school, n * SCHOOLS + m, kind))
    return people


def waiting():
    with installation_scope():
        letters = OutboxMessage.across.filter(sent_at=None).count()
        return letters + Job.across.unfinished().count()


def test_nothing_fails_and_nothing_is_lost_while_redis_is_gone(installation, broker, capsys):
    web, worker = installation
    people = people_of(web)
    before = all_at_work(people, BEFORE_SECONDS)
    worker.wait_for(lambda: waiting() == 0, seconds=DELIVERED_WITHIN)

    broker.stop()
    for person in people[:: USERS // SCHOOLS]:
        person.ask("POST", url(person.school, "impact:report"), {})
    gap = all_at_work(people, GONE_SECONDS)
    left = waiting()
    broker.start()
    began = time.monotonic()
    worker.wait_for(lambda: waiting() == 0, seconds=DELIVERED_WITHIN)
    took = time.monotonic() - began

    os.killpg(worker.process.pid, signal.SIGSTOP)  # so that something is queued to be lost
    for person in people:
        person.invite()
    with redis.Redis.from_url(broker.url()) as queue:
        queue.flushall()
    os.killpg(worker.process.pid, signal.SIGCONT)
    for person in people:
        person.invite()
    began = time.monotonic()
    worker.wait_for(lambda: waiting() == 0, seconds=DELIVERED_WITHIN)
    flushed = time.monotonic() - began

    with capsys.disabled():
        print(f"\n{USERS} users, Redis gone for {GONE_SECONDS} s: {len(gap)} pages and forms")
        print("median and p95 before: {:.0f}, {:.0f} ms;".format(*times(before)), end=" ")
        print("without Redis: {:.0f}, {:.0f} ms".format(*times(gap)))
        print(f"{left} letters and reports delivered {took:.0f} s after it was back;")
        print(f"{2 * USERS} around a flush after {flushed:.0f} s")
    assert failed(before + gap + [answer for person in people for answer in person.answers]) == []
    assert times(gap)[0] - times(before)[0] <= 200
    assert_each_is_done_once(people)


def assert_each_is_done_once(people):
    asked = sorted(email for person in people for email in person.invited)
    with installation_scope():
        letters = OutboxMessage.across.filter(to__in=asked)
        assert sorted(letters.values_list("to", flat=True)) == asked
        assert set(letters.values_list("attempts", flat=True)) == {1}
        assert list(Job.across.values_list("state", "attempts")) == [("done", 1)] * SCHOOLS
    for person in people:
        with school_scope(person.school):
            mine = Activity.objects.filter(owner__user=person.user)
            assert sorted(mine.values_list("title", flat=True)) == sorted(person.logged)
