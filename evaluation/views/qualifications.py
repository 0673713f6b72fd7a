"""Qualifications, statuses and awards: one's own, and everyone's for who sees every record."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.views.asking import ask_first
from cpdhub import clock, files
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry, Staff
from cpdhub.permissions import Permission
from evaluation import uploads
from evaluation.forms.qualification import QualificationForm, StepForm
from evaluation.models import Qualification, QualificationStep

PER_PAGE = 25
COLUMNS = (
    "Name", "What", "Title", "Level", "Credits", "Awarded by", "How far", "Begun", "Awarded",
    "Put forward by",
)  # fmt: skip


@require_GET
@requires(Permission.LOG_LEARNING)
def mine(request: StaffRequest) -> HttpResponse:
    """What I hold and what I work towards."""
    rows = list(Qualification.objects.owned_by(request.staff).with_steps())
    State = Qualification.State
    groups = [
        ("On the way", [row for row in rows if row.state in {State.APPLIED, State.UNDER_WAY}]),
        ("Held", [row for row in rows if row.state == State.HELD]),
        ("Not this time", [row for row in rows if row.state == State.NOT_YET]),
    ]
    (_, on_the_way), (_, held), _ = groups
    context = {"groups": groups, "on_the_way": len(on_the_way), "held": len(held), "rows": rows}
    return render(request, "evaluation/qualifications.html", context)


@require_GET
@requires(Permission.SEE_EVERYONES_RECORD)
def everyone(request: StaffRequest) -> HttpResponse:
    """Who of those here holds or works towards what, to plan with; also as a table."""
    chosen = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "kind", "state")}
    here = Staff.objects.live(clock.today())
    found = Qualification.objects.filter(owner__in=here).select_related("owner")
    found = found.search(chosen["q"])
    if chosen["kind"] in Qualification.Kind.values:
        found = found.filter(kind=chosen["kind"])
    if chosen["state"] in Qualification.State.values:
        found = found.filter(state=chosen["state"])
    found = found.order_by("owner__sort_name", "pk")
    is_csv = request.GET.get("format") == "csv"
    kind = LogEntry.Kind.EXPORTED if is_csv else LogEntry.Kind.OPENED
    LogEntry.write(kind, by=request.staff, what="qualifications", object_id="everyone")
    if is_csv:
        return csv_response("qualifications.csv", COLUMNS, map(_row_of, found))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen,
        "kinds": Qualification.Kind.choices,
        "states": Qualification.State.choices,
        "is_filtered": any(chosen.values()),
    }
    return render(request, "evaluation/qualifications_of_everyone.html", context)


def _row_of(row: Qualification) -> tuple[Any, ...]:
    return (
        row.owner, row.get_kind_display(), row.title, row.level, row.credits or "", row.awarded_by,
        row.get_state_display(), row.begun_on or "", row.awarded_on or "", row.put_forward_by,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
@once
def add(request: StaffRequest) -> HttpResponse:
    return _written(request, Qualification(school=request.school, owner=request.staff))


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def change(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    return _written(request, _own(request, key))


def _written(request: StaffRequest, row: Qualification) -> HttpResponse:
    form = QualificationForm(request.POST or None, request.FILES or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            made = form.save_with_file()
        except uploads.Refused as refused:
            form.add_error("upload", str(refused))
        else:
            messages.success(request, "Written down.")
            return redirect("record:qualification", made.uuid)
    context = {"form": form, "row": row if row.pk else None}
    return render(request, "evaluation/qualification_write.html", context)


def _own(request: StaffRequest, key: uuid.UUID) -> Qualification:
    own = Qualification.objects.owned_by(request.staff).select_related("owner")
    if request.method == "POST":  # two windows take turns, so that no file is left behind
        own = own.select_for_update(of=("self",))
    found: Qualification = get_object_or_404(own, uuid=key)
    return found


def _seen(request: StaffRequest, key: uuid.UUID) -> Qualification:
    """One's own, or one of a record one may read; that somebody looked is logged, as there."""
    seen = Qualification.objects.visible_to(request.staff)
    found: Qualification = get_object_or_404(
        seen.select_related("owner", "activity", "file"), uuid=key
    )
    if found.owner_id != request.staff.pk:
        LogEntry.write(
            LogEntry.Kind.OPENED, by=request.staff, what="record", object_id=found.owner_id
        )
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_STAFF)
@once
def qualification(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """One of them, with what it asks for; its owner adds to that."""
    row = _seen(request, key)
    is_own = row.owner_id == request.staff.pk
    if request.method == "POST" and not is_own:
        raise Http404
    blank = QualificationStep(school=request.school, qualification=row)
    form = StepForm(request.POST or None, instance=blank) if is_own else None
    if request.method == "POST" and form and form.is_valid():
        form.save()
        messages.success(request, "Added.")
        return redirect("record:qualification", row.uuid)
    steps = list(row.steps.all())
    context = {
        "row": row,
        "is_own": is_own,
        "steps": steps,
        "met": sum(step.met_on is not None for step in steps),
        "form": form,
    }
    return render(request, "evaluation/qualification.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def remove(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    row = _own(request, key)
    if request.method == "POST":
        row.delete()
        messages.success(request, "Taken off your record.")
        return redirect("record:qualifications")
    return ask_first(
        request,
        question="Take it off your record?",
        text=f"“{row}”. What it asks for and its file go with it.",
        deed="Take it off",
        back=reverse("record:qualification", args=[row.uuid]),
    )


@require_GET
@requires(Permission.SEE_STAFF)
def file(request: StaffRequest, key: uuid.UUID) -> FileResponse:
    row = _seen(request, key)
    if row.file is None:
        raise Http404
    return files.download(row.file)


@require_http_methods(["GET", "POST"])
@requires(Permission.LOG_LEARNING)
def step(request: StaffRequest, pk: int) -> HttpResponse:
    """Say it is met, put it in other words, or take it off."""
    mine = QualificationStep.objects.filter(qualification__owner=request.staff)
    row = get_object_or_404(mine.select_related("qualification"), pk=pk)
    page = redirect("record:qualification", row.qualification.uuid)
    if request.method == "POST" and "remove" in request.POST:
        row.delete()
        messages.success(request, "Taken off.")
        return page
    form = StepForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return page
    context = {"form": form, "row": row.qualification}
    return render(request, "evaluation/qualification_step.html", context)
