"""The networks a school is in, and what each is for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks.forms.network import NetworkForm
from networks.membership import member_of, member_that_leads
from networks.models import Commitment, Membership, Network, Theme


@require_GET
@requires(Permission.SEE_NETWORKS)
def networks(request: StaffRequest) -> HttpResponse:
    """Those the school is in, and to whom it owes an answer."""
    State = Membership.State
    rows = list(
        Membership.objects.filter(school=request.school, state__in=[State.MEMBER, State.INVITED])
        .select_related("network__school")
        .order_by("network__name")
    )
    sizes = dict(Network.objects.with_size().order_by().values_list("pk", "size") if rows else ())
    for row in rows:
        row.size = sizes.get(row.network_id, 0)
    context = {
        "invited": [row for row in rows if row.state == State.INVITED],
        "members": [row for row in rows if row.is_member],
        "rows": rows,
    }
    return render(request, "networks/list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def found(request: StaffRequest) -> HttpResponse:
    """A new network; the school is its first member and leads it."""
    form = NetworkForm(request.POST or None, instance=Network(school=request.school))
    if request.method == "POST" and form.is_valid():
        network = Network.found(form.save(commit=False), by=request.staff)
        messages.success(request, "Founded. Now invite the schools it is for.")
        return redirect("networks:schools", network.pk)
    return render(request, "networks/write.html", {"form": form})


@require_GET
@requires(Permission.SEE_NETWORKS)
def network(request: StaffRequest, pk: int) -> HttpResponse:
    """What it is for, and what it has promised."""
    member = member_of(request, pk)
    commitments = list(Commitment.objects.filter(network=pk))
    members = list(Membership.objects.members().filter(network=pk).select_related("school"))
    context = {
        "member": member,
        "network": member.network,
        "members": members,
        "leads": [row.school for row in members if row.is_lead],
        "open": [row for row in commitments if row.looked_on is None],
        "looked": [row for row in commitments if row.looked_on],
        "themes": Theme.objects.filter(network=pk).select_related("hub"),
    }
    return render(request, "networks/network.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def change(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_that_leads(request, pk)
    form = NetworkForm(request.POST or None, instance=member.network)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("networks:network", pk)
    context = {"form": form, "member": member, "network": member.network}
    return render(request, "networks/write.html", context)
