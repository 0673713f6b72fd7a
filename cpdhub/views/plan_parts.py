"""Rows kept under a plan, a priority or a judgement: add, change, remove, put back.

Readings, milestones, findings, areas for improvement, evidence and sub-plans differ in their form
and in who may write them; their pages are the same four.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cpdhub import clock, history, plan_actions
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import (
    AreaForImprovement,
    EvidencePointer,
    Framework,
    FrameworkItem,
    Judgement,
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
from cpdhub.plan_forms import MilestoneForm, NoteForm, ReadingForm, SubPlanForm
from cpdhub.self_evaluation_forms import AreaForm, EvidenceForm

Parent = Plan | Priority | SuccessCriterion | Judgement


@dataclass(frozen=True)
class Part:
    """One kind of such rows."""

    model: type[models.Model]
    form: type[forms.ModelForm]
    parent_field: str
    find_parent: Callable[[Staff, int], Any]
    noun: str
    hint: str = ""
    is_for_contributors: bool = False
    first_values: Callable[[Staff], dict[str, Any]] = lambda staff: {}
    initial: Callable[[], dict[str, Any]] = dict


def _plan(staff: Staff, pk: int) -> Plan:
    found: Plan = get_object_or_404(Plan.objects.select_related("year"), pk=pk)
    return found


def _priority(staff: Staff, pk: int) -> Priority:
    found: Priority = get_object_or_404(
        Priority.objects.visible_to(staff).select_related("plan"), pk=pk
    )
    return found


def _criterion(staff: Staff, pk: int) -> SuccessCriterion:
    found: SuccessCriterion = get_object_or_404(
        SuccessCriterion.objects.filter(
            priority__in=Priority.objects.visible_to(staff)
        ).select_related("priority__plan"),
        pk=pk,
    )
    return found


def _judgement(staff: Staff, pk: int) -> Judgement:
    found: Judgement = get_object_or_404(Judgement.objects.select_related("item"), pk=pk)
    return found


def judgement_of(staff: Staff, item_pk: int) -> Judgement:
    """What is said in this area; not saved yet where nothing was."""
    item = get_object_or_404(
        FrameworkItem.objects.filter(framework__kind=Framework.Kind.INSPECTION).select_related(
            "framework"
        ),
        pk=item_pk,
    )
    found: Judgement | None = Judgement.objects.filter(item=item).first()
    if found is None:
        return Judgement(school=staff.school, item=item)
    found.item = item
    return found


PARTS = {
    "subplan": Part(
        SubPlan, SubPlanForm, "plan", _plan, "sub-plan",
        "A part of the plan: a subject, a phase, digital. Its priorities count in the whole plan.",
    ),
    "reading": Part(
        Reading, ReadingForm, "criterion", _criterion, "reading",
        first_values=lambda staff: {"recorded_by": staff},
        initial=lambda: {"taken_on": clock.today()},
    ),
    "milestone": Part(
        Milestone, MilestoneForm, "priority", _priority, "milestone",
        "Where the priority should be by a day in one half-term.",
    ),
    "note": Part(
        MonitoringNote, NoteForm, "priority", _priority, "finding",
        "What you found when you looked whether it is happening. Everyone who reads the plan"
        " reads it.",
        first_values=lambda staff: {"by": staff},
        initial=lambda: {"seen_on": clock.today()},
    ),
    "area": Part(
        AreaForImprovement, AreaForm, "judgement", _judgement, "area for improvement",
        "It can become a priority of the improvement plan in one step.",
        is_for_contributors=True,
    ),
    "evidence": Part(
        EvidencePointer, EvidenceForm, "judgement", _judgement, "evidence",
        "Where it is and what it shows. Few and telling: eight at most.",
    ),
}  # fmt: skip


def _may_write(part: Part, parent: Parent, staff: Staff) -> bool:
    if isinstance(parent, Judgement):
        if part.is_for_contributors:
            return parent.may_be_written_by(staff)
        return staff.can(Permission.EDIT_PLAN)
    if isinstance(parent, Plan):
        return parent.is_open and staff.can(Permission.EDIT_PLAN)
    priority = parent.priority if isinstance(parent, SuccessCriterion) else parent
    return priority.may_be_followed_by(staff)


def _page_of(parent: Parent) -> str:
    if isinstance(parent, Judgement):
        return reverse("plan:judgement", args=[parent.item_id])
    if isinstance(parent, Plan):
        return reverse("plan:year", args=[parent.pk])
    pk = parent.priority_id if isinstance(parent, SuccessCriterion) else parent.pk
    return reverse("plan:priority", args=[pk])


def _check(part: Part, parent: Parent, staff: Staff) -> None:
    if not _may_write(part, parent, staff):
        raise PermissionDenied


def _hold(parent: Parent) -> None:
    """Whoever adds to the same parent takes turns: days and numbers are counted once."""
    if parent.pk is None and isinstance(parent, Judgement):
        parent.pk = Judgement.objects.get_or_create(school=parent.school, item=parent.item)[0].pk
    type(parent).objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PLAN)
@once
def part_add(request: StaffRequest, kind: str, parent: int) -> HttpResponse:
    part = PARTS[kind]
    find = judgement_of if part.parent_field == "judgement" else part.find_parent
    above = find(request.staff, parent)
    _check(part, above, request.staff)
    if request.method == "POST":
        _hold(above)
    row = part.model(school=request.school, **{part.parent_field: above})
    for name, value in part.first_values(request.staff).items():
        setattr(row, name, value)
    form = part.form(request.POST or None, instance=row, initial=part.initial())
    return _answer(request, part, form, above, title=f"Add {_a(part.noun)}")


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PLAN)
def part_change(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    part, row, above = _row(request, kind, pk)
    if request.method == "POST":
        _hold(above)
    form = part.form(request.POST or None, instance=row)
    return _answer(request, part, form, above, title=f"Change this {part.noun}")


def _a(noun: str) -> str:
    if noun == "evidence":
        return noun
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _row(request: StaffRequest, kind: str, pk: int) -> tuple[Part, Any, Any]:
    """A row this person may write, with what it hangs on."""
    part = PARTS[kind]
    row: Any = get_object_or_404(part.model.objects, pk=pk)  # type: ignore[attr-defined]
    above = part.find_parent(request.staff, getattr(row, f"{part.parent_field}_id"))
    setattr(row, part.parent_field, above)
    _check(part, above, request.staff)
    return part, row, above


def _answer(
    request: StaffRequest, part: Part, form: forms.ModelForm, above: Any, *, title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        row = form.save()
        messages.success(request, f"Saved: {row}")
        return redirect(_page_of(above))
    return render(
        request,
        "cpdhub/plan_part.html",
        {"form": form, "title": title, "hint": part.hint, "of": above, "back": _page_of(above)},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PLAN)
@once
def part_remove(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Remove a row; the page it was on offers to put it back. Opened as a page, it asks."""
    part, row, above = _row(request, kind, pk)
    if request.method == "GET":
        return ask_before_removing(request, row, noun=part.noun, back=_page_of(above))
    if isinstance(row, AreaForImprovement) and Priority.objects.filter(area=row).exists():
        messages.error(
            request,
            "It has become a priority, and stays so that the priority knows where it came from.",
        )
        return redirect(_page_of(above))
    if isinstance(row, SubPlan) and row.priorities.exists():
        messages.error(request, "It has priorities. Move them out of it first, or keep it.")
        return redirect(_page_of(above))
    row.delete()
    event = (
        history.events(part.model, pgh_label="delete", pgh_obj_id=pk).order_by("-pgh_id").first()
    )
    return redirect(f"{_page_of(above)}?removed={kind}-{event.pk}" if event else _page_of(above))


