"""What a closed round told: frozen tables, by team or by staff group."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from audits import report, result_tables
from audits.gap import gap_of
from audits.models import Result, Round
from audits.result_tables import Published
from cpdhub import jobs
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response, xlsx_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission

TABS = (Result.Breakdown.TEAM, Result.Breakdown.GROUP)


def _published(request: StaffRequest, pk: int) -> Published:
    rounds = Round.objects.visible_to(request.staff).with_rate().select_related("instrument")
    return Published(get_object_or_404(rounds, pk=pk), _by(request))


def _by(request: HttpRequest) -> str:
    """Which of the two tables is asked for; there is no other way to look."""
    asked = request.GET.get("by")
    return asked if asked in TABS else Result.Breakdown.TEAM.value


@require_GET
@requires(Permission.RUN_AUDITS)
def results(request: StaffRequest, pk: int) -> HttpResponse:
    published = _published(request, pk)
    if not published.round.is_closed:
        messages.info(request, "Results come when it has closed, for everybody at once.")
        return redirect("needs:round", pk)
    here = reverse("needs:results", args=[pk])
    context = {
        "round": published.round,
        "published": published,
        "by": published.by,
        "gap": gap_of(published),
        "may_cite": request.staff.can(Permission.EDIT_PLAN),
        "share": result_tables.share(published.round),
        "legend": result_tables.LEGEND,
        "hidden": result_tables.HIDDEN,
        "tabs": [
            {"name": tab.label, "url": f"{here}?by={tab.value}", "is_current": tab == published.by}
            for tab in TABS
        ],
    }
    return render(request, "audits/results.html", context)


@require_GET
@requires(Permission.RUN_AUDITS)
def results_csv(request: StaffRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "csv", csv_response)


@require_GET
@requires(Permission.RUN_AUDITS)
def results_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "xlsx", xlsx_response)


def _file(request: StaffRequest, pk: int, ending: str, respond: Callable) -> HttpResponse:
    """The table of the page as a file, hidden places hidden."""
    published = _published(request, pk)
    if not published.round.is_closed:
        return redirect("needs:round", pk)
    rows = list(result_tables.file_rows(published))
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="results", object_id=pk,
        note=f"{len(rows)} rows",
    )  # fmt: skip
    response: HttpResponse = respond(
        f"{published.round} by {published.by}.{ending}", result_tables.HEADER, rows
    )
    return response


@require_POST
@requires(Permission.RUN_AUDITS)
@once
def results_report(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for both tables and every distribution as a PDF."""
    round_ = get_object_or_404(Round.objects.visible_to(request.staff), pk=pk)
    if not round_.is_closed:
        return redirect("needs:round", pk)
    job = jobs.start(report.KIND, by=request.staff, params={"round": round_.pk})
    return redirect("jobs:job", job.uuid)
