"""The register's extract as work for the worker: an upload of the installation's administrator."""

import csv
import io
from collections.abc import Iterator

from django.urls import reverse

from cpdhub import exports, files, gias, jobs
from cpdhub.models import Job, LogEntry, StoredFile, User
from cpdhub.tables import TableRefused

KIND = "import_register"
WHAT = "register"
HEADER = ["Line", "Column", "Reason"]


def start(file: StoredFile, *, by: User) -> Job:
    """Have an extract read. One at a time: asked again meanwhile, the running one is the answer."""
    running: Job | None = Job.across.unfinished().filter(school=None, kind=KIND).first()
    if running:
        file.delete()
        return running
    return jobs.start(KIND, by=None, params={"user": by.pk}, file=file)


def run(job: Job, progress: jobs.Progress) -> None:
    """Batches commit one by one: stopped and begun again, what is there is simply unchanged."""
    with job.scope():
        if job.file is None:
            raise jobs.JobFailed("The file is gone. Upload it again.")
        file = files.open_file(job.file)
    with file:
        try:
            result = gias.import_register(file, tell=progress)  # type: ignore[arg-type]
        except TableRefused as problem:
            raise jobs.JobFailed(str(problem)) from problem
    jobs.store(job, "register-problems.csv", "text/csv", problems_csv(result))
    with job.scope():
        log(result, user_id=job.params.get("user"))
        Job.across.filter(pk=job.pk).update(file=None)
        job.file.delete()


def log(result: gias.Result, *, user_id: int | None) -> None:
    LogEntry.across.create(
        school=None,
        user_id=user_id,
        kind=LogEntry.Kind.IMPORTED,
        what=WHAT,
        note=str(result)[:200],
    )


def last_import() -> LogEntry | None:
    """What the newest extract did. The installation must be open."""
    entries = LogEntry.across.filter(school=None, kind=LogEntry.Kind.IMPORTED, what=WHAT)
    found: LogEntry | None = entries.first()
    return found


def problems_csv(result: gias.Result) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADER)
    for problem in result.problems:
        writer.writerow([problem.line, problem.column, exports.cell(problem.reason)])
    yield (exports.BOM + buffer.getvalue()).encode()


def next_page(job: Job) -> tuple[str, str]:
    return reverse("hub:home"), "See the register"


def register() -> None:
    jobs.register(
        KIND, title="Reading the register of schools", permission=None, run=run,
        next_page=next_page,
    )  # fmt: skip
