"""Something new in classrooms, and where teams are with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from evaluation import innovations as maps
from evaluation.forms.innovation import InnovationForm, PlaceForm, StepForm
from evaluation.models import Component, Innovation, NextStep, Variation

PER_PAGE = 25


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def innovations(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    found = (
        Innovation.objects.search(words)
        .select_related("lead")
        .annotate(
            parts=Count("components", distinct=True),
            last=Max("components__placements__placed_on"),
        )
        .order_by("ended_on", "title", "pk")
    )
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "evaluation/innovations.html", context)


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def innovation(request: StaffRequest, pk: int) -> HttpResponse:
    """Its map, where teams are on it, how that went on, and what is next."""
    found = get_object_or_404(Innovation.objects.select_related("lead", "priority"), pk=pk)
    components = maps.components_of(found)
    context = {
        "innovation": found,
        "bands": Variation.Band.labels,
        "lines": maps.table(components),
        "over": maps.over_time(components),
        "steps": maps.steps_of(found),
        "today": clock.today(),
        "may_plan": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "evaluation/innovation.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def new(request: StaffRequest) -> HttpResponse:
    """From an empty page, or from the worked example (`?example=1`)."""
    blank = Innovation(school=request.school, lead=request.staff)
    is_example = request.GET.get("example") == "1"
    initial = dict(maps.EXAMPLE) if is_example else {}
    parts = maps.EXAMPLE_PARTS if is_example else []
    return _edit(request, blank, parts, initial)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Innovation, pk=pk)
    return _edit(request, found, maps.parts_of(found), {})


def _edit(
    request: StaffRequest, found: Innovation, parts: list[dict[str, str]], initial: dict[str, Any]
) -> HttpResponse:
    form = InnovationForm(request.POST or None, instance=found, parts=parts, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                saved = form.save()
                maps.write_map(saved, form.parts)
        except NotPossible as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("innovations:innovation", saved.pk)
    context = {"form": form, "innovation": found if found.pk else None}
    return render(request, "evaluation/innovation_change.html", context)


@require_POST
@requires(Permission.PLAN_ACTIVITIES)
@once
def copy(request: StaffRequest, pk: int) -> HttpResponse:
    made = maps.copy(get_object_or_404(Innovation, pk=pk), request.staff)
    messages.success(request, "Copied, with nobody placed on it yet. Give it a name of its own.")
    return redirect("innovations:change", made.pk)


@require_POST
@requires(Permission.PLAN_ACTIVITIES)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """It is part of what we do, or we let it go; and back."""
    found = get_object_or_404(Innovation, pk=pk)
    found.ended_on = None if found.ended_on else clock.today()
    found.save(update_fields=["ended_on"])
    messages.success(request, "Brought to an end." if found.ended_on else "It goes on.")
    return redirect("innovations:innovation", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def place(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Innovation, pk=pk)
    form = PlaceForm(request.POST or None, components=maps.components_of(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        maps.place(
            form.placed, team=said["team"], on=said["placed_on"], known_by=said["known_by"],
            by=request.staff,
        )  # fmt: skip
        messages.success(request, "Placed.")
        return redirect("innovations:innovation", pk)
    return render(request, "evaluation/innovation_place.html", {"form": form, "innovation": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def step_add(request: StaffRequest, pk: int) -> HttpResponse:
    component = get_object_or_404(Component.objects.select_related("innovation"), pk=pk)
    step = NextStep(school=request.school, component=component)
    form = StepForm(request.POST or None, instance=step)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Noted.")
        return redirect("innovations:innovation", component.innovation_id)
    context = {"form": form, "component": component, "innovation": component.innovation}
    return render(request, "evaluation/innovation_step.html", context)


@require_POST
@requires(Permission.PLAN_ACTIVITIES)
def step_done(request: StaffRequest, pk: int) -> HttpResponse:
    """Done, or not done after all."""
    step = get_object_or_404(NextStep.objects.select_related("component"), pk=pk)
    step.done_on = None if step.done_on else clock.today()
    step.save(update_fields=["done_on"])
    return redirect("innovations:innovation", step.component.innovation_id)
