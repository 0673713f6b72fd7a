"""The chain through one record."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from activities.models import Activity
from audits.models import Need
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Judgement
from cpdhub.permissions import Permission
from evaluation import chain


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def chain_of(request: StaffRequest, kind: str, pk: int | uuid.UUID) -> HttpResponse:
    """Everything upstream and downstream of a record, and where it breaks."""
    record = _record(request, kind, pk)
    steps = chain.steps(kind, record, request.staff)
    context = {"record": record, "steps": steps, "gaps": chain.gaps(steps)}
    return render(request, "evaluation/chain.html", context)


def _record(request: StaffRequest, kind: str, pk: int | uuid.UUID) -> Any:
    """What the reader may see; a judgement only of who reads the self-evaluation."""
    if kind == "judgement":
        if not request.staff.can(Permission.SEE_SELF_EVALUATION):
            raise Http404
        return get_object_or_404(Judgement, pk=pk)
    found: dict[str, Any] = {
        "priority": chain.priorities(),
        "need": Need.objects.visible_to(request.staff).with_whom(),
        "activity": Activity.objects.visible_to(request.staff).of_school().happening(),
    }
    return get_object_or_404(found[kind], pk=pk)
