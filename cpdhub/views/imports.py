"""Staff from a file: upload, match columns, preview, confirm, undo."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock, exports, import_words
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.import_forms import ConfirmForm, MappingForm, UploadForm
from cpdhub.models import LogEntry, StaffImport, StaffImportRow
from cpdhub.permissions import Permission
from cpdhub.staff_import import steps
from cpdhub.staff_import.preview import NotRoles
from cpdhub.tables import TableRefused

IMPORTS, ROWS = 25, 40
Outcome, State = StaffImportRow.Outcome, StaffImport.State
TEMPLATE = [
    "First name", "Last name", "Work e-mail", "Staff code", "Job title", "Staff group",
    "Department", "Line manager", "FTE", "Start date", "Leaving date",
]  # fmt: skip


# --- the list, the upload ---------------------------------------------------------------------
@require_GET
@requires(Permission.IMPORT_STAFF)
def import_list(request: StaffRequest) -> HttpResponse:
    """Which files were imported, by whom, and what they did."""
    made = StaffImport.objects.select_related("created_by", "applied_by", "undone_by")
    page = Paginator(made, IMPORTS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [{"made": each, "what": import_words.short(each)} for each in page],
    }
    return render(request, "cpdhub/import_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_STAFF)
@once
def upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file: UploadedFile = form.cleaned_data["file"]
        roles: UploadedFile | None = form.cleaned_data["roles"]
        try:
            made = steps.upload(
                file.file,  # type: ignore[arg-type]
                file.name or "file",
                by=request.staff,
                roles=roles.file if roles else None,  # type: ignore[arg-type]
            )
        except NotRoles as problem:
            form.add_error("roles", str(problem))
        except TableRefused as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("imports:staff_import", made.pk)
    return render(request, "cpdhub/import_upload.html", {"form": form})


@require_GET
@requires(Permission.IMPORT_STAFF)
def template(request: StaffRequest) -> HttpResponse:
    """An empty file with the columns we read, for those who type their list."""
    return exports.csv_response("staff-template.csv", TEMPLATE, [])


# --- one import ---------------------------------------------------------------------------------
def _found(pk: int) -> StaffImport:
    found: StaffImport = get_object_or_404(
        StaffImport.objects.select_related("job", "created_by", "applied_by", "undone_by"), pk=pk
    )
    return found


@require_GET
@requires(Permission.IMPORT_STAFF)
def staff_import(request: StaffRequest, pk: int) -> HttpResponse:
    """Where an import stands: at work, to be matched, a preview, a result."""
    made = _found(pk)
    if made.is_working:
        return _progress(request, made)
    if request.htmx:  # it was at work when the page was made: show the page that follows
        return HttpResponse(headers={"HX-Refresh": "true"})
    if made.state == State.MAPPING:
        return redirect("imports:mapping", made.pk)
    if made.state == State.FAILED:
        return render(request, "cpdhub/import_failed.html", {"made": made})
    return render(request, "cpdhub/import_preview.html", _preview(request, made))


def _progress(request: StaffRequest, made: StaffImport) -> HttpResponse:
    has_failed = bool(made.job and made.job.state == made.job.State.FAILED)
    name = "cpdhub/_import_progress.html" if request.htmx else "cpdhub/import_progress.html"
    return render(request, name, {"made": made, "job": made.job, "has_failed": has_failed})


def _preview(request: StaffRequest, made: StaffImport) -> dict[str, Any]:
    rows = StaffImportRow.objects.filter(staff_import=made)
    counts = dict(rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    counts["problems"] = made.counts.get("problems", 0)
    counts["kept"] = made.counts.get("not_undone" if made.undone_at else "kept", 0)
    tab = request.GET.get("show", "")
    tab = tab if counts.get(tab) else next((t for t, _ in TABS if counts.get(t)), "")
    wanted = request.GET.get("q", "").strip()[:100]
    shown = _shown(rows, tab)
    if wanted:
        shown = shown.filter(name__icontains=wanted)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    is_open = made.can_be_confirmed
    is_over = made.state in {State.APPLIED, State.UNDONE}
    return {
        "made": made,
        "found": import_words.found(counts) if not is_over else import_words.result(made),
        "left_out": import_words.left_out(made.counts),
        "tabs": [(key, label, counts[key]) for key, label in TABS if counts.get(key)],
        "tab": tab,
        "wanted": wanted,
        "page": page,
        "lines": [import_words.line(row, is_open=is_open) for row in page],
        "is_open": is_open,
        "is_over": is_over,
        "has_ticks": is_open and tab in TICKED,
        # Elsewhere the form holds no row: what is not shown to be chosen is not sent as unticked.
        "has_choices": is_open and (tab in TICKED or tab == Outcome.ASK),
        "can_tick_all": is_open and tab in {Outcome.NEW, Outcome.CHANGED} and not wanted,
        "has_work": is_open
        and any(counts.get(key) for key in ("new", "changed", "ask", "possible_leaver")),
        "groups": import_words.GROUPS,
    }


TICKED = {Outcome.NEW, Outcome.CHANGED, Outcome.POSSIBLE_LEAVER}
TABS = [
    ("kept", "Not as previewed"),
    (Outcome.ASK, "For you to decide"),
    (Outcome.NEW, "New"),
    (Outcome.CHANGED, "Changed"),
    ("problems", "Problems"),
    (Outcome.POSSIBLE_LEAVER, "Possible leavers"),
    (Outcome.LEFT_OUT, "Left out"),
    (Outcome.UNCHANGED, "Unchanged"),
]


def _shown(rows: Any, tab: str) -> QuerySet[StaffImportRow]:
    if tab == "problems":
        shown = rows.with_problems()
    elif tab == "kept":
        shown = rows.exclude(kept="")
    else:
        shown = rows.filter(outcome=tab)
    found: QuerySet[StaffImportRow] = shown.order_by("line", "name", "pk")
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_STAFF)
def mapping(request: StaffRequest, pk: int) -> HttpResponse:
    """Say which column is which; the file is then read again."""
    made = _found(pk)
    if not made.can_be_mapped:
        return redirect("imports:staff_import", made.pk)
    form = MappingForm(request.POST or None, staff_import=made)
    if request.method == "POST" and form.is_valid():
        try:
            steps.map_columns(made, form.mapping, by=request.staff)
        except steps.NotNow as problem:
            messages.error(request, str(problem))
        return redirect("imports:staff_import", made.pk)
    columns = [
        {"field": field, "samples": [value for value in samples if value]}
        for field, samples in zip(form, made.samples, strict=False)
    ]
    return render(
        request, "cpdhub/import_mapping.html", {"made": made, "form": form, "columns": columns}
    )


@require_POST
@requires(Permission.IMPORT_STAFF)
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep what was ticked and decided on this page of the preview."""
    made = _found(pk)
    everyone = request.POST.get("everyone", "")
    try:
        if everyone:
            outcome, _, wanted = everyone.partition(":")
            steps.tick_all(made, outcome, is_chosen=wanted == "on")
        else:
            steps.choose(made, _choices(request))
    except steps.NotNow as problem:
        messages.error(request, str(problem))
        return redirect("imports:staff_import", made.pk)
    if request.htmx:
        return HttpResponse("Saved")
    if request.POST.get("then") == "confirm":
        return redirect("imports:confirm", made.pk)
    messages.success(request, "Your choices are kept.")
    query = request.POST.get("query", "")[:300]
    page = reverse("imports:staff_import", args=[made.pk])
    return redirect(page + query if query.startswith("?") else page)


