"""Our own activities as others see them: opened, changed, closed, withdrawn; the register."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.models import Activity
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from networks import offering, placing, practitioners
from networks.forms.offer import OfferForm, OpenForm, WithdrawForm
from networks.membership import Member, member_of
from networks.models import Membership, Offer, OfferPlace, SchoolPlaces


def own_offer(request: StaffRequest, pk: int, offer: int) -> tuple[Member, Offer]:
    member = member_of(request, pk)
    own = Offer.objects.filter(network=pk, school=request.school)
    return member, get_object_or_404(own.select_related("school", "network"), pk=offer)


@require_GET
@requires(Permission.WORK_IN_NETWORKS)
def offer_begin(request: StaffRequest, activity: int) -> HttpResponse:
    """From an activity to what other schools have to do with it: whose offer it is, where it is
    open, and to which network it could be."""
    seen = Activity.objects.visible_to(request.staff).filter(is_own_learning=False)
    found = get_object_or_404(seen.filter(is_private=False), pk=activity)
    part = SchoolPlaces.objects.filter(activity=found).select_related("offer").first()
    if part and part.offer:
        return redirect("networks:offer", part.offer.network_id, part.offer_id)
    members = Membership.objects.members().filter(school=request.school).select_related("network")
    offers = {one.network_id: one for one in Offer.objects.filter(activity=found)}
    context = {
        "activity": found,
        "rows": [(row, offers.get(row.network_id)) for row in members.order_by("network__name")],
        "may_open": offering.is_openable(found),
    }
    return render(request, "networks/offer_begin.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def offer_open(request: StaffRequest, pk: int) -> HttpResponse:
    """One activity of ours, with so many places for other schools."""
    member = member_of(request, pk)
    blank = Offer(network=member.network, school=request.school)
    asked = request.GET.get("activity", "")
    form = OpenForm(
        request.POST or None, instance=blank, network=member.network,
        initial={"activity": asked} if asked.isdecimal() else {},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = offering.publish(form.save(commit=False), form.cleaned_data["activity"])
        except NotPossible as refusal:
            form.add_error("activity", str(refusal))
        else:
            messages.success(request, "Open. Schools of the network can book from now on.")
            return redirect("networks:offer", pk, made.pk)
    context = {
        "form": form, "member": member, "network": member.network,
        "has_any": offering.openable(member.network).exists(),
    }  # fmt: skip
    return render(request, "networks/offer_open.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def offer_change(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """Places, price, rules. What is copied changes with the activity."""
    member, found = own_offer(request, pk, offer)
    form = OfferForm(request.POST or None, instance=found, network=member.network)
    if request.method == "POST" and form.is_valid():
        placing.promote(form.save())
        practitioners.keep_count(request.school.pk)
        messages.success(request, "Saved.")
        return redirect("networks:offer", pk, offer)
    context = {"form": form, "member": member, "network": member.network, "offer": found}
    return render(request, "networks/offer_change.html", context)


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
def offer_state(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """No longer bookable, or bookable again."""
    _, found = own_offer(request, pk, offer)
    is_open = "open" in request.POST
    try:
        offering.set_state(found, Offer.State.OPEN if is_open else Offer.State.CLOSED)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        said = "Bookable again." if is_open else "Nobody can book any more. Places stay."
        messages.success(request, said)
    return redirect("networks:offer", pk, offer)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def offer_withdraw(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    member, found = own_offer(request, pk, offer)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        offering.withdraw(found, form.cleaned_data["because"])
        messages.success(request, "Withdrawn. Everybody who had a place is told.")
        return redirect("networks:offer", pk, offer)
    context = {"form": form, "member": member, "network": member.network, "offer": found}
    return render(request, "networks/offer_withdraw.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def offer_register(request: StaffRequest, pk: int, offer: int, session: int) -> HttpResponse:
    """Who of the visitors came. Their schools' records follow from it."""
    member, found = own_offer(request, pk, offer)
    meeting = next((one for one in found.held if one.key == session), None)
    if meeting is None:
        raise Http404
    seats = list(
        OfferPlace.objects.filter(offer=found).booked().select_related("school")
        .order_by("school__name", "name")
    )  # fmt: skip
    if request.method == "POST":
        there = set(request.POST.getlist("present"))
        listed = set(request.POST.getlist("listed"))
        came = {one.pk: str(one.pk) in there for one in seats if str(one.pk) in listed}
        try:
            placing.take_register(found, key=session, came=came)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Saved, and written on their records in their schools.")
        return redirect("networks:offer", pk, offer)
    context = {
        "member": member, "network": member.network, "offer": found, "meeting": meeting,
        "rows": [(one, one.came.get(str(session), True)) for one in seats],
        "was_taken": any(str(session) in one.came for one in seats),
    }  # fmt: skip
    return render(request, "networks/offer_register.html", context)
