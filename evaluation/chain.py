"""The chain through one record: everything before it and everything after it, with the gaps.

Self-evaluation → priority → need → activity → practice → pupils. Only what the reader may see
anyhow; what is private, or shared with others, is neither shown nor counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats

from activities.models import Activity
from audits.models import Need
from cpdhub.addresses import address
from cpdhub.models import AreaForImprovement, Priority, Reading, Staff, SuccessCriterion
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import plain
from evaluation.models import Evidence, ImpactReview, Reflection

OF_A_REFLECTION = (
    "uuid", "title", "written_on", "audience", "activity__title", "activity__is_private",
    "owner__first_name", "owner__last_name",
)  # fmt: skip
MOST = 12  # rows of one link; the page of each record has the rest


@dataclass(frozen=True)
class Row:
    """One record of a link."""

    text: str
    url: str
    note: str = ""
    is_here: bool = False  # the one the chain was asked for


@dataclass
class Step:
    """One link of the chain: its rows or, where there are none, what is missing."""

    name: str
    missing: str
    rows: list[Row] = field(default_factory=list)
    repair: str = ""  # where the gap is mended

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - MOST)

    @property
    def shown(self) -> list[Row]:
        return self.rows[:MOST]


@dataclass
class Around:
    """The records a chain goes through, found from one of them in both directions."""

    areas: list[AreaForImprovement]
    priorities: list[Priority]
    needs: list[Need]
    activities: list[Activity]


def priorities() -> QuerySet[Priority]:
    """Those everybody reads, with why they are there."""
    found: QuerySet[Priority] = Priority.objects.readable()
    return found.select_related("area__judgement__item", "plan__year")


def around(kind: str, record: Any, staff: Staff) -> Around:
    """Up and down from a judgement, a priority, a need or an activity."""
    readable = priorities()
    seen = Activity.objects.visible_to(staff).of_school().happening().only("title", "state")
    if kind == "judgement":
        through = list(readable.filter(area__judgement=record))
    elif kind == "priority":
        through = [record]
    elif kind == "need":
        through = list(readable.filter(Q(pk__in=record.sources.values("priority"))))
    else:
        through = list(readable.filter(served_by__activity=record))
    if kind == "activity":
        activities, needs = [record], _needs(staff, Q(answered_by__activity=record))
    elif kind == "need":
        activities, needs = list(seen.filter(answered__need=record)), [record]
    else:
        activities = list(seen.filter(served__priority__in=through).distinct())
        needs = _needs(
            staff,
            Q(sources__priority__in=through) | Q(answered_by__activity__in=activities),
        )
    areas = [priority.area for priority in through if priority.area]
    return Around(areas, through, needs, activities)


def _needs(staff: Staff, which: Q) -> list[Need]:
    found = Need.objects.visible_to(staff).filter(which, ~Q(status=Need.Status.SET_ASIDE))
    return list(found.select_related("staff", "team").distinct())


def steps(kind: str, record: Any, staff: Staff) -> list[Step]:
    """The six links as this reader sees them."""
    found = around(kind, record, staff)
    reviews = {
        review.activity_id: review
        for review in ImpactReview.objects.standing()
        .visible_to(staff)
        .filter(activity__in=found.activities)
    }
    chain = [
        _self_evaluation(found, staff), _priorities(found), _needs_of(found), _activities(found),
        _practice(found, staff), _pupils(found, reviews),
    ]  # fmt: skip
    mark = _page(kind, record)
    for step in chain:
        step.rows = [
            Row(row.text, row.url, row.note, is_here=True) if row.url == mark else row
            for row in step.rows
        ]
    return chain


def _page(kind: str, record: Any) -> str:
    view = {
        "judgement": "plan:judgement", "priority": "plan:priority", "need": "needs:need",
        "activity": "activities:activity",
    }[kind]  # fmt: skip
    return address(view, record.item_id if kind == "judgement" else record.pk)


def _self_evaluation(found: Around, staff: Staff) -> Step:
    rows = [
        Row(str(area), address("plan:judgement", area.judgement.item_id), str(area.judgement))
        for area in {area.pk: area for area in found.areas}.values()
    ]
    if not staff.can(Permission.SEE_SELF_EVALUATION):
        rows = []
    return Step("Self-evaluation", "No judgement says why: the priority stands on its own.", rows)


def _priorities(found: Around) -> Step:
    rows = [
        Row(priority.title, address("plan:priority", priority.pk), str(priority.plan.year))
        for priority in found.priorities
    ]
    return Step("Priority", "It serves no priority of the plan.", rows)


def _needs_of(found: Around) -> Step:
    rows = [
        Row(
            need.title,
            address("needs:need", need.pk),
            f"{need.whose}, {need.get_status_display().lower()}",
        )
        for need in found.needs
    ]
    return Step("Need", "Nobody has said what is needed, or shared it with you.", rows)


def _activities(found: Around) -> Step:
    rows = [
        Row(
            activity.title,
            address("activities:activity", activity.pk),
            activity.get_state_display().lower(),
        )
        for activity in found.activities
    ]
    step = Step("Activity", "Nothing is planned for it.", rows)
    if found.priorities and not rows:
        step.repair = f"{address('activities:plan')}?priority={found.priorities[0].pk}"
    return step


def _practice(found: Around, staff: Staff) -> Step:
    """Reflections this person reads, and what was seen in classrooms."""
    reflections = (
        Reflection.objects.shared()
        .visible_to(staff)
        .filter(activity__in=found.activities)
        .select_related("owner", "activity")
        .only(*OF_A_REFLECTION)
    )
    rows = [
        Row(
            f"{reflection.owner} on {reflection.about}",
            address("reflections:reflection", reflection.uuid),
            formats.date_format(reflection.written_on),
        )
        for reflection in reflections
    ]
    rows += _evidence(found, staff, Evidence.Outcome.STAFF)
    return Step("Reflection and practice", "Nothing shared with you says what was tried.", rows)


def _evidence(found: Around, staff: Staff, outcome: str) -> list[Row]:
    seen = Evidence.objects.visible_to(staff).filter(activity__in=found.activities, outcome=outcome)
    return [
        Row(
            f"{each}, {each.measure}" if each.measure else str(each),
            address("impact:what_changed", each.activity_id) + "#evidence",
            each.strength.lower(),
        )
        for each in seen
    ]


def _pupils(found: Around, reviews: dict[int, ImpactReview]) -> Step:
    """Judgements of activities and the last readings of the priorities' criteria."""
    rows = [
        Row(
            f"{activity}: {review.get_pupils_verdict_display().lower()}",
            address("impact:what_changed", activity.pk),
            review.in_words,
        )
        for activity in found.activities
        if (review := reviews.get(activity.pk))
    ]
    readings = Reading.objects.filter(criterion__priority__in=found.priorities)
    last = {
        reading.criterion: reading
        for reading in readings.select_related("criterion").order_by("criterion", "taken_on", "pk")
    }
    rows += [_read(criterion, reading) for criterion, reading in last.items()]
    return Step("Impact on pupils", "Nobody has looked yet what changed for pupils.", rows)


def _read(criterion: SuccessCriterion, reading: Reading) -> Row:
    unit = f" {criterion.unit}" if criterion.unit else ""
    start = "" if criterion.baseline is None else f"{plain(criterion.baseline)} → "
    return Row(
        f"{criterion}: {start}{plain(reading.value)}{unit}",
        address("plan:priority", criterion.priority_id) + "#criteria",
        f"read on {formats.date_format(reading.taken_on)}",
    )


def gaps(chain: Iterable[Step]) -> list[str]:
    return [step.name.lower() for step in chain if not step.rows]
