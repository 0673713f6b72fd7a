"""Long work somebody asked for, done by the worker while they do something else.

The row is the truth. Whoever claims it holds a lease that a thread renews while the worker
lives; a worker that is killed stops renewing, and the job is taken up again from the start.
The number of the attempt is the key to the row: an attempt that was given up for dead and
still lives can change nothing any more.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Q, QuerySet

from cpdhub import clock, files, queue
from cpdhub.models import Job, Staff, StoredFile
from cpdhub.permissions import Permission
from cpdhub.walls import scope_of

logger = logging.getLogger(__name__)

TRANSIENT = (OperationalError, InterfaceError, OSError)

WENT_WRONG = "Something went wrong on our side, and we have noted what. Please try again."
KEPT_STOPPING = "The work stopped three times before it was finished. Please try again later."
NO_RIGHT = "The person who asked for this may not do it any more."


class JobFailed(Exception):
    """The work cannot be done; the text says why, to the person who asked."""


class Superseded(Exception):
    """This attempt was given up for dead: another one does the work, or it is over."""


@dataclass(frozen=True)
class Kind:
    title: str
    permission: Permission | None
    run: Callable[[Job, "Progress"], None]
    is_shared: bool = False
    next_page: Callable[[Job], tuple[str, str]] | None = None
    still: Callable[[Job], bool] | None = None


KINDS: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    title: str,
    permission: Permission | None,
    run: Callable[[Job, "Progress"], None],
    is_shared: bool = False,
    next_page: Callable[[Job], tuple[str, str]] | None = None,
    still: Callable[[Job], bool] | None = None,
) -> None:
    """Say how a kind of job is done; called in `AppConfig.ready`.

    `run` is called outside any transaction and may be called again from the start: it opens
    `job.scope()` for its work in the database and reports progress between. It raises
    `JobFailed` with a sentence for people. `is_shared` lets everyone with the permission see
    the job and its file, not only who asked. `next_page` gives the address and the words of
    the link that follows when it is done. `still` says whether what the file holds may still be
    read: asked each time, as what was made from rows of others may have been taken back.
    """
    if kind in KINDS:
        raise ImproperlyConfigured(f"There is a kind of job called {kind} already.")
    KINDS[kind] = Kind(title, permission, run, is_shared, next_page, still)


def start(
    kind: str,
    *,
    by: Staff | None,
    params: dict[str, Any] | None = None,
    file: StoredFile | None = None,
) -> Job:
    """Ask for a job; it runs once the transaction commits. `by` nobody: the installation's own."""
    if kind not in KINDS:
        raise ImproperlyConfigured(f"No kind of job is called {kind}.")
    now = clock.now()
    job = Job.across.create(
        school=by.school if by else None,
        kind=kind,
        params=params or {},
        requested_by=by,
        file=file,
        created_at=now,
        next_try_at=_lease_from(now),
    )
    _queue(job)
    return job


def start_again(job: Job, *, by: Staff | None) -> bool:
    """Give a failed job three new attempts, in the name of who asks now."""
    now = clock.now()
    is_new = Job.across.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.WAITING,
        attempts=0,
        percent=0,
        doing="",
        error="",
        finished_at=None,
        requested_by=by,
        next_try_at=_lease_from(now),
    )
    if is_new:
        _queue(job)
    return bool(is_new)


def visible_to(staff: Staff) -> QuerySet[Job]:
    """Their own, and those of shared kinds they have the right to."""
    shared = [
        name
        for name, kind in KINDS.items()
        if kind.is_shared and kind.permission and staff.can(kind.permission)
    ]
    found: QuerySet[Job] = Job.objects.filter(Q(requested_by=staff) | Q(kind__in=shared))
    return found


def may_have_file(staff: Staff, job: Job) -> bool:
    """Rights are asked for again when the file is fetched, not only when it was ordered."""
    kind = KINDS.get(job.kind)
    return kind is not None and (kind.permission is None or staff.can(kind.permission))


def still_stands(job: Job) -> bool:
    """Whether what its file holds has not been taken back since."""
    kind = KINDS.get(job.kind)
    return kind is None or kind.still is None or kind.still(job)


def store(job: Job, name: str, content_type: str, chunks: Iterable[bytes]) -> StoredFile:
    """Keep what the job made, instead of what an earlier attempt made."""
    with job.scope():
        stored = files.store(name, content_type, chunks, school=job.school)
        before = Job.across.filter(pk=job.pk).values_list("result_id", flat=True).first()
        _update(job, result=stored)
        StoredFile.across.filter(pk=before).delete()
    return stored


