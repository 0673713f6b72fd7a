"""One's own certificates and badges."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from activities.models import Activity
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import badges
from evaluation import certificates as rules
from evaluation.models import Certificate
from evaluation.views.portfolios import as_file

PER_PAGE = 25


@require_GET
@requires(Permission.LOG_LEARNING)
def certificates(request: StaffRequest) -> HttpResponse:
    """Those I have, and what I could have one for."""
    mine = list(Certificate.objects.owned_by(request.staff))
    there = {row.activity_id for row in mine}
    could = [row for row in rules.may_be_certified(request.staff) if row.pk not in there]
    page = Paginator(could, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluation/certificates.html", {"certificates": mine, "page": page})


@require_POST
@requires(Permission.LOG_LEARNING)
def certify(request: StaffRequest, pk: int) -> HttpResponse:
    """For an activity I attended, by its register."""
    get_object_or_404(Activity.objects.visible_to(request.staff), pk=pk)
    try:
        certificate = rules.of_activity(request.staff, pk)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("recognition:certificates")
    return redirect("recognition:certificate", certificate.uuid)


def _own(request: StaffRequest, uuid: UUID) -> Certificate:
    mine = Certificate.objects.owned_by(request.staff).select_related("school", "owner")
    return get_object_or_404(mine, uuid=uuid)


@require_GET
@requires(Permission.LOG_LEARNING)
def certificate(request: StaffRequest, uuid: UUID) -> HttpResponse:
    return render(request, "evaluation/certificate.html", {"certificate": _own(request, uuid)})


@require_GET
@requires(Permission.LOG_LEARNING)
def certificate_pdf(request: StaffRequest, uuid: UUID) -> HttpResponse:
    row = _valid(request, uuid)
    return as_file(rules.render(row), "application/pdf", f"certificate {row.title[:60]}.pdf")


@require_GET
@requires(Permission.LOG_LEARNING)
def badge(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The Open Badges 3.0 credential, for a wallet."""
    row = _valid(request, uuid)
    return as_file(badges.token(row).encode(), "text/plain", f"badge {row.title[:60]}.jwt")


def _valid(request: StaffRequest, uuid: UUID) -> Certificate:
    """To take away; of what was withdrawn there is no paper any more."""
    row = _own(request, uuid)
    if not row.is_valid:
        raise Http404
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="certificate", object_id=row.pk)
    return row
