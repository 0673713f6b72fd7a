"""Reading the improvement plan: the year's priorities, one of them, the page for everyone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cpdhub import clock, history, plan_words
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import (
    LogEntry,
    Milestone,
    MonitoringNote,
    Plan,
    Priority,
    Reading,
    Staff,
    SubPlan,
    SuccessCriterion,
)
from cpdhub.permissions import Permission
from cpdhub.plan_words import CriterionLine, PriorityLine, priority_line
from cpdhub.views.plan_parts import removed


def sub(staff: Staff, current: str) -> list[dict[str, Any]]:
    """The pages of the area Plan, side by side."""
    pages = [
        ("Improvement plan", "plan:plan", Permission.SEE_PLAN),
        ("Self-evaluation", "plan:self_evaluation", Permission.SEE_SELF_EVALUATION),
        ("CPD policy", "plan:policy", Permission.SEE_PLAN),
        ("All years", "plan:years", Permission.SEE_PLAN),
        ("Frameworks", "plan:frameworks", Permission.EDIT_PLAN),
    ]
    return [
        {"name": name, "url": reverse(view), "is_current": view == current}
        for name, view, permission in pages
        if staff.can(permission)
    ]


def plan_of(request: StaffRequest, pk: int) -> Plan:
    found: Plan = get_object_or_404(Plan.objects.select_related("year"), pk=pk)
    return found


@require_GET
@requires(Permission.SEE_PLAN)
def plan(request: StaffRequest) -> HttpResponse:
    """This year's plan, or the invitation to begin one."""
    return _show(request, Plan.objects.of_day(clock.today()))


@require_GET
@requires(Permission.SEE_PLAN)
def year(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, plan_of(request, pk))


def _show(request: StaffRequest, plan: Plan | None) -> HttpResponse:
    today = clock.today()
    lines = _lines(request.staff, plan)
    by_state = {
        state.value: [line for line in lines if line.priority.state == state]
        for state in Priority.State
    }
    live = [line.priority for line in by_state["live"]]
    whole_school = [line for line in by_state["live"] if line.priority.sub_plan_id is None]
    advised = request.school.advised_priorities
    return render(
        request,
        "cpdhub/plan.html",
        {
            "plan": plan,
            "said": plan_words.of_plan(live, today=today),
            "lines": by_state,
            "whole_school": whole_school,
            "parts": _parts(plan, by_state["live"]),
            "removed": removed(request),
            "too_many": plan_words.many(len(whole_school), "priority", "priorities")
            if len(whole_school) > advised
            else "",
            "advised": advised,
            "may_change": request.staff.can(Permission.EDIT_PLAN)
            and (plan is None or plan.is_open),
            "may_reopen": request.staff.can(Permission.EDIT_PLAN),
            "sub_links": sub(request.staff, "plan:plan"),
        },
    )


def _parts(plan: Plan | None, live: list[PriorityLine]) -> list[tuple[SubPlan, Any]]:
    """The plan's sub-plans, each with its live priorities."""
    found = plan.sub_plans.select_related("lead") if plan else []
    return [(part, [row for row in live if row.priority.sub_plan_id == part.pk]) for part in found]


@require_GET
@requires(Permission.SEE_PLAN)
def sub_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """A part of the plan: its priorities, and how they go."""
    found: SubPlan = get_object_or_404(SubPlan.objects.select_related("plan__year", "lead"), pk=pk)
    today = clock.today()
    rows = Priority.objects.visible_to(request.staff).filter(sub_plan=found).with_progress()
    lines = [priority_line(row, today=today) for row in rows]
    live = [line for line in lines if line.priority.is_live]
    return render(
        request,
        "cpdhub/sub_plan.html",
        {
            "sub_plan": found,
            "live": live,
            "others": [line for line in lines if not line.priority.is_live],
            "said": plan_words.of_plan([line.priority for line in live], today=today),
            "may_change": request.staff.can(Permission.EDIT_PLAN) and found.plan.is_open,
            "sub_links": sub(request.staff, "plan:plan"),
        },
    )


def _lines(staff: Staff, plan: Plan | None) -> list[PriorityLine]:
    if plan is None:
        return []
    today = clock.today()
    rows = Priority.objects.visible_to(staff).filter(plan=plan).with_progress()
    return [priority_line(row, today=today) for row in rows]


@require_GET
@requires(Permission.SEE_PLAN)
def one_page(request: StaffRequest) -> HttpResponse:
    return _one_page(request, Plan.objects.of_day(clock.today()))


@require_GET
@requires(Permission.SEE_PLAN)
def year_one_page(request: StaffRequest, pk: int) -> HttpResponse:
    return _one_page(request, plan_of(request, pk))


