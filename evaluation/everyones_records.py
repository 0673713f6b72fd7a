"""What each member of staff learned in a year, on paper: a PDF for each, in one file."""

from __future__ import annotations

import zipfile
from tempfile import TemporaryFile
from typing import Any

from django.core.files import File
from django.utils.text import slugify

from cpdhub import clock, jobs, pdf
from cpdhub.models import AcademicYear, Job, Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Sheet, Table, day, figures, printed
from cpdhub.templatetags.cpdhub import hours as in_hours
from evaluation.invested import received
from evaluation.record import Record, between
from evaluation.school_year import Period, whole

KIND = "everyones_records"


def register() -> None:
    """Called in `AppConfig.ready`."""
    jobs.register(
        KIND, title="Everyone’s record", permission=Permission.SEE_EVERYONES_RECORD, run=run
    )


def people() -> Any:
    """Whose record is printed: everyone in post today, by name."""
    return Staff.objects.live(clock.today()).on_staff().order_by("sort_name", "pk")


def run(job: Job, progress: jobs.Progress) -> None:
    """Gather person by person, draw outside any transaction, keep one file."""
    with job.scope():
        year = AcademicYear.objects.filter(pk=job.params.get("year")).first()
        everyone = list(people().values_list("pk", flat=True))
    if year is None:
        raise jobs.JobFailed("The academic year of these records is not there any more.")
    period = whole(year)
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, pk in enumerate(everyone, 1):
                progress(95 * number // len(everyone), f"Setting {number} of {len(everyone)}")
                if document := _document(job, pk, period):
                    archive.writestr(*document)
            if not archive.namelist():
                raise jobs.JobFailed("Nobody is in post today.")
        assert job.school
        name = f"records-{job.school.slug}-{period.first:%Y}-made-{clock.today():%Y-%m-%d}.zip"
        jobs.store(job, name, "application/zip", File(file).chunks())


def _document(job: Job, pk: int, period: Period) -> tuple[str, bytes] | None:
    """The name of a file and the file; None for somebody who left while we were at it."""
    with job.scope():
        person = people().filter(pk=pk).select_related("school", "team").first()
        if person is None:
            return None
        data = printed(of_person(person, period), str(person.school))
    return f"{slugify(person.sort_name)}-{person.pk}.pdf", pdf.render("tables", data)


def of_person(person: Staff, period: Period) -> Sheet:
    """What the school knows by its registers. Own learning, support that is private and whatever
    was written down stay with the person."""
    dated = Record(person, person).activities().filter(period.of("last_at"))
    shared = dated.filter(is_own_learning=False, is_private=False).select_related("type")
    activities = Record(person, person).with_hours(shared)
    time = sum((row.my_time.total_seconds() / 3600 for row in activities if row.my_time), 0.0)
    post = ", ".join(part for part in (person.job_title, str(person.team or "")) if part)
    return Sheet(
        title=f"The learning of {person.name}",
        period=f"{day(period.first)} to {day(period.last)}" + (f". {post}" if post else ""),
        finding=f"{in_hours(time)} hours at {len(activities)}"
        f" activit{'y' if len(activities) == 1 else 'ies'} of the school.",
        tables=[_attended(activities), received(person, period)],
        note="Hours are those of the registers. What somebody learned by themselves, support that"
        " is between two people, and reflections are not in it: everyone finds theirs, whole, in"
        " My record.",
    )


def _attended(activities: list[Any]) -> Table:
    return Table(
        "With the school",
        [Column("What", 4), Column("Type", 2.4), Column("When", 2.4), *figures("Hours")],
        [
            [row.title, row.type.title, between(row.began_at, row.last_at), in_hours(row.my_time)]
            for row in activities
        ],
        none="No register of this year says they were there.",
    )
