"""What a report may cover: a term of this year or the last, or the year so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cpdhub.models import AcademicYear
from cpdhub.models.school import term_of
from evaluation.school_year import Period, so_far, year_before


@dataclass(frozen=True)
class Stretch:
    """A term, or a whole year, as far as it has come."""

    year: AcademicYear
    days: Period
    is_over: bool
    term: str = ""  # autumn, spring, summer; empty for the year

    @property
    def key(self) -> str:
        """2026/27 autumn"""
        return f"{self.year} {self.term}".strip()

    @property
    def title(self) -> str:
        """Autumn term 2026/27 so far"""
        name = f"{self.term.capitalize()} term {self.year}" if self.term else str(self.year)
        return name if self.is_over else f"{name} so far"

    @property
    def slug(self) -> str:
        """2026-27-autumn, for names of files"""
        return self.key.replace("/", "-").replace(" ", "-")


def year_so_far(year: AcademicYear, *, today: date) -> Stretch:
    return Stretch(year, so_far(year, today=today), is_over=year.ends_on < today)


def terms_of(year: AcademicYear, *, today: date) -> list[Stretch]:
    """The terms of a year (`with_half_terms`) that have begun, newest first.

    Each from the first day of its half-terms to the last, or until today.
    """
    found = []
    for term, rows in groupby(year.half_term_days, key=lambda half: term_of(half["name"])):
        halves = list(rows)
        first = date.fromisoformat(halves[0]["first"])
        last = date.fromisoformat(halves[-1]["last"])
        if first <= today:
            found.append(Stretch(year, Period(first, min(last, today)), last < today, term))
    return found[::-1]


def last_half_term_ended(years: Iterable[AcademicYear], *, today: date) -> date | None:
    """The last day of the newest half-term that is over (`with_half_terms`), if there is one."""
    ends = [date.fromisoformat(half["last"]) for year in years for half in year.half_term_days]
    return max((end for end in ends if end < today), default=None)


def choices(year: AcademicYear, years: Iterable[AcademicYear], *, today: date) -> list[Stretch]:
    """What a report of this year may cover: its terms and itself, then the terms of the last.

    `years` are all there are, newest first.
    """
    before = year_before(year, years)
    return [
        *terms_of(year, today=today),
        year_so_far(year, today=today),
        *(terms_of(before, today=today) if before else []),
    ]


def usual(found: list[Stretch], year: AcademicYear) -> Stretch:
    """The newest term of a year that is under way, else the whole year."""
    whole = next(stretch for stretch in found if stretch.year == year and not stretch.term)
    return whole if whole.is_over else found[0]