def _one_page(request: StaffRequest, plan: Plan | None) -> HttpResponse:
    """What everyone reads and prints: never a draft, whoever prints it."""
    lines = [line for line in _lines(request.staff, plan) if not line.priority.is_draft]
    live = [line.priority for line in lines if line.priority.is_live]
    return render(
        request,
        "cpdhub/plan_one_page.html",
        {
            "plan": plan,
            "lines": lines,
            "said": plan_words.of_plan(live, today=clock.today()),
        },
    )


CSV_HEADER = [
    "Rank", "Priority", "State", "Progress", "Progress in words", "Why", "Pupils", "Lead",
    "Governor", "From", "To", "Measure", "Unit", "Baseline", "Latest", "Latest on", "Target",
    "Due", "Next milestone", "Next milestone due", "Milestones overdue", "Sub-plan",
]  # fmt: skip


@require_GET
@requires(Permission.SEE_PLAN)
def year_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan as a table: one row per success criterion."""
    plan = plan_of(request, pk)
    lines = _lines(request.staff, plan)
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="plan", object_id=plan.pk)
    return csv_response(
        f"improvement-plan-{plan.year}.csv", CSV_HEADER, (row for x in lines for row in _rows(x))
    )


def _rows(line: PriorityLine) -> Iterator[list[Any]]:
    p = line.priority
    following = line.next_milestone
    rows: list[CriterionLine | None] = [*line.criteria] or [None]
    for row in rows:
        c = row.criterion if row else SuccessCriterion()
        latest = row.readings[-1] if row and row.readings else Reading()
        yield [
            p.rank, p.title, p.get_state_display(), p.get_rag_display(), p.rag_note, p.why,
            p.pupils, p.lead, p.governor, p.starts_on, p.ends_on, c.measure, c.unit, c.baseline,
            latest.value, latest.taken_on, c.target, c.due_on,
            following.expected if following else "", following.due_on if following else "",
            len(line.overdue), p.sub_plan,
        ]  # fmt: skip


@require_GET
@requires(Permission.SEE_PLAN)
def priority(request: StaffRequest, pk: int) -> HttpResponse:
    """One priority on one page."""
    today = clock.today()
    found: Priority = get_object_or_404(
        Priority.objects.visible_to(request.staff)
        .with_progress()
        .select_related("area__judgement__item", "carried_from__plan__year"),
        pk=pk,
    )
    line = priority_line(found, today=today)
    notes = list(found.monitoring.select_related("by"))
    return render(
        request,
        "cpdhub/priority.html",
        {
            "priority": found,
            "line": line,
            "said": plan_words.of_priority(line),
            "missing": plan_words.missing(line, today=today),
            "milestones": [
                (m, plan_words.RAG_STATE.get(m.rag, ""), m.is_overdue(today=today))
                for m in found.milestones.all()
            ],
            "notes": notes,
            "timeline": plan_words.timeline(line, notes, today=today),
            "may_change": found.may_be_changed_by(request.staff),
            "may_follow": found.may_be_followed_by(request.staff),
            "may_see_area": request.staff.can(Permission.SEE_SELF_EVALUATION),
            "is_ready": any(row.criterion.is_complete for row in line.criteria),
            "may_plan": _may_plan_for(found, request.staff, today),
            "may_see_activities": request.staff.can(Permission.SEE_ACTIVITIES),
            "may_see_impact": request.staff.can(Permission.SEE_IMPACT),
            "removed": removed(request),
            "sub_links": sub(request.staff, "plan:plan"),
        },
    )


def _may_plan_for(priority: Priority, staff: Staff, today: date) -> bool:
    """Activities are planned for what is live this year."""
    year = priority.plan.year
    return (
        priority.is_live
        and year.starts_on <= today <= year.ends_on
        and staff.can(Permission.PLAN_ACTIVITIES)
    )


@require_GET
@requires(Permission.EDIT_PLAN)
def priority_history(request: StaffRequest, pk: int) -> HttpResponse:
    """Who changed what, and when."""
    found: Priority = get_object_or_404(Priority.objects.visible_to(request.staff), pk=pk)
    parts = [SuccessCriterion, Milestone, MonitoringNote]
    criteria = history.events(SuccessCriterion, priority_id=found.pk)
    return render(
        request,
        "cpdhub/plan_history.html",
        {
            "title": found.title,
            "back": reverse("plan:priority", args=[found.pk]),
            "changes": history.changes(
                history.events(Priority, pgh_obj_id=found.pk),
                *(history.events(part, priority_id=found.pk) for part in parts),
                history.events(Reading, criterion_id__in=criteria.values("id")),
            ),
        },
    )
