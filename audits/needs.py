"""What people do with needs that touches more than one row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from audits import proposals
from audits.models import Need, NeedSource, Round, Topic
from audits.models.need import LEVELS, NeedQuerySet
from audits.proposals import Proposal, Rule
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible

NOT_NOW = "Not now: decided when the audit's suggestions were read."


@transaction.atomic
def write_down(need: Need, *, by: Staff, sources: Iterable[NeedSource], topic: str = "") -> Need:
    """Save a need with how anybody knows of it. What an audit showed stays a source."""
    if need._state.adding:
        need.school_id, need.written_by = by.school_id, by
    if topic:
        need.topic = Topic.named(topic, school_id=by.school_id)
    need.sources.exclude(kind=NeedSource.Kind.AUDIT).delete()
    need.save()
    for source in sources:
        source.school_id, source.need = need.school_id, need
        source.save(force_insert=True)
    return need


@transaction.atomic
def take_for_oneself(staff: Staff, chosen: Collection[str], *, is_shared: bool, rule: Rule) -> int:
    """Make one's own needs of what one's own answers suggest. How many are new."""
    _one_at_a_time(staff)
    wanted = [p for p in proposals.for_oneself(staff, rule) if p.value in chosen]
    for proposal in wanted:
        proposals.make_need(proposal, by=staff, is_shared=is_shared)
    return len(wanted)


@transaction.atomic
def decline_for_oneself(staff: Staff, value: str, *, rule: Rule) -> bool:
    """Not a need of mine: it is not suggested again, and nobody else learns of it."""
    _one_at_a_time(staff)
    found = [p for p in proposals.for_oneself(staff, rule) if p.value == value]
    for proposal in found:
        need = proposals.make_need(proposal, by=staff, is_shared=False)
        need.set_aside("Not a need of mine")
    return bool(found)


@transaction.atomic
def decide(round_: Round, chosen: Collection[str], *, by: Staff, rule: Rule, agree: bool) -> int:
    """Agree to what an audit suggests, or say not now. How many were still undecided."""
    Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    wanted = undecided(proposals.of_round(round_, rule), chosen)
    for proposal in wanted:
        need = proposals.make_need(proposal, by=by, is_shared=True)
        if agree:
            need.agree()
        else:
            need.set_aside(NOT_NOW)
    return len(wanted)


def undecided(found: Iterable[Proposal], chosen: Collection[str]) -> list[Proposal]:
    return [proposal for proposal in found if proposal.need is None and proposal.value in chosen]


def _one_at_a_time(staff: Staff) -> None:
    Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)


# --- topics -----------------------------------------------------------------------------------


def counted_by_topic(needs: NeedQuerySet) -> Any:
    """By topic, how many of these needs there are, of how many people, and at which level; the
    most needed first. Without the topics' names: joined, each need would look one up."""
    levels = {f"level_{n}": Count("pk", filter=Q(level_now=n)) for n, _ in LEVELS}
    return (
        needs.exclude(topic=None)
        .order_by()
        .values("topic")
        .annotate(
            number=Count("pk"),
            people=Count("staff", distinct=True),
            undecided=Count("pk", filter=Q(status=Need.Status.IDENTIFIED)),
            waiting=Count("pk", filter=Q(status=Need.Status.AGREED)),
            **levels,
        )
        .order_by("-number", "topic")
    )


@transaction.atomic
def merge_topics(topic: Topic, into: Topic) -> None:
    """Two names for one thing become one: needs, offers and asks move over.

    Who offered both keeps the offer under the name that stays. Refused while one colleague asks
    another under both names.
    """
    # Whoever asks for help at this moment waits, then asks under the name that stays.
    list(Topic.objects.select_for_update().filter(pk__in=[topic.pk, into.pk]).order_by("pk"))
    topic.needs.update(topic=into)
    topic.offers.filter(staff__in=into.offers.values("staff")).delete()
    topic.offers.update(topic=into)
    try:
        with transaction.atomic():
            topic.help_requests.update(topic=into)
    except IntegrityError:
        raise NotPossible(
            "A colleague asks another for help under both names. Join them when that is done."
        ) from None
    if topic.question_code and not into.question_code:
        codes = {"instrument_code": topic.instrument_code, "question_code": topic.question_code}
        Topic.objects.filter(pk=topic.pk).update(instrument_code="", question_code="")
        Topic.objects.filter(pk=into.pk).update(**codes)
    topic.delete()
