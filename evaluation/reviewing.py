"""What stands on the page of an activity's impact, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import formats

from activities.models import Activity
from audits.models import Kind, Result, Round
from audits.result_tables import mean
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible
from evaluation import asking
from evaluation.models import (
    Evidence,
    ImpactReview,
    ImpactRound,
    Moment,
    Verdict,
    strength_of,
)

JUDGED = (Activity.State.UNDER_WAY, Activity.State.FINISHED, Activity.State.CLOSED)
ABOUT_PUPILS = {Moment.TERM, Moment.YEAR}


def may_judge(activity: Activity, staff: Staff) -> bool:
    """Of those who know it: whoever may change it, and its lead, who need not be a planner; once
    it has begun."""
    return (
        not activity.is_own_learning
        and activity.state in JUDGED
        and (activity.may_be_changed_by(staff) or activity.lead_id == staff.pk)
    )


@dataclass
class Outcome:
    """One of the two intended outcomes: what was meant, what is said of it, and how we know."""

    name: str
    code: str
    intended: str
    verdict: str = ""
    because: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    was_asked: bool = False  # people answered: self-report at least

    @property
    def verdict_in_words(self) -> str:
        return Verdict(self.verdict).label if self.verdict else "Not judged yet"

    @property
    def strength(self) -> str:
        """The strongest evidence there is, in words."""
        kinds = [each.kind for each in self.evidence]
        return strength_of(kinds or [Evidence.Kind.SAID] * self.was_asked)


def outcomes(
    activity: Activity,
    review: ImpactReview | None,
    evidence: Iterable[Evidence],
    asked: Iterable[Asked],
) -> list[Outcome]:
    """About pupils people are asked after a term at the earliest."""
    impact = getattr(activity, "intended_impact", None)
    found = [
        Outcome("Staff", "staff", getattr(impact, "staff_will", "")),
        Outcome("Pupils", "pupils", getattr(impact, "pupils_will", "")),
    ]
    by_code = {outcome.code: outcome for outcome in found}
    for each in evidence:
        by_code[each.outcome].evidence.append(each)
    answered = {line.code for line in asked if line.figures}
    for outcome in found:
        about = ABOUT_PUPILS if outcome.code == "pupils" else set(Moment)
        outcome.was_asked = bool(answered & about)
        if review:
            outcome.verdict = getattr(review, f"{outcome.code}_verdict")
            outcome.because = getattr(review, f"{outcome.code}_because")
    return found


@dataclass(frozen=True)
class Asked:
    """One moment of asking as its line shows it."""

    code: str
    moment: str
    day: date
    state: str
    figures: tuple[str, ...] = ()
    round: Round | None = None


def asked(activity: Activity, *, today: date) -> list[Asked]:
    """Every moment: what was answered, what is open, what is to come, and what was left out."""
    found = list(ImpactRound.objects.filter(activity=activity))
    keys = [row.round_id for row in found if row.round_id]
    rates = {row.pk: row for row in Round.objects.filter(pk__in=keys).with_rate()} if keys else {}
    told = _figures(keys) if keys else {}
    lines = [_line(row, rates, told) for row in found]
    if activity.kind == Activity.Kind.DIRECT and not activity.is_private:
        known = {row.moment for row in found}
        lines += [
            Asked(moment, Moment(moment).label, on, "to come")
            for moment, on in asking.waiting(activity, today)
            if moment not in known
        ]
    return sorted(lines, key=lambda line: line.day)


def _line(row: ImpactRound, rates: dict[int, Any], told: dict[int, list[str]]) -> Asked:
    label = Moment(row.moment).label
    if row.round_id is None:
        return Asked(row.moment, label, row.due_on, f"Not asked. {row.not_asked_because}")
    round_ = rates[row.round_id]
    state = f"{round_.answered} of {round_.invited} answered"
    if row.spared:
        had = "1 more had" if row.spared == 1 else f"{row.spared} more had"
        state += f"; {had} been asked enough this half-term"
    if round_.is_open:
        state += f"; open until {formats.date_format(round_.closes_on)}"
    return Asked(row.moment, label, row.due_on, state, tuple(told.get(round_.pk, ())), round_)


def _figures(rounds: list[int]) -> dict[int, list[str]]:
    """Published means of what everyone said, lowest last; nothing that is hidden."""
    found: dict[int, list[tuple[float, str]]] = {}
    results = Result.objects.filter(
        round__in=rounds, breakdown=Result.Breakdown.ALL, n__isnull=False,
        question__kind=Kind.FREQUENCY,
    )  # fmt: skip
    for result in results.select_related("question"):
        average = mean(result.counts, result.n)
        words = f"{result.question.text} {average} of 4 (n = {result.n})"
        found.setdefault(result.round_id, []).append((average or 0, words))
    return {pk: [words for _, words in sorted(each, reverse=True)] for pk, each in found.items()}


# --- deeds ---------------------------------------------------------------------------------------
def begin(activity: Activity, by: Staff) -> ImpactReview:
    """The open review, or a new one: a year later an activity may be judged again."""
    found: ImpactReview | None = ImpactReview.objects.open().filter(activity=activity).first()
    return found or ImpactReview(school=by.school, activity=activity, by=by)


def close(review: ImpactReview, *, today: date) -> None:
    """From now on it stands, and everyone who sees the activity reads it."""
    locked = ImpactReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if locked.is_closed:
        raise NotPossible("Somebody has closed it meanwhile. Begin a new one to judge it again.")
    review.closed_on = today
    review.save(update_fields=["closed_on"])
