"""Frameworks: reading them, taking them in and out as files."""

import io
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, ProtectedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock, framework_files
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.framework_forms import FrameworkFileForm
from cpdhub.http import StaffRequest
from cpdhub.models import Framework, FrameworkItem, LogEntry, School
from cpdhub.models.framework import OWN_AREAS, as_tree
from cpdhub.permissions import Permission
from cpdhub.tables import TableRefused
from cpdhub.tables.named import FileRefused
from cpdhub.views.plan import sub
from cpdhub.views.plan_parts import ask_before_removing

LONGEST_NAME = 9  # TS4, 2c, section-1


@require_GET
@requires(Permission.SEE_PLAN)
def frameworks(request: StaffRequest) -> HttpResponse:
    """Shipped and own, by kind; those in force first."""
    in_force = set(Framework.objects.in_force(clock.today()).values_list("pk", flat=True))
    found = Framework.objects.annotate(size=Count("items")).order_by("title", "-pk")
    rows = [{"framework": each, "is_in_force": each.pk in in_force} for each in found]
    kinds = [
        (kind.label, [row for row in rows if row["framework"].kind == kind])
        for kind in Framework.Kind
    ]
    context = {
        "kinds": [(label, rows) for label, rows in kinds if rows],
        "count": len(rows),
        "may_change": request.staff.can(Permission.EDIT_PLAN),
        "sub_links": sub(request.staff, "plan:frameworks"),
    }
    return render(request, "cpdhub/frameworks.html", context)


def _found(pk: int) -> Framework:
    found: Framework = get_object_or_404(Framework.objects, pk=pk)
    return found


@require_GET
@requires(Permission.SEE_PLAN)
def framework(request: StaffRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    context = {
        "framework": found,
        **_tree(found.items_in_order()),
        "others": Framework.objects.filter(code=found.code).exclude(pk=found.pk).order_by("-pk"),
        "is_own_areas": found.code == OWN_AREAS and not found.is_shipped,
        "may_change": request.staff.can(Permission.EDIT_PLAN),
        "sub_links": sub(request.staff, "plan:frameworks"),
    }
    return render(request, "cpdhub/framework_shown.html", context)


def _tree(items: Iterable[FrameworkItem]) -> dict[str, Any]:
    """What `_framework_tree.html` takes. Codes are shown where they are names people use."""
    branches = as_tree(items)
    return {
        "branches": branches,
        "has_codes": all(len(branch.item.code) <= LONGEST_NAME for branch in branches),
    }


@require_GET
@requires(Permission.SEE_PLAN)
def download(request: StaffRequest, pk: int) -> HttpResponse:
    """All of it as a file that can be read in again."""
    found = _found(pk)
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="framework", object_id=found.pk)
    rows = framework_files.rows(found, found.items_in_order())
    return csv_response(f"{found.code}-{found.version}.csv", framework_files.HEADER, rows)


# --- in -----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def upload(request: StaffRequest) -> HttpResponse:
    """A file is looked through; with anything wrong in it, everything wrong is said."""
    form = FrameworkFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading = framework_files.read(form.cleaned_data["file"], school=request.school)
        except (TableRefused, FileRefused) as why:
            for problem in getattr(why, "problems", [why]):
                form.add_error("file", str(problem))
        else:
            return render(request, "cpdhub/framework_preview.html", _preview(reading))
    return render(request, "cpdhub/framework_import.html", {"form": form})


def _preview(reading: framework_files.Reading) -> dict[str, Any]:
    framework = reading.framework
    assert framework is not None
    earlier = Framework.objects.filter(code=framework.code).order_by("-pk").first()
    return {
        "framework": framework,
        **_tree(reading.items.values()),
        "earlier": earlier,
        "kept": framework_files.as_text(reading),
    }


@require_POST
@requires(Permission.EDIT_PLAN)
@once
def confirm(request: StaffRequest) -> HttpResponse:
    """What the preview showed becomes a framework. It is read again: the page might lie."""
    try:
        reading = _read_again(request.POST.get("kept", ""), school=request.school)
    except (TableRefused, FileRefused):
        messages.error(request, "The file could not be read again. Please choose it once more.")
        return redirect("plan:framework_import")
    made = framework_files.save(reading)
    LogEntry.write(LogEntry.Kind.IMPORTED, by=request.staff, what="framework", object_id=made.pk)
    messages.success(request, "Read in. What was written for another version stays with it.")
    return redirect("plan:framework_shown", made.pk)


def _read_again(text: str, *, school: School) -> framework_files.Reading:
    return framework_files.read(io.BytesIO(text.encode()), school=school)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_PLAN)
@once
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """A version of the school's own that nothing was made with yet."""
    found = get_object_or_404(Framework.objects.filter(school=request.school), pk=pk)
    page = reverse("plan:framework_shown", args=[pk])
    if request.school.evaluates_by_id == found.pk:
        messages.error(request, "The school evaluates itself by this one. Choose another first.")
        return redirect(page)
    if request.method == "GET":
        return ask_before_removing(request, found, noun="framework", back=page)
    try:
        found.delete()
    except ProtectedError:
        messages.error(request, "Something was written for it, so it stays.")
        return redirect(page)
    messages.success(request, f"“{found}” is removed.")
    return redirect("plan:frameworks")
