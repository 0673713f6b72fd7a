"""A network's figures of a term: each school's part taken in its own scope, added up, frozen."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from cpdhub import clock
from cpdhub.models import AcademicYear, School, Staff
from cpdhub.models.base import NotPossible
from cpdhub.templatetags.cpdhub import pounds
from cpdhub.walls import school_scope
from evaluation import terms
from evaluation.school_year import GROUP_NAMES, Period
from networks.contributing import OfGroup, Part, part_of_school
from networks.limits import (
    OF_A_RANGE,
    SCHOOLS,
    SMALL,
    band,
    may_be_added_up,
    splits_off_few,
)
from networks.models import Contribution, Membership, Network, Publication

HIDDEN = "not shown"
NOBODY = "nobody"
TOO_FEW = (
    "Figures need at least three schools that share them. Schools say so under “Our school in it”,"
    " “What we share”."
)


@dataclass(frozen=True)
class Counted:
    """A school's part, and whether it is shown under the school's name."""

    school: int
    part: Part
    by_name: bool


def publish(
    pk: int,
    *,
    lead: School,
    title: str,
    period: Period,
    on: date | None = None,
    tell: Callable[[int, str], None] | None = None,
) -> Publication:
    """Add up and freeze one term of a network that this school leads, once.

    Each school is opened by itself to count in it. All or nothing is kept, and doing it twice
    gives the first one.
    """
    with school_scope(lead):
        network = Network.objects.get(pk=pk)
        found = _published(network, period)
        rows = list(_sharing(network).values_list("school", "figures").order_by("school"))
    if found:
        return found
    if len(rows) < SCHOOLS:
        raise NotPossible(TOO_FEW)
    parts = []
    for number, (school, figures) in enumerate(rows):
        if tell:
            tell(100 * number // len(rows), f"School {number + 1} of {len(rows)}")
        with school_scope(school):
            part = part_of_school(school, pk, period, today=clock.today())
        is_named = figures == Membership.Figures.NAME and part.people >= SMALL
        parts.append(Counted(school, part, is_named))
    with school_scope(lead):
        return _freeze(network, title, period, to_be_counted(parts), on or clock.today())


def _published(network: Network, period: Period) -> Publication | None:
    found: Publication | None = (
        Publication.objects.filter(network=network).of_days(period.first, period.last).first()
    )
    return found


def _sharing(network: Network) -> Any:
    rows = Membership.objects.members().filter(network=network)
    return rows.exclude(figures=Membership.Figures.NOTHING)


def to_be_counted(parts: Sequence[Counted]) -> list[Counted]:
    """Without those who only want to be in totals where they are too few to be hidden there."""
    hidden = [row.part.people for row in parts if not row.by_name]
    return list(parts) if may_be_added_up(hidden) else [row for row in parts if row.by_name]


@transaction.atomic
def _freeze(
    network: Network, title: str, period: Period, parts: Sequence[Counted], on: date
) -> Publication:
    if len(parts) < SCHOOLS:
        raise NotPossible(TOO_FEW)
    Network.objects.select_for_update(of=("self",)).get(pk=network.pk)  # one at a time
    if found := _published(network, period):
        return found
    publication: Publication = Publication.objects.create(
        network=network, title=title, first_day=period.first, last_day=period.last,
        published_on=on, figures=added_up(parts),
    )  # fmt: skip
    for row in parts:
        with school_scope(row.school):
            _contribute(publication, row)
    return publication


def _contribute(publication: Publication, row: Counted) -> None:
    """Whoever took it back, or shows less, while we counted is not published."""
    own = _sharing(publication.network).filter(school=row.school).select_for_update().first()
    if own is None or row.by_name and own.figures != Membership.Figures.NAME:
        raise NotPossible("A school changed what it shares meanwhile. Publish again.")
    Contribution.objects.create(
        publication=publication, network=publication.network, school_id=row.school,
        by_name=row.by_name, shown=shown_of(row.part),
    )  # fmt: skip


def withdraw(membership: Membership) -> int:
    """Delete every publication this school is in; they are not added up again. How many."""
    mine = Contribution.objects.filter(network=membership.network_id, school=membership.school_id)
    number: int = Publication.objects.standing().filter(pk__in=mine.values("publication")).count()
    mine.delete()
    return number


# --- what is shown of one school -----------------------------------------------------------------
def shown_of(part: Part) -> dict[str, Any]:
    """Nothing of fewer than five people; the same words for the school itself and for others."""
    if part.people < SMALL:
        return {}
    few = splits_off_few(part.none, part.people)
    return {
        "people": f"{part.people:,}",
        "each": f"{part.hours_each:.1f}",
        "none": HIDDEN if few else f"{part.none:,}",
        "cost": pounds(round(part.cost)),
        "an_hour": _pounds(part.cost_an_hour),
        "meant": _of(part.meant, part.activities),
        "judged": _of(part.judged, part.activities),
        "gained": _of(part.gained, part.judged),
        "targets": _of(part.met, part.targets),
        "needing": _roughly(part.needing, part.people),
        "learned": _roughly(part.learned, part.people),
        "ratios": {} if few else ratios(part),
    }


def _roughly(people: int, of: int) -> str:
    """A number of colleagues; not where it would tell that one to four are left."""
    if not people:
        return NOBODY
    return HIDDEN if 0 < of - people < SMALL else band(people)


def _of(number: int, of: int) -> str:
    return f"{number} of {of}" if of else "–"


def _pounds(money: float | None) -> str:
    return "–" if money is None else pounds(money)


def ratios(part: Part) -> dict[str, float]:
    """What schools of any size may compare."""
    found = {"hours": round(part.hours_each, 1)}
    if part.people:
        found["none"] = round(100 * part.none / part.people)
    if part.cost_an_hour is not None:
        found["an_hour"] = round(part.cost_an_hour, 1)
    if part.activities:
        found["meant"] = round(100 * part.meant / part.activities)
        found["judged"] = round(100 * part.judged / part.activities)
    return found


# --- what is shown of all ------------------------------------------------------------------------
def added_up(parts: Sequence[Counted]) -> dict[str, Any]:
    """The sums, in words and figures as they will be read."""
    people = sum(row.part.people for row in parts)
    hours = sum(row.part.hours for row in parts)
    cost = sum(row.part.cost for row in parts)
    number = {
        name: sum(getattr(row.part, name) for row in parts)
        for name in (
            "activities", "meant", "asked", "later", "judged", "gained", "targets", "met"
        )
    }  # fmt: skip
    return {
        "schools": len(parts),
        "people": people,
        "hours": round(hours),
        "each": round(hours / people, 1) if people else 0,
        "none": _sum_of_people(parts, "none"),
        "cost": round(cost),
        "an_hour": round(cost / hours, 2) if hours else None,
        **number,
        "groups": [group for code in Staff.Group if (group := _group(parts, code))],
        "needs": shared_needs(parts),
        "range": ranges(parts),
    }


def _sum_of_people(parts: Sequence[Counted], name: str) -> int | None:
    """A number of people, and those it leaves; None where that would tell of too few."""
    hidden = [
        row for row in parts
        if not row.by_name or splits_off_few(getattr(row.part, name), row.part.people)
    ]  # fmt: skip
    counts = [getattr(row.part, name) for row in hidden]
    others = [row.part.people - getattr(row.part, name) for row in hidden]
    total = sum(getattr(row.part, name) for row in parts)
    if splits_off_few(total, sum(row.part.people for row in parts)):
        return None
    is_safe = may_be_added_up(others) and (may_be_added_up(counts) or not any(counts))
    return total if is_safe else None


def _group(parts: Sequence[Counted], code: Staff.Group) -> dict[str, Any] | None:
    """A staff group of all schools together: no school's is ever shown by itself."""
    of = [row.part.groups.get(code, OfGroup()) for row in parts]
    people = [group.people for group in of]
    if not may_be_added_up(people):
        return None
    none = [group.none for group in of]
    rest = [group.people - group.none for group in of]
    total, n = sum(none), sum(people)
    shows = not splits_off_few(total, n) and may_be_added_up(rest)
    shows = shows and (may_be_added_up(none) or not total)
    return {
        "name": GROUP_NAMES[code],
        "people": n,
        "each": round(sum(group.hours for group in of) / n, 1),
        "none": total if shows else None,
    }


