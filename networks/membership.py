"""From where a network is looked at: one school in it, and what its people may do there."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from networks.models import Membership, Network


@dataclass(frozen=True)
class Place:
    """The open school's place in a network, and who is looking."""

    membership: Membership
    staff: Staff

    @property
    def network(self) -> Network:
        return self.membership.network

    @property
    def leads(self) -> bool:
        """Writes for the whole network."""
        return self.membership.may_lead(self.staff)

    @property
    def works(self) -> bool:
        """Writes for the school."""
        return self.staff.can(Permission.WORK_IN_NETWORKS)


def place_in(request: StaffRequest, pk: int, *states: str) -> Place:
    """The school's place in this network; a network it is not in does not exist for it."""
    rows = Membership.objects.select_related("network").filter(
        school=request.school, state__in=states or [Membership.State.MEMBER]
    )
    membership = rows.filter(network=pk).first()
    if membership is None:
        raise Http404
    return Place(membership, request.staff)


def place_that_leads(request: StaffRequest, pk: int) -> Place:
    """For pages of the network that a leading school keeps."""
    place = place_in(request, pk)
    if not place.leads:
        raise PermissionDenied(Permission.WORK_IN_NETWORKS)
    return place
