"""The library of questionnaires: looking, copying, taking in and out as files."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import actions, instrument_files
from audits.forms import BeginForm, ImportForm
from audits.models import Instrument
from audits.views.fetch import draft_instrument, sub, visible_instrument
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from cpdhub.tables import TableRefused


@require_GET
@requires(Permission.RUN_AUDITS)
def instruments(request: StaffRequest) -> HttpResponse:
    """Shipped and own."""
    visible = Instrument.objects.visible_to(request.staff)
    found = list(visible.without_replaced().with_sizes())
    context = {
        "own": [instrument for instrument in found if not instrument.is_shipped],
        "shipped": [instrument for instrument in found if instrument.is_shipped],
        "sub_links": sub(request, "needs:instruments"),
    }
    return render(request, "audits/instruments.html", context)


@require_GET
@requires(Permission.RUN_AUDITS)
def instrument(request: StaffRequest, pk: int) -> HttpResponse:
    """As people will see it."""
    found = visible_instrument(request, pk)
    sections = found.with_questions()
    questions = [question for section in sections for question in section.questions.all()]
    context = {
        "instrument": found,
        "sections": sections,
        "size": len(questions),
        # In order, each once.
        "frameworks": list(dict.fromkeys(row.item.framework for row in questions if row.item)),
        "has_audiences": any(question.audience for question in questions),
    }
    return render(request, "audits/instrument.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
@once
def instrument_new(request: StaffRequest) -> HttpResponse:
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.begin_instrument(request.school, **form.cleaned_data)
        messages.success(request, "Begun. Write the questions of its first section.")
        return redirect("needs:section_change", made.sections.get().pk)
    return render(request, "audits/instrument_new.html", {"form": form})


@require_POST
@requires(Permission.RUN_AUDITS)
@once
def instrument_copy(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_instrument(request, pk)
    try:
        copy = actions.copy_instrument(found, by=request.staff)
    except actions.NotPossible as why:
        messages.error(request, str(why))
        return redirect("needs:instrument", pk)
    messages.success(request, "Copied. This one is yours to change; the other stays as it is.")
    return redirect("needs:instrument_change", copy.pk)


@require_POST
@requires(Permission.RUN_AUDITS)
def instrument_publish(request: StaffRequest, pk: int) -> HttpResponse:
    found = draft_instrument(request, pk)
    try:
        actions.publish_instrument(found)
    except actions.NotPossible as why:
        messages.error(request, str(why))
        return redirect("needs:instrument_change", pk)
    messages.success(request, "Published. From now on it stays as it is.")
    return redirect("needs:instrument", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def instrument_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft only: what was published may have been answered."""
    found = draft_instrument(request, pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, f"“{found.title}” is deleted.")
        return redirect("needs:instruments")
    return render(request, "audits/instrument_delete.html", {"instrument": found})


@require_GET
@requires(Permission.RUN_AUDITS)
def instrument_csv(request: StaffRequest, pk: int) -> HttpResponse:
    """The whole questionnaire as a file that can be read in again."""
    found = visible_instrument(request, pk)
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="questionnaire", object_id=found.pk
    )
    rows = instrument_files.rows(found)
    return csv_response(f"{found.code}-{found.version}.csv", instrument_files.HEADER, rows)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
@once
def instrument_import(request: StaffRequest) -> HttpResponse:
    """A file becomes a new draft; with anything wrong in it, nothing happens."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading = instrument_files.read(form.cleaned_data["file"], school=request.school)
        except TableRefused as why:
            form.add_error("file", str(why))
        except instrument_files.FileRefused as why:
            for problem in why.problems:
                form.add_error("file", str(problem))
        else:
            made = instrument_files.save(reading, by=request.staff)
            messages.success(request, "Read in as a draft. Look it through, then publish it.")
            return redirect("needs:instrument_change", made.pk)
    return render(request, "audits/instrument_import.html", {"form": form})