def shared_needs(parts: Sequence[Counted]) -> list[dict[str, Any]]:
    """Topics that at least three schools and five people share, those of most schools first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for row in parts:
        for key, (title, people) in row.part.needs.items():
            found.setdefault(key, []).append((title, people))
    lines = [
        {
            "key": key,
            "title": rows[0][0],
            "schools": len(rows),
            "people": band(sum(people for _, people in rows)),
        }
        for key, rows in found.items()
        if may_be_added_up([people for _, people in rows])
    ]
    return sorted(lines, key=lambda line: (-line["schools"], line["title"].casefold()))


def ranges(parts: Sequence[Counted]) -> dict[str, list[float]]:
    """The middle half of the schools, from five on: never the lowest or the highest."""
    all_ratios = [shown_of(row.part).get("ratios", {}) for row in parts]
    found = {}
    for name in ("hours", "none", "an_hour", "meant", "judged"):
        values = [each[name] for each in all_ratios if name in each]
        if len(values) >= OF_A_RANGE:
            quarters = statistics.quantiles(values, n=4, method="inclusive")
            found[name] = [round(value, 1) for value in quarters]
    return found


def term_to_publish(network: Network, *, today: date) -> tuple[str, Period] | None:
    """The last term of the leading school that is over and was not published; it must be open."""
    years = AcademicYear.objects.filter(starts_on__lte=today).with_half_terms()
    stretches = [
        stretch
        for year in years.order_by("-starts_on")[:2]
        for stretch in terms.terms_of(year, today=today)
        if stretch.is_over and stretch.term
    ]
    if not stretches:
        return None
    last = max(stretches, key=lambda stretch: stretch.days.first)
    if _published(network, last.days):
        return None
    return last.title, last.days
