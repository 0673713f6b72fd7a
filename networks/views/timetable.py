"""The timetable of a shared day: asked for, and each person's own."""

from __future__ import annotations

import uuid
from typing import Any

import icalendar
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from networks.days import building
from networks.days.people import seated_through, takes_part
from networks.membership import day_in, day_kept
from networks.models import DaySlot, Seat, SharedDay
from networks.models.shared_day import SHORT_BREAK
from networks.views.days import shown

NAMES = uuid.UUID("0d6f2a3e-6c1b-4f8e-9b57-3d2c51a7e0f4")  # of the events of shared days


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
@once
def build(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """`gentle`: only those without a place are given one."""
    found = day_kept(request, pk, day)
    try:
        job = building.start(found.day, by=request.staff, is_gentle="gentle" in request.POST)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("networks:day", pk, day)
    return redirect("jobs:job", job.uuid)


def _seats(day: SharedDay, request: StaffRequest) -> list[Seat]:
    return list(Seat.objects.standing().filter(day=day, staff=request.staff).in_order())


@require_GET
@requires(Permission.SEE_NETWORKS)
def mine(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """Where one is when; what is missing is said."""
    found = day_in(request, pk, day)
    if not found.day.is_out:
        messages.error(request, "The timetable is not out yet.")
        return redirect("networks:day", pk, day)
    seats = {seat.slot_id: seat for seat in _seats(found.day, request)}
    lines: list[dict[str, Any]] = []
    before: Seat | None = None
    for slot in DaySlot.objects.filter(day=day):
        seat = seats.get(slot.pk)
        lines.append({"slot": slot, "seat": seat, "must_hurry": _must_hurry(before, seat)})
        before = seat or before
    context = shown(
        found, lines=lines, has_seats=bool(seats),
        comes=bool(seats) or takes_part(found.day, request.staff),
        through=None if seats else seated_through(found.day, request.staff),
    )  # fmt: skip
    return render(request, "networks/day_mine.html", context)


def _must_hurry(before: Seat | None, seat: Seat | None) -> bool:
    """Another site after too short a break."""
    return (
        before is not None
        and seat is not None
        and before.workshop.site_id != seat.workshop.site_id
        and before.slot.break_before(seat.slot) < SHORT_BREAK
    )


@require_GET
@requires(Permission.SEE_NETWORKS)
def mine_ics(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """The same for one's own calendar; taken again after a change, it replaces what was there."""
    found = day_in(request, pk, day)
    file = icalendar.Calendar()
    file.add("prodid", "-//CPD Hub//cpdhub//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", str(found.day))
    for seat in _seats(found.day, request) if found.day.is_out else []:
        file.add_component(_event(found.day, seat, request))
    file.add_missing_timezones()
    response = HttpResponse(file.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="shared-day-{found.day.day}.ics"'
    return response


def _event(day: SharedDay, seat: Seat, request: StaffRequest) -> icalendar.Event:
    workshop = seat.workshop
    event = icalendar.Event()
    event.add("uid", f"{uuid.uuid5(NAMES, f'{day.pk} {seat.slot_id} {seat.staff_id}')}@cpdhub")
    # By the minute: whatever changed, a file taken later replaces one taken before.
    event.add("sequence", int(clock.now().timestamp()) // 60)
    event.add("dtstamp", clock.now())
    event.add("summary", workshop.title if workshop.is_on else f"Off: {workshop.title}")
    for name, moment in (("dtstart", seat.slot.starts_at), ("dtend", seat.slot.ends_at)):
        event.add(name, clock.at(day.day, moment).astimezone(clock.LONDON))
    event.add("location", ", ".join(filter(None, [workshop.place, workshop.site.address])))
    event.add("url", request.school.link("networks:day_mine", day.network_id, day.pk))
    return event
