"""Planning an activity and changing the plan."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activities import actions, prefill, spending
from activities.clashes import nobody_twice
from activities.design import check
from activities.entitling import entitle
from activities.forms import DetailsForm, ImpactForm, OwnLearningForm, PeopleForm, PlanPage
from activities.models import Activity, IntendedImpact, NotPossible
from activities.views.fetch import changeable_activity, warn_of_findings
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import Policy
from cpdhub.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def plan(request: StaffRequest) -> HttpResponse:
    """Plan one, in one page, with what the page that led here knows already (see prefill)."""
    found = None  # nothing was checked yet
    draft = prefill.draft_asked(request.POST or request.GET, request.staff)
    if request.method == "GET":
        initial = prefill.from_address(request.GET, request.staff, draft)
        page = PlanPage(request.staff, initial=initial, draft=draft)
        if page.chosen and (rows := prefill.laid_out(page.chosen, request.GET)):
            page.take_from(page.chosen, rows)
    elif request.POST.get("do") == "more":
        page = PlanPage.with_more_rows(request.staff, request.POST, draft)
    elif request.POST.get("do") == "layout":
        page = PlanPage.laid_out(request.staff, request.POST, draft)
    elif request.POST.get("do") == "check":
        found = check.findings(PlanPage(request.staff, request.POST).facts())
        page = PlanPage.checked(request.staff, request.POST, draft)
    else:
        page = PlanPage(request.staff, request.POST, draft=draft)
        as_draft = request.POST.get("do") == "draft"
        if page.is_valid_as(draft=as_draft):
            try:
                activity = save_plan(request, page, as_draft=as_draft)
            except NotPossible as refusal:
                draft = prefill.draft_asked(request.POST, request.staff)
                page = PlanPage(request.staff, request.POST, draft=draft)  # untouched by the try
                page.is_valid_as(draft=as_draft)
                page.people.add_error("people", str(refusal))
            else:
                return redirect("activities:activity", activity.pk)
    policy = Policy.objects.in_force().first() if request.staff.can(Permission.SEE_PLAN) else None
    context = {"form": page, "people": page.people, "policy": policy, "findings": found}
    return render(request, "activities/plan.html", context)


def save_plan(request: StaffRequest, page: PlanPage, *, as_draft: bool) -> Activity:
    activity = page.activity.save(commit=False)
    activity.take_from(page.chosen)
    actions.plan_activity(
        activity,
        by=request.staff,
        impact=page.impact.impact(),
        priorities=page.activity.cleaned_data["priorities"],
        sessions=page.all_sessions(),
        people=page.people.cleaned_data["everybody"],
        as_draft=as_draft,
        needs=page.activity.cleaned_data.get("needs", ()),
        expected=page.activity.cleaned_data["expected_cost"],
        roles=page.roles.given(),
    )
    entitle(activity, steps=page.activity.cleaned_data.get("steps", ()))
    said = "Kept as a draft: only planners and its lead see it." if as_draft else "Planned."
    messages.success(request, said)
    warn_of_findings(request, activity)
    return activity


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change what an activity is. Its sessions, people and intended impact have their own pages."""
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        return edit_own_learning(request, activity)
    if activity.is_over:
        messages.error(request, "It is over: reopen it before you change it.")
        return redirect("activities:activity", pk)
    form = DetailsForm(request.POST or None, instance=activity, by=request.staff)
    if form.is_valid():
        try:
            with nobody_twice(form.instance):
                save_edit(request, form)
        except NotPossible as refusal:
            form.add_error("lead", str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("activities:activity", pk)
    return render(request, "activities/edit.html", {"form": form, "activity": activity})


def save_edit(request: StaffRequest, form: DetailsForm) -> None:
    activity = form.save()
    actions.serve(activity, priorities=form.cleaned_data["priorities"])
    if "needs" in form.fields:
        actions.answer(activity, needs=form.cleaned_data["needs"], by=request.staff)
    if "steps" in form.fields:
        entitle(activity, steps=form.cleaned_data["steps"])
    if form.figures:
        spending.set_figures(activity, **form.figures)


def edit_own_learning(request: StaffRequest, activity: Activity) -> HttpResponse:
    form = OwnLearningForm(request.POST or None, instance=activity)
    if form.is_valid():
        actions.correct_own_learning(
            form.save(commit=False), on=form.cleaned_data["on"], length=form.length
        )
        messages.success(request, "Saved.")
        return redirect("activities:activity", activity.pk)
    return render(request, "activities/log_own.html", {"form": form, "activity": activity})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def impact(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what it should change. Once it is planned, what was said stays as it was said."""
    activity = changeable_activity(request, pk)
    if activity.has_intended_impact and not activity.is_draft:
        messages.error(
            request,
            "What an activity should change is not rewritten once it is planned: it is what it"
            " will be judged by.",
        )
        return redirect("activities:activity", pk)
    instance = getattr(activity, "intended_impact", None) or IntendedImpact(
        school=request.school, activity=activity
    )
    form = ImpactForm(request.POST or None, instance=instance)
    if form.is_valid() and not activity.is_draft:
        form.ask_for_all()
    if form.is_bound and form.is_valid():
        if intended := form.impact():
            intended.save()
        messages.success(request, "Saved.")
        return redirect("activities:activity", pk)
    return render(request, "activities/impact.html", {"form": form, "activity": activity})


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def people(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose who takes part."""
    activity = changeable_activity(request, pk)
    if activity.is_own_learning:
        raise Http404
    now_in = frozenset(activity.participations.values_list("staff", flat=True))
    form = PeopleForm(request.POST or None, besides=now_in, initial={"people": list(now_in)})
    # An empty POST is an answer too: nobody.
    if request.method == "POST" and not form.is_bound:
        form = PeopleForm(request.POST, besides=now_in)
    if form.is_valid():
        try:
            actions.choose_people(activity, people=form.cleaned_data["everybody"], by=request.staff)
        except NotPossible as refusal:
            form.add_error("people", str(refusal))
        else:
            messages.success(request, "Saved.")
            warn_of_findings(request, activity)
            return redirect("activities:activity", pk)
    return render(
        request, "activities/people.html", {"form": form, "people": form, "activity": activity}
    )
