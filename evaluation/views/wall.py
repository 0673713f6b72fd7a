"""The wall: what colleagues were recognised for, and agreed to show."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from evaluation.models import Certificate

PER_PAGE = 50


@require_GET
@requires(Permission.LOG_LEARNING)
def wall(request: StaffRequest) -> HttpResponse:
    """The latest first; to read, and to print for an assembly or the bulletin."""
    page = Paginator(Certificate.objects.shown(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/wall.html", {"page": page})


@require_POST
@requires(Permission.LOG_LEARNING)
def show(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Its owner shows it to colleagues, or takes it down."""
    mine = Certificate.objects.owned_by(request.staff).valid()
    row = get_object_or_404(mine, uuid=uuid)
    shown_at = None if "hide" in request.POST else row.shown_at or clock.now()
    Certificate.objects.filter(pk=row.pk).update(shown_at=shown_at)
    if shown_at:
        messages.success(request, "On the wall: colleagues can read it. Take it down at any time.")
    else:
        messages.success(request, "Taken down.")
    return redirect("recognition:certificate", uuid)
