"""What a shared day offers: read by everybody, written by whoever organises it."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from cpdhub.queries import holding
from cpdhub.tables import TableRefused
from cpdhub.tables.named import FileRefused
from networks.days import building, changing, files
from networks.days.people import wanted
from networks.forms.shared_day import CopyForm, DropForm, TableForm, WorkshopForm
from networks.membership import SeenDay, day_in, day_kept
from networks.models import DaySlot, Guest, SharedDay, Site, Workshop
from networks.views.days import shown

TAKEN = "Somebody has just taken this room then. Choose another."


def narrowed(workshops: Any, query: Any) -> Any:
    """By words, anywhere in it, and by whom it is for."""
    if words := query.get("q", "").replace("\0", "")[:100].strip():
        workshops = workshops.filter(
            holding(words, "title", "about", "audience", "led_by", "site__name")
        )
    if audience := query.get("for", "").replace("\0", "")[:150]:
        workshops = workshops.filter(audience=audience)
    return workshops


def audiences(day: SharedDay) -> list[str]:
    found = Workshop.objects.filter(day=day).exclude(audience="").order_by("audience")
    return list(found.values_list("audience", flat=True).distinct())


@require_GET
@requires(Permission.SEE_NETWORKS)
def programme(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """All of it, slot by slot; whoever organises it sees how much each is wanted, from five on."""
    found = day_in(request, pk, day)
    rows = narrowed(Workshop.objects.filter(day=day), request.GET)
    rows = list(rows.in_order().select_related("slot", "site", "led_from"))
    counts = wanted(found.day) if found.keeps and not found.day.is_planned else {}
    seated = _seated(found) if found.keeps and found.day.is_out else {}
    for row in rows:
        row.wanted, row.seated = counts.get(row.pk), seated.get(row.pk, 0)
    slots = [(slot, [row for row in rows if row.slot_id == slot.pk]) for slot in _slots(day)]
    context = shown(
        found, slots=[(slot, held) for slot, held in slots if held], audiences=audiences(found.day),
        is_narrow=bool(request.GET.get("q") or request.GET.get("for")),
    )  # fmt: skip
    return render(request, "networks/day_programme.html", context)


def _slots(day: int) -> list[DaySlot]:
    return list(DaySlot.objects.filter(day=day))


def _seated(found: SeenDay) -> dict[int, int]:
    guests = Guest.objects.standing().filter(day=found.day).order_by()
    return dict(guests.values_list("workshop").annotate(n=Count("pk")))


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def add(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    found = day_kept(request, pk, day)
    if lacks := _lacks(found):
        messages.error(request, lacks)
        return redirect("networks:day", pk, day)
    new = Workshop(network_id=pk, school=found.day.school, day=found.day)
    form = WorkshopForm(request.POST or None, instance=new)
    if request.method == "POST" and form.is_valid() and _kept(form):
        messages.success(request, f"“{new}” is offered.")
        again = "networks:workshop_add" if "more" in request.POST else "networks:day_programme"
        return redirect(again, pk, day)
    return render(request, "networks/workshop.html", shown(found, form=form))


def _lacks(found: SeenDay) -> str:
    if found.day.is_over:
        return "The day is over."
    there = DaySlot.objects.filter(day=found.day), Site.objects.filter(day=found.day)
    return "" if all(rows.exists() for rows in there) else "Add a slot and a site first."


def _kept(form: Any) -> bool:
    """Saved, unless somebody took the room in the same moment."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("room", TAKEN)
        return False
    return True


def _workshop(found: SeenDay, pk: int) -> Workshop:
    rows = Workshop.objects.filter(day=found.day).select_related("slot", "site", "led_from")
    row: Workshop = get_object_or_404(rows, pk=pk)
    row.day = found.day
    return row


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def change(request: StaffRequest, pk: int, day: int, workshop: int) -> HttpResponse:
    """Other words, or another slot, site or room: then whoever comes is told."""
    found = day_kept(request, pk, day)
    row = _workshop(found, workshop)
    if found.day.is_over or row.dropped_because:
        messages.error(request, "It is over, or off: nothing about it changes any more.")
        return redirect("networks:day_programme", pk, day)
    form = WorkshopForm(request.POST or None, instance=row)
    if request.method == "POST" and "remove" in request.POST and found.day.is_planned:
        row.delete()
        messages.success(request, "Removed.")
        return redirect("networks:day_programme", pk, day)
    if request.method == "POST" and form.is_valid():
        if form.moves:
            row.sequence += 1
        if _kept(form):
            messages.success(request, "Saved.")
            return _after_a_move(request, found, row, form)
    context = shown(found, form=form, workshop=Workshop.objects.get(pk=row.pk))
    return render(request, "networks/workshop.html", context)


