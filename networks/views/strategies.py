"""What the network does, how far each school is with it, and who asks for a hand."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks import strategies as words
from networks.forms.strategy import AdoptionForm, AgreedForm, StrategyForm
from networks.membership import Member, member_of, member_that_leads
from networks.models import Adoption, NetworkReview, Strategy


@require_GET
@requires(Permission.SEE_NETWORKS)
def strategies(request: StaffRequest, pk: int) -> HttpResponse:
    """The way the network goes: each strategy, and each school with it, in words."""
    member = member_of(request, pk)
    board = words.board(member.network)
    context = {"member": member, "network": member.network, "board": board}
    return render(request, "networks/strategies.html", context)


def strategy_of(pk: int, strategy: int) -> Strategy:
    rows = Strategy.objects.filter(network=pk).select_related("theme")
    found: Strategy = get_object_or_404(rows, pk=strategy)
    return found


@require_GET
@requires(Permission.SEE_NETWORKS)
def strategy(request: StaffRequest, pk: int, strategy: int) -> HttpResponse:
    member = member_of(request, pk)
    row = strategy_of(pk, strategy)
    said = list(row.adoptions.select_related("school"))
    own = next((one for one in said if one.school_id == member.staff.school_id), None)
    context = {
        "member": member,
        "network": member.network,
        "strategy": row,
        "said": said,
        "own": own,
        "reviews": NetworkReview.objects.filter(strategy=row),
    }
    return render(request, "networks/strategy.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def strategy_new(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_that_leads(request, pk)
    return _written(request, member, Strategy(network=member.network, school=request.school))


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def strategy_change(request: StaffRequest, pk: int, strategy: int) -> HttpResponse:
    """In other words; or taken off while no school has said how far it is."""
    member = member_that_leads(request, pk)
    row = strategy_of(pk, strategy)
    if request.method == "POST" and "remove" in request.POST and _may_remove(row):
        row.delete()
        messages.success(request, "Taken off.")
        return redirect("networks:strategies", pk)
    return _written(request, member, row)


def _may_remove(row: Strategy) -> bool:
    asked = NetworkReview.objects.filter(strategy=row)
    return not row.adoptions.exists() and not asked.exists()


def _written(request: StaffRequest, member: Member, row: Strategy) -> HttpResponse:
    saved = row.pk
    form = StrategyForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error("title", "The network has a strategy of this name.")
            row.pk = saved
        else:
            messages.success(request, "Saved.")
            return redirect("networks:strategy", member.network.pk, row.pk)
    context = {
        "form": form, "member": member, "network": member.network,
        "strategy": row if saved else None, "may_remove": bool(saved) and _may_remove(row),
    }  # fmt: skip
    return render(request, "networks/strategy_write.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def adoption(request: StaffRequest, pk: int, strategy: int) -> HttpResponse:
    """How far our own school is; nobody says it for another."""
    member = member_of(request, pk)
    row = strategy_of(pk, strategy)
    own = Adoption.objects.filter(strategy=row, school=request.school).first()
    is_new = own is None
    own = own or Adoption(network=member.network, school=request.school, strategy=row)
    form = AdoptionForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(
                None, "A colleague has just said it for your school. Look at the page again."
            )
        else:
            messages.success(request, "Said. Look at it again when it has moved.")
            return redirect("networks:strategies", pk)
    context = {
        "form": form, "member": member, "network": member.network, "strategy": row,
        "is_new": is_new,
    }  # fmt: skip
    return render(request, "networks/adoption.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def agreed(request: StaffRequest, pk: int, adoption: int) -> HttpResponse:
    """What the network does for a school that asked."""
    member = member_that_leads(request, pk)
    rows = Adoption.objects.asking().filter(network=pk).select_related("school", "strategy")
    row = get_object_or_404(rows, pk=adoption)
    form = AgreedForm(request.POST or None, initial={"agreed": row.agreed})
    if request.method == "POST" and form.is_valid():
        row.agree(form.cleaned_data["agreed"], clock.today())
        messages.success(request, "Written down.")
        return redirect("networks:strategies", pk)
    context = {"form": form, "member": member, "network": member.network, "row": row}
    return render(request, "networks/agreed.html", context)
