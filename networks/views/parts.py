"""Partners, people, themes and commitments: one page that adds, changes and takes off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks.forms.parts import CommitmentForm, FoundForm, PartnerForm, RoleForm, ThemeForm
from networks.membership import Member, member_of, member_that_leads
from networks.models import Commitment, NetworkModel, NetworkRole, Partner, Theme


@dataclass(frozen=True)
class Kind:
    """What can be written about a network; `of_school`: by each school about its own people."""

    model: type[NetworkModel]
    form: type[Any]
    question: str
    twice: str
    page: str = "networks:network"
    of_school: bool = False


KINDS = {
    "partner": Kind(
        Partner, PartnerForm, "Who works with the network?", "This partner is on the list already.",
        page="networks:schools",
    ),
    "person": Kind(
        NetworkRole, RoleForm, "Who of your school does what?", "They have this part already.",
        page="networks:schools", of_school=True,
    ),
    "theme": Kind(Theme, ThemeForm, "What does the network work on?", "There is this theme."),
    "commitment": Kind(
        Commitment, CommitmentForm, "What does the network answer for?", "It is there already."
    ),
}  # fmt: skip


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _member(request: StaffRequest, pk: int, kind: Kind) -> Member:
    return member_of(request, pk) if kind.of_school else member_that_leads(request, pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def add(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    what = _kind(kind)
    member = _member(request, pk, what)
    return _written(
        request, member, what, what.model(network=member.network, school=request.school)
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def change(request: StaffRequest, pk: int, kind: str, part: int) -> HttpResponse:
    """Put it in other words, or take it off."""
    what = _kind(kind)
    member = _member(request, pk, what)
    rows = what.model.objects.filter(network=pk)
    if what.of_school:
        rows = rows.filter(school=request.school)
    row = get_object_or_404(rows, pk=part)
    if request.method == "POST" and "remove" in request.POST:
        row.delete()
        messages.success(request, "Taken off.")
        return redirect(what.page, pk)
    return _written(request, member, what, row)


def _written(request: StaffRequest, member: Member, what: Kind, row: NetworkModel) -> HttpResponse:
    form = what.form(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(None, what.twice)
        else:
            messages.success(request, "Saved.")
            return redirect(what.page, member.network.pk)
    context = {
        "form": form, "what": what, "row": row if row.pk else None, "member": member,
        "network": member.network,
    }  # fmt: skip
    return render(request, "networks/part.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def look(request: StaffRequest, pk: int, part: int) -> HttpResponse:
    """The day has come: what was found?"""
    member = member_that_leads(request, pk)
    row = get_object_or_404(Commitment.objects.filter(network=pk), pk=part)
    form = FoundForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Written down.")
        return redirect("networks:network", pk)
    context = {"form": form, "row": row, "member": member, "network": member.network}
    return render(request, "networks/look.html", context)
