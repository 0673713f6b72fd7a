"""A term on a page: its weeks, with what is on in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from activities.calendar import inset_notes, kept_free
from activities.models import Activity
from cpdhub import clock
from cpdhub.models import AcademicYear, BlockedDates, HalfTerm, InsetDay
from cpdhub.models.school import term_of


@dataclass(frozen=True)
class Term:
    """Autumn, spring or summer of a year: two half-terms."""

    year: AcademicYear
    half_terms: list[HalfTerm]

    @property
    def word(self) -> str:
        return term_of(self.half_terms[0].name)

    @property
    def key(self) -> str:
        """2026-autumn, by the year's first September."""
        return f"{self.year.starts_on.year}-{self.word}"

    @property
    def name(self) -> str:
        return f"{self.word.capitalize()} term {self.year}"

    @property
    def first(self) -> date:
        return self.half_terms[0].starts_on

    @property
    def last(self) -> date:
        return self.half_terms[-1].ends_on


@dataclass
class Week:
    """A week of a term; `lines` are what is on, in order, each with its day."""

    monday: date
    lines: list[dict[str, Any]] = field(default_factory=list)


def terms_of() -> list[Term]:
    """Every term the school has dates for, in order."""
    half_terms = HalfTerm.objects.select_related("year").order_by("starts_on")
    return [
        Term(year, list(found))
        for (year, _), found in groupby(half_terms, key=lambda one: (one.year, term_of(one.name)))
    ]


def term_named(key: str, terms: list[Term], today: date) -> tuple[Term | None, list[Term]]:
    """The one an address names; else the one today is in, the next, or the last."""
    for term in terms:
        if term.key == key:
            return term, terms
    coming = [term for term in terms if term.last >= today]
    found = coming[:1] or terms[-1:]
    return (found[0] if found else None), terms


def weeks_with(
    term: Term, sessions: Iterable[Any], inset: list[InsetDay], blocked: list[BlockedDates]
) -> list[Week]:
    monday = term.first - timedelta(days=term.first.weekday())
    weeks = []
    while monday <= term.last:
        weeks.append(Week(monday))
        monday += timedelta(weeks=1)
    by_monday = {week.monday: week for week in weeks}

    def note(day: date, **line: Any) -> None:
        week = by_monday.get(day - timedelta(days=day.weekday()))
        if week:
            week.lines.append({"day": day, **line})

    for day, words in inset_notes(inset):
        note(day, note=words)
    for dates in blocked:
        note(max(dates.first_day, term.first), note=kept_free(dates), until=dates.last_day)
    for session in sessions:
        is_off = session.cancelled_at or session.activity.state == Activity.State.CANCELLED
        note(clock.day_of(session.starts_at), session=session, is_off=bool(is_off))
    for week in weeks:
        week.lines.sort(key=lambda line: line["day"])
    return weeks
