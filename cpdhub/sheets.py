"""Pages people take away as a PDF: one way for all, made by the worker from tables.

A page that can be taken away is a `Report`: a title, who may have it, and a function that
gathers what the page says for who asks. Nothing else is asked: one template sets them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.http import QueryDict

from cpdhub import clock, jobs, pdf
from cpdhub.models import Job, Staff
from cpdhub.permissions import Permission

MOST_ROWS = 3000  # of a table: more than anybody prints


class Column(NamedTuple):
    """A word or two on top, how wide beside the others, and whether it holds figures."""

    words: str
    width: float = 1
    align: str = "left"


def figures(*words: str) -> list[Column]:
    return [Column(word, align="right") for word in words]


def strong(words: str) -> dict[str, str]:
    """A cell that must be seen."""
    return {"strong": words}


@dataclass
class Table:
    """A heading, what it says, and the rows: each a text, or `strong(text)`, for each column."""

    title: str
    columns: list[Column]
    rows: Sequence[Sequence[Any]]
    text: str = ""
    none: str = "Nothing yet."
    is_dense: bool = False  # many narrow columns: small type, words on top upright


@dataclass
class Sheet:
    """What a report says."""

    title: str
    period: str
    finding: str = ""
    tables: list[Table] = field(default_factory=list)
    note: str = ""
    is_landscape: bool = False


@dataclass(frozen=True)
class Report:
    """A page that can be taken away: `gather` says what it says to this person, by its address."""

    kind: str
    title: str
    permission: Permission
    gather: Callable[[Staff, QueryDict], Sheet]
    still: Callable[[Job], bool] | None = None

    def register(self) -> None:
        """Called in `AppConfig.ready`. The file is for who asked: it says what they may see."""
        jobs.register(
            self.kind, title=self.title, permission=self.permission, run=self.run, still=self.still
        )

    def run(self, job: Job, progress: jobs.Progress) -> None:
        """Gather within the school, draw outside any transaction, keep one file."""
        progress(10, "Gathering")
        with job.scope():
            assert job.school
            assert job.requested_by
            sheet = self.gather(job.requested_by, QueryDict(job.params.get("query", "")))
            school = str(job.school)
        progress(60, "Setting the pages")
        document = pdf.render("tables", printed(sheet, school))
        name = f"{self.kind.replace('_', '-')}-{job.school.slug}-made-{clock.today():%Y-%m-%d}.pdf"
        jobs.store(job, name, "application/pdf", [document])


def printed(sheet: Sheet, school: str) -> dict[str, Any]:
    """What the template reads; what a table has beyond what anybody prints is said, not shown."""
    data = asdict(sheet)
    for table in data["tables"]:
        table["columns"] = [column._asdict() for column in table["columns"]]
        if (over := len(table["rows"]) - MOST_ROWS) > 0:
            table["rows"] = table["rows"][:MOST_ROWS]
            table["text"] += f" {over:,} more are on the page."
    footer = f"{school}, {day(clock.today())}. Made with CPD Hub."
    return data | {"school": school, "footer": footer}


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
