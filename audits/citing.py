"""A published result as evidence: a frozen copy in the self-evaluation or on a success criterion.

What is copied is words and numbers that were published, with the number of people, the day, the
audit's name and the address of its results. Nothing of it changes when the results do not exist
any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.text import Truncator

from audits.actions import NotPossible
from audits.models import Kind, Question, Result, Round
from audits.result_tables import SCALES, mean
from cpdhub.models import (
    EvidencePointer,
    FrameworkItem,
    Judgement,
    Priority,
    Reading,
    Staff,
    SuccessCriterion,
)


@dataclass(frozen=True)
class Citation:
    """What was told of one question by everyone, a team or a staff group."""

    audit: str
    said: str
    question: str
    day: date
    link: str
    value: Decimal | None

    @classmethod
    def of(cls, result: Result, *, round_: Round, question: Question) -> Citation:
        means = list(_means(result, question))
        numbers = " and ".join(words for words, _ in means) or _counts(result, question)
        return cls(
            str(round_), f"{result.label}: {numbers} ({result.n} answered)", str(question),
            round_.closes_on, round_.school.link("needs:results", round_.pk),
            Decimal(str(means[-1][1])) if means else None,
        )  # fmt: skip

    @property
    def text(self) -> str:
        return f"{self.said}. “{self.question}”"

    @property
    def title(self) -> str:
        return f"Audit “{self.audit}”"


def _means(result: Result, question: Question) -> Iterator[tuple[str, float]]:
    """Of importance and confidence both; the confidence last."""
    if question.kind not in SCALES or result.n is None:
        return
    first = mean(result.counts, result.n)
    if question.kind != Kind.IMPORTANCE:
        yield f"{first} of 4", first
        return
    second = mean(result.second_counts, result.n)
    yield f"important {first}", first
    yield f"confident {second} of 4", second


def _counts(result: Result, question: Question) -> str:
    pairs = zip(question.options, result.counts, strict=True)
    return ", ".join(f"{option.label} {count}" for option, count in pairs)


@transaction.atomic
def cite_in_area(item: FrameworkItem, citation: Citation, *, by: Staff) -> EvidencePointer:
    """One more piece of evidence of the school's judgement in this area."""
    judgement = Judgement.objects.get_or_create(school=by.school, item=item)[0]
    Judgement.objects.select_for_update(of=("self",), no_key=True).get(pk=judgement.pk)
    if judgement.evidence.count() >= Judgement.MOST_EVIDENCE:
        raise NotPossible(
            f"“{item}” has {Judgement.MOST_EVIDENCE} pieces of evidence already. Remove the"
            " weakest there to make room."
        )
    made: EvidencePointer = EvidencePointer.objects.create(
        school=by.school, judgement=judgement, title=_within(200, citation.title),
        claim=_within(300, citation.text), dated_on=citation.day, link=citation.link,
    )  # fmt: skip
    return made


@transaction.atomic
def cite_as_reading(criterion: SuccessCriterion, citation: Citation, *, by: Staff) -> Reading:
    """A reading on the day the audit closed; where there is no baseline, the baseline as well."""
    locked = SuccessCriterion.objects.select_for_update(of=("self",), no_key=True).get(
        pk=criterion.pk
    )
    if citation.value is None:
        raise NotPossible("Only a mean can be a reading: cite this in the self-evaluation.")
    if locked.readings.filter(taken_on=citation.day).exists():
        raise NotPossible(f"“{locked}” has a reading of that day already: change that one.")
    if locked.baseline is None:
        locked.baseline = citation.value
        locked.save(update_fields=["baseline"])
    address = f" {citation.link}"
    made: Reading = Reading.objects.create(
        school=by.school, criterion=locked, taken_on=citation.day, value=citation.value,
        note=_within(200 - len(address), f"{citation.title}. {citation.text}") + address,
        recorded_by=by,
    )  # fmt: skip
    return made


def _within(most: int, text: str) -> str:
    return Truncator(text).chars(most)


def criteria_open_to(staff: Staff) -> list[SuccessCriterion]:
    """Of priorities this person may record readings of. One query."""
    found = SuccessCriterion.objects.filter(
        priority__in=Priority.objects.visible_to(staff).exclude(state=Priority.State.CLOSED)
    ).select_related("priority__plan")
    return [each for each in found if each.priority.may_be_followed_by(staff)]
