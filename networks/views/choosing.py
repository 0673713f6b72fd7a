"""Who of a school takes part in a shared day, and what each of them would like to do there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from networks.days import changing
from networks.days.people import row_of, takes_part
from networks.forms.shared_day import ChooseForm, TakePartForm
from networks.membership import SeenDay, day_in
from networks.models import DayPerson, DaySchool, DaySlot, SharedDay, Wish, Workshop
from networks.views.days import shown
from networks.views.workshops import audiences, narrowed


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def taking_part(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """Everybody, some, or nobody; those who come no more give their place back."""
    found = day_in(request, pk, day)
    if found.day.is_planned or found.day.is_over:
        messages.error(request, "Schools say who takes part once staff may choose.")
        return redirect("networks:day", pk, day)
    row = row_of(found.day, request.school)
    form = TakePartForm(request.POST or None, day=found.day, initial=_said(found.day, row))
    if request.method == "POST" and form.is_valid():
        _say(found, form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("networks:day", pk, day)
    return render(request, "networks/day_taking_part.html", shown(found, form=form, ours=row))


def _said(day: SharedDay, row: DaySchool | None) -> dict[str, Any]:
    if row is None:
        return {"who": TakePartForm.EVERYONE}
    chosen = DayPerson.objects.filter(day=day).values_list("staff", flat=True)
    who = TakePartForm.EVERYONE if row.is_everyone else TakePartForm.CHOSEN
    return {"who": who, "people": list(chosen)}


@transaction.atomic
def _say(found: SeenDay, said: dict[str, Any]) -> None:
    day, staff = found.day, found.member.staff
    DayPerson.objects.filter(day=day).delete()
    if said["who"] == TakePartForm.NOBODY:
        changing.forget_all(day, staff.school)
        DaySchool.objects.filter(day=day, school=staff.school).delete()
        return
    is_everyone = said["who"] == TakePartForm.EVERYONE
    DaySchool.objects.update_or_create(
        day=day, school=staff.school,
        defaults={"network_id": day.network_id, "is_everyone": is_everyone, "said_by": staff},
    )  # fmt: skip
    if not is_everyone:
        DayPerson.objects.bulk_create(
            [
                DayPerson(school=staff.school, network_id=day.network_id, day=day, staff=one)
                for one in said["people"]
            ],
            ignore_conflicts=True,  # two windows at once
        )
    changing.forget_who_does_not_come(day, staff.school)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def choose(request: StaffRequest, pk: int, day: int) -> HttpResponse:
    """On a phone between two lessons: a list for each choice in each slot."""
    found = day_in(request, pk, day)
    if not found.day.is_open:
        messages.error(request, _closed(found.day))
        return redirect("networks:day", pk, day)
    if not takes_part(found.day, request.staff):
        messages.error(
            request, "You are not among those who take part. Your CPD leader says who does."
        )
        return redirect("networks:day", pk, day)
    slots = list(DaySlot.objects.filter(day=day))
    offered = Workshop.objects.running().filter(day=day).in_order()
    workshops = list(offered.select_related("slot", "site", "led_from"))
    mine = Wish.objects.filter(day=day, staff=request.staff)
    wishes = {(one.slot_id, one.rank): one.workshop_id for one in mine}
    form = ChooseForm(
        request.POST or None, day=found.day, slots=slots, workshops=workshops, wishes=wishes
    )
    if request.method == "POST" and form.is_valid():
        _keep(found.day, request.staff, form.wishes)
        messages.success(request, _saved(found.day, form.wishes))
        return redirect("networks:day", pk, day)
    is_narrow = bool(request.GET.get("q") or request.GET.get("for"))
    fits = set(narrowed(offered, request.GET).values_list("pk", flat=True)) if is_narrow else None
    shown_here = [one for one in workshops if fits is None or one.pk in fits]
    parts = [
        (
            slot, form.fields_of(slot),
            [one for one in shown_here if one.slot_id == slot.pk],
        )
        for slot in slots
    ]  # fmt: skip
    context = shown(
        found, form=form, parts=parts, audiences=audiences(found.day), is_narrow=is_narrow
    )
    return render(request, "networks/day_choose.html", context)


def _closed(day: SharedDay) -> str:
    if day.is_planned:
        return "Staff cannot choose yet."
    return f"Choices closed on {day.choices_close_on.day} {day.choices_close_on:%B %Y}."


def _saved(day: SharedDay, wishes: list[tuple[int, int, int]]) -> str:
    until = f"{day.choices_close_on.day} {day.choices_close_on:%B}"
    if not wishes:
        return f"Saved: no choices. You will be given what is left. You can choose until {until}."
    return f"Saved. You can change your choices until {until}."


@transaction.atomic
def _keep(day: SharedDay, staff: Staff, wishes: list[tuple[int, int, int]]) -> None:
    """What is here is what they wish. Sent from two phones at once, one follows the other."""
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=staff.pk)
    Wish.objects.filter(day=day, staff=staff).delete()
    Wish.objects.bulk_create(
        Wish(
            school_id=staff.school_id, network_id=day.network_id, day=day, staff=staff,
            slot_id=slot, workshop_id=workshop, rank=rank,
        )
        for slot, workshop, rank in wishes
    )  # fmt: skip
