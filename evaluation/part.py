"""Which part of the school's CPD is counted: some days, one team, one form of activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from activities.models import Attendance, Participation

if TYPE_CHECKING:
    from evaluation.school_year import Period


@dataclass(frozen=True)
class Part:
    """All of it, unless something is chosen. A team is who is in it today."""

    period: Period | None = None
    priority: int = 0
    team: int = 0
    form: int = 0
    is_open: bool = False  # without what stays between those who take part

    @property
    def is_narrow(self) -> bool:
        """Less than the school: what is measured once for all pupils is not in it."""
        return bool(self.team or self.form)

    @property
    def of_it(self) -> str:
        """What follows "no activity": of this team and form"""
        chosen = " and ".join(word for word in ("team", "form") if getattr(self, word))
        return f" of this {chosen}" if chosen else ""

    def kinds(self, path: str = "") -> Q:
        """What the activities at this path ("activity__") are, whoever takes part."""
        found = Q(**{f"{path}form": self.form}) if self.form else Q()
        return found & Q(**{f"{path}is_private": False}) if self.is_open else found

    def activities(self, path: str = "") -> Q:
        """Of these kinds; for a team, those somebody of it was put down for or came to."""
        if not self.team:
            return self.kinds(path)
        key = f"{path.removesuffix('__') or 'pk'}__in"
        put_down = Participation.objects.filter(staff__team=self.team)
        came = Attendance.objects.counted().filter(staff__team=self.team)
        there = Q(**{key: put_down.values("activity")})
        return self.kinds(path) & (there | Q(**{key: came.values("session__activity")}))

    def served(self, path: str = "") -> Q:
        """What serves the one priority, where one is chosen."""
        return Q(**{f"{path}served__priority": self.priority}) if self.priority else Q()

    def people(self, path: str) -> Q:
        """The people at this path: "staff__" or "" for colleagues themselves."""
        return Q(**{f"{path}team": self.team}) if self.team else Q()

    def needs(self) -> Q:
        """A team's needs are its own and those of its people."""
        return Q(staff__team=self.team) | Q(team=self.team) if self.team else Q()


WHOLE = Part()
