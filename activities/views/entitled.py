"""How far colleagues are with what they are entitled to: all, one person, what to catch up."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.entitled import (
    DUE,
    OVERDUE,
    PLANNED,
    WORDS,
    Cell,
    State,
    cells,
    in_use,
    people_seen_by,
)
from activities.entitled_table import HEADER, EntitledTable
from activities.forms.entitlement import ReceivedForm
from activities.models import Activity, EarlyCareer, Entitlement, EntitlementStep, Received
from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry, Staff
from cpdhub.permissions import Permission

P = Permission


@require_GET
@requires(P.SEE_ACTIVITIES)
def entitled(request: StaffRequest) -> HttpResponse:
    """The table of those one may see; whoever sees only themselves goes to their own page."""
    table = EntitledTable(request.staff, request.GET, today=clock.today())
    if table.is_alone:
        return redirect("activities:entitled_person", request.staff.pk)
    if request.GET.get("format") == "csv":
        rows = list(table.lines())
        LogEntry.write(
            LogEntry.Kind.EXPORTED, by=request.staff, what="entitlements", note=f"{len(rows)} rows"
        )
        return csv_response(f"Entitlements {request.school} {table.today}.csv", HEADER, rows)
    context = {
        "table": table,
        "sort": table.sort,
        "may_set": request.staff.can(P.SET_ENTITLEMENTS),
        "may_plan": request.staff.can(P.PLAN_ACTIVITIES),
    }
    return render(request, "activities/entitled.html", context)


# --- one person --------------------------------------------------------------------------------
def visible_person(request: StaffRequest, pk: int) -> Staff:
    people = people_seen_by(request.staff, today=clock.today())
    return get_object_or_404(people.select_related("line_manager"), pk=pk)


@require_GET
@requires(P.SEE_ACTIVITIES)
def entitled_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything one person is entitled to, and the rows behind each step."""
    person = visible_person(request, pk)
    found = cells([person], today=clock.today(), by=request.staff)
    found.sort(key=lambda cell: list(WORDS).index(cell.state))  # what presses first
    tell(request, [state for cell in found for state in cell.states])
    is_own = person.pk == request.staff.pk
    if not is_own:
        LogEntry.write(
            LogEntry.Kind.OPENED, by=request.staff, what="entitlements", object_id=person.pk
        )
    early = EarlyCareer.objects.visible_to(request.staff).filter(staff=person).first()
    context = {
        "person": person,
        "is_own": is_own,
        "cells": found,
        "early": early,
        "may_note": not is_own,
        "may_note_terms": early is not None and early.may_be_kept_by(request.staff),
        "may_plan": request.staff.can(P.PLAN_ACTIVITIES),
        "sentence": sentence(found),
    }
    return render(request, "activities/entitled_person.html", context)


def tell(request: StaffRequest, states: list[State]) -> None:
    """Name the activities behind these steps, where one may see them."""
    behind = {"had", "planned", "missed"}
    keys = {fact.pk for state in states for fact in state.facts if fact.kind in behind}
    seen = Activity.objects.visible_to(request.staff).filter(pk__in=keys)
    titles = {str(pk): title for pk, title in seen.values_list("pk", "title")}
    for state in states:
        state.told = [
            (fact, titles.get(fact.pk, ""))
            for fact in sorted(state.facts, key=lambda fact: fact.on)
            if fact.kind != "hours"
        ]


def sentence(found: list[Cell]) -> str:
    """2 steps are overdue and 1 is due within 8 weeks."""
    states = [state.state for cell in found for state in cell.states]
    late, soon, planned = (states.count(each) for each in (OVERDUE, DUE, PLANNED))
    parts = [
        f"{number} {'step is' if number == 1 else 'steps are'} {words}"
        for number, words in (
            (late, "overdue"), (soon, "due within 8 weeks"), (planned, "planned"),
        )
        if number
    ]  # fmt: skip
    if not states:
        return ""
    return f"{', '.join(parts)}." if parts else "Nothing is due at the moment."


def step_of(request: StaffRequest, person: Staff, pk: int) -> EntitlementStep:
    """One of this person's, of what the school keeps now."""
    found = cells([person], today=clock.today(), by=request.staff)
    step = next((s.step for cell in found for s in cell.states if s.step.pk == pk), None)
    if step is None:
        raise Http404
    return step


