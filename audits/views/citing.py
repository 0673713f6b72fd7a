"""A result becomes evidence of what the school says of itself, or of a success criterion."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from audits import citing
from audits.actions import NotPossible
from audits.citing import Citation
from audits.forms import CiteForm
from audits.models import Question, Result
from audits.views.fetch import visible_round
from cpdhub import plan_actions
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import FrameworkItem
from cpdhub.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def cite(request: StaffRequest, pk: int, question: int) -> HttpResponse:
    round_ = visible_round(request, pk)
    asked = get_object_or_404(
        Question.objects.filter(section__instrument=round_.instrument_id), pk=question
    )
    shown = Result.objects.visible_to(request.staff).filter(
        round=round_, question=asked, n__isnull=False
    )
    citations = {
        result.pk: (result, Citation.of(result, round_=round_, question=asked))
        for result in shown.order_by("pk")
    }
    if not citations:
        raise Http404
    form = CiteForm(
        request.POST or None,
        results=[(result, citation.said) for result, citation in citations.values()],
        areas=_areas(request),
        criteria=citing.criteria_open_to(request.staff) if _is_mean(citations) else [],
    )
    if request.method == "POST" and form.is_valid():
        chosen = citations[form.cleaned_data["result"]][1]
        try:
            return redirect(_cite(request, form, chosen))
        except NotPossible as why:
            form.add_error("place", str(why))
    context = {"form": form, "round": round_, "question": asked}
    return render(request, "audits/cite.html", context)


def _is_mean(citations: dict[int, tuple[Result, Citation]]) -> bool:
    return any(citation.value is not None for _, citation in citations.values())


def _areas(request: StaffRequest) -> list[FrameworkItem]:
    framework = plan_actions.framework_of(request.school)
    return list(framework.items.all()) if framework else []


def _cite(request: StaffRequest, form: CiteForm, citation: Citation) -> str:
    """Where it can be read now."""
    place = form.cleaned_data["place"]
    if place in form.areas:
        item = form.areas[place]
        citing.cite_in_area(item, citation, by=request.staff)
        messages.success(request, f"Evidence of “{item}” now. It stays as it was published.")
        return reverse("plan:judgement", args=[item.pk])
    criterion = form.criteria[place]
    citing.cite_as_reading(criterion, citation, by=request.staff)
    messages.success(request, f"A reading of “{criterion}” now. It stays as it was published.")
    return reverse("plan:priority", args=[criterion.priority_id])
