"""An area of the self-evaluation by many hands: who writes it, and what they say to each other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cpdhub import plan_actions
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import AreaComment, Judgement
from cpdhub.people_forms import PeopleForm
from cpdhub.permissions import Permission
from cpdhub.self_evaluation_forms import CommentForm
from cpdhub.views.plan_parts import judgement_of


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def contributors(request: StaffRequest, pk: int) -> HttpResponse:
    """Name the colleagues who write this area with you."""
    judgement = judgement_of(request.staff, pk)
    named = (
        frozenset(judgement.contributors.values_list("staff", flat=True))
        if judgement.pk
        else frozenset()
    )
    people = PeopleForm(
        request.POST if request.method == "POST" else None,
        besides=named,
        initial={"people": sorted(named)},
    )
    if people.is_valid():
        plan_actions.name_contributors(judgement, people.cleaned_data["everybody"])
        messages.success(request, "Saved. They find the area marked as theirs to write.")
        return redirect("plan:judgement", pk=pk)
    context = {
        "form": people,
        "people": people,
        "item": judgement.item,
        "back": reverse("plan:judgement", args=[pk]),
    }
    return render(request, "cpdhub/contributors.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_SELF_EVALUATION)
@once
def comment_add(request: StaffRequest, pk: int) -> HttpResponse:
    """Say something to the others who write this area."""
    judgement = judgement_of(request.staff, pk)
    if not judgement.may_be_written_by(request.staff):
        raise PermissionDenied
    form = CommentForm(
        request.POST or None, instance=AreaComment(school=request.school, by=request.staff)
    )
    back = reverse("plan:judgement", args=[pk])
    if request.method == "POST" and form.is_valid():
        form.instance.judgement = Judgement.objects.get_or_create(
            school=request.school, item=judgement.item
        )[0]
        form.save()
        return redirect(f"{back}#comments")
    context = {
        "form": form,
        "title": "Comment",
        "hint": "Read by those who write this area, and nobody else.",
        "of": judgement.item,
        "back": back,
    }
    return render(request, "cpdhub/plan_part.html", context)


@require_POST
@requires(Permission.SEE_SELF_EVALUATION)
def comment_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own, and it is gone."""
    comment: AreaComment = get_object_or_404(
        AreaComment.objects.filter(by=request.staff).select_related("judgement"), pk=pk
    )
    comment.delete()
    messages.success(request, "Your comment is deleted.")
    return redirect("plan:judgement", pk=comment.judgement.item_id)
