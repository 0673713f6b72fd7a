"""What a closed round told: frozen tables, by team or by staff group."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from audits import result_tables
from audits.models import Result, Round
from audits.result_tables import Published
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission

TABS = (Result.Breakdown.TEAM, Result.Breakdown.GROUP)


def _published(request: StaffRequest, pk: int) -> Published:
    rounds = Round.objects.visible_to(request.staff).with_rate().select_related("instrument")
    return Published(get_object_or_404(rounds, pk=pk), _by(request))


def _share(round_: Any) -> int:
    return round(100 * round_.answered / round_.invited) if round_.invited else 0


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
        "share": _share(published.round),
        "legend": result_tables.LEGEND,
        "tabs": [
            {"name": tab.label, "url": f"{here}?by={tab.value}", "is_current": tab == published.by}
            for tab in TABS
        ],
    }
    return render(request, "audits/results.html", context)


@require_GET
@requires(Permission.RUN_AUDITS)
def results_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """The table of the page as a file, hidden places hidden."""
    published = _published(request, pk)
    if not published.round.is_closed:
        return redirect("needs:round", pk)
    rows = list(result_tables.file_rows(published))
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="results", object_id=pk,
        note=f"{len(rows)} rows",
    )  # fmt: skip
    name = f"{published.round} by {published.by}.csv"
    return csv_response(name, result_tables.HEADER, rows)
