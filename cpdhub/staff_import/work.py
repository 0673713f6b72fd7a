"""What the worker does with a staff file. Every kind may run again from the start."""

from django.urls import reverse

from cpdhub import jobs
from cpdhub.models import Job, Staff
from cpdhub.permissions import Permission
from cpdhub.staff_import import preview, undoing, writing
from cpdhub.tables import TableRefused

PREVIEW, APPLY, UNDO = "staff_preview", "staff_apply", "staff_undo"


def run_preview(job: Job, progress: jobs.Progress) -> None:
    try:
        preview.build(job.params["staff_import"], scope=job.scope, tell=progress)
    except TableRefused as problem:
        raise jobs.JobFailed(str(problem)) from problem


def run_apply(job: Job, progress: jobs.Progress) -> None:
    pk = job.params["staff_import"]
    progress(10, "Writing to the staff list")
    with job.scope():
        is_written = writing.apply(pk, by=_by(job))
    if not is_written:
        progress(20, "The staff list has changed: making a fresh preview")
        preview.build(pk, scope=job.scope, tell=progress)


def run_undo(job: Job, progress: jobs.Progress) -> None:
    progress(10, "Putting the staff list back")
    with job.scope():
        undoing.undo(job.params["staff_import"], by=_by(job))


def _by(job: Job) -> Staff:
    """Whoever asked; a job of a school always has somebody (see jobs.run)."""
    assert job.requested_by is not None
    return job.requested_by


def next_page(job: Job) -> tuple[str, str]:
    """Where somebody goes on when the work is done."""
    return reverse("imports:staff_import", args=[job.params["staff_import"]]), "See the result"


def register() -> None:
    for kind, title, run in (
        (PREVIEW, "Reading a staff file", run_preview),
        (APPLY, "Importing staff", run_apply),
        (UNDO, "Undoing a staff import", run_undo),
    ):
        jobs.register(
            kind,
            title=title,
            permission=Permission.IMPORT_STAFF,
            run=run,
            is_shared=True,
            next_page=next_page,
        )
