"""Activities, many at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from activities import models as rows
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.permissions import Permission


def without_intended_impact() -> Q:
    """Direct CPD that never said all four of what should change, as a condition on activities."""
    words = ("staff_will", "pupils_will", "known_by")
    said = Q(**{f"intended_impact__{name}__gt": "" for name in words})
    said &= Q(intended_impact__look_again_on__isnull=False)
    return Q(kind=rows.Activity.Kind.DIRECT) & ~said


def without_need() -> Q:
    """Direct CPD that answers nothing anybody needs, as a condition on activities."""
    answered = rows.ActivityNeed.objects.filter(activity=OuterRef("pk"))
    return Q(kind=rows.Activity.Kind.DIRECT) & ~Q(Exists(answered))


class ActivityQuerySet(QuerySet["rows.Activity"]):
    def visible_to(self, staff: Staff) -> Self:
        """The school's activities (drafts only to planners and their lead), one's own learning.

        Somebody else's own learning is seen by those who see everyone's record and by the
        line manager; it happened, so it has no secret, but it is nobody else's business. No more
        is who is coached, mentored or supported: of that only who takes part and who planned it
        know, beside those who see everyone's record.
        """
        if staff.can(Permission.SEE_EVERYONES_RECORD):
            return self
        schools: Any = Q(is_own_learning=False)
        if not staff.can(Permission.PLAN_ACTIVITIES):
            schools &= ~Q(state=rows.Activity.State.DRAFT) | Q(lead=staff)
        takes_part = rows.Participation.objects.filter(activity=OuterRef("pk"), staff=staff)
        schools &= Q(is_private=False) | Q(lead=staff) | Exists(takes_part)
        managed = Q(is_own_learning=True, owner__line_manager=staff)
        return self.filter(Q(owner=staff) | schools | managed)

    def of_school(self) -> Self:
        """Planned or logged for the school; people's own learning is counted apart."""
        return self.filter(is_own_learning=False)

    def of(self, staff: Staff) -> Self:
        """In which this person takes part or which they lead."""
        takes_part = rows.Participation.objects.filter(activity=OuterRef("pk"), staff=staff)
        return self.filter(Q(lead=staff) | Exists(takes_part))

    def outward(self) -> Self:
        """With somebody from outside, or in a form that crosses schools."""
        crosses = Q(form__groups__overlap=["across-schools", "external"])
        return self.filter(Q(provider__isnull=False) | ~Q(led_by="") | crosses)

    def happening(self) -> Self:
        """Neither drafts nor cancelled: what counts."""
        return self.exclude(state__in=rows.Activity.NOT_HAPPENING)

    def finished(self) -> Self:
        return self.filter(state__in=rows.Activity.OVER)

    def between(self, first: date, last: date) -> Self:
        """With a session, not cancelled, on these days."""
        sessions = rows.Session.objects.filter(activity=OuterRef("pk"), cancelled_at=None)
        return self.filter(Exists(sessions.between(first, last)))

    def dated(self, first: date, last: date) -> Self:
        """With a session on these days or, while it has none, entered on them."""
        sessions = rows.Session.objects.order_by()
        entered = Q(
            entered_at__gte=clock.midnight(first), entered_at__lt=clock.midnight_after(last)
        )
        has_session_then = Q(pk__in=sessions.between(first, last).values("activity"))
        has_none = ~Q(pk__in=sessions.values("activity"))
        return self.filter(has_session_then | has_none & entered)

    def without_intended_impact(self) -> Self:
        """The school's direct CPD that never said what should change: a missing link."""
        return self.of_school().filter(without_intended_impact())

    def without_need(self) -> Self:
        """The school's direct CPD that answers nothing anybody needs: a missing link."""
        return self.of_school().filter(without_need())

    def one_offs(self) -> Self:
        """Direct CPD that was one session, with nothing to follow it: a missing link.

        One colleague helping another is no event: once may be enough.
        """
        sessions = rows.Session.objects.filter(activity=OuterRef("pk"), cancelled_at=None)
        times = sessions.order_by().values("activity").annotate(n=Count("pk")).values("n")
        return (
            self.of_school()
            .finished()
            .filter(kind=rows.Activity.Kind.DIRECT, help_request=None)
            .alias(n=times)
            .filter(n=1)
        )

    def total_cost(self) -> Decimal:
        """What they cost, or are expected to while the bill is not in."""
        return self.aggregate(total=Sum(Coalesce("cost", "expected_cost")))["total"] or Decimal(0)

    def count_and_cost(self) -> tuple[int, Decimal]:
        """How many they are and what they cost together, in one query."""
        sums = self.aggregate(n=Count("pk"), total=Sum(Coalesce("cost", "expected_cost")))
        return sums["n"], sums["total"] or Decimal(0)

    def cost_per_priority(self) -> dict[int, Decimal]:
        """By priority. What serves two counts in each, so these do not add up to the total."""
        rows = (
            self.filter(served__isnull=False)
            .order_by()
            .values_list("served__priority")
            .annotate(total=Sum(Coalesce("cost", "expected_cost")))
        )
        return {priority: total or Decimal(0) for priority, total in rows}
