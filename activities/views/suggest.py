"""What would meet a need: types of activity for those at each level, with the reason for each."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from activities.forms.activity import activity_types, answerable_needs
from activities.prefill import people_of, topic_asked
from activities.suggestions import A_LITTLE, FAIRLY, NOT_YET, Option, stage_of, suggest, usual
from audits.helpers import people_for
from audits.models import Need, Topic
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours, pounds

STAGES = {
    NOT_YET: ("Not yet", ["0", "1"]),
    A_LITTLE: ("A little", ["2"]),
    FAIRLY: ("Fairly or very", ["3", "4"]),
}
BEGUN = {Need.Status.PLANNED, Need.Status.BEING_MET}
MOST_TOPICS = 50


@require_GET
@requires(Permission.PLAN_ACTIVITIES)
def suggest_page(request: StaffRequest) -> HttpResponse:
    """For a topic; without one, the topics that have open needs."""
    topic = topic_asked(request.GET, request.staff)
    if topic is None:
        return render(request, "activities/suggest_choose.html", {"topics": topics(request.staff)})
    needs = list(answerable_needs(request.staff).filter(topic=topic).with_whom())
    for_knowledge = request.GET.get("about") == "knowledge"
    context = {
        "topic": topic,
        "for_knowledge": for_knowledge,
        "helpers": people_for(topic, reader=request.staff, today=clock.today()) if needs else [],
        "groups": groups(topic, needs, for_knowledge=for_knowledge),
    }
    return render(request, "activities/suggest.html", context)


def topics(staff: Staff) -> list[Topic]:
    """Those with open needs this person sees, most needed first."""
    seen = Q(needs__in=answerable_needs(staff).values("pk"))
    found = Topic.objects.annotate(n=Count("needs", filter=seen)).filter(n__gt=0)
    return list(found.order_by("-n", "title")[:MOST_TOPICS])


def groups(topic: Topic, needs: list[Need], *, for_knowledge: bool) -> list[dict[str, Any]]:
    """One for each level somebody is at: the same topic is not taught to all in one way."""
    by_stage: dict[int, list[Need]] = {}
    for need in sorted(needs, key=lambda need: need.staff.sort_name if need.staff else ""):
        by_stage.setdefault(stage_of(need.level_now), []).append(need)
    everyone = Staff.objects.live(clock.today()).on_staff().count()
    found = []
    for stage in sorted(by_stage):
        rows = by_stage[stage]
        is_whole_school = any(need.whom == Need.Whom.SCHOOL for need in rows)
        people = everyone if is_whole_school else len(people_of(rows))
        soon = Counter(need.horizon for need in rows).most_common(1)[0][0]
        options = suggest(stage=stage, people=people, horizon=soon, for_knowledge=for_knowledge)
        name, levels = STAGES[stage]
        found.append({
            "name": name, "needs": rows, "people": people, "levels": levels, "options": options,
            "unsaid": sum(need.level_now is None for need in rows),
            "begun": sum(need.status in BEGUN for need in rows),
        })  # fmt: skip
    with_lines(topic, found)
    return found


def with_lines(topic: Topic, found: list[dict[str, Any]]) -> None:
    """Each suggestion as the page shows it: title, reason, what it takes, where it is planned."""
    options = [option for group in found for option in group["options"]]
    titles = dict(activity_types().values_list("code", "title"))
    takes = usual(options)
    for group in found:
        group["lines"] = [
            {
                "title": titles[option.code],
                "why": option.why,
                "takes": in_words(takes[option]),
                "url": plan_address(topic, option, group["levels"]),
            }
            for option in group["options"]
            if option.code in titles
        ]


def in_words(takes: Any) -> str:
    """About 4 hours each, £300 in fees; the middle of 6 you held."""
    each = hours(round(takes.hours * 2) / 2)
    time = f"About {each} hour{'' if each == '1' else 's'} each"
    money = f"{pounds(takes.cost)} in fees" if takes.cost else "no fees"
    known = f"the middle of {takes.from_own} you held" if takes.from_own else "a plain guess"
    return f"{time}, {money}: {known}"


def plan_address(topic: Topic, option: Option, levels: list[str]) -> str:
    query = [("topic", topic.pk), *(("level", level) for level in levels), ("type", option.code)]
    return f"{reverse('activities:plan')}?{urlencode(query)}"
