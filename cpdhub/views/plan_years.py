"""The plan as a whole: its vision, its order, its end and the next one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock, plan_actions
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Plan, Priority
from cpdhub.permissions import Permission
from cpdhub.plan_forms import ArchiveForm, RankForm, VisionForm
from cpdhub.views.plan import plan_of, sub


def _open_plan(request: StaffRequest, pk: int) -> Plan:
    plan = plan_of(request, pk)
    if not plan.is_open:
        raise PermissionDenied
    return plan


@require_GET
@requires(Permission.SEE_PLAN)
def years(request: StaffRequest) -> HttpResponse:
    """Every year's plan, newest first."""
    state = Priority.State
    plans = Plan.objects.select_related("year").annotate(
        live=Count("priorities", filter=Q(priorities__state=state.LIVE)),
        closed=Count("priorities", filter=Q(priorities__state=state.CLOSED)),
        met=Count(
            "priorities",
            filter=Q(priorities__rag=Priority.Rag.MET) & ~Q(priorities__state=state.DRAFT),
        ),
    )
    return render(
        request,
        "cpdhub/plan_years.html",
        {
            "plans": list(plans),
            "today": clock.today(),
            "sub_links": sub(request.staff, "plan:years"),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def vision(request: StaffRequest, pk: int) -> HttpResponse:
    """The few sentences above the priorities."""
    plan = _open_plan(request, pk)
    form = VisionForm(request.POST or None, instance=plan)
    back = reverse("plan:year", args=[pk])
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect(back)
    context = {"form": form, "title": "What are we aiming for?", "of": plan, "back": back}
    return render(request, "cpdhub/plan_part.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def rank(request: StaffRequest, pk: int) -> HttpResponse:
    """Put live priorities in order: by number, or one step up or down."""
    plan = _open_plan(request, pk)
    live = list(Priority.objects.live().filter(plan=plan))
    step = _step(request, live)
    form = RankForm(
        request.POST if request.method == "POST" and not step else None, priorities=live
    )
    if step:
        plan_actions.rank(step)
        return redirect("plan:rank", pk=pk)
    if form.is_valid():
        plan_actions.rank(form.in_order())
        messages.success(request, "The priorities are in order.")
        return redirect("plan:year", pk=pk)
    rows = [(row, form[f"rank-{row.pk}"]) for row in live]
    return render(
        request,
        "cpdhub/plan_rank.html",
        {
            "form": form,
            "plan": plan,
            "rows": rows,
            "advised": request.school.advised_priorities,
            "is_too_many": sum(row.sub_plan_id is None for row in live)
            > request.school.advised_priorities,
        },
    )


def _step(request: StaffRequest, live: list[Priority]) -> list[Priority]:
    """The new order when one of the buttons up or down was pressed."""
    by_pk = {str(row.pk): row for row in live}
    for name, by in [("up", -1), ("down", 1)]:
        if moved := by_pk.get(request.POST.get(name, "")):
            order = [row for row in live if row != moved]
            order.insert(max(0, live.index(moved) + by), moved)
            return order
    return []


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """Year's end: choose what goes on, close the rest."""
    plan = _open_plan(request, pk)
    kept = list(Priority.objects.readable().filter(plan=plan))
    form = ArchiveForm(request.POST if request.method == "POST" else None, priorities=kept)
    if form.is_valid():
        following = plan_actions.archive(plan, carry=form.chosen())
        messages.success(request, f"The plan of {plan.year} is archived.")
        if following is not None:
            messages.success(
                request, "What goes on is here as drafts: check the baselines, then publish."
            )
        return redirect("plan:year", pk=following.pk if following else pk)
    return render(request, "cpdhub/plan_archive.html", {"form": form, "plan": plan, "kept": kept})


@require_POST
@requires(Permission.EDIT_PLAN)
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an archived plan out again."""
    plan = plan_of(request, pk)
    plan_actions.reopen(plan)
    messages.success(request, "The plan is open again. Its priorities stay closed until reopened.")
    return redirect("plan:year", pk=pk)
