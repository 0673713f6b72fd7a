"""A school and a network: weighing it, saying yes, arriving, what is shared, leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities.views.asking import ask_first
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from cpdhub.words import count
from networks import joining
from networks import leaving as going
from networks.forms.network import ConfirmContactForm, SharingForm
from networks.forms.parts import WeighForm
from networks.membership import Member, member_of
from networks.models import Joining, Membership

State = Membership.State


def _joining(member: Member) -> Joining:
    made: Joining
    made, _ = Joining.objects.get_or_create(
        membership=member.membership, defaults={"school": member.staff.school}
    )
    return made


@require_http_methods(["GET", "POST"])
@requires(Permission.JOIN_NETWORKS)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The head reads what it is for and who is in it, and says yes or no."""
    member = member_of(request, pk, State.INVITED)
    membership = member.membership
    form = SharingForm(request.POST or None, instance=membership, initial=_contact(member))
    try:
        if request.method == "POST" and "decline" in request.POST:
            membership.decline()
            messages.success(request, f"You said no to {member.network}.")
            return redirect("networks:list")
        if request.method == "POST" and form.is_valid():
            form.save()
            membership.join()
            messages.success(request, f"Welcome to {member.network}.")
            return redirect("networks:arriving", pk)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("networks:list")
    members = Membership.objects.members().filter(network=pk).select_related("school")
    weighed = Joining.objects.filter(membership=membership).first()
    context = {
        "form": form, "network": member.network, "member": member, "members": members,
        "weighed": weighed,
    }  # fmt: skip
    return render(request, "networks/answer.html", context)


def _contact(member: Member) -> dict[str, str]:
    if member.membership.contact:
        return {}
    return {"contact": member.staff.name, "contact_email": member.staff.email}


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def weigh(request: StaffRequest, pk: int) -> HttpResponse:
    """What it would give us beside what it takes; only this school reads it."""
    member = member_of(request, pk, State.INVITED, State.MEMBER)
    row = _joining(member)
    said = {**row.gains, "days": row.days, "money": row.money, "verdict": row.verdict}
    form = WeighForm(request.POST or None, prompts=joining.GAINS, initial=said)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row.gains = form.gains
        row.days, row.money, row.verdict = data["days"], data["money"], data["verdict"]
        row.save()
        messages.success(request, "Saved. Look at it again when a year has passed.")
        return redirect(request.path)
    context = {"form": form, "network": member.network, "member": member}
    return render(request, "networks/weigh.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def arriving(request: StaffRequest, pk: int) -> HttpResponse:
    """The joining list: what makes a school arrive, ticked off."""
    member = member_of(request, pk)
    row = _joining(member)
    if request.method == "POST":
        asked = set(request.POST.getlist("done"))
        row.done = [step.code for step in joining.STEPS if step.code in asked]
        row.save(update_fields=["done"])
        messages.success(request, "Saved.")
        return redirect(request.path)
    steps: list[dict[str, Any]] = [
        {"step": step, "is_done": step.code in row.done} for step in joining.STEPS
    ]
    left = sum(not step["is_done"] for step in steps)
    context = {"steps": steps, "left": left, "network": member.network, "member": member}
    return render(request, "networks/arriving.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.JOIN_NETWORKS)
def sharing(request: StaffRequest, pk: int) -> HttpResponse:
    """Three switches; what is switched off is gone at once."""
    member = member_of(request, pk)
    before = member.membership.figures
    form = SharingForm(request.POST or None, instance=member.membership)
    if request.method == "POST" and form.is_valid():
        gone = going.share_figures(form.save(), before=before)
        messages.success(
            request,
            f"Saved. Published figures of {count(gone, 'term')} are deleted." if gone else "Saved.",
        )
        return redirect(request.path)
    context = {"form": form, "network": member.network, "member": member}
    return render(request, "networks/sharing.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Say once a term that this is still who others talk to."""
    member = member_of(request, pk)
    form = ConfirmContactForm(
        request.POST or None, instance=member.membership, initial=_contact(member)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Confirmed.")
        return redirect("networks:schools", pk)
    context = {"form": form, "network": member.network, "member": member}
    return render(request, "networks/contact.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.JOIN_NETWORKS)
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_of(request, pk)
    if request.method == "POST":
        try:
            going.leave(member.membership)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Your school has left {member.network}.")
        return redirect("networks:list")
    stays = (
        " Reviews, strategies, themes, partners and meetings belong to all: the next school that"
        " leads has them." if member.membership.is_lead else ""
    )  # fmt: skip
    return ask_first(
        request,
        question=f"Leave {member.network}?",
        text="At once: what your school shared or wrote there is deleted, published figures that"
        " hold your school’s numbers are deleted too and not worked out again, and places your"
        " colleagues have at other schools’ activities are given back. What they have attended"
        f" stays on their own records.{stays}",
        deed="Leave",
        back=reverse("networks:sharing", args=[pk]),
    )
