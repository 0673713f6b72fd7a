"""Slots and sites of a shared day: one page that adds, changes and takes off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks.days import changing
from networks.forms.shared_day import SiteForm, SlotForm
from networks.membership import SeenDay, day_kept
from networks.models import DaySlot, Site, Workshop
from networks.views.days import shown, stays


@dataclass(frozen=True)
class Kind:
    model: type[Any]
    form: type[Any]
    question: str


KINDS = {
    "slot": Kind(DaySlot, SlotForm, "When is everybody in one workshop?"),
    "site": Kind(Site, SiteForm, "Where are workshops held?"),
}


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def add(request: StaffRequest, pk: int, day: int, kind: str) -> HttpResponse:
    what = _kind(kind)
    found = day_kept(request, pk, day)
    if found.day.is_over:
        return stays(request, found)
    if kind == "slot" and found.day.is_out:
        messages.error(request, "The timetable is out: it has no place for one more slot.")
        return redirect("networks:day", pk, day)
    new = what.model(network_id=pk, school=found.day.school, day=found.day)
    return _written(request, found, what, new)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def change(request: StaffRequest, pk: int, day: int, kind: str, part: int) -> HttpResponse:
    what = _kind(kind)
    found = day_kept(request, pk, day)
    if found.day.is_over:
        return stays(request, found)
    row = get_object_or_404(what.model.objects.filter(day=day), pk=part)
    row.day = found.day
    if request.method == "POST" and "remove" in request.POST:
        if Workshop.objects.filter(**{kind: row}).exists():
            messages.error(request, f"Workshops are held there or then: {row} stays.")
        else:
            row.delete()
            messages.success(request, "Taken off.")
        return redirect("networks:day", pk, day)
    return _written(request, found, what, row)


def _written(request: StaffRequest, found: SeenDay, what: Kind, row: Any) -> HttpResponse:
    form = what.form(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if "host" in form.changed_data and row.pk:
                for workshop in Workshop.objects.filter(site=row).select_related("site"):
                    changing.follow(workshop, found.day)
        messages.success(request, "Saved.")
        return redirect("networks:day", found.day.network_id, found.day.pk)
    context = shown(found, form=form, what=what, row=row if row.pk else None)
    return render(request, "networks/day_part.html", context)
