"""Keeping, copying and changing entitlements; linking activities to their steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from activities.models import (
    Activity,
    ActivityStep,
    Entitlement,
    EntitlementStep,
    EntitlementUse,
    NotPossible,
)
from cpdhub import clock
from cpdhub.models import Staff

COPIED = (
    "kind", "title", "short", "summary", "source", "unsure", "groups", "stages", "roles",
    "is_by_name", "is_optional",
)  # fmt: skip
COPIED_OF_STEP = (
    "code", "position", "title", "text", "evidence", "due", "number", "hours", "counts_all",
    "type", "word",
)  # fmt: skip


def keep(
    entitlement: Entitlement, *, by: Staff, since: date | None = None, joined: date | None = None
) -> EntitlementUse:
    """The school promises it from a day on, in place of the version it kept until then."""
    use, _ = EntitlementUse.objects.update_or_create(
        school=by.school,
        code=entitlement.code,
        defaults={
            "entitlement": entitlement,
            "since": since or clock.today(),
            "joined_since": joined,
        },
    )
    return use


def stop(entitlement: Entitlement) -> None:
    """Nobody is owed it any more. What was received stays on record."""
    EntitlementUse.objects.filter(entitlement=entitlement).delete()


@transaction.atomic
def copy(entitlement: Entitlement, *, by: Staff) -> Entitlement:
    """The next version, the school's own: to be changed, then kept in place of this one.

    Its steps keep their codes, so that what was received before counts for them.
    """
    taken = Entitlement.objects.filter(code=entitlement.code).values_list("version", flat=True)
    made: Entitlement = Entitlement.objects.create(
        school=by.school,
        code=entitlement.code,
        version=next_version(taken),
        copied_from=entitlement,
        **{name: getattr(entitlement, name) for name in COPIED},
    )
    EntitlementStep.objects.bulk_create(
        EntitlementStep(
            school=by.school,
            entitlement=made,
            **{name: getattr(step, name) for name in COPIED_OF_STEP},
        )
        for step in entitlement.steps.select_related("type")
    )
    return made


def next_version(taken: Iterable[str]) -> str:
    """One more than the highest: 2 after 1."""
    numbers = [int(version) for version in taken if version.isdecimal()]
    return str(max(numbers, default=0) + 1)


def delete(entitlement: Entitlement) -> None:
    """A version of the school's own nobody kept and nothing hangs on."""
    try:
        with transaction.atomic():
            entitlement.delete()
    except ProtectedError:
        raise NotPossible(
            "It stays: colleagues have received steps of it, or activities answer them."
        ) from None


def steps_to_answer(*, besides: Activity | None = None) -> QuerySet[EntitlementStep]:
    """Steps an activity can answer: of what the school keeps, and what it answers already."""
    uses = EntitlementUse.objects.all()
    kept = EntitlementStep.objects.filter(entitlement__uses__in=uses).exclude(
        due=EntitlementStep.Due.TERM
    )
    if besides is not None and besides.pk:
        kept |= EntitlementStep.objects.filter(answered_by__activity=besides)
    found: QuerySet[EntitlementStep] = (
        kept.select_related("entitlement").order_by("entitlement__title", "position").distinct()
    )
    return found


def entitle(activity: Activity, *, steps: Iterable[EntitlementStep]) -> None:
    """Link the activity to exactly these steps."""
    chosen = {step.pk for step in steps}
    linked = set(activity.entitles.values_list("step", flat=True))
    if gone := linked - chosen:
        activity.entitles.filter(step__in=gone).delete()
    ActivityStep.objects.bulk_create(
        (
            ActivityStep(school_id=activity.school_id, activity=activity, step_id=pk)
            for pk in chosen - linked
        ),
        ignore_conflicts=True,
    )
