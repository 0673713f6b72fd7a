"""Staff files for tests, and the worker's part without a worker."""

import io
from pathlib import Path

from cpdhub import jobs
from cpdhub.models import Job, StaffImport, StaffImportRow
from cpdhub.staff_import import steps
from cpdhub.walls import school_scope

FOLDER = Path(__file__).parent.parent / "data" / "staff"


def bytes_of(text):
    return io.BytesIO(text if isinstance(text, bytes) else text.encode())


def run_jobs(school):
    """What the worker would do with everything that waits."""
    with school_scope(school):
        waiting = list(Job.objects.unfinished().order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        jobs.run(school_id=school.pk, job_id=pk)


def preview(by, text, *, roles=None, name="staff.csv"):
    """The import of this file, as far as its preview."""
    with school_scope(by.school):
        made = steps.upload(
            bytes_of(text), name, by=by, roles=bytes_of(roles) if roles is not None else None
        )
    run_jobs(by.school)
    return again(made)


def again(made):
    with school_scope(made.school_id):
        return StaffImport.objects.select_related("job").get(pk=made.pk)


def confirm(made, by, *, on="2026-11-22"):
    from datetime import date

    with school_scope(by.school):
        steps.confirm(made, leaving_on=date.fromisoformat(on), by=by)
    run_jobs(by.school)
    return again(made)


def undo(made, by):
    with school_scope(by.school):
        steps.undo(made, by=by)
    run_jobs(by.school)
    return again(made)


def rows(made, **filters):
    with school_scope(made.school_id):
        return list(StaffImportRow.objects.filter(staff_import=made, **filters))


def outcomes(made):
    return {row.line: row.outcome for row in rows(made) if row.line}
