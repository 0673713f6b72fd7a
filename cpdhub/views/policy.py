"""The CPD policy: reading it, saying so, writing the next version."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock, plan_actions, policy_actions
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import Policy, PolicyObjective, PolicyReader, Staff
from cpdhub.permissions import Permission
from cpdhub.policy_forms import PolicyForm, objectives_formset
from cpdhub.views.plan import sub
from cpdhub.views.plan_parts import ask_before_removing
from cpdhub.views.priorities import ARCHIVED


@require_GET
@requires(Permission.SEE_PLAN)
def policy(request: StaffRequest) -> HttpResponse:
    """The version in force, or what will stand here."""
    return _show(request, _readable(request).in_force().first())


@require_GET
@requires(Permission.SEE_PLAN)
def policy_version(request: StaffRequest, pk: int) -> HttpResponse:
    """An earlier version, or the draft of the next."""
    return _show(request, get_object_or_404(_readable(request), pk=pk))


def _readable(request: StaffRequest) -> Any:
    objectives = PolicyObjective.objects.select_related("priority__plan__year", "priority__lead")
    return (
        Policy.objects.visible_to(request.staff)
        .select_related("published_by")
        .prefetch_related(Prefetch("objectives", objectives))
    )


def _show(request: StaffRequest, found: Policy | None) -> HttpResponse:
    today = clock.today()
    staff = request.staff
    versions = list(Policy.objects.visible_to(staff).defer("roles", "decisions"))
    in_force = next((row for row in versions if not row.is_draft), None)
    is_in_force = found is not None and found == in_force
    readers = Reading(found, staff) if found and not found.is_draft else None
    may_change = staff.can(Permission.EDIT_PLAN)
    return render(
        request,
        "cpdhub/policy.html",
        {
            "policy": found,
            "objectives": [
                (row, _seen(row, may_change)) for row in (found.objectives.all() if found else ())
            ],
            "is_in_force": is_in_force,
            "is_overdue": is_in_force and found is not None and found.is_overdue(today=today),
            "readers": readers,
            "draft": next((row for row in versions if row.is_draft), None),
            "others": [row for row in versions if not row.is_draft and row != found],
            "may_change": may_change,
            "may_see_who": staff.can(Permission.SEE_EVERYONES_RECORD),
            "today": today,
            "sub_links": sub(staff, "plan:policy"),
        },
    )


def _seen(objective: PolicyObjective, may_change: bool) -> Any:
    """The priority that works on it, unless it is a draft and the reader writes no plan."""
    found = objective.priority
    return found if found and (may_change or not found.is_draft) else None


class Reading:
    """Who has read a version, and who of those here has not."""

    def __init__(self, policy: Policy, staff: Staff) -> None:
        here = list(Staff.objects.live(clock.today()).on_staff())
        said = dict(PolicyReader.objects.filter(policy=policy).values_list("staff", "read_on"))
        self.asked = len(here)
        self.missing = [person for person in here if person.pk not in said]
        self.number = self.asked - len(self.missing)
        self.own = said.get(staff.pk)
        self.is_asked = bool(staff.group)


@require_POST
@requires(Permission.SEE_PLAN)
def policy_acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    """One click: I have read this. Governors read it too; they are not asked to say so."""
    found = get_object_or_404(Policy.objects.visible_to(request.staff).published(), pk=pk)
    if not request.staff.group:
        raise PermissionDenied
    try:
        policy_actions.acknowledge(found, by=request.staff)
    except policy_actions.NewerVersion:
        messages.error(request, "There is a newer version by now. This is it.")
    else:
        messages.success(request, "Thank you. That is noted.")
    return redirect("plan:policy")


@require_POST
@requires(Permission.EDIT_PLAN)
@once
def policy_begin(request: StaffRequest) -> HttpResponse:
    """The draft of the next version; where there is one, that one."""
    return redirect("plan:policy_change", policy_actions.begin(request.school).pk)


def _draft(request: StaffRequest, pk: int) -> Policy | None:
    """The draft of that number, locked where it is written; None once it is published."""
    rows = Policy.objects.all()
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    found: Policy = get_object_or_404(rows, pk=pk)
    if not found.is_draft:
        messages.error(request, "This version is published and stays as it is.")
        return None
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def policy_change(request: StaffRequest, pk: int) -> HttpResponse:
    """The policy and its objectives on one form; "publish" also puts it in force."""
    draft = _draft(request, pk)
    if draft is None:
        return redirect("plan:policy_version", pk)
    data = request.POST if request.method == "POST" else None
    form = PolicyForm(data, instance=draft, must_be_complete="publish" in request.POST)
    objectives = objectives_formset(data, policy=draft)
    # Both are asked, so that one answer names everything that is wrong.
    if data is not None and all([form.is_valid(), objectives.is_valid()]):
        return _save(request, form, objectives)
    if form.is_bound and form.non_field_errors():
        form.differences += objectives.differences()
    context = {
        "form": [form, *objectives.forms],
        "failed": form.is_bound and (form.errors or objectives.total_error_count()),
        "policy_form": form,
        "objectives": objectives,
        "policy": draft,
    }
    return render(request, "cpdhub/policy_change.html", context)


def _save(request: StaffRequest, form: Any, objectives: Any) -> HttpResponse:
    saved = form.save()
    for row in objectives.forms:
        row.instance.school = request.school
    objectives.save()
    if "publish" in request.POST:
        policy_actions.publish(saved, by=request.staff)
        messages.success(request, "Published. Everyone on staff is asked to read it.")
        return redirect("plan:policy")
    messages.success(request, "Saved.")
    if "more" in request.POST:
        return redirect(reverse("plan:policy_change", args=[saved.pk]) + "#objectives")
    return redirect("plan:policy_version", saved.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def policy_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft goes away; what was published stays."""
    draft = _draft(request, pk)
    if draft is None:
        return redirect("plan:policy_version", pk)
    if request.method == "GET":
        return ask_before_removing(
            request, draft, noun="draft", back=reverse("plan:policy_version", args=[pk]),
            note="The version in force stays. The draft cannot be brought back.",
        )  # fmt: skip
    draft.delete()
    messages.success(request, "The draft is deleted.")
    return redirect("plan:policy")


@require_POST
@requires(Permission.EDIT_PLAN)
@once
def objective_priority(request: StaffRequest, pk: int) -> HttpResponse:
    """An objective becomes a draft priority of this year's plan; one that is one is opened."""
    objective = get_object_or_404(PolicyObjective.objects, pk=pk)
    try:
        priority = policy_actions.make_priority(objective)
    except plan_actions.PlanArchived:
        messages.error(request, ARCHIVED)
        return redirect("plan:policy")
    return redirect("plan:priority_change", pk=priority.pk)
