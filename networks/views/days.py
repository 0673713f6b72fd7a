"""Shared days of a network: which there are, and one of them from plan to record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.views.asking import ask_first
from cpdhub import clock, jobs
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks.days import changing, lists, record, words
from networks.days.people import taking_part
from networks.forms.shared_day import DayForm
from networks.membership import SeenDay, day_in, day_kept, member_of
from networks.models import DaySchool, DaySlot, Seat, SharedDay, Site, Wish, Workshop

State = SharedDay.State


def shown(found: SeenDay, **context: Any) -> dict[str, Any]:
    """What every page of a day takes."""
    member = found.member
    return {
        "found": found,
        "day": found.day,
        "member": member,
        "network": member.network,
        **context,
    }


@require_GET
@requires(Permission.SEE_NETWORKS)
def days(request: StaffRequest, pk: int) -> HttpResponse:
    """To come and over; planned ones only for those who work in networks."""
    member = member_of(request, pk)
    rows = SharedDay.objects.filter(network=pk).select_related("school")
    if not member.works:
        rows = rows.exclude(state=State.PLANNING)
    context = {"days": rows, "member": member, "network": member.network}
    return render(request, "networks/days.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def add(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    new = SharedDay(network=member.network, school=request.school)
    form = DayForm(request.POST or None, instance=new)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Now say in which slots, at which sites, and what is offered.")
        return redirect("networks:day", pk, new.pk)
    context = {"form": form, "member": member, "network": member.network}
    return render(request, "networks/day_write.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def change(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    found = day_kept(request, pk, day)
    if found.day.is_over:
        return stays(request, found)
    form = DayForm(request.POST or None, instance=found.day)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("networks:day", pk, day)
    return render(request, "networks/day_write.html", shown(found, form=form))


def stays(request: StaffRequest, found: SeenDay) -> HttpResponse:
    """What was held is on people's records."""
    messages.error(request, "The day is over, so it stays as it was.")
    return redirect("networks:day", found.day.network_id, found.day.pk)


@require_GET
@requires(Permission.SEE_NETWORKS)
def day(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """What it is, what is to do next for whoever looks, and how it stands."""
    found = day_in(request, pk, day)
    held = Q(dropped_because="", is_too_small=False)
    on = Workshop.objects.filter(held, day=day).order_by()
    by_slot = dict(on.values_list("slot").annotate(n=Count("pk")))
    by_site = dict(on.values_list("site").annotate(n=Count("pk")))
    slots = list(DaySlot.objects.filter(day=day))
    sites = list(Site.objects.filter(day=day).select_related("host"))
    for each in slots:
        each.size = by_slot.get(each.pk, 0)
    for site in sites:
        site.size = by_site.get(site.pk, 0)
        site.day = found.day
        site.may_read = lists.may_read(site, request.staff)
    rows = list(DaySchool.objects.filter(day=day).select_related("school"))
    context = shown(
        found, slots=slots, sites=sites, workshops=sum(by_slot.values()), schools=rows,
        figures=words.of_timetable(found.day), **_of_organiser(found), **_of_person(found, rows),
    )  # fmt: skip
    return render(request, "networks/day.html", context)


def _of_organiser(found: SeenDay) -> dict[str, Any]:
    if not found.keeps:
        return {}
    return {"missing": changing.without_a_place(found.day)}


def _of_person(found: SeenDay, rows: list[DaySchool]) -> dict[str, Any]:
    """Whether the school takes part, and this person with it; what they chose or have."""
    staff = found.member.staff
    ours = next((row for row in rows if row.school_id == staff.school_id), None)
    if ours is None:
        return {"ours": None}
    ours.day = found.day
    comes = taking_part(ours).filter(pk=staff.pk).exists()
    context: dict[str, Any] = {"ours": ours, "comes": comes}
    if comes and found.day.state == State.CHOOSING:
        wishes = Wish.objects.filter(day=found.day, staff=staff)
        context["wishes"] = wishes.values("slot").distinct().count()
    if comes and found.day.is_out:
        context["seats"] = list(
            Seat.objects.standing().filter(day=found.day, staff=staff).in_order()
        )
    return context


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
def open_choices(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """From here on schools take part and staff choose; workshops are no longer deleted."""
    found = day_kept(request, pk, day)
    lacks = _lacks(found.day)
    if not found.day.is_planned:
        messages.error(request, "Staff choose already, or the timetable is out.")
    elif lacks:
        messages.error(request, lacks)
    else:
        found.day.state = State.CHOOSING
        found.day.save(update_fields=["state"])
        messages.success(request, "Open. Each school now says who takes part, and staff choose.")
    return redirect("networks:day", pk, day)


def _lacks(day: SharedDay) -> str:
    """Why it cannot be opened yet."""
    if not Workshop.objects.filter(day=day).exists():
        return "There is no workshop to choose yet."
    if day.choices_close_on < clock.today():
        return "Choices close on a day that has passed: change it first."
    with_one = Workshop.objects.filter(day=day).values("slot")
    empty = DaySlot.objects.filter(day=day).exclude(pk__in=with_one).first()
    return f"Nothing is offered in {empty} yet." if empty else ""


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
@once
def over(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """It has taken place: registers go onto everyone's record."""
    found = day_kept(request, pk, day)
    with transaction.atomic():
        locked = SharedDay.objects.select_for_update().get(pk=day)
        if not locked.is_out or locked.day > clock.today():
            messages.error(request, "It is over from the day itself on, with its timetable out.")
            return redirect("networks:day", pk, day)
        if not locked.is_over:
            locked.state = State.OVER
            locked.save(update_fields=["state"])
        job = jobs.start(record.KIND, by=request.staff, params={"day": found.day.pk})
    return redirect("jobs:job", job.uuid)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def remove(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """While it is being planned nobody else hangs on it."""
    found = day_kept(request, pk, day)
    if not found.day.is_planned:
        messages.error(
            request, "Staff have chosen: say of each workshop that it is off, and why, instead."
        )
        return redirect("networks:day", pk, day)
    if request.method == "POST":
        for model in (Workshop, Site, DaySlot):
            model.objects.filter(day=day).delete()
        found.day.delete()
        messages.success(request, "Removed.")
        return redirect("networks:days", pk)
    return ask_first(
        request,
        question=f"Remove {found.day}?",
        text="With its slots, sites and workshops. Nobody has chosen anything yet.",
        deed="Remove it",
        back=reverse("networks:day", args=[pk, day]),
    )
