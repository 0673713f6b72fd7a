"""The account of a year's INSET days: what is owed, placed and held, in hours.

"Five days" may be two days and many twilights: hours make them comparable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cpdhub.models import AcademicYear, InsetDay
from cpdhub.models.calendar import length


@dataclass(frozen=True)
class Account:
    """Hours of INSET in a year."""

    days: int
    owed: float
    placed: float
    held: float

    @property
    def to_place(self) -> float:
        return max(self.owed - self.placed, 0.0)


def parts_of(inset: InsetDay) -> list[tuple[date, float]]:
    """When it takes place and for how many hours: on its day, or on its twilights. These are
    loaded (`prefetch_related("twilights")`)."""
    twilights = list(inset.twilights.all())
    if not twilights:
        return [(inset.day, float(inset.hours))]
    hour = timedelta(hours=1)
    return [(one.day, length(one.starts_at, one.ends_at) / hour) for one in twilights]


def account_of(year: AcademicYear, days: Iterable[InsetDay], *, today: date) -> Account:
    """Counts what falls into the year, whichever year a day was given back in."""
    parts = [part for inset in days for part in parts_of(inset) if year.holds(part[0])]
    return Account(
        days=year.inset_days,
        owed=float(year.inset_days * year.inset_hours),
        placed=sum(hours for _, hours in parts),
        held=sum(hours for day, hours in parts if day < today),
    )
