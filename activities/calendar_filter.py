"""Which sessions a calendar shows: one's own, a team's, those that serve a priority."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from activities.models import Activity, ActivityPriority, Participation, Session
from cpdhub.keys import key_of
from cpdhub.models import Priority, Staff, Team
from cpdhub.permissions import Permission


class CalendarFilter:
    """Read from an address; what makes no sense there is left aside."""

    def __init__(self, staff: Staff, asked: QueryDict) -> None:
        self.staff = staff
        self.is_mine = asked.get("mine") == "1"
        self.team = key_of(asked.get("team", ""))
        self.priority = key_of(asked.get("priority", ""))

    @property
    def is_narrow(self) -> bool:
        return bool(self.is_mine or self.team or self.priority)

    @cached_property
    def teams(self) -> list[tuple[int, str]]:
        return list(Team.objects.values_list("pk", "name"))

    @cached_property
    def priorities(self) -> list[tuple[int, str]]:
        return list(Priority.objects.live().values_list("pk", "title"))

    def sessions(self, first: date, last: date) -> list[Any]:
        """What is on these days and may be seen, in one query."""
        # Gathered once, not asked session by session.
        mine = Participation.objects.filter(staff=self.staff).values("activity")
        sessions = (
            Session.objects.between(first, last)
            .filter(
                Q(activity__is_own_learning=False) | Q(activity__owner=self.staff),
                # Said, so that PostgreSQL knows how many there are and gathers them.
                activity__school=self.staff.school_id,
            )
            .annotate(is_mine=Q(activity__lead=self.staff) | Q(activity__in=mine))
            .select_related("activity")
        )
        if not self.staff.can(Permission.SEE_EVERYONES_RECORD):  # for them it is every activity
            sessions = sessions.filter(activity__in=Activity.objects.visible_to(self.staff))
        if self.is_mine:
            sessions = sessions.filter(is_mine=True)
        if self.team:
            of_team = Participation.objects.filter(
                activity=OuterRef("activity"), staff__team=self.team
            )
            sessions = sessions.filter(Q(activity__lead__team=self.team) | Exists(of_team))
        if self.priority:
            served = ActivityPriority.objects.filter(
                activity=OuterRef("activity"), priority=self.priority
            )
            sessions = sessions.filter(Exists(served))
        return list(sessions)
