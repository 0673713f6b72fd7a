"""Long work: claimed once, in the right of who asked as it is now, and its pages."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from cpdhub import clock, files, jobs
from cpdhub.models import FilePiece, Job, LogEntry, StoredFile
from cpdhub.permissions import Permission, Role
from cpdhub.walls import installation_scope, school_scope
from tests import kinds  # noqa: F401  registers them
from tests.factories import JobFactory, StaffFactory, UserFactory
from tests.helpers import url

QUERIES_OF_MINE = 15  # the frame's 13 (walls and savepoints), how many, which


def start(kind, by, **params):
    with school_scope(by.school):
        return jobs.start(kind, by=by, params=params)


def run(job):
    jobs.run(school_id=job.school_id, job_id=job.pk)
    return fresh(job)


def fresh(job):
    with job.scope():
        return Job.across.select_related("result").get(pk=job.pk)


def change(job, **values):
    with job.scope():
        Job.across.filter(pk=job.pk).update(**values)


@pytest.fixture
def report(monkeypatch):
    """A kind that colleagues with the right may see, too."""
    kind = jobs.Kind("Termly report", Permission.MAKE_REPORTS, kinds.make_file, is_shared=True)
    monkeypatch.setitem(jobs.KINDS, "report", kind)


# --- the worker's side ---------------------------------------------------------------------------
def test_finished_job_is_not_run_again(teacher):
    job = run(start("test_file", teacher))

    again = run(job)

    assert (again.state, again.attempts, again.finished_at) == (
        Job.State.DONE,
        1,
        job.finished_at,
    )


def test_job_that_somebody_holds_is_left_alone(teacher):
    job = start("test_file", teacher)
    soon = clock.now() + timedelta(seconds=10)
    change(job, state=Job.State.RUNNING, attempts=1, next_try_at=soon)

    assert run(job).attempts == 1


@pytest.mark.parametrize("shift", [timedelta(seconds=-1), timedelta(hours=1)])
def test_job_whose_worker_died_is_run_again_also_when_the_clock_was_set_back(teacher, shift):
    job = start("test_file", teacher)
    change(job, state=Job.State.RUNNING, attempts=1, next_try_at=clock.now() + shift)

    with installation_scope():
        assert list(Job.across.abandoned(clock.now())) == [job]
    assert (run(job).state, fresh(job).attempts) == (Job.State.DONE, 2)


def test_fourth_attempt_is_never_made(teacher):
    job = start("test_file", teacher)
    change(job, state=Job.State.RUNNING, attempts=3, next_try_at=clock.now())

    failed = run(job)

    assert (failed.state, failed.error) == (Job.State.FAILED, jobs.KEPT_STOPPING)


def test_expected_failure_is_told_in_its_own_words(teacher):
    failed = run(start("test_refuse", teacher))

    assert (failed.state, failed.error) == (
        Job.State.FAILED,
        "The file has no column with names.",
    )


def test_unexpected_failure_is_logged_and_not_told(teacher, caplog):
    failed = run(start("test_break", teacher))

    assert (failed.state, failed.error, failed.attempts) == (Job.State.FAILED, jobs.WENT_WRONG, 1)
    assert "secret detail" in caplog.text


def test_lost_connection_is_tried_three_times(teacher):
    job = start("test_lose", teacher)

    states = [run(job).state for _ in range(3)]

    assert states == [Job.State.WAITING, Job.State.WAITING, Job.State.FAILED]


@pytest.mark.parametrize(
    "change_of_fortune",
    [
        {"ends_on": clock.today()},
        {"group": ""},
    ],
)
def test_right_of_who_asked_is_asked_for_again(teacher, change_of_fortune):
    job = start("test_file", teacher)
    with school_scope(teacher.school):
        type(teacher).objects.filter(pk=teacher.pk).update(**change_of_fortune)

    failed = run(job)

    assert (failed.state, failed.error, failed.result) == (
        Job.State.FAILED,
        jobs.NO_RIGHT,
        None,
    )


def test_job_of_a_closed_account_is_refused(teacher):
    job = start("test_file", teacher)
    type(teacher.user).objects.filter(pk=teacher.user_id).update(is_active=False)

    assert run(job).error == jobs.NO_RIGHT


def test_attempt_given_up_for_dead_changes_nothing_any_more(teacher):
    job = start("test_file", teacher)
    change(job, state=Job.State.RUNNING, attempts=2)
    stale = fresh(job)
    stale.attempts = 1

    with pytest.raises(jobs.Superseded):
        jobs.Progress(stale)(50, "Still here")
    with pytest.raises(jobs.Superseded):
        jobs.store(stale, "late.txt", "text/plain", [b"late"])

    assert (fresh(job).percent, fresh(job).result) == (0, None)
    with job.scope():
        assert StoredFile.objects.count() == 0


def test_second_attempt_replaces_the_file_of_the_first(teacher):
    job = start("test_file", teacher)
    change(job, state=Job.State.RUNNING, attempts=1)
    job = fresh(job)

    jobs.store(job, "first.txt", "text/plain", [b"first"])
    jobs.store(job, "second.txt", "text/plain", [b"second"])

    with job.scope():
        assert [stored.name for stored in StoredFile.objects.all()] == ["second.txt"]


def test_work_of_a_job_is_remembered_with_who_asked(teacher):
    run(start("test_trace", teacher))

    with school_scope(teacher.school):
        assert LogEntry.objects.get().by == teacher


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_run_it_once(tmp_path):
    teacher = StaffFactory()
    (tmp_path / "go").touch()
    started = tmp_path / "started"
    job = start("test_while", teacher, started=str(started), go=str(tmp_path / "go"))

    def work():
        jobs.run(school_id=job.school_id, job_id=job.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(started.read_text().splitlines()) == 1
    assert fresh(job).state == Job.State.DONE


@pytest.mark.django_db(transaction=True)
def test_lease_is_renewed_while_the_work_goes_on(tmp_path, settings):
    settings.JOB_LEASE_SECONDS = 1.5
    teacher = StaffFactory()
    paths = {"started": str(tmp_path / "started"), "go": str(tmp_path / "go")}
    job = start("test_while", teacher, tenths=25, **paths)
    held = []

    def watch():
        for _ in range(2):
            threading.Event().wait(1)  # twice is longer than one lease
            held.append(fresh(job).is_held(clock.now()) or fresh(job).is_over)
        connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    run(job)
    watcher.join()

    assert held == [True] * 2


def test_kind_cannot_be_registered_twice():
    with pytest.raises(ImproperlyConfigured):
        jobs.register("test_file", title="Another", permission=None, run=kinds.make_file)


def test_walls_hide_jobs_files_and_pieces_without_a_door(teacher):
    job = run(start("test_file", teacher))

    assert job.result is not None
    for model in (Job, StoredFile, FilePiece):
        assert model.across.count() == 0
    with installation_scope():
        assert Job.across.count() == 1
        assert Job.across.update(percent=1) == 0


# --- files ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [0, 1, StoredFile.PIECE, StoredFile.PIECE + 1, 3_000_000])
def test_upload_comes_back_byte_for_byte(school, size):
    content = bytes(i % 251 for i in range(size))
    upload = SimpleUploadedFile("staff.csv", content, content_type="text/csv")

    with school_scope(school):
        stored = files.store_upload(upload, school=school)
        assert FilePiece.objects.count() == -(-size // StoredFile.PIECE)
        copy = files.open_file(stored)

    with copy:
        assert copy.read() == content
    assert (stored.name, stored.content_type, stored.size) == ("staff.csv", "text/csv", size)


# --- pages ---------------------------------------------------------------------------------------
def test_page_shows_progress_and_asks_for_itself_again(sign_in, teacher):
    job = start("test_file", teacher)
    change(job, state=Job.State.RUNNING, percent=40, doing="Reading row 400 of 1,000")

    response = sign_in(teacher).get(url(teacher.school, "jobs:job", job.uuid))

    assert "Reading row 400 of 1,000" in response.text
    assert '<progress id="progress" max="100" value="40">' in response.text
    assert 'hx-trigger="every 2s"' in response.text


def test_fragment_of_a_finished_job_stops_asking_and_offers_the_file(sign_in, teacher):
    job = run(start("test_file", teacher))

    response = sign_in(teacher).get(
        url(teacher.school, "jobs:job", job.uuid), headers={"HX-Request": "true"}
    )

    assert "<html" not in response.text
    assert "hx-trigger" not in response.text
    assert url(teacher.school, "jobs:file", job.uuid) in response.text


def test_fragment_answers_only_when_there_is_something_new(sign_in, teacher):
    job = start("test_file", teacher)
    change(job, state=Job.State.RUNNING, percent=40, doing="Reading")
    client = sign_in(teacher)
    path = url(teacher.school, "jobs:job", job.uuid)
    seen = client.get(path).context["seen"]
    ask = {"path": path, "query_params": {"seen": seen}, "headers": {"HX-Request": "true"}}

    unchanged = client.get(**ask)
    change(job, percent=41)
    changed = client.get(**ask)

    assert (unchanged.status_code, unchanged.content) == (204, b"")
    assert (changed.status_code, "41%" in changed.text) == (200, True)


def test_finished_job_leads_on_to_its_next_page(sign_in, teacher, monkeypatch):
    kind = jobs.Kind("Import", None, kinds.make_file, next_page=lambda job: ("/next/", "Go on"))
    monkeypatch.setitem(jobs.KINDS, "next", kind)
    job = run(start("next", teacher))

    response = sign_in(teacher).get(url(teacher.school, "jobs:job", job.uuid))

    assert '<a class="btn btn-primary" href="/next/">Go on</a>' in response.text


def test_file_is_an_attachment_that_nothing_runs_in(sign_in, teacher):
    job = run(start("test_file", teacher))

    response = sign_in(teacher).get(url(teacher.school, "jobs:file", job.uuid))

    assert response.getvalue() == b"Teacher"
    assert response["Content-Disposition"] == 'attachment; filename="names.txt"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_file_that_was_not_made_does_not_exist(sign_in, teacher):
    job = start("test_file", teacher)

    assert sign_in(teacher).get(url(teacher.school, "jobs:file", job.uuid)).status_code == 404


def test_file_is_refused_when_the_right_has_gone(sign_in, head, report):
    job = run(start("report", head))
    with school_scope(head.school):
        type(head).objects.filter(pk=head.pk).update(roles=[])

    client = sign_in(head)

    assert client.get(url(head.school, "jobs:job", job.uuid)).status_code == 200
    assert client.get(url(head.school, "jobs:file", job.uuid)).status_code == 403
    assert client.post(url(head.school, "jobs:again", job.uuid)).status_code == 403


@pytest.mark.parametrize(("kind", "expected"), [("report", 200), ("test_file", 404)])
def test_colleague_with_the_right_sees_shared_kinds_only(
    sign_in, head, cpd_leader, report, kind, expected
):
    job = run(start(kind, head))

    response = sign_in(cpd_leader).get(url(head.school, "jobs:file", job.uuid))
    response.close()

    assert response.status_code == expected


def test_colleague_without_the_right_does_not_see_shared_kinds(sign_in, head, teacher, report):
    job = run(start("report", head))

    assert sign_in(teacher).get(url(head.school, "jobs:job", job.uuid)).status_code == 404


@pytest.mark.parametrize("view", ["jobs:job", "jobs:file"])
def test_job_of_another_school_answers_like_a_missing_one(sign_in, head, outsider, report, view):
    theirs = run(start("report", outsider))
    client = sign_in(head)

    foreign = client.get(url(head.school, view, theirs.uuid))
    missing = client.get(url(head.school, view, uuid4()))

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_failed_job_is_tried_again_once(sign_in, teacher):
    job = run(start("test_refuse", teacher))
    client = sign_in(teacher)
    page = client.get(url(teacher.school, "jobs:job", job.uuid))

    for _ in range(2):
        client.post(url(teacher.school, "jobs:again", job.uuid))

    assert "The file has no column with names." in page.text
    waiting = fresh(job)
    assert (waiting.state, waiting.attempts, waiting.error) == (Job.State.WAITING, 0, "")


def test_job_that_is_done_cannot_be_started_again(sign_in, teacher):
    job = run(start("test_file", teacher))

    sign_in(teacher).post(url(teacher.school, "jobs:again", job.uuid))

    assert fresh(job).state == Job.State.DONE


def test_job_of_a_kind_that_is_gone_still_has_a_page(sign_in, teacher):
    job = JobFactory(school=teacher.school, requested_by=teacher, kind="old_report")

    response = sign_in(teacher).get(url(teacher.school, "jobs:job", job.uuid))

    assert "<h1>Old report</h1>" in response.text
    assert run(job).state == Job.State.FAILED


@pytest.mark.parametrize("count", [1, 3])
def test_mine_lists_what_i_asked_for_in_constant_queries(
    sign_in, teacher, head, count, django_assert_num_queries
):
    mine = [run(start("test_file", teacher)) for _ in range(count)]
    run(start("test_file", head))
    client = sign_in(teacher)

    with django_assert_num_queries(QUERIES_OF_MINE):
        response = client.get(url(teacher.school, "jobs:mine"))

    assert [line["job"] for line in response.context["lines"]] == mine[::-1]


def test_mine_says_what_comes_here_when_empty(sign_in, teacher):
    response = sign_in(teacher).get(url(teacher.school, "jobs:mine"))

    assert "Nothing yet" in response.text


# --- the installation's own jobs -----------------------------------------------------------------
@pytest.fixture
def administrator(db):
    return UserFactory(is_administrator=True)


def test_administrator_follows_the_installations_job(client, administrator, head):
    with installation_scope():
        job = jobs.start("test_file", by=None)
    theirs = start("test_file", head)
    client.force_login(administrator)

    page = client.get(reverse("jobs:job", urlconf="cpdhub.urls", args=[job.uuid]))
    foreign = client.get(reverse("jobs:job", urlconf="cpdhub.urls", args=[theirs.uuid]))

    assert (page.status_code, foreign.status_code) == (200, 404)
    assert "<h1>A test</h1>" in page.text


# --- letters one gets ----------------------------------------------------------------------------
def test_letters_are_switched_for_oneself_and_nothing_else_changes(sign_in, teacher, head):
    path = url(teacher.school, "jobs:letters")

    response = sign_in(teacher).post(
        path, {"wants_digest_only": "on", "roles": Role.HEAD, "staff": head.pk, "id": head.pk}
    )

    assert response.url == path
    with school_scope(teacher.school):
        changed = type(teacher).objects.get(pk=teacher.pk)
        other = type(teacher).objects.get(pk=head.pk)
    assert (changed.wants_digest, changed.wants_digest_only, changed.roles) == (False, True, [])
    assert (other.wants_digest, other.wants_digest_only) == (True, False)
