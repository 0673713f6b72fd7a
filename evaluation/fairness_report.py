"""Fair access as a PDF: the page's tables, without groups of fewer than five and without names."""

from __future__ import annotations

from django.http import QueryDict

from cpdhub import clock
from cpdhub.jobs import JobFailed
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Report, Sheet, Table, day, figures
from cpdhub.templatetags.cpdhub import hours, pounds_whole
from evaluation import fairness, school_year

COLUMNS = figures("People", "Hours each", "Money each", "With nothing yet")


def gather(by: Staff, query: QueryDict) -> Sheet:
    """What governors see, whoever asks: a PDF gets about, and goes further than the page."""
    today = clock.today()
    year, _ = school_year.begun(query.get("year"), today=today)
    if year is None:
        raise JobFailed("The academic year of this report is not there any more.")
    period = school_year.so_far(year, today=today)
    found = fairness.people(period, today=today)
    return Sheet(
        title=f"Is CPD shared fairly? {year}",
        period=f"{day(period.first)} to {day(period.last)}",
        finding=fairness.sentence_of(found, with_names=False),
        tables=[_table(table) for table in fairness.tables(found, hides_small=True)],
        note=f"{fairness.EACH} Groups of fewer than five people are not shown.",
    )


def _table(table: fairness.Table) -> Table:
    return Table(
        f"By {table.title.lower()}",
        [Column(table.title, 2.5), *COLUMNS],
        [
            [
                group.name, f"{len(group.people):,}", hours(group.hours_each),
                pounds_whole(group.money_each),
                "not shown" if group.hides_none else f"{group.share_with_none} %",
            ]
            for group in table.groups
        ],
        text=table.sentence,
        none="Not shown: small numbers." if table.hidden else "Nobody is in post.",
    )  # fmt: skip


FAIRNESS = Report("fairness_report", "Is CPD shared fairly?", Permission.SEE_IMPACT_SUMMARY, gather)
