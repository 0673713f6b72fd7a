"""Who comes: the lists of a site, its registers, and where a school's own people are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from cpdhub.views.jobs import ask_for
from cpdhub.walls import school_scope
from networks.days import lists
from networks.days.people import row_of, taking_part
from networks.limits import SMALL
from networks.membership import SeenDay, day_in
from networks.models import DaySlot, Guest, Seat, Site, Wish, Workshop, WorkshopRegister
from networks.views.days import shown

site_pdf = ask_for(lists.SITE)


def _site(request: StaffRequest, pk: int, day: int, site: int) -> tuple[SeenDay, Site]:
    found = day_in(request, pk, day)
    row = get_object_or_404(Site.objects.filter(day=day).select_related("host"), pk=site)
    row.day = found.day
    if not lists.may_read(row, request.staff):
        raise PermissionDenied(Permission.WORK_IN_NETWORKS)
    return found, row


@require_GET
@requires(Permission.WORK_IN_NETWORKS)
def site(request: StaffRequest, pk: int, day: int, site: int) -> HttpResponse:
    """A list for each workshop, made to be printed and hung on its door."""
    found, row = _site(request, pk, day, site)
    listed = lists.of_site(row) if found.day.is_out else []
    may_take = found.day.is_out and found.day.day <= clock.today()
    context = shown(
        found, site=row, listed=listed, may_take=may_take,
        total=sum(len(one.guests) for one in listed),
    )  # fmt: skip
    return render(request, "networks/day_site.html", context)


@require_GET
@requires(Permission.WORK_IN_NETWORKS)
def site_csv(request: StaffRequest, pk: int, day: int, site: int) -> HttpResponse:
    found, row = _site(request, pk, day, site)
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="site list", object_id=row.pk)
    rows = lists.rows(lists.of_site(row)) if found.day.is_out else []
    return csv_response(f"{row.name}-{found.day.day}.csv", lists.COLUMNS, rows)


# --- registers ------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def register(request: StaffRequest, pk: int, day: int, workshop: int) -> HttpResponse:
    """Everybody on the list is there until somebody says otherwise."""
    running = Workshop.objects.running().filter(day=day).select_related("slot", "site")
    row: Workshop = get_object_or_404(running, pk=workshop)
    found, site = _site(request, pk, day, row.site_id)
    if not found.day.is_out or found.day.day > clock.today():
        messages.error(request, "Registers are taken from the day itself on.")
        return redirect("networks:day_site", pk, day, site.pk)
    guests = list(Guest.objects.standing().filter(workshop=row).in_order())
    if request.method == "POST":
        there = _take(request, found, row, guests)
        messages.success(
            request, f"Register of “{row}” saved: {there} there, {len(guests) - there} away."
        )
        return redirect("networks:day_site", pk, day, site.pk)
    taken = WorkshopRegister.objects.filter(workshop=row).first()
    context = shown(found, site=site, workshop=row, guests=guests, taken=taken)
    return render(request, "networks/day_register.html", context)


@transaction.atomic
def _take(request: StaffRequest, found: SeenDay, row: Workshop, guests: list[Guest]) -> int:
    """Those the page listed; whoever came onto the list meanwhile is left for the next time."""
    present, listed = (set(request.POST.getlist(name)) for name in ("present", "listed"))
    there = 0
    for guest in guests:
        if str(guest.pk) in listed:
            guest.was_present = str(guest.pk) in present
        there += bool(guest.was_present)
    Guest.objects.bulk_update(guests, ["was_present"])
    words = {"taken_at": clock.now(), "taken_by": f"{request.staff.name}, {request.school}"}
    known = WorkshopRegister.objects.filter(workshop=row).first()
    if known:
        with school_scope(known.school_id):  # of two schools that take it, the first has the row
            WorkshopRegister.objects.filter(pk=known.pk).update(**words)
    else:
        WorkshopRegister.objects.create(
            network_id=row.network_id, school=request.school, day=found.day, workshop=row, **words
        )
    return there


# --- our own --------------------------------------------------------------------------------------
@require_GET
@requires(Permission.WORK_IN_NETWORKS)
def our_people(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """Where each of a school's people is in each slot; who has no place is named first."""
    found = day_in(request, pk, day)
    slots = list(DaySlot.objects.filter(day=day))
    rows = _ours(found, request, slots)
    wishes = Wish.objects.filter(day=day).values("staff").distinct()
    chosen = 0 if found.day.is_out else wishes.count()
    context = shown(
        found, slots=slots, rows=rows,
        without=[row for row in rows if None in row["seats"]] if found.day.is_out else [],
        chosen=chosen if chosen >= SMALL else 0,
    )  # fmt: skip
    return render(request, "networks/day_people.html", context)


@require_GET
@requires(Permission.WORK_IN_NETWORKS)
def our_people_csv(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    found = day_in(request, pk, day)
    slots = list(DaySlot.objects.filter(day=day))
    LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="shared day", object_id=day)
    lines = [
        [row["person"].name, row["person"].job_title, *map(_cell, row["seats"])]
        for row in _ours(found, request, slots)
    ]
    header = ["Name", "Job", *(f"{slot} {slot.times}" for slot in slots)]
    return csv_response(f"our-people-{found.day.day}.csv", header, lines)


def _ours(found: SeenDay, request: StaffRequest, slots: list[DaySlot]) -> list[dict[str, Any]]:
    """Each person with their seat in each slot, or None."""
    ours = row_of(found.day, request.school)
    if ours is None:
        return []
    seats: dict[tuple[int, int], Seat] = {}
    if found.day.is_out:
        for seat in Seat.objects.standing().filter(day=found.day).in_order():
            seats[seat.staff_id, seat.slot_id] = seat
    return [
        {"person": person, "seats": [seats.get((person.pk, slot.pk)) for slot in slots]}
        for person in taking_part(ours)
    ]


def _cell(seat: Seat | None) -> str:
    if seat is None:
        return ""
    if not seat.workshop.is_on:
        return f"{seat.workshop} (off)"
    return f"{seat.workshop} ({seat.workshop.place})"
