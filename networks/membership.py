"""From where a network is looked at: one school in it, and what its people may do there."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission
from networks.models import Membership, Network, SharedDay


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


def keeps_day(day: SharedDay, staff: Staff) -> bool:
    """Organises a shared day: for the school that wrote it. Who leads the network does not."""
    return staff.can(Permission.WORK_IN_NETWORKS) and day.school_id == staff.school_id


@dataclass(frozen=True)
class DayPlace:
    """A shared day as one school sees it, and who is looking."""

    place: Place
    day: SharedDay

    @property
    def keeps(self) -> bool:
        return keeps_day(self.day, self.place.staff)


def day_in(request: StaffRequest, pk: int, day: int) -> DayPlace:
    """A day of a network the school is in; while it is being planned, for whoever works there."""
    place = place_in(request, pk)
    found = SharedDay.objects.filter(network=pk, pk=day).select_related("school").first()
    if found is None or found.is_planned and not place.works:
        raise Http404
    return DayPlace(place, found)


def day_kept(request: StaffRequest, pk: int, day: int) -> DayPlace:
    """For pages of whoever organises it."""
    found = day_in(request, pk, day)
    if not found.keeps:
        raise PermissionDenied(Permission.WORK_IN_NETWORKS)
    return found
