"""Having work recognised: what is still missing, and what is done with a submission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from cpdhub import clock
from cpdhub.models import LogEntry, Staff
from cpdhub.models.base import NotPossible
from evaluation import certificates
from evaluation.models import (
    EntryEvidence,
    SchemeDimension,
    Submission,
    SubmissionEntry,
    verifiers_for,
)
from evaluation.portfolios import Candidate, candidates
from evaluation.record import Record, between, say_day

NOT_THEY = (
    "That person cannot verify this: a verifier is trained, and is neither you, your coach nor"
    " your line manager. Choose somebody from the list."
)


@dataclass(frozen=True)
class Side:
    """One dimension of a submission, with what was written and shown to it."""

    dimension: SchemeDimension
    entry: SubmissionEntry | None
    evidence: list[tuple[str, str, str]] = field(default_factory=list)  # title, facts, text

    @property
    def lacks(self) -> str:
        """What is still missing, in words; empty when nothing is."""
        least = self.dimension.evidence_least
        more = least - len(self.evidence)
        lacking = [] if self.entry and self.entry.text.strip() else ["your account"]
        if more > 0:
            lacking.append("a piece of evidence" if more == 1 else f"{more} pieces of evidence")
        return " and ".join(lacking)


def sides(submission: Submission, *, reader: Staff) -> list[Side]:
    """In the scheme's order. Others than the owner read the type of a private activity only."""
    entries = {entry.dimension_id: entry for entry in submission.entries.all()}
    shown: dict[int, list[tuple[str, str, str]]] = {}
    rows = EntryEvidence.objects.filter(entry__submission=submission).order_by("pk")
    rows = list(rows.select_related("reflection__activity"))
    dated = _dated(submission.owner, [row.activity_id for row in rows if row.activity_id])
    is_own = reader.pk == submission.owner_id
    for row in rows:
        if row.reflection_id or row.activity_id in dated:
            line = (
                _of_reflection(row.reflection, is_own)
                if row.reflection_id
                else _of_activity(dated[row.activity_id], is_own)
            )
            shown.setdefault(row.entry_id, []).append(line)
    return [
        Side(
            dimension, entry := entries.get(dimension.pk), shown.get(entry.pk, []) if entry else []
        )
        for dimension in submission.scheme.dimensions.all()
    ]


def _dated(owner: Staff, pks: Iterable[int]) -> dict[int, Any]:
    """Only what is still on their record."""
    if not (pks := list(pks)):
        return {}
    found = Record(owner, owner).activities().filter(pk__in=pks).select_related("type")
    return {row.pk: row for row in found}


def _of_activity(row: Any, is_own: bool) -> tuple[str, str, str]:
    title = row.title if is_own or not row.is_private else row.type.title
    return title, f"{row.type.title} · {between(row.began_at, row.last_at)}", ""


def _of_reflection(row: Any, is_own: bool) -> tuple[str, str, str]:
    about = row.about
    if row.activity and row.activity.is_private and not is_own:
        about = row.title or f"Reflection of {say_day(row.written_on)}"
    texts = (row.learned, row.will_try, row.seen_in_pupils)
    return about, f"Reflection · {say_day(row.written_on)}", "\n\n".join(filter(None, texts))


def may_be_evidence(owner: Staff) -> list[Candidate]:
    """Of their own record, the newest first."""
    return candidates(owner, "reflections") + candidates(owner, "learning")


@transaction.atomic
def write_entry(
    submission: Submission, dimension: SchemeDimension, *, text: str, evidence: list[Candidate]
) -> SubmissionEntry:
    """The account and exactly this evidence; of two windows the later one counts.

    What is evidence already and is offered no more, being old, stays: nobody could tick it.
    """
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if not locked.may_be_written:
        raise NotPossible("It is with the verifier. Take it back first to write on.")
    entry, _ = SubmissionEntry.objects.update_or_create(
        submission=submission,
        dimension=dimension,
        defaults={"school": submission.school, "text": text},
    )
    offered = [row.keys for row in may_be_evidence(submission.owner)]
    activities = [keys["activity_id"] for keys in offered if "activity_id" in keys]
    reflections = [keys["reflection_id"] for keys in offered if "reflection_id" in keys]
    entry.evidence.filter(Q(activity__in=activities) | Q(reflection__in=reflections)).delete()
    EntryEvidence.objects.bulk_create(
        EntryEvidence(school=submission.school, entry=entry, **row.keys) for row in evidence
    )
    return entry


def send(submission: Submission, *, to: Staff) -> None:
    """To the verifier, once nothing is missing."""
    lacking = [side for side in sides(submission, reader=submission.owner) if side.lacks]
    if lacking:
        first = lacking[0]
        raise NotPossible(f"“{first.dimension}” still needs {first.lacks}.")
    if not verifiers_for(submission, today=clock.today()).filter(pk=to.pk).exists():
        raise NotPossible(NOT_THEY)
    try:
        with transaction.atomic():
            submission.send(to=to)
    except IntegrityError as problem:  # made line manager, or no longer trained, meanwhile
        raise NotPossible(NOT_THEY) from problem


def open_as_verifier(submission: Submission, *, by: Staff) -> None:
    """The owner sees when; the log keeps that it was read, and nothing of it."""
    if submission.owner_id == by.pk:
        return
    LogEntry.write(LogEntry.Kind.OPENED, by=by, what="submission", object_id=submission.pk)
    if submission.verifier_id == by.pk and submission.opened_at is None:
        submission.opened_at = clock.now()
        Submission.objects.filter(pk=submission.pk).update(opened_at=submission.opened_at)


@transaction.atomic
def decide(submission: Submission, *, is_recognised: bool, advice: str) -> None:
    """What is recognised gets its certificate in the same breath."""
    try:
        with transaction.atomic():
            submission.decide(is_recognised=is_recognised, advice=advice)
    except IntegrityError as problem:
        raise NotPossible(
            "You cannot verify this any more: you have become their line manager, or your training"
            " was taken off the list. Whoever leads CPD can help."
        ) from problem
    if is_recognised:
        certificates.of_recognition(submission)
