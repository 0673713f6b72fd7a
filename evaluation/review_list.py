"""What worked here: the list of judged activities as somebody narrowed it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from activities.models import ActivityForm
from cpdhub.keys import key_of
from cpdhub.models import Priority, Staff, Team
from cpdhub.permissions import Permission
from cpdhub.queries import holding
from evaluation import judgements
from evaluation.models import Decision, Verdict
from evaluation.part import Part


class ReviewFilter:
    """Read from the address; what names nothing on the lists is left out."""

    def __init__(self, query: QueryDict, staff: Staff) -> None:
        self.text = query.get("q", "").strip()[:100]
        decision, verdict = query.get("decision", ""), query.get("pupils", "")
        self.decision = decision if decision in Decision.values else ""
        self.verdict = verdict if verdict in Verdict.values else ""
        self.priority = key_of(query.get("priority", "")) or 0
        self.type = query.get("type", "")[:60]
        self.team = self._team(query, staff)
        form = key_of(query.get("form", ""))
        self.form = ActivityForm.objects.filter(pk=form).first() if form else None
        self.waits = query.get("waiting") == "1"
        self.decisions, self.verdicts = Decision.choices, Verdict.choices

    def _team(self, query: QueryDict, staff: Staff) -> Team | None:
        """As the dashboard was narrowed: one they lead; any, for who sees the whole dashboard."""
        pk = key_of(query.get("team", ""))
        teams = Team.objects.all()
        if not staff.can(Permission.SEE_IMPACT):
            teams = teams.filter(leader=staff)
        return teams.filter(pk=pk).first() if pk else None

    @property
    def part(self) -> Part:
        return Part(team=self.team.pk if self.team else 0, form=self.form.pk if self.form else 0)

    @property
    def words(self) -> str:
        """Of Lower KS2, in the form “Coaching cycle”"""
        of_team = f"in which {self.team} took part" if self.team else ""
        in_form = f"in the form “{self.form}”" if self.form else ""
        return ", ".join(filter(None, [of_team, in_form]))

    @property
    def priorities(self) -> list[tuple[int, str]]:
        """Those something was judged for."""
        judged = judgements.judged().values("activity")
        found = Priority.objects.filter(served_by__activity__in=judged).distinct()
        return [(row.pk, row.title) for row in found.order_by("title", "pk")]

    @property
    def is_narrow(self) -> bool:
        return bool(
            self.text or self.decision or self.verdict or self.priority or self.type or self.words
        )

    def reviews(self, staff: Staff) -> QuerySet[Any]:
        """Newest first, with what is shown of the activity."""
        found = judgements.judged().visible_to(staff).select_related("activity__type")  # type: ignore[attr-defined]
        found = found.filter(
            holding(
                self.text,
                *("activity__title", "activity__type__title"),
                *("what_we_change", "staff_because", "pupils_because"),
            )
        )
        if self.decision:
            found = found.filter(decision=self.decision)
        if self.verdict:
            found = found.filter(pupils_verdict=self.verdict)
        if self.priority:
            found = found.filter(activity__served__priority=self.priority)
        if self.type:
            found = found.filter(activity__type__code=self.type)
        return found.filter(self.part.activities("activity__")).order_by("-closed_on", "-pk")

    def waiting(self, *, today: date) -> QuerySet[Any]:
        """What nobody has judged yet, the longest first; of one priority where one is chosen."""
        found = judgements.to_judge(today=today).select_related("intended_impact")
        if self.priority:
            found = found.filter(served__priority=self.priority)
        return found.filter(self.part.activities()).order_by("intended_impact__look_again_on", "pk")
