"""Who decides about a request: never the person it is for, and always somebody who is here.

Whoever leads CPD; above a sum the school has set, and of an appeal, the head. Where there is no
such person, the head, and then anybody who holds the permission. Somebody may stand in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from activities.models import Request, StandIn
from activities.models.request import deciding_roles
from cpdhub import clock
from cpdhub.models import School, Staff
from cpdhub.permissions import Permission, Role


@dataclass
class Deciders:
    """The people of a school who may decide on a day, asked for once for any number of
    requests."""

    school: School
    people: list[Staff]
    standing_in: dict[int, Staff] = field(default_factory=dict)  # by whom they stand in for

    def may_decide(self, staff: Staff, request: Request) -> bool:
        if staff.pk == request.staff_id:
            return False
        return any(staff.pk in self._selves(one) for one in self._entitled(request))

    def holder(self, request: Request) -> Staff | None:
        """Whose turn it is: who it was passed on to, else the first who may."""
        entitled = self._entitled(request)
        for one in entitled:
            if request.with_staff_id in self._selves(one):
                return one if one.pk == request.with_staff_id else self.standing_in[one.pk]
        for one in entitled:
            stand_in = self.standing_in.get(one.pk)
            if stand_in is None or stand_in.pk != request.staff_id:
                return stand_in or one
        return entitled[0] if entitled else None

    def others(self, request: Request) -> list[Staff]:
        """To whom it may be passed on."""
        found = {self.standing_in.get(one.pk, one) for one in self._entitled(request)}
        found |= set(self._entitled(request))
        return sorted(
            (one for one in found if one.pk != request.staff_id), key=lambda one: one.sort_name
        )

    def is_for_head(self, request: Request) -> bool:
        limit = self.school.head_decides_above
        is_large = limit is not None and request.cost > limit
        return is_large or request.state == Request.State.APPEALED

    def _entitled(self, request: Request) -> list[Staff]:
        """In the order in which it is theirs."""
        others = [one for one in self.people if one.pk != request.staff_id]
        heads = [one for one in others if one.has_role(Role.HEAD)]
        if self.is_for_head(request) and heads:
            return heads
        leaders = [one for one in others if one.has_role(Role.CPD_LEADER)]
        return list(dict.fromkeys([*leaders, *heads, *others]))

    def _selves(self, one: Staff) -> set[int]:
        stand_in = self.standing_in.get(one.pk)
        return {one.pk, stand_in.pk} if stand_in else {one.pk}


def deciders(school: School, today: date) -> Deciders:
    """Two queries."""
    holds = Q(roles__overlap=deciding_roles())
    here = Staff.objects.in_post(today)
    rows = StandIn.objects.now(today).filter(stand_in__in=here).select_related("stand_in")
    return Deciders(school, list(here.filter(holds)), {row.staff_id: row.stand_in for row in rows})


def decides(staff: Staff) -> bool:
    """Whether requests come to this person at all."""
    return (
        staff.can(Permission.DECIDE_REQUESTS)
        or StandIn.objects.now(clock.today()).filter(stand_in=staff).exists()
    )