def _choices(request: HttpRequest) -> list[steps.Choice]:
    sent = request.POST
    ticked = set(sent.getlist("take"))
    return [
        steps.Choice(
            int(pk),
            is_chosen=pk in ticked,
            decision=sent.get(f"decision-{pk}", ""),
            group=sent.get(f"group-{pk}"),
        )
        for pk in sent.getlist("row")[:ROWS]
        if pk.isascii() and pk.isdecimal() and len(pk) < 19
    ]


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_STAFF)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """The last look: what will be written, and who leaves when."""
    made = _found(pk)
    if request.method == "GET" and not made.can_be_confirmed:
        return redirect("imports:staff_import", made.pk)
    rows = StaffImportRow.objects.filter(staff_import=made)
    chosen = rows.to_be_written()
    leavers = list(chosen.filter(outcome=Outcome.POSSIBLE_LEAVER).order_by("name")[:200])
    sent = request.POST if request.method == "POST" else None
    form = ConfirmForm(sent, has_leavers=bool(leavers))
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data.get("leaving_on") or clock.today()
        try:
            steps.confirm(made, leaving_on=day, by=request.staff)
        except steps.NotNow as problem:
            messages.error(request, str(problem))
        return redirect("imports:staff_import", made.pk)
    counts = dict(chosen.order_by().values_list("outcome").annotate(n=Count("pk")))
    undecided = rows.filter(outcome=Outcome.ASK, decision="").count()
    context = {
        "made": made, "form": form, "leavers": leavers, "undecided": undecided,
        "sentence": import_words.to_write(counts), "is_anything": bool(counts),
    }  # fmt: skip
    return render(request, "cpdhub/import_confirm.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_STAFF)
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    made = _found(pk)
    if request.method == "GET":
        if not made.can_be_undone:
            return redirect("imports:staff_import", made.pk)
        context = {"made": made, "result": import_words.result(made)}
        return render(request, "cpdhub/import_undo.html", context)
    try:
        steps.undo(made, by=request.staff)
    except steps.NotNow as problem:
        messages.error(request, str(problem))
    return redirect("imports:staff_import", made.pk)


@require_POST
@requires(Permission.IMPORT_STAFF)
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a file that is not to be imported."""
    try:
        steps.discard(_found(pk))
    except steps.NotNow as problem:
        messages.error(request, str(problem))
        return redirect("imports:staff_import", pk)
    messages.success(request, "The file and everything read from it are gone.")
    return redirect("imports:list")


@require_GET
@requires(Permission.IMPORT_STAFF)
def problems(request: StaffRequest, pk: int) -> HttpResponse:
    """Every row, column and reason as a file, to put right in the MIS."""
    made = _found(pk)
    rows = StaffImportRow.objects.filter(staff_import=made).with_problems().order_by("line", "pk")
    lines = [
        (row.line, row.name, row.get_outcome_display(), column, reason)
        for row in rows.iterator(2000)
        for column, reason in row.problems
    ]
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="problems of a staff file", object_id=made.pk
    )
    header = ["Line", "Name", "What happens", "Column", "Reason"]
    return exports.csv_response(f"Problems in {made.name}.csv", header, lines)
