"""What must get better, taken from a report and weighed: the candidates for priorities."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cpdhub import candidate_forms, plan_actions
from cpdhub.candidate_forms import CandidatesForm, ReportForm
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import AreaForImprovement, Judgement
from cpdhub.permissions import Permission
from cpdhub.plan_actions import framework_of
from cpdhub.plan_words import many
from cpdhub.views.plan import sub
from cpdhub.views.priorities import ARCHIVED


def _areas(request: StaffRequest) -> list[tuple[int, str]]:
    """The evaluation areas of our school, to choose from."""
    framework = framework_of(request.school)
    if framework is None:
        return []
    others = Judgement.objects.filter(applies=False).values("item")
    return list(framework.items.exclude(pk__in=others).values_list("pk", "title"))


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def report(request: StaffRequest) -> HttpResponse:
    """Paste what a report says, look through the lines, take those that count."""
    areas = _areas(request)
    do = request.POST.get("do")
    form = ReportForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "may_begin": bool(areas)}
    if request.method == "GET" or do == "again" or not form.is_valid():
        return render(request, "cpdhub/report.html", context)
    if do == "take":
        lines = candidate_forms.lines_formset(request.POST, areas=areas)
        if lines.is_valid():
            new = plan_actions.add_areas(
                request.school, lines.chosen, source=form.cleaned_data["source"]
            )
            said = many(new, "area for improvement is", "areas for improvement are")
            messages.success(request, f"{said.capitalize()} added. How pressing is each?")
            return redirect("plan:candidates")
    else:
        lines = candidate_forms.preview(form.lines, areas=areas)
    context |= {"form": [form, *lines.forms], "report_form": form, "lines": lines}
    return render(request, "cpdhub/report_lines.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def candidates(request: StaffRequest) -> HttpResponse:
    """Weigh what is not a priority yet; "priority" also makes one of it."""
    found = list(AreaForImprovement.objects.candidates().select_related("judgement__item"))
    form = CandidatesForm(request.POST if request.method == "POST" else None, candidates=found)
    if form.is_valid():
        form.save()
        if chosen := request.POST.get("priority"):
            return _make_priority(request, chosen)
        messages.success(request, "Saved, the most pressing first.")
        return redirect("plan:candidates")
    context = {
        "form": form,
        "rows": form.rows(),
        "sub_links": sub(request.staff, "plan:self_evaluation"),
    }
    return render(request, "cpdhub/candidates.html", context)


def _make_priority(request: StaffRequest, chosen: str) -> HttpResponse:
    pk = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else 0
    area = get_object_or_404(AreaForImprovement.objects.select_related("school"), pk=pk)
    try:
        priority = plan_actions.make_priority(area)
    except plan_actions.PlanArchived:
        messages.error(request, ARCHIVED)
        return redirect("plan:candidates")
    return redirect("plan:priority_change", pk=priority.pk)
