"""What worked here: the list of judged activities as somebody narrowed it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cpdhub.keys import key_of
from cpdhub.models import Priority, Staff
from evaluation import reviewing
from evaluation.models import Decision, Verdict


class ReviewFilter:
    """Read from the address; what names nothing on the lists is left out."""

    def __init__(self, query: QueryDict) -> None:
        self.text = query.get("q", "").strip()[:100]
        decision, verdict = query.get("decision", ""), query.get("pupils", "")
        self.decision = decision if decision in Decision.values else ""
        self.verdict = verdict if verdict in Verdict.values else ""
        self.priority = key_of(query.get("priority", "")) or 0
        self.decisions, self.verdicts = Decision.choices, Verdict.choices

    @property
    def priorities(self) -> list[tuple[int, str]]:
        """Those something was judged for."""
        judged = reviewing.judged().values("activity")
        found = Priority.objects.filter(served_by__activity__in=judged).distinct()
        return [(row.pk, row.title) for row in found.order_by("title", "pk")]

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.decision or self.verdict or self.priority)

    def reviews(self, staff: Staff) -> QuerySet[Any]:
        """Newest first, with what is shown of the activity."""
        found = reviewing.judged().visible_to(staff).select_related("activity__type")  # type: ignore[attr-defined]
        for word in self.text.split():
            found = found.filter(
                Q(activity__title__icontains=word)
                | Q(activity__type__title__icontains=word)
                | Q(what_we_change__icontains=word)
                | Q(staff_because__icontains=word)
                | Q(pupils_because__icontains=word)
            )
        if self.decision:
            found = found.filter(decision=self.decision)
        if self.verdict:
            found = found.filter(pupils_verdict=self.verdict)
        if self.priority:
            found = found.filter(activity__served__priority=self.priority)
        return found.order_by("-closed_on", "-pk")
