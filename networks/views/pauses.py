"""Stopping at a prompt of a review: what was noted, and what is done by when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks.forms.review import PauseForm
from networks.membership import Member
from networks.models import Pause
from networks.views.reviews import review_of, reviewer_of


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
@once
def pause_new(request: StaffRequest, pk: int, review: int, prompt: str) -> HttpResponse:
    member = reviewer_of(request, pk)
    row = review_of(pk, review)
    if prompt not in row.prompts:
        raise Http404
    blank = Pause(network=member.network, school=request.school, review=row, prompt=prompt)
    return _written(request, member, blank)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def pause(request: StaffRequest, pk: int, pause: int) -> HttpResponse:
    """In other words, by the school that wrote it; done or taken off by one that leads, too."""
    member = reviewer_of(request, pk)
    rows: Any = Pause.objects.filter(network=pk).select_related("review")
    if not member.leads:
        rows = rows.filter(school=request.school)
    row = get_object_or_404(rows, pk=pause)
    if request.method == "POST" and "remove" in request.POST:
        row.delete()
        messages.success(request, "Taken off.")
        return redirect("networks:review", pk, row.review_id)
    return _written(request, member, row)


def _written(request: StaffRequest, member: Member, row: Pause) -> HttpResponse:
    is_own = row.school_id == member.staff.school_id
    form = PauseForm(request.POST or None, instance=row, is_own=is_own)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Written down.")
        return redirect("networks:review", member.network.pk, row.review_id)
    context = {
        "form": form, "member": member, "network": member.network, "review": row.review,
        "prompt": row.review.prompts.get(row.prompt), "row": row if row.pk else None,
    }  # fmt: skip
    return render(request, "networks/pause.html", context)