def check_may_note(request: StaffRequest, person: Staff, step: EntitlementStep) -> None:
    """The line manager and those who see every record; of induction its tutor. Never oneself."""
    if step.entitlement.kind == Entitlement.Kind.EARLY:
        early = EarlyCareer.objects.visible_to(request.staff).filter(staff=person).first()
        if early is None or not early.may_be_kept_by(request.staff):
            raise PermissionDenied
    elif person.pk == request.staff.pk:
        raise PermissionDenied


def person_of_step(request: StaffRequest, pk: int) -> Staff:
    """As on their page; an induction tutor also reaches the teacher they look after."""
    today = clock.today()
    tutored = EarlyCareer.objects.filter(tutor=request.staff).values("staff")
    people = people_seen_by(request.staff, today=today) | Staff.objects.live(today).filter(
        pk__in=tutored
    )
    return get_object_or_404(people, pk=pk)


@require_http_methods(["GET", "POST"])
@requires(P.SEE_ACTIVITIES)
@once
def receive(request: StaffRequest, pk: int, step_pk: int) -> HttpResponse:
    """Write down that somebody has received a step, where no register shows it."""
    person = person_of_step(request, pk)
    step = step_of(request, person, step_pk)
    check_may_note(request, person, step)
    note = Received(school=request.school, staff=person, step=step, noted_by=request.staff)
    form = ReceivedForm(request.POST or None, instance=note, initial={"on": clock.today()})
    back = page_of_step(person, step)
    if form.is_valid():
        form.save()
        messages.success(request, f"Written down: {person}, {step}.")
        return redirect(back)
    context = {
        "form": form, "person": person, "step": step, "back": back,
        "noted": Received.objects.filter(staff=person).of_step(step).select_related("noted_by"),
    }  # fmt: skip
    return render(request, "activities/receive.html", context)


def page_of_step(person: Staff, step: EntitlementStep) -> str:
    if step.entitlement.kind == Entitlement.Kind.EARLY:
        return reverse("activities:early", args=[person.pk])
    address = reverse("activities:entitled_person", args=[person.pk])
    return f"{address}#e{step.entitlement_id}"


@require_http_methods(["GET", "POST"])
@requires(P.SEE_ACTIVITIES)
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """It was written down by mistake."""
    note = get_object_or_404(Received.objects.select_related("step__entitlement"), pk=pk)
    person = person_of_step(request, note.staff_id)
    check_may_note(request, person, note.step)
    back = page_of_step(person, note.step)
    if request.method != "POST":
        return ask_first(
            request, question=f"Did {person} not have this on {note.on:%-d %B %Y}?", back=back,
            text=f"{note.step.entitlement}: {note.step}.", deed="Take it back",
        )  # fmt: skip
    note.delete()
    messages.success(request, "Taken back.")
    return redirect(back)


# --- catching up -------------------------------------------------------------------------------
@dataclass
class ToCatchUp:
    """A step some people wait for."""

    step: EntitlementStep
    waiting: list[State] = field(default_factory=list)

    @property
    def plan(self) -> str:
        """Where one is planned with these people in it."""
        people = "".join(f"&who={state.person.pk}" for state in self.waiting)
        return f"{reverse('activities:plan')}?step={self.step.pk}{people}"

    @property
    def late(self) -> int:
        return sum(state.state == OVERDUE for state in self.waiting)


@require_GET
@requires(P.PLAN_ACTIVITIES)
def catch_up(request: StaffRequest) -> HttpResponse:
    """What joiners and those who were away still wait for, and what is due within 8 weeks."""
    today = clock.today()
    people = people_seen_by(request.staff, today=today).on_staff()
    steps: dict[int, ToCatchUp] = {}
    planned: dict[int, int] = defaultdict(int)
    for cell in cells(people, today=today, by=request.staff):
        if cell.entitlement.is_optional or cell.entitlement.kind == Entitlement.Kind.EARLY:
            continue
        for state in cell.states:
            if state.state in {OVERDUE, DUE} and not state.wanted:
                steps.setdefault(state.step.pk, ToCatchUp(state.step)).waiting.append(state)
            planned[state.step.pk] += state.state == PLANNED
    found = sorted(steps.values(), key=lambda each: (-each.late, -len(each.waiting)))
    context: dict[str, Any] = {
        "found": found,
        "planned": planned,
        "is_leader": request.staff.can(P.SEE_EVERYONES_RECORD),
        "has_any": bool(found) or in_use().exists(),
    }
    return render(request, "activities/catch_up.html", context)
