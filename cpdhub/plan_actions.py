"""What happens to the plan and touches several rows: years, publishing, archiving, carrying on."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from cpdhub import clock
from cpdhub.models import (
    AreaForImprovement,
    Contributor,
    Framework,
    FrameworkItem,
    Judgement,
    Plan,
    Priority,
    School,
    SubPlan,
    SuccessCriterion,
)
from cpdhub.models.framework import OWN_AREAS
from cpdhub.years import add_year, first_year_of


class NotMeasured(Exception):
    """A priority cannot go live: it has no criterion with measure, baseline and target."""


class PlanArchived(Exception):
    """The plan of this year is archived and no longer changes."""


def framework_of(school: School) -> Framework | None:
    """What the school evaluates itself by: its choice, else the inspection areas in force."""
    if school.evaluates_by_id:
        chosen: Framework | None = Framework.objects.filter(pk=school.evaluates_by_id).first()
        return chosen
    inspection = Framework.objects.of_kind(Framework.Kind.INSPECTION).filter(school=None)
    found: Framework | None = inspection.valid_on(clock.today()).first() or inspection.first()
    return found


def plan_for_this_year(school: School) -> Plan:
    """This year's plan, made when there is none yet."""
    return plan_for_year(school, first_year_of(clock.today()))


def plan_for_year(school: School, first: int) -> Plan:
    return Plan.objects.get_or_create(school=school, year=add_year(school, first))[0]


def last_school_day(plan: Plan) -> date:
    last: date | None = plan.year.half_terms.aggregate(last=Max("ends_on"))["last"]
    return last or plan.year.ends_on


@transaction.atomic
def make_priority(area: AreaForImprovement) -> Priority:
    """Turn an area for improvement into a draft priority; asking twice gives the same one."""
    area = AreaForImprovement.objects.select_for_update(of=("self",)).get(pk=area.pk)
    if made := Priority.objects.filter(area=area).first():
        return made
    plan = plan_for_this_year(area.school)
    if not plan.is_open:
        raise PlanArchived
    return Priority.objects.create(
        school=area.school,
        plan=plan,
        area=area,
        title=area.text[:200],
        why=area.text if len(area.text) > 200 else "",
        source=area.source,
        starts_on=max(clock.today(), plan.year.starts_on),
        ends_on=last_school_day(plan),
    )


@transaction.atomic
def add_areas(school: School, lines: Collection[tuple[int, str]], *, source: str) -> int:
    """What must get better, each in the evaluation area (its item's id) it belongs to; how many
    are new. What stands there in the same words already is not added again."""
    new = 0
    for item, text in lines:
        judgement = Judgement.objects.get_or_create(school=school, item_id=item)[0]
        new += AreaForImprovement.objects.get_or_create(
            school=school, judgement=judgement, text=text, defaults={"source": source}
        )[1]
    return new


@transaction.atomic
def publish(priority: Priority) -> None:
    """Draft or closed goes live, if it is measured; it comes last in the ranking."""
    locked = Priority.objects.select_for_update(of=("self",)).get(pk=priority.pk)
    if not any(criterion.is_complete for criterion in locked.criteria.all()):
        raise NotMeasured
    if locked.is_live:
        return
    locked.state = Priority.State.LIVE
    if locked.rank is None:
        last = Priority.objects.filter(plan=locked.plan).aggregate(last=Max("rank"))["last"]
        locked.rank = (last or 0) + 1
    locked.save(update_fields=["state", "rank"])


def close(priority: Priority) -> None:
    """A live priority is over; what is there stays readable. Asking twice is harmless."""
    Priority.objects.filter(pk=priority.pk, state=Priority.State.LIVE).update(
        state=Priority.State.CLOSED
    )


def rank(priorities: Collection[Priority]) -> None:
    """Number priorities in the order given, from 1."""
    for place, priority in enumerate(priorities, start=1):
        if priority.rank != place:
            priority.rank = place
            priority.save(update_fields=["rank"])


