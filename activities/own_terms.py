"""Terms of the school, and an early career teacher's own count of six."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cpdhub.models import HalfTerm, Staff
from cpdhub.models.school import term_of
from cpdhub.years import first_year_of, usual_half_terms, year_name

MOST_YEARS = 14  # six terms at the smallest share of a post anybody has
LEAST = Decimal("0.15")


@dataclass(frozen=True)
class Term:
    """A school's autumn, spring or summer of one year."""

    name: str
    starts_on: date
    ends_on: date


def school_terms(
    first: date, *, years: int = MOST_YEARS, known: Iterable[HalfTerm] | None = None
) -> list[Term]:
    """The terms from the one that holds this day, or follows it, on.

    As the school keeps them, and where it has not said yet, as most of England does. `known`,
    where the caller has the half-terms with their years, saves a query.
    """
    if known is None:
        known = HalfTerm.objects.filter(ends_on__gte=first).select_related("year")
    said: dict[str, list[tuple[str, date, date]]] = {}
    for half in known:
        said.setdefault(half.year.name, []).append((half.name, half.starts_on, half.ends_on))
    begin = first_year_of(first)
    terms: list[Term] = []
    for number in range(begin, begin + years):
        halves = said.get(year_name(number)) or usual_half_terms(number)
        terms += _in_terms(halves, number)
    return [term for term in terms if term.ends_on >= first]


def _in_terms(halves: Sequence[tuple[str, date, date]], year: int) -> list[Term]:
    found: dict[str, tuple[date, date]] = {}
    for name, start, end in halves:
        earlier = found.get(term_of(name), (start, end))
        found[term_of(name)] = (min(start, earlier[0]), max(end, earlier[1]))
    terms = [
        Term(f"{name} {year if name == 'autumn' else year + 1}", start, end)
        for name, (start, end) in found.items()
    ]
    return sorted(terms, key=lambda term: term.starts_on)


def six_terms(starts_on: date, fte: Decimal, terms: Sequence[Term], count: int = 6) -> list[Term]:
    """An early career teacher's own terms: the first begins on their first day.

    Full-time, each is a term of the school. Part-time, one has been served when as much of the
    school's terms has gone by as their share of a post takes: at 0.5, two terms.
    """
    share = max(fte, LEAST)
    found: list[Term] = []
    start = starts_on
    for number in range(1, count + 1):
        end = _after(Decimal(number) / share, terms)
        found.append(Term(f"Term {number}", start, end))
        later = [term.starts_on for term in terms if term.starts_on > end]
        inside = any(term.starts_on <= end < term.ends_on for term in terms)
        start = end + timedelta(days=1) if inside or not later else later[0]
    return found


def _after(served: Decimal, terms: Sequence[Term]) -> date:
    """The day on which this many terms of the school have gone by."""
    whole, part = int(served), served % 1
    if not part:
        return terms[min(whole, len(terms)) - 1].ends_on
    term = terms[min(whole, len(terms) - 1)]
    return term.starts_on + timedelta(days=int((term.ends_on - term.starts_on).days * part))


def own_terms(
    person: Staff, starts_on: date, known: Iterable[HalfTerm] | None = None
) -> list[Term]:
    """Six terms of this person, from this day."""
    return six_terms(starts_on, person.fte, school_terms(starts_on, known=known))