class Progress:
    """`progress(40, "Reading row 400 of 1,000")`: what the person sees while they wait."""

    SECONDS = 0.5  # more often is work for the database that nobody sees

    def __init__(self, job: Job) -> None:
        self.job = job
        self.told_at = -self.SECONDS

    def __call__(self, percent: int, doing: str = "") -> None:
        if time.monotonic() - self.told_at < self.SECONDS:
            return
        with self.job.scope():
            _update(self.job, percent=max(0, min(99, int(percent))), doing=doing[:200])
        self.told_at = time.monotonic()


# --- the worker's side --------------------------------------------------------------------------
def run(*, school_id: int | None, job_id: int) -> None:
    """Do the job, unless it is over or somebody alive does it."""
    job = _claim(school_id, job_id)
    if job is None:
        return
    kind = KINDS.get(job.kind)
    by = job.requested_by
    user = by.user_id if by else None
    with pghistory.context(job=job.kind, job_id=job.pk, user=user), _Lease(job):
        try:
            if kind is None or not _has_right(job, kind):
                raise JobFailed(NO_RIGHT)
            kind.run(job, Progress(job))
            with job.scope():
                _finish(job, Job.State.DONE)
        except Superseded:
            logger.warning("Attempt %s of job %s was given up for dead", job.attempts, job.pk)
        except JobFailed as problem:
            _fail(job, str(problem))
        except Exception as problem:
            logger.exception("Job %s (%s) failed at attempt %s", job.pk, job.kind, job.attempts)
            if not connection.is_usable():
                connection.close()  # the next statement opens a new one
            if isinstance(problem, TRANSIENT) and job.attempts < Job.MOST_ATTEMPTS:
                _try_later(job)
            else:
                _fail(job, WENT_WRONG)


def _claim(school_id: int | None, job_id: int) -> Job | None:
    with scope_of(school_id):
        job: Job | None = (
            Job.across.unfinished()
            .filter(pk=job_id)
            .select_related("school", "requested_by__user", "file")
            .select_for_update(of=("self",), skip_locked=True)
            .first()
        )
        if job is None:
            return None
        now = clock.now()
        if job.is_held(now):
            # Its worker lives or died just now: look again when the lease is over.
            wait = (job.next_try_at - now).total_seconds() + 1
            _queue(job, countdown=wait)
            return None
        if job.attempts >= Job.MOST_ATTEMPTS:
            _finish(job, Job.State.FAILED, error=KEPT_STOPPING)
            return None
        job.attempts += 1
        job.state = Job.State.RUNNING
        job.next_try_at = _lease_from(now)
        job.save(update_fields=["attempts", "state", "next_try_at"])
        return job


def _has_right(job: Job, kind: Kind) -> bool:
    """The right of who asked, as it is now, not as it was when they asked."""
    if job.school_id is None:
        return True  # only the installation's administrator can have asked
    by = job.requested_by
    return (
        by is not None
        and by.is_live(clock.today())
        and (by.user is None or by.user.is_active)
        and (kind.permission is None or by.can(kind.permission))
    )


def _update(job: Job, **values: Any) -> None:
    """Change the row if this attempt still holds it."""
    mine = Job.across.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
    if not mine.update(**values):
        raise Superseded


def _finish(job: Job, state: Job.State, *, error: str = "") -> None:
    _update(
        job,
        state=state,
        error=error,
        doing="",
        percent=100 if state == Job.State.DONE else F("percent"),
        finished_at=clock.now(),
    )


def _fail(job: Job, error: str) -> None:
    with suppress(Superseded), job.scope():
        _finish(job, Job.State.FAILED, error=error)


def _try_later(job: Job) -> None:
    wait = 5 * job.attempts
    with suppress(Superseded), job.scope():
        _update(
            job,
            state=Job.State.WAITING,
            doing="Trying again in a few seconds",
            next_try_at=clock.now().astimezone(UTC) + timedelta(seconds=wait),
        )
        _queue(job, countdown=wait)


def _queue(job: Job, *, countdown: float | None = None) -> None:
    queue.later(
        "run_job",
        priority=queue.JOB,
        countdown=countdown,
        school_id=job.school_id,
        job_id=job.pk,
    )


def _lease_from(now: datetime) -> datetime:
    return now.astimezone(UTC) + timedelta(seconds=settings.JOB_LEASE_SECONDS)


class _Lease(threading.Thread):
    """Says "I live" for a running job, on a connection of its own."""

    def __init__(self, job: Job) -> None:
        super().__init__(name=f"lease of job {job.pk}", daemon=True)
        self.job = job
        self.is_over = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *exc: object) -> None:
        self.is_over.set()
        self.join()

    def run(self) -> None:
        while not self.is_over.wait(settings.JOB_LEASE_SECONDS / 4):
            try:
                with self.job.scope():
                    _update(self.job, next_try_at=_lease_from(clock.now()))
            except Superseded:
                break
            except Exception:
                logger.exception("The lease of job %s was not renewed", self.job.pk)
                connection.close()
        connection.close()