def _after_a_move(
    request: StaffRequest, found: SeenDay, row: Workshop, form: WorkshopForm
) -> HttpResponse:
    """Seats follow; those who would be in two places are given another in the slot it left."""
    if found.day.is_out and form.moves:
        lost = changing.follow(row, found.day)
        messages.success(request, "Whoever comes to it is told.")
        if lost:
            messages.success(
                request,
                f"{lost} of its people have another workshop then. They are given another place"
                " where this one was.",
            )
            job = building.start(found.day, by=request.staff, is_gentle=True)
            return redirect("jobs:job", job.uuid)
    return redirect("networks:day_programme", found.day.network_id, found.day.pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def copy(request: StaffRequest, pk: int, day: int, workshop: int) -> HttpResponse:
    """Held again in another slot."""
    found = day_kept(request, pk, day)
    row = _workshop(found, workshop)
    room = {"site": row.site_id, "room": row.room}
    if found.day.is_over or row.dropped_because:
        messages.error(request, "It is over, or off.")
        return redirect("networks:day_programme", pk, day)
    form = CopyForm(request.POST or None, instance=row, initial=room)
    if request.method == "POST" and form.is_valid():
        new: Model = row
        new.pk, new._state.adding = None, True
        row.sequence, row.is_too_small = 0, False
        if _kept(form):
            messages.success(request, f"“{row}” is held in {row.slot} too.")
            return redirect("networks:day_programme", pk, day)
    context = shown(found, form=form, workshop=Workshop.objects.get(pk=workshop))
    return render(request, "networks/workshop_copy.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def drop(request: StaffRequest, pk: int, day: int, workshop: int) -> HttpResponse:
    """It is off, and says why; whoever has a place in it is given another."""
    found = day_kept(request, pk, day)
    row = _workshop(found, workshop)
    if found.day.is_over or row.dropped_because:
        messages.error(request, "It is over, or off already.")
        return redirect("networks:day_programme", pk, day)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changing.drop(row, form.cleaned_data["because"], found.day)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{row}” is off. Whoever had a place in it is told.")
            if found.day.state == SharedDay.State.TIMETABLED and _is_full_of(row):
                job = building.start(found.day, by=request.staff, is_gentle=True)
                return redirect("jobs:job", job.uuid)
            return redirect("networks:day_programme", pk, day)
    return render(request, "networks/workshop_drop.html", shown(found, form=form, workshop=row))


def _is_full_of(workshop: Workshop) -> bool:
    """Somebody had a place in it, and something else is on."""
    seated = Guest.objects.standing().filter(workshop=workshop).exists()
    return seated and Workshop.objects.filter(day=workshop.day, dropped_because="").exists()


# --- many at once -------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def upload(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """A table is looked through; with anything wrong in it, everything wrong is said."""
    found = day_kept(request, pk, day)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading = files.read(form.sent, day=found.day)
        except (TableRefused, FileRefused) as why:
            for problem in getattr(why, "problems", [why]):
                form.add_error("table", str(problem))
        else:
            context = shown(found, reading=reading, text=files.as_text(reading))
            return render(request, "networks/workshops_preview.html", context)
    context = shown(found, form=form, header=files.HEADER, needed=files.NEEDED,
                    example=files.EXAMPLE.values(), slots=_slots(day))  # fmt: skip
    return render(request, "networks/workshops_upload.html", context)


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
@once
def take(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """What was looked at, read once more: a room may have been taken since."""
    found = day_kept(request, pk, day)
    text = request.POST.get("text", "")[: files.LARGEST].encode(errors="replace")
    try:
        with transaction.atomic():
            number = files.save(files.read(io.BytesIO(text), day=found.day))
    except (TableRefused, FileRefused) as why:
        messages.error(request, str(getattr(why, "problems", [why])[0]))
        return redirect("networks:workshops_upload", pk, day)
    except IntegrityError:
        messages.error(request, TAKEN)
        return redirect("networks:workshops_upload", pk, day)
    messages.success(request, f"{number} workshops are offered.")
    return redirect("networks:day_programme", pk, day)
