"""What pages of the ground show of the apps above it."""

from typing import Any

from django import template

from activities import budgets
from activities.models import Activity, Provider
from audits.models import Need
from cpdhub.models import Plan, Priority, Staff
from cpdhub.permissions import Permission
from evaluation import needs
from evaluation.dashboard import SMALL
from evaluation.models import ImpactReview

register = template.Library()


@register.inclusion_tag("roof/_needs_behind.html")
def needs_behind(priority: Priority, staff: Staff) -> dict[str, Any]:
    """What is needed for a priority: whole-school, staff groups' and teams' needs by title.

    What people said for themselves is a number, for those who do not see it by name only from
    five people up; fewer look like none.
    """
    found = needs.waiting_first(needs.behind(priority).with_whom())
    people = needs.Needs()
    named: list[Need] = []
    for need in found:
        if need.is_persons:
            people.add(need.status, need.staff_id)
        else:
            named.append(need)
    sees_names = staff.can(Permission.DECIDE_NEEDS)
    return {
        "priority": priority,
        "named": named,
        "people": people if sees_names or len(people.people) >= SMALL else None,
        "in_words": people.in_words if sees_names else "",
        "may_open": staff.can(Permission.WRITE_NEEDS),
        "may_see_register": staff.can(Permission.SEE_NEEDS),
    }


@register.inclusion_tag("roof/_money_of.html")
def money_of(priority: Priority, staff: Staff) -> dict[str, Any]:
    """What a priority's activities cost in its year, for who keeps budgets."""
    if priority.is_draft or not staff.can(Permission.MANAGE_BUDGETS):
        return {}
    year = priority.plan.year
    (spend,) = budgets.of_priorities([priority], year)
    return {"spend": spend, "year": year}


@register.inclusion_tag("roof/_money_of_plan.html")
def money_of_plan(plan: Plan | None, lines: list[Any], staff: Staff) -> dict[str, Any]:
    """The same of a plan's live priorities, one beside the other."""
    if plan is None or not lines or not staff.can(Permission.MANAGE_BUDGETS):
        return {}
    spent = budgets.of_priorities([line.priority for line in lines], plan.year)
    return {"rows": spent, "year": plan.year}


@register.inclusion_tag("roof/_answered_by.html")
def answered_by(need: Need, staff: Staff) -> dict[str, Any]:
    """The activities that answer a need, of those this person may see; the newest first."""
    found = Activity.objects.visible_to(staff).filter(answered__need=need).order_by("-pk")
    return {"need": need, "staff": staff, "activities": found.distinct()}


@register.inclusion_tag("roof/_lessons_of.html")
def lessons_of(activities: list[Activity], staff: Staff) -> dict[str, Any]:
    """Activities of before with what was learned from them, for whoever plans something alike."""
    judged = ImpactReview.objects.standing().visible_to(staff).filter(activity__in=activities)
    reviews = {review.activity_id: review for review in judged}
    return {"rows": [(activity, reviews.get(activity.pk)) for activity in activities]}


@register.inclusion_tag("roof/_judged_with.html")
def judged_with(provider: Provider, staff: Staff) -> dict[str, Any]:
    """How what a provider did was judged later, of what this person reads."""
    judged = ImpactReview.objects.standing().visible_to(staff)
    found = judged.filter(activity__provider=provider).select_related("activity")
    return {"reviews": found.order_by("-closed_on", "-pk")}
