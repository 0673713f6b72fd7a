"""Days of a year that lead practitioners give to other schools: each is an offer of one day.

Everything here runs with the practitioner's own school open.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from cpdhub import clock
from cpdhub.years import first_year_of
from evaluation.school_year import Period
from networks.models import NetworkRole, Offer


def _days(role: NetworkRole, day: date) -> Any:
    """In the academic year that holds this day; what was withdrawn is no day."""
    first = first_year_of(day)
    year = Period(date(first, 9, 1), date(first + 1, 8, 31))
    rows = Offer.objects.filter(year.of("starts_at"), practitioner=role)
    return rows.exclude(state=Offer.State.WITHDRAWN)


def _counted(role: NetworkRole, day: date, *, besides: int | None = None) -> dict[str, int]:
    """Given: over, and somebody had it. To come: open to be booked, or booked."""
    over = Q(ends_at__lt=clock.now())
    found: dict[str, int] = _days(role, day).exclude(pk=besides).aggregate(
        given=Count("pk", filter=over & Q(taken__gt=0)), to_come=Count("pk", filter=~over)
    )  # fmt: skip
    return found


def why_no_day(role: NetworkRole, starts_at: datetime | None, *, besides: int | None) -> str:
    """A sentence where the days of that year are spoken for already, the offer `besides` aside.

    They stay as they were counted until the transaction is over.
    """
    if role.days is None or starts_at is None:
        return ""
    # Whoever opens one of them at the same time waits here, and then counts this one.
    NetworkRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    spoken_for = sum(_counted(role, clock.day_of(starts_at), besides=besides).values())
    if spoken_for < role.days:
        return ""
    return f"{role.name} has {role.days} days for other schools that year, and all are spoken for."


def keep_count(school: int) -> None:
    """Others read how many days of this year are given and to come, never which."""
    for role in NetworkRole.objects.filter(school=school).exclude(days=None):
        now_is = _counted(role, clock.today())
        if now_is != {"given": role.given, "to_come": role.to_come}:
            role.given, role.to_come = now_is["given"], now_is["to_come"]
            role.save(update_fields=["given", "to_come"])