def ask_before_removing(
    request: StaffRequest, row: Any, *, noun: str, back: str, note: str = ""
) -> HttpResponse:
    context = {"row": row, "noun": noun, "back": back, "note": note}
    return render(request, "cpdhub/plan_remove.html", context)


def removed(request: StaffRequest) -> dict[str, Any] | None:
    """What the page's address says was just removed, to be put back."""
    kind, _, event = request.GET.get("removed", "").partition("-")
    if kind not in PARTS or not event.isascii() or not event.isdecimal() or len(event) > 9:
        return None
    return {"noun": PARTS[kind].noun, "url": reverse("plan:put_back", args=[kind, int(event)])}


@require_POST
@requires(Permission.SEE_PLAN)
def put_back(request: StaffRequest, kind: str, event: int) -> HttpResponse:
    """Undo a removal."""
    if kind not in PARTS:
        raise Http404
    part = PARTS[kind]
    found: Any = get_object_or_404(history.events(part.model, pgh_label="delete"), pgh_id=event)
    above = part.find_parent(request.staff, getattr(found, f"{part.parent_field}_id"))
    _check(part, above, request.staff)
    try:
        with transaction.atomic():
            row = plan_actions.put_back(found)
    except IntegrityError:
        messages.error(request, f"There is another {part.noun} in its place now.")
    else:
        messages.success(request, f"Put back: {row}")
    return redirect(_page_of(above))
