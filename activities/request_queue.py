"""Requests that wait for somebody, narrowed and sorted by the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, QuerySet, Value
from django.http import QueryDict
from django.utils.formats import date_format

from activities.deciding import Deciders
from activities.models import Request, RequestStep
from cpdhub import clock
from cpdhub.addresses import address
from cpdhub.models import School, Staff
from cpdhub.queries import holding
from cpdhub.templatetags.cpdhub import pounds
from cpdhub.words import count

LATE_AFTER = 10  # days
A_YEAR = timedelta(days=365)
SORTS: dict[str, Any] = {
    "asked": F("asked_at"), "name": F("staff__sort_name"), "day": F("starts_on"),
    "cost": F("total"),
}  # fmt: skip


class Queue:
    """What somebody may see of it. Any address means something."""

    SHOWN = [
        ("open", "To decide now"), ("later", "Put off"), ("answered", "Answered"), ("all", "All")
    ]  # fmt: skip

    def __init__(self, staff: Staff, school: School, query: QueryDict) -> None:
        self.staff, self.school = staff, school
        self.text = query.get("q", "").strip()[:100]
        self.shown = query.get("show", "open")
        if self.shown not in dict(self.SHOWN):
            self.shown = "open"
        self.sort = query.get("sort", "")
        if self.sort.removeprefix("-") not in SORTS:
            self.sort = "asked"

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.shown != "open")

    def rows(self, today: date) -> QuerySet[Any]:
        found: Any = Request.objects.visible_to(self.staff).exclude(state=Request.State.DRAFT)
        if self.shown == "open":
            found = found.to_decide(today)
        elif self.shown == "later":
            found = found.filter(state=Request.State.WAITING, waits_until__gt=today)
        elif self.shown == "answered":
            found = found.filter(state__in=Request.ANSWERED)
        if self.text:
            fields = ("title", "activity__title", "staff__sort_name__unaccent", "why")
            found = found.filter(holding(self.text, *fields))
        half_day = Value(self.school.cover_rate / 2)
        total = ExpressionWrapper(
            F("fee") + F("cover_half_days") * half_day,
            output_field=DecimalField(max_digits=12, decimal_places=2),
        )
        key = SORTS[self.sort.removeprefix("-")]
        order = key.desc(nulls_last=True) if self.sort[0] == "-" else key.asc(nulls_last=True)
        return found.annotate(total=total).with_needs().with_comments().order_by(order, "pk")


@dataclass(frozen=True)
class Row:
    """One request as the list prints it: made here at once, for a page has many."""

    request: Request
    url: str
    note: str
    starts: str
    cost: str
    asked: str
    waits: str
    is_late: bool
    holder: str


def row_of(one: Request, who: Deciders) -> Row:
    one.school = who.school
    days = one.days_open
    return Row(
        one,
        address("activities:request", one.pk),
        _note(one),
        date_format(one.starts_on, "j M Y") if one.starts_on else "",
        pounds(one.cost),
        date_format(clock.day_of(one.asked_at), "j M") if one.asked_at else "",
        count(days, "day") if one.is_open else "",
        one.is_open and days > LATE_AFTER,
        str(who.holder(one) or "") if one.is_open else "",
    )


def _note(one: Any) -> str:
    """How it stands, in a few words."""
    until = f" until {date_format(one.waits_until, 'j F')}" if one.waits_until else ""
    words = [f"{one.get_state_display()}{until}"]
    if one.commented:
        words.append(count(len(one.commented), "comment"))
    if one.state == Request.State.APPROVED and one.is_outside and not one.booked_at:
        words.append("not booked yet")
    return " · ".join(words)


def usual_days(today: date) -> float | None:
    """The median from asking to an answer, of the last year."""
    since = clock.midnight(today - A_YEAR)
    pairs = Request.objects.filter(decided_at__gte=since, asked_at__isnull=False).values_list(
        "asked_at", "decided_at"
    )
    days = [(decided - asked).total_seconds() / 86400 for asked, decided in pairs]
    return round(median(days), 1) if days else None


def reasons(today: date) -> list[tuple[str, int]]:
    """What was approved mostly because of what, in the last year: goodwill is counted too."""
    since = clock.midnight(today - A_YEAR)
    said = RequestStep.objects.filter(kind__in=RequestStep.APPROVALS, at__gte=since)
    counts: dict[str, int] = {}
    for because in said.exclude(because="").values_list("because", flat=True):
        counts[because] = counts.get(because, 0) + 1
    return [(str(RequestStep.Because(key).label), n) for key, n in counts.items()]
