"""What is known of a design: of an activity that is written down, or of a plan being typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from activities.design.check import LAST_DAYS, Facts, Meeting
from activities.models import Activity, Design, Session
from audits.models import Expertise, Need, Topic
from cpdhub import clock
from cpdhub.models import Framework, FrameworkItem, HalfTerm

CODES = ("eef-mechanisms", "eppi-features", "dfe-cpd-standard", "plan-risks")
RISKS = "plan-risks"


def items() -> QuerySet[FrameworkItem]:
    """What can be ticked: the shipped mechanisms, features, indicators and risks of today."""
    lists = Framework.objects.in_force(clock.today()).filter(school=None, code__in=CODES)
    found = FrameworkItem.objects.filter(framework__in=lists, items=None)
    return found.select_related("framework", "parent").order_by("framework", "position")


def of(activity: Activity, *, ticked: Iterable[FrameworkItem], design: Design) -> Facts:
    """Of an activity, with a design that need not be saved yet."""
    ticked = list(ticked)
    answered = Q(needs__answered_by__activity=activity)
    topics = Topic.objects.filter(answered | Q(pk=design.topic_id)).distinct()
    return Facts(
        is_direct=activity.kind == Activity.Kind.DIRECT,
        is_compulsory=activity.is_compulsory,
        is_led_from_outside=bool(activity.led_by),
        has_lead=activity.lead_id is not None,
        people=activity.participations.count(),
        meetings=meetings(activity.sessions.filter(cancelled_at=None)),
        ticked=frozenset(item.code for item in ticked if item.framework.code != RISKS),
        risks=tuple((item.title, item.text) for item in ticked if item.framework.code == RISKS),
        focus=frozenset(design.focus),
        level=design.level,
        style=design.style,
        one_session_because=design.one_session_because,
        outside_because=design.outside_because,
        helpers=helpers(topics, activity) if activity.led_by else (),
        doubles=doubles(topics, activity),
        has_impact=activity.has_intended_impact,
    )


def of_plan(data: dict[str, Any], *, sessions: list[Session], people: int) -> Facts:
    """Of a plan that is being typed, from what of it can be read."""
    return Facts(
        is_direct=data.get("kind") == Activity.Kind.DIRECT,
        is_compulsory=bool(data.get("is_compulsory")),
        is_led_from_outside=bool(data.get("led_by")),
        has_lead=bool(data.get("lead")),
        people=people,
        meetings=meetings(sessions),
        level="" if people else "mixed",
        helpers=helpers(Topic.objects.filter(needs__in=needs), None)
        if data.get("led_by") and (needs := data.get("needs"))
        else (),
        has_impact=all(data.get(name) for name in ("staff_will", "pupils_will", "known_by")),
    )


def meetings(sessions: Iterable[Session]) -> tuple[Meeting, ...]:
    """Dated sessions, and which of them fall into the last week before a holiday."""
    ends = list(HalfTerm.objects.values_list("ends_on", flat=True))
    return tuple(
        Meeting(
            session.starts_at,
            session.ends_at - session.starts_at,
            is_at_the_end=any(_is_last_week(session.starts_at, end) for end in ends),
        )
        for session in sessions
    )


def _is_last_week(moment: Any, end: date) -> bool:
    return timedelta(0) <= end - clock.day_of(moment) < LAST_DAYS


def helpers(topics: QuerySet[Topic], activity: Activity | None) -> tuple[str, ...]:
    """Colleagues who told everybody here that they help with what it is about."""
    offers = Expertise.objects.offered(today=clock.today()).filter(topic__in=topics)
    if activity and activity.lead_id:
        offers = offers.exclude(staff=activity.lead_id)
    people = offers.order_by("staff__sort_name").select_related("staff")
    return tuple(dict.fromkeys(offer.staff.name for offer in people[:10]))


def doubles(topics: QuerySet[Topic], activity: Activity) -> tuple[str, ...]:
    """What is planned or under way for needs of the same topics, as far as all may know of it."""
    known = Activity.objects.of_school().filter(is_private=False)
    going = known.filter(state__in=[Activity.State.PLANNED, Activity.State.UNDER_WAY])
    needs = Need.objects.filter(topic__in=topics)
    others = going.filter(answered__need__in=needs).exclude(pk=activity.pk)
    return tuple(others.order_by("title").distinct().values_list("title", flat=True)[:3])


def like(activity: Activity) -> QuerySet[Activity]:
    """Over, and alike: for the same priorities, or of the same type. The newest first; what was
    private says nothing to others."""
    over = Activity.objects.of_school().filter(is_private=False).finished()
    same = over.exclude(pk=activity.pk)
    served = same.filter(served__priority__in=activity.priorities.values("pk"))
    found = (served | same.filter(type=activity.type_id)).distinct()
    return found.select_related("intended_impact").order_by("-pk")
