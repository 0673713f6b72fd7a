"""Taking the record away, and bringing one from an earlier school."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.views.asking import ask_first
from cpdhub import files
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from evaluation import portable
from evaluation.models import ImportedRecord
from evaluation.portable_import import RecordRefused, bring, remove
from evaluation.portfolios import is_theirs
from evaluation.views.portfolios import as_file


class BringForm(forms.Form):
    file = forms.FileField(
        label="The zip file from your earlier school",
        help_text="As you downloaded it: not unpacked, not renamed to something else.",
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )


@require_GET
@requires(Permission.LOG_LEARNING)
def record_zip(request: StaffRequest) -> HttpResponse:
    """Everything of mine, signed, to take away."""
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="portable record", object_id=request.staff.pk
    )
    return as_file(
        portable.build(request.staff), "application/zip", portable.file_name(request.staff)
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def bring_in(request: StaffRequest) -> HttpResponse:
    """A record from an earlier school. It is mine alone, as it was there."""
    is_sent = request.method == "POST"
    form = BringForm(request.POST, request.FILES) if is_sent else BringForm()
    if is_sent and form.is_valid():
        try:
            row, is_new = bring(form.cleaned_data["file"], owner=request.staff)
        except RecordRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            if not is_new:
                messages.warning(request, "You have brought this file before. Here it is.")
            return redirect("portfolio:imported", row.uuid)
    return render(request, "evaluation/record_bring.html", {"form": form})


def _own(request: StaffRequest, uuid: UUID) -> ImportedRecord:
    mine = ImportedRecord.objects.filter(owner=request.staff).select_related("file", "owner")
    return get_object_or_404(mine, uuid=uuid)


@require_GET
@requires(Permission.LOG_LEARNING)
def imported(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """What I brought, marked with where it comes from."""
    row = _own(request, uuid)
    context: dict[str, Any] = {"record": row, "is_other_name": not is_theirs(row)}
    return render(request, "evaluation/record_imported.html", context)


@require_GET
@requires(Permission.LOG_LEARNING)
def imported_file(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The file as it came, to keep or to take further."""
    row = _own(request, uuid)
    with files.open_file(row.file) as content:
        return as_file(content.read(), "application/zip", f"record {row.school_name}.zip")


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def imported_remove(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Asks first. What went into a portfolio from it stays there, marked as it was."""
    row = _own(request, uuid)
    if request.method == "POST":
        remove(row)
        messages.success(request, "Removed, with its file.")
        return redirect("portfolio:list")
    return ask_first(
        request, question="Remove this record?",
        text=f"From {row.school_name}. It goes from here with its file. What you put from it into a"
        " portfolio stays there; with your own copy of the file you can bring it again.",
        deed="Remove it", back=reverse("portfolio:imported", args=[uuid]),
    )  # fmt: skip
