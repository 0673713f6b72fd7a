"""Who coaches or mentors whom, in a private activity that is going on."""

from __future__ import annotations

from typing import Any

from activities.models.activity import Activity
from activities.models.session import Participation
from cpdhub.models import Staff

# The words of roles that make somebody a person's coach. In co-coaching each is the other's.
COACHING = ["coach", "mentor", "co-coach"]


def active_pairs() -> Any:
    """The people of private activities that are planned or under way."""
    State = Activity.State
    return Participation.objects.filter(
        activity__is_private=True, activity__state__in=[State.PLANNED, State.UNDER_WAY]
    )


def coaches_of(staff: Staff) -> Any:
    """Their coaches and mentors as long as the pair exists."""
    theirs = active_pairs().filter(staff=staff).exclude(role__in=COACHING[:2])
    coaching = active_pairs().filter(activity__in=theirs.values("activity"), role__in=COACHING)
    found = Staff.objects.filter(pk__in=coaching.values("staff")).exclude(pk=staff.pk)
    return found.order_by("sort_name", "pk")


def coached_by(staff: Staff) -> Any:
    """The people, as participations, whose coach or mentor this person is now."""
    mine = active_pairs().filter(staff=staff, role__in=COACHING)
    others = active_pairs().filter(activity__in=mine.values("activity"))
    return others.exclude(staff=staff).exclude(role__in=COACHING[:2])
