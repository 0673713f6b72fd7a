"""Schools, people and partners of a network; who is invited and who leads."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import School
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from networks import leaving, letters
from networks.forms.network import InviteForm
from networks.membership import Member, member_of, member_that_leads
from networks.models import Membership, NetworkRole, Partner


@require_GET
@requires(Permission.SEE_NETWORKS)
def schools(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is in it, who to talk to, and who does what."""
    member = member_of(request, pk)
    State = Membership.State
    rows = list(
        Membership.objects.filter(
            network=pk, state__in=[State.MEMBER, State.INVITED]
        ).select_related("school")
    )
    context = {
        "member": member,
        "network": member.network,
        "members": [row for row in rows if row.is_member],
        "invited": [row for row in rows if not row.is_member],
        "people": NetworkRole.objects.filter(network=pk).select_related("school"),
        "partners": Partner.objects.filter(network=pk),
    }
    return render(request, "networks/schools.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_that_leads(request, pk)
    form = InviteForm(request.POST or None, network=member.network)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(member, form.cleaned_data["school"], form.cleaned_data["words"])
        except NotPossible:  # two at once
            form.add_error("school", "It has just been invited.")
        else:
            messages.success(
                request, f"Invited. The head of {form.cleaned_data['school']} decides."
            )
            return redirect("networks:schools", pk)
    return render(
        request, "networks/invite.html", {"form": form, "member": member, "network": member.network}
    )


@transaction.atomic
def _invite(member: Member, school: School, words: str) -> None:
    membership, is_new = Membership.objects.get_or_create(
        network=member.network, school=school, defaults={"invited_words": words}
    )
    if not is_new:
        membership.ask(words)
    letters.invite(membership, by=member.membership.school)


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
def lead(request: StaffRequest, pk: int, membership: int) -> HttpResponse:
    """Let a school lead as well; or step back oneself."""
    member = member_that_leads(request, pk)
    other = get_object_or_404(Membership.objects.members().filter(network=pk), pk=membership)
    try:
        if other.pk == member.membership.pk:
            leaving.step_back(other)
            messages.success(request, "Your school leads it no longer.")
        else:
            member.membership.hand_on_lead(other)
            messages.success(request, f"{other.school} leads it too.")
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("networks:schools", pk)
