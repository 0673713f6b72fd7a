"""What colleagues would like to see on next term, who would come, and what was decided."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from activities.forms.idea import IdeaAnswerForm, IdeaForm
from activities.models import Idea, NotPossible
from activities.views.asking import ask_first
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def ideas(request: StaffRequest) -> HttpResponse:
    """All that wait, what most want first, then what was decided; and room for one more."""
    new = Idea(school=request.school, by=request.staff)
    form = IdeaForm(request.POST or None, instance=new)
    if form.is_valid():
        form.save().back(request.staff, would_come=True)
        messages.success(request, "Written down. Colleagues can say now that they would come.")
        return redirect("activities:ideas")
    seen = Idea.objects.for_list(request.staff)
    answered = Paginator(seen.answered(), PER_PAGE)
    context = {
        "form": form,
        "waiting": list(seen.waiting()),
        "page": answered.get_page(request.GET.get("page")),
        "may_decide": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/ideas.html", context)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def idea_back(request: StaffRequest, pk: int) -> HttpResponse:
    """I would come; or, with `do=not`, no longer."""
    idea = get_object_or_404(Idea.objects, pk=pk)
    try:
        idea.back(request.staff, would_come=request.POST.get("do") != "not")
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("activities:ideas") + f"#idea-{pk}")


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
def idea_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back one's own, while nothing is decided."""
    idea = get_object_or_404(Idea.objects, pk=pk)
    if not idea.may_be_taken_back_by(request.staff):
        raise PermissionDenied
    if request.method == "POST":
        idea.delete()
        messages.success(request, "Taken back.")
        return redirect("activities:ideas")
    return ask_first(
        request, question=f"Take back “{idea}”?", deed="Take it back",
        text="It goes from the list, with whoever said that they would come.",
        back=reverse("activities:ideas"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
def idea_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what was decided; here one reads who would come."""
    idea = get_object_or_404(Idea.objects.select_related("by"), pk=pk)
    form = IdeaAnswerForm(request.POST or None, instance=idea, by=request.staff)
    if form.is_valid():
        said = form.cleaned_data
        idea.decide(said["state"], answer=said["answer"], activity=said["activity"])
        messages.success(request, "Everybody can read it now.")
        return redirect("activities:ideas")
    backers = idea.backers.select_related("staff").order_by("staff__sort_name")
    context = {"idea": idea, "form": form, "backers": [backer.staff for backer in backers]}
    return render(request, "activities/idea_answer.html", context)
