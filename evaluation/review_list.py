"""What worked here: the list of judged activities as somebody narrowed it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from cpdhub.keys import key_of
from cpdhub.models import Priority, Staff
from evaluation import judgements
from evaluation.models import Decision, Verdict


class ReviewFilter:
    """Read from the address; what names nothing on the lists is left out."""

    def __init__(self, query: QueryDict) -> None:
        self.text = query.get("q", "").strip()[:100]
        decision, verdict = query.get("decision", ""), query.get("pupils", "")
        self.decision = decision if decision in Decision.values else ""
        self.verdict = verdict if verdict in Verdict.values else ""
        self.priority = key_of(query.get("priority", "")) or 0
        self.type = query.get("type", "")[:60]
        self.waits = query.get("waiting") == "1"
        self.decisions, self.verdicts = Decision.choices, Verdict.choices

    @property
    def priorities(self) -> list[tuple[int, str]]:
        """Those something was judged for."""
        judged = judgements.judged().values("activity")
        found = Priority.objects.filter(served_by__activity__in=judged).distinct()
        return [(row.pk, row.title) for row in found.order_by("title", "pk")]

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.decision or self.verdict or self.priority or self.type)

    def reviews(self, staff: Staff) -> QuerySet[Any]:
        """Newest first, with what is shown of the activity."""
        found = judgements.judged().visible_to(staff).select_related("activity__type")  # type: ignore[attr-defined]
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
        if self.type:
            found = found.filter(activity__type__code=self.type)
        return found.order_by("-closed_on", "-pk")

    def waiting(self, *, today: date) -> QuerySet[Any]:
        """What nobody has judged yet, the longest first; of one priority where one is chosen."""
        found = judgements.to_judge(today=today).select_related("intended_impact")
        if self.priority:
            found = found.filter(served__priority=self.priority)
        return found.order_by("intended_impact__look_again_on", "pk")
