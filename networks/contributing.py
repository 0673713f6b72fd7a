"""What one school puts into a network's figures of a term. The school must be open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from activities.models import Activity
from audits.models import Need
from cpdhub.models import Staff, SuccessCriterion
from cpdhub.models.plan import Priority
from evaluation import judgements, school_year
from evaluation.models import ImpactRound
from evaluation.models.review import Moment, Verdict
from evaluation.school_year import Period
from networks.models import OfferPlace

MOST_NEEDS = 200  # topics of one school


@dataclass
class OfGroup:
    """A staff group: how many people, how many of them had nothing yet, hours of all."""

    people: int = 0
    none: int = 0
    hours: float = 0.0


@dataclass
class Part:
    """One school's part, as numbers: they never leave the school as they are."""

    people: int = 0
    none: int = 0
    hours: float = 0.0
    cost: float = 0.0
    activities: int = 0
    meant: int = 0
    asked: int = 0
    later: int = 0
    judged: int = 0
    gained: int = 0
    targets: int = 0
    met: int = 0
    needing: int = 0  # people with a need that is still open
    learned: int = 0  # people who were at another school of the network
    groups: dict[str, OfGroup] = field(default_factory=dict)
    needs: dict[str, tuple[str, int]] = field(default_factory=dict)  # title, people

    @property
    def hours_each(self) -> float:
        return self.hours / self.people if self.people else 0.0

    @property
    def cost_an_hour(self) -> float | None:
        return self.cost / self.hours if self.hours else None


def part_of_school(school: int, network: int, period: Period, *, today: date) -> Part:
    """Direct CPD with a session in the period, people in post on its last day."""
    totals = school_year.totals(period, None, today=min(period.last, today))
    part = Part(
        people=totals.people,
        none=totals.none_yet,
        hours=_hours(totals.this_year),
        cost=float(totals.cost),
        groups={
            row.group: OfGroup(row.people, row.none_yet, _hours(row.this_year))
            for row in totals.groups
        },
    )
    _count_steps(part, period)
    _count_targets(part, period)
    needs = people_by_topic()
    part.needing = len(set().union(*(people for _, people in needs.values())))
    part.needs = largest(needs)
    part.learned = _people_elsewhere(school, network, period)
    return part


def _hours(time: Any) -> float:
    return float(time.total_seconds() / 3600)


def _count_steps(part: Part, period: Period) -> None:
    """How far evaluation got: meant beforehand, asked at the end, asked again, judged, gained."""
    of_term = school_year.activities_in(period).filter(kind=Activity.Kind.DIRECT, is_private=False)
    pks = list(of_term.values_list("pk", flat=True))
    without = Activity.objects.filter(pk__in=pks).without_intended_impact().count()
    asked = ImpactRound.objects.filter(activity__in=pks, round__isnull=False)
    times = asked.aggregate(
        end=Count("activity", filter=Q(moment=Moment.END), distinct=True),
        later=Count("activity", filter=~Q(moment=Moment.END), distinct=True),
    )
    reviews = judgements.judged().filter(activity__in=pks)
    verdicts = reviews.aggregate(
        n=Count("pk"),
        gained=Count("pk", filter=Q(pupils_verdict__in=[Verdict.MET, Verdict.PARTLY])),
    )
    part.activities, part.meant = len(pks), len(pks) - without
    part.asked, part.later = times["end"], times["later"]
    part.judged, part.gained = verdicts["n"], verdicts["gained"]


def _count_targets(part: Part, period: Period) -> None:
    """Targets for pupils in the plan of that year, and how many the last reading meets."""
    criteria = SuccessCriterion.objects.filter(
        priority__plan__year__starts_on__lte=period.last,
        priority__plan__year__ends_on__gte=period.first,
    ).exclude(priority__state=Priority.State.DRAFT)
    for criterion in criteria.prefetch_related("readings"):
        readings = [row for row in criterion.readings.all() if row.taken_on <= period.last]
        latest = max(readings, key=lambda row: (row.taken_on, row.pk), default=None)
        part.targets += 1
        part.met += bool(latest and criterion.reached(latest.value))


def key_of_topic(title: str, instrument: str, question: str) -> str:
    """The same in every school: a shipped statement by its code, else the words themselves."""
    if question:
        return f"{instrument}/{question}"
    return " ".join(re.findall(r"\w+", title.casefold()))


def people_by_topic() -> dict[str, tuple[str, set[int]]]:
    """Of every topic with a shared need that is still open: its title and who has it."""
    needs = (
        Need.objects.shared().here().open().exclude(topic=None)
        .values_list(
            "topic__title", "topic__instrument_code", "topic__question_code", "whom", "staff",
            "team", "group",
        )
    )  # fmt: skip
    posts = list(Staff.objects.on_staff().values_list("pk", "team", "group"))
    found: dict[str, tuple[str, set[int]]] = {}
    for title, instrument, question, *whose in needs:
        key = key_of_topic(title, instrument, question)
        found.setdefault(key, (title, set()))[1].update(_people(posts, *whose))
    return found


def largest(needs: dict[str, tuple[str, set[int]]]) -> dict[str, tuple[str, int]]:
    counted = {key: (title, len(people)) for key, (title, people) in needs.items()}
    return dict(sorted(counted.items(), key=lambda row: -row[1][1])[:MOST_NEEDS])


def _people_elsewhere(school: int, network: int, period: Period) -> int:
    """Who was at what another school of the network offered, counted once."""
    places = OfferPlace.objects.of(school).booked().filter(
        period.of("offer__starts_at"), offer__network=network
    )  # fmt: skip
    return len({place.staff_id for place in places if place.has_come})


def _people(
    posts: list[tuple[int, int | None, str]], whom: str, staff: int, team: int, group: str
) -> set[int]:
    """Whom a need is for: one person, everybody of a team or a staff group, or of the school."""
    if whom == Need.Whom.PERSON:
        return {staff}
    if whom == Need.Whom.TEAM:
        return {pk for pk, of, _ in posts if of == team}
    if whom == Need.Whom.GROUP:
        return {pk for pk, _, of in posts if of == group}
    return {pk for pk, *_ in posts}
