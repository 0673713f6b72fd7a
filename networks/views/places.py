"""Our places at other schools: booked, given back, prepared for, and said how it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from cpdhub.words import people as in_words
from networks import answers, credits, placing
from networks.forms.offer import AnswerForm, BookForm, GrantForm, PartForm
from networks.membership import Member, member_of
from networks.models import CreditEntry, Membership, Offer, OfferAnswer, OfferPlace, SchoolPlaces
from networks.views.offers import seen_offer

ENTRIES = 100


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def offer_book(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """Places for colleagues."""
    member, found = _of_others(request, pk, offer)
    ours = OfferPlace.objects.filter(offer=found).of(request.school).open()
    data = request.POST if request.method == "POST" else None
    form = BookForm(data, taken=set(ours.values_list("staff", flat=True)))
    if request.method == "POST" and form.is_valid():
        try:
            made = placing.book(found, by=request.staff, people=list(form.cleaned_data["people"]))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(made))
            return redirect("networks:offer", pk, offer)
    chosen = set(form["people"].value() or [])
    who: Any = form.fields["people"]
    context = {
        "form": form, "member": member, "network": member.network, "offer": found,
        "rows": [(person, str(person.pk) in chosen) for person in who.queryset],
    }  # fmt: skip
    return render(request, "networks/offer_book.html", context)


@require_POST
@requires(Permission.SEE_NETWORKS)
def offer_take(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """A place for oneself: by anybody on staff where it costs the school nothing."""
    member, found = _of_others(request, pk, offer)
    if not (found.costs_nothing or member.works):
        raise PermissionDenied(Permission.WORK_IN_NETWORKS)
    try:
        made = placing.book(found, by=request.staff, people=[request.staff])
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(made))
    return redirect("networks:offer", pk, offer)


def _of_others(request: StaffRequest, pk: int, offer: int) -> tuple[Member, Offer]:
    member, found = seen_offer(request, pk, offer)
    if found.school_id == request.school.pk:
        raise Http404
    return member, found


def _said(places: list[OfferPlace]) -> str:
    booked = sum(one.is_booked for one in places)
    waiting = len(places) - booked
    said = [f"Booked for {in_words(booked)}."] if booked else []
    if waiting:
        said.append(
            f"Waiting: {in_words(waiting)}. Whoever has waited longest gets the next free place."
        )
    return " ".join(said)


@require_POST
@requires(Permission.SEE_NETWORKS)
def offer_give_back(request: StaffRequest, pk: int, offer: int, seat: int) -> HttpResponse:
    """One's own place, or, for who arranges them, a colleague's."""
    member, found = _of_others(request, pk, offer)
    own = OfferPlace.objects.filter(offer=found).of(request.school)
    if not member.works:
        own = own.filter(staff=request.staff)
    try:
        placing.give_back(get_object_or_404(own, pk=seat))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Given back. Whoever waits longest gets it and is told.")
    return redirect("networks:offer", pk, offer)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def offer_part(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """Cover, the question they go with, and afterwards what came of it. Only we read it."""
    member, found = _of_others(request, pk, offer)
    part = SchoolPlaces.objects.filter(offer=found).first() or SchoolPlaces(
        school=request.school, offer=found
    )
    form = PartForm(request.POST or None, instance=part)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("networks:offer", pk, offer)
    context = {"form": form, "member": member, "network": member.network, "offer": found}
    return render(request, "networks/offer_part.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def offer_answer(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """Those who came say how it was."""
    member, found = _of_others(request, pk, offer)
    mine = OfferPlace.objects.filter(offer=found, staff=request.staff).booked().first()
    if mine is None:
        raise Http404
    form = AnswerForm(request.POST or None, instance=OfferAnswer())
    if request.method == "POST" and form.is_valid():
        try:
            answers.answer(found, staff=request.staff, said=form.save(commit=False))
        except NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Thank you. It is counted with the others’.")
        return redirect("networks:offer", pk, offer)
    context = {
        "form": form, "member": member, "network": member.network, "offer": found,
        "is_asked": mine.has_come and found.is_asking and not mine.has_answered,
    }  # fmt: skip
    return render(request, "networks/offer_answer.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def place_credits(request: StaffRequest, pk: int) -> HttpResponse:
    """Each school's balance, our own lines, and, where we lead, the allowance."""
    member = member_of(request, pk)
    form = GrantForm(request.POST or None, network=member.network) if member.leads else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(Permission.WORK_IN_NETWORKS)
        if form.is_valid():
            _grant(request, member, form)
            return redirect("networks:credits", pk)
    members = Membership.objects.members().filter(network=pk).select_related("school")
    entries = CreditEntry.objects.filter(network=pk, school=request.school)
    context = {
        "member": member, "network": member.network, "form": form,
        "members": members.order_by("school__name"), "entries": entries[:ENTRIES],
    }  # fmt: skip
    return render(request, "networks/credits.html", context)


def _grant(request: StaffRequest, member: Member, form: GrantForm) -> None:
    data = form.cleaned_data
    if data["school"]:
        schools = [data["school"].pk]
    else:
        members = Membership.objects.members().filter(network=member.network)
        schools = list(members.values_list("school", flat=True))
    given = credits.grant(member.network, schools, amount=data["amount"], note=data["note"])
    messages.success(request, f"Given to {given} school{'' if given == 1 else 's'}.")
