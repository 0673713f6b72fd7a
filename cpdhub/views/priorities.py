"""Writing a priority: make, change, publish, close, follow."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cpdhub import clock, plan_actions
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import AreaForImprovement, Plan, Priority
from cpdhub.permissions import Permission
from cpdhub.plan_forms import PriorityForm, ProgressForm, criteria_formset
from cpdhub.views.plan_parts import ask_before_removing

ARCHIVED = "This plan is archived. Reopen it first, or work in this year's plan."


def _priority(request: StaffRequest, pk: int) -> Priority:
    """A priority this person may change; in an archived plan nobody may."""
    found: Priority = get_object_or_404(Priority.objects.select_related("plan__year"), pk=pk)
    if not found.may_be_changed_by(request.staff):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def priority_new(request: StaffRequest) -> HttpResponse:
    """A new draft in this year's plan."""
    plan = Plan.objects.of_day(clock.today())
    if plan is not None and not plan.is_open:
        messages.error(request, ARCHIVED)
        return redirect("plan:plan")
    priority = Priority(school=request.school)
    return _edit(request, priority, is_new=True)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def priority_change(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _priority(request, pk))


def _edit(request: StaffRequest, priority: Priority, *, is_new: bool = False) -> HttpResponse:
    """The priority and its criteria on one form; "publish" also takes it live."""
    wants_live = "publish" in request.POST
    form = PriorityForm(request.POST or None, instance=priority)
    criteria = criteria_formset(
        request.POST or None, priority=priority, must_be_measured=wants_live or priority.is_live
    )
    # Both are asked, so that one answer names everything that is wrong.
    if request.method == "POST" and all([form.is_valid(), criteria.is_valid()]):
        if is_new:
            form.instance.plan = plan_actions.plan_for_this_year(request.school)
        saved = form.save()
        criteria.instance = saved
        for row in criteria.rows:
            row.instance.school = request.school
        criteria.save()
        if wants_live:
            return _published(request, saved)
        messages.success(request, "Saved.")
        if "more" in request.POST:
            return redirect(reverse("plan:priority_change", args=[saved.pk]) + "#criteria")
        return redirect("plan:priority", pk=saved.pk)
    if form.is_bound and form.non_field_errors() and priority.pk:
        form.differences += criteria.differences()
    return _page(request, priority, form, criteria)


def _page(request: StaffRequest, priority: Priority, form: Any, criteria: Any) -> HttpResponse:
    back = reverse("plan:priority", args=[priority.pk]) if priority.pk else reverse("plan:plan")
    return render(
        request,
        "cpdhub/priority_change.html",
        {
            "form": [form, *criteria.forms],
            "failed": form.is_bound and (form.errors or criteria.total_error_count()),
            "priority_form": form,
            "criteria": criteria,
            "priority": priority,
            "back": back,
        },
    )


def _published(request: StaffRequest, priority: Priority) -> HttpResponse:
    """Live; with more live than is wise, the answer is the page that ranks them."""
    plan_actions.publish(priority)
    live = Priority.objects.live().whole_school().filter(plan=priority.plan).count()
    if priority.sub_plan_id is None and live > request.school.advised_priorities:
        messages.warning(
            request,
            f"“{priority}” is live. That makes {live}; {request.school.advised_priorities} is the"
            " most your school advises. Which matter most? Put them in order.",
        )
        return redirect("plan:rank", pk=priority.plan_id)
    messages.success(request, f"“{priority}” is live: every colleague can read it now.")
    return redirect("plan:priority", pk=priority.pk)


@require_POST
@requires(Permission.EDIT_PLAN)
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """From the priority's page. Not measured yet: its form, with what is missing said beside it."""
    priority = _priority(request, pk)
    try:
        return _published(request, priority)
    except plan_actions.NotMeasured:
        data = {"revision": priority.revision, **model_to_dict(priority)}
        blank = criteria_formset(priority=priority)
        for each in [blank.management_form, *blank.forms]:
            data |= {each.add_prefix(name): each[name].value() for name in each.fields}
        data = {name: value for name, value in data.items() if value is not None}
        form = PriorityForm(data, instance=priority)
        criteria = criteria_formset(data, priority=priority, must_be_measured=True)
        criteria.is_valid()
        return _page(request, priority, form, criteria)


@require_POST
@requires(Permission.EDIT_PLAN)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    priority = _priority(request, pk)
    plan_actions.close(priority)
    messages.success(request, f"“{priority}” is closed. It stays readable, and can be reopened.")
    return redirect("plan:priority", pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Only a draft goes away; what was live is closed and stays."""
    priority = _priority(request, pk)
    if not priority.is_draft or priority.criteria.filter(readings__isnull=False).exists():
        messages.error(request, "Only a draft without readings can be deleted. Close it instead.")
        return redirect("plan:priority", pk=pk)
    if request.method == "GET":
        return ask_before_removing(
            request,
            priority,
            noun="draft",
            back=reverse("plan:priority", args=[pk]),
            note="Its measures and milestones go with it. It cannot be brought back.",
        )
    priority.delete()
    messages.success(request, f"The draft “{priority}” is deleted.")
    return redirect("plan:plan")


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_PLAN)
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How it is going, in one word and one sentence: the plan's writers and its lead."""
    found: Priority = get_object_or_404(
        Priority.objects.visible_to(request.staff).select_related("plan"), pk=pk
    )
    if not found.may_be_followed_by(request.staff):
        raise PermissionDenied
    form = ProgressForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("plan:priority", pk=pk)
    context = {
        "form": form,
        "title": "How is it going?",
        "of": found,
        "back": reverse("plan:priority", args=[pk]),
    }
    return render(request, "cpdhub/plan_part.html", context)


@require_POST
@requires(Permission.EDIT_PLAN)
@once
def from_area(request: StaffRequest, pk: int) -> HttpResponse:
    """An area for improvement becomes a draft priority; one that is one already is opened."""
    area = get_object_or_404(AreaForImprovement.objects.select_related("school"), pk=pk)
    try:
        priority = plan_actions.make_priority(area)
    except plan_actions.PlanArchived:
        messages.error(request, ARCHIVED)
        return redirect("plan:plan")
    return redirect("plan:priority_change", pk=priority.pk)
