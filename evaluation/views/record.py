"""My record, and a colleague's for those who support them."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response, plain_name
from cpdhub.http import StaffRequest
from cpdhub.models import AcademicYear, LogEntry, Staff
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import pounds
from evaluation import everyones_records, record_files
from evaluation.models import Qualification
from evaluation.record import Record, Wanted, Years, in_one_sentence, may_be_seen_by

PER_PAGE = 25


@require_GET
@requires(Permission.LOG_LEARNING)
def mine(request: StaffRequest) -> HttpResponse:
    """My learning, newest first."""
    record = Record(request.staff, request.staff)
    return render(request, "evaluation/record.html", _page(request, record))


@require_GET
@requires(Permission.SEE_STAFF)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """What a colleague took part in, for their line manager and those who see every record.

    Of what they wrote it shows what they shared with the viewer, and nothing else.
    """
    colleague = get_object_or_404(Staff.objects.all(), pk=pk)
    if colleague.pk == request.staff.pk:
        return redirect("record:mine")
    if not may_be_seen_by(colleague, request.staff):
        raise Http404
    record = Record(colleague, request.staff)
    context = _page(request, record)
    context["qualifications"] = Qualification.objects.owned_by(colleague)
    if (this := context["years"].this) and (cost := record.cost(this)):
        context["cost"] = pounds(cost.quantize(Decimal(1)))
    _log(request, LogEntry.Kind.OPENED, colleague.pk)
    return render(request, "evaluation/record.html", context)


def _page(request: StaffRequest, record: Record) -> dict[str, Any]:
    years = Years.known(today=clock.today())
    hours = record.hours(years)
    chosen = {name: request.GET.get(name, "").strip() for name in ("q", "year", "show")}
    wanted = Wanted(words=chosen["q"], show=chosen["show"], period=years.named(chosen["year"]))
    is_whole = "all" in request.GET
    paginator = Paginator(record.timeline(wanted), 100_000 if is_whole else PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return {
        "record": record,
        "years": years,
        "hours": [row for row in hours if row.this_year or row.last_year],
        "types": {row.type_id: row.title for row in sorted(hours, key=lambda row: row.title)},
        "sentence": in_one_sentence(hours, years),
        "entries": record.entries(page.object_list),
        "page": page,
        "chosen": chosen,
        "wanted_type": wanted.type_id,
        "is_filtered": any(chosen.values()),
        "is_whole": is_whole,
    }


@require_GET
@requires(Permission.LOG_LEARNING)
def mine_csv(request: StaffRequest) -> HttpResponse:
    """The whole record as a table, with what I wrote."""
    record = Record(request.staff, request.staff)
    _log(request, LogEntry.Kind.EXPORTED, request.staff.pk)
    return csv_response(
        f"record {request.staff.name}.csv", record_files.COLUMNS, record_files.rows(record)
    )


@require_GET
@requires(Permission.LOG_LEARNING)
def mine_json(request: StaffRequest) -> HttpResponse:
    """The whole record in an open format, to take away (docs/record-format.md)."""
    record = Record(request.staff, request.staff)
    _log(request, LogEntry.Kind.EXPORTED, request.staff.pk)
    response = JsonResponse(
        record_files.document(record), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    filename = plain_name(f"record {request.staff.name}.json")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Permission.SEE_EVERYONES_RECORD)
@once
def everyone(request: StaffRequest) -> HttpResponse:
    """Ask for the record of each member of staff on paper, for one year."""
    wanted = request.POST.get("year", "")
    year = next((year for year in AcademicYear.objects.all() if year.name == wanted), None)
    if year is None:
        messages.error(request, "Choose one of the school’s academic years first.")
        return redirect("impact:reports")
    job = jobs.start(everyones_records.KIND, by=request.staff, params={"year": year.pk})
    _log(request, LogEntry.Kind.EXPORTED, "everyone")
    return redirect("jobs:job", job.uuid)


def _log(request: StaffRequest, kind: LogEntry.Kind, whose: int | str) -> None:
    LogEntry.objects.create(
        school=request.school,
        at=clock.now(),
        by=request.staff,
        user=request.user,
        kind=kind,
        what="record",
        object_id=str(whose),
    )
