"""Passing on what somebody learned: planned beside the activity, done or not."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.models import Activity
from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from evaluation import posts
from evaluation.forms.sharing_plan import SharedForm, SharingPlanForm
from evaluation.models import SharingPlan

PER_PAGE = 25


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def plans(request: StaffRequest) -> HttpResponse:
    """What colleagues will pass on and have passed on, for everyone to come and ask."""
    seen = SharingPlan.objects.visible_to(request.staff).select_related("activity", "by")
    words = request.GET.get("q", "").strip()[:100]
    seen = seen.search(words)
    is_done = request.GET.get("show") == "done"
    rows = seen.done().order_by("-done_on", "-pk") if is_done else seen.still_to_come()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": words, "is_done": is_done, "today": clock.today()}
    return render(request, "evaluation/sharing_plans.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def of_activity(request: StaffRequest, pk: int) -> HttpResponse:
    """What is passed on of one activity, and one thing more."""
    me = request.staff
    shared = Activity.objects.visible_to(me).happening().filter(is_private=False)
    activity = get_object_or_404(shared.exclude(is_own_learning=True), pk=pk)
    is_in_it = activity.participations.filter(staff=me).exists()
    may_add = is_in_it or activity.lead_id == me.pk or activity.may_be_changed_by(me)
    if request.method == "POST" and not may_add:
        raise PermissionDenied("Whoever takes part plans what is passed on.")
    blank = SharingPlan(school=request.school, activity=activity, by=me)
    form = SharingPlanForm(request.POST or None, instance=blank) if may_add else None
    if request.method == "POST" and form and form.is_valid():
        form.save()
        messages.success(request, "Written down. Colleagues can find it and ask you.")
        return redirect("sharing:activity", pk)
    rows = activity.sharing.select_related("by", "activity")
    context = {
        "activity": activity,
        "posts": posts.about(activity, me, clock.today()),
        "may_post": posts.may_come_from(me).filter(pk=pk).exists(),
        "rows": [(row, row.may_be_changed_by(me), row.is_late(clock.today())) for row in rows],
        "form": form,
    }
    return render(request, "evaluation/sharing_plan.html", context)


def _mine(request: StaffRequest, pk: int) -> SharingPlan:
    seen = SharingPlan.objects.visible_to(request.staff).select_related("activity", "by")
    row = get_object_or_404(seen, pk=pk)
    if not row.may_be_changed_by(request.staff):
        raise PermissionDenied("Whoever promised it says what became of it.")
    return row


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def done(request: StaffRequest, pk: int) -> HttpResponse:
    """It has been passed on."""
    row = _mine(request, pk)
    form = SharedForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Thank you: it counts as leading others’ learning.")
        return redirect("sharing:activity", row.activity_id)
    return render(request, "evaluation/sharing_done.html", {"form": form, "row": row})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """It will not be: asks first."""
    row = _mine(request, pk)
    if request.method == "POST":
        row.delete()
        messages.success(request, "Taken off.")
        return redirect("sharing:activity", row.activity_id)
    return ask_first(
        request,
        question="Take this off?",
        text=f"{row.what} · {row.whom}",
        deed="Take it off",
        back=reverse("sharing:activity", args=[row.activity_id]),
    )
