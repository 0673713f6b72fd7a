"""Addresses other pages lead to already; their pages are made elsewhere."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from audits.models import Need, Topic
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


@require_GET
@requires(Permission.ANSWER_AUDITS)
def register(request: StaffRequest) -> HttpResponse:
    return redirect("needs:mine")


@require_GET
@requires(Permission.ANSWER_AUDITS)
def need(request: StaffRequest, pk: str) -> HttpResponse:
    get_object_or_404(Need.objects.visible_to(request.staff), pk=pk)
    return redirect("needs:mine")


@require_GET
@requires(Permission.ANSWER_AUDITS)
def topic(request: StaffRequest, pk: int) -> HttpResponse:
    get_object_or_404(Topic, pk=pk)
    return redirect("needs:mine")
