"""The report of an audit: what it told, by team and by staff group, as a PDF from the worker."""

from collections.abc import Iterator
from typing import Any

from audits import result_tables
from audits.gap import Gap, gap_of
from audits.models import Result, Round
from audits.result_tables import Block, Cell, Published
from cpdhub import clock, jobs, pdf
from cpdhub.models import Job, School
from cpdhub.permissions import Permission

KIND = "audit_report"


def register() -> None:
    jobs.register(
        KIND, title="Report of an audit", permission=Permission.RUN_AUDITS, run=run, is_shared=True
    )


def run(job: Job, progress: jobs.Progress) -> None:
    """Gather within the school, draw outside any transaction, keep one file."""
    progress(10, "Gathering")
    with job.scope():
        rounds = Round.objects.with_rate().select_related("instrument")
        round_ = rounds.filter(pk=job.params.get("round"), state=Round.State.CLOSED).first()
        if round_ is None:
            raise jobs.JobFailed("The audit of this report is not there any more.")
        assert job.school
        data = gather(job.school, round_)
    progress(60, "Setting the pages")
    document = pdf.render("audit", data)
    name = f"audit-{job.school.slug}-{round_.pk}-made-{clock.today():%Y-%m-%d}.pdf"
    jobs.store(job, name, "application/pdf", [document])


def gather(school: School, round_: Any) -> dict[str, Any]:
    """Everything the template prints; `round_` is `with_rate()`. The school must be open."""
    both = [Published(round_, by) for by in (Result.Breakdown.TEAM, Result.Breakdown.GROUP)]
    first = both[0]
    return {
        "title": str(round_),
        "school": str(school),
        "rate": f"{round_.answered} of {round_.invited} answered ({result_tables.share(round_)} %),"
        f" {round_.get_mode_display().lower()}, closed {_day(round_.closes_on)}.",
        "finding": first.finding,
        "last_time": _since(first.last_time),
        "scales": [f"{words.capitalize()}." for words in first.scales],
        "tables": [_heat(published) for published in both] if first.lines else [],
        "gap": _gap(gap_of(first)) if first.lines else {},
        "spreads": [spread for block in first.blocks for spread in _spreads(block)],
        "counts": [counts for block in first.blocks for counts in _counts(first, block)],
        "hidden": result_tables.HIDDEN if any(each.is_anything_hidden for each in both) else "",
        "is_empty": not any(each.is_anything_shown for each in both),
        "footer": f"{school}, {_day(clock.today())}. Made with CPD Hub. Published once, when it"
        " closed; what people wrote in their own words is not in it.",
    }  # fmt: skip


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


def _since(earlier: Round | None) -> str:
    if earlier is None:
        return ""
    return f"In the column of everyone, the change since {_day(earlier.closes_on)}."


def _heat(published: Published) -> dict[str, Any]:
    return {
        "title": Result.Breakdown(published.by).label,
        "columns": [column.label for column in published.columns],
        "blocks": [
            {
                "section": str(block.section),
                "lines": [
                    {
                        "statement": str(line.question),
                        "measure": line.measure,
                        "cells": [_cell(cell) for cell in line.cells],
                    }
                    for line in block.lines
                ],
            }
            for block in published.blocks
            if block.lines
        ],
    }


def _cell(cell: Cell) -> dict[str, str]:
    if cell.instead:
        return {"mean": "", "note": cell.instead, "shade": cell.shade}
    note = f"n {cell.n}" + (f", {cell.change}" if cell.change else "")
    return {"mean": str(cell.mean), "note": note, "shade": cell.shade}


def _gap(gap: Gap) -> dict[str, Any]:
    if not gap.pairs:
        return {"title": "Leaders and other staff", "why_not": gap.why_not}
    return {
        "title": gap.title,
        "why_not": "",
        "svg": str(gap.chart),
        "alt": gap.title,
        "head": ["Statement", "Leaders", "Other staff", "Difference"],
        "rows": [
            [
                pair.statement, f"{pair.leaders} (n {pair.leaders_n})",
                f"{pair.others} (n {pair.others_n})", pair.words,
            ]
            for pair in gap.pairs
        ],
    }  # fmt: skip


def _spreads(block: Block) -> Iterator[dict[str, Any]]:
    """Statements that have a mean: everyone's answers word by word."""
    for spread in block.spreads:
        yield {
            "title": str(block.section),
            "head": ["Statement", *spread.words, "Answered"],
            "rows": [
                [f"{line.question} {line.measure}".strip(), *map(str, counts), str(n)]
                for line, counts, n in spread.rows
            ],
        }


def _counts(published: Published, block: Block) -> Iterator[dict[str, Any]]:
    """Questions that have none: how many chose each of their words, everyone and by team."""
    for told in block.distributions:
        measure = f" ({told.measure})" if told.measure else ""
        yield {
            "title": f"{told.question}{measure}",
            "head": ["Answer", *(column.label for column in published.columns)],
            "rows": [[option.label, *map(str, counts)] for option, counts in told.rows]
            + [["People who answered", *map(str, told.answered)]],
        }