@transaction.atomic
def archive(plan: Plan, *, carry: Collection[Priority]) -> Plan | None:
    """Year's end: live priorities close, the chosen ones go on as drafts of next year's plan.

    Next year's plan is made when missing, and answered when anything was carried.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("year").get(pk=plan.pk)
    if plan.is_open:
        plan.archived_at = clock.now()
        plan.save(update_fields=["archived_at"])
        Priority.objects.live().filter(plan=plan).update(state=Priority.State.CLOSED)
    if not carry:
        return None
    following = plan_for_year(plan.school, plan.year.starts_on.year + 1)
    for priority in carry:
        carry_forward(priority, to=following)
    return following


def carry_forward(priority: Priority, *, to: Plan) -> Priority:
    """A draft of the same in another year's plan. Where pupils stand now is its new baseline."""
    if made := Priority.objects.filter(plan=to, carried_from=priority).first():
        return made
    copy = Priority.objects.create(
        school=to.school,
        plan=to,
        carried_from=priority,
        title=priority.title,
        source=priority.source,
        why=priority.why,
        pupils=priority.pupils,
        sub_plan=_same_sub_plan(priority.sub_plan, to),
        lead=priority.lead,
        governor=priority.governor,
        starts_on=to.year.starts_on,
        ends_on=last_school_day(to),
    )
    for criterion in priority.criteria.prefetch_related("readings"):
        latest = criterion.latest
        SuccessCriterion.objects.create(
            school=to.school,
            priority=copy,
            measure=criterion.measure,
            unit=criterion.unit,
            baseline=latest.value if latest else criterion.baseline,
            target=criterion.target,
        )
    return copy


def _same_sub_plan(sub_plan: SubPlan | None, plan: Plan) -> SubPlan | None:
    """The sub-plan of that name in another year's plan, made when there is none yet."""
    if sub_plan is None:
        return None
    return SubPlan.objects.get_or_create(
        school=plan.school,
        plan=plan,
        title=sub_plan.title,
        defaults={"kind": sub_plan.kind, "lead": sub_plan.lead},
    )[0]


def reopen(plan: Plan) -> None:
    """The plan can be changed again; its priorities stay as they are."""
    Plan.objects.filter(pk=plan.pk).update(archived_at=None)


def put_back(event: Any) -> Any:
    """Undo a removal: the row as its history remembers it, under its old number."""
    model = event.pgh_tracked_model
    values = {
        field.attname: getattr(event, field.attname)
        for field in model._meta.concrete_fields
        if hasattr(event, field.attname)
    }
    return model.objects.get_or_create(pk=values.pop("id"), defaults=values)[0]


@transaction.atomic
def name_contributors(judgement: Judgement, people: Collection[int]) -> None:
    """These people write the area with its writers, and nobody else does."""
    judgement = Judgement.objects.get_or_create(school=judgement.school, item=judgement.item)[0]
    judgement.contributors.exclude(staff__in=people).delete()
    for person in people:
        Contributor.objects.get_or_create(
            school_id=judgement.school_id, judgement=judgement, staff_id=person
        )


OWN_SCALE = ["Weak", "Developing", "Secure", "Strong"]


def own_framework(school: School) -> Framework:
    """The school's own list of areas, made when there is none yet."""
    return Framework.objects.get_or_create(
        school=school,
        kind=Framework.Kind.INSPECTION,
        code=OWN_AREAS,
        defaults={
            "title": "Our own areas",
            "version": "1",
            "owner": school.name[:200],
            "scale": OWN_SCALE,
        },
    )[0]


def add_own_area(school: School, *, title: str, text: str) -> FrameworkItem:
    """An area of the school's own, after the others."""
    framework = own_framework(school)
    last = framework.items.aggregate(last=Max("position"))["last"] or 0
    return FrameworkItem.objects.create(
        school=school,
        framework=framework,
        code=f"area-{last + 1}",
        position=last + 1,
        title=title,
        text=text,
    )
