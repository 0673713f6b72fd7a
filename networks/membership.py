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
class Member:
    """The open school as a member of a network, and who is looking."""

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


def member_of(request: StaffRequest, pk: int, *states: str) -> Member:
    """The school as a member of this network; one it is not in does not exist for it."""
    rows = Membership.objects.select_related("network").filter(
        school=request.school, state__in=states or [Membership.State.MEMBER]
    )
    membership = rows.filter(network=pk).first()
    if membership is None:
        raise Http404
    return Member(membership, request.staff)


def member_that_leads(request: StaffRequest, pk: int) -> Member:
    """For pages of the network that a leading school keeps."""
    member = member_of(request, pk)
    if not member.leads:
        raise PermissionDenied(Permission.WORK_IN_NETWORKS)
    return member


def keeps_day(day: SharedDay, staff: Staff) -> bool:
    """Organises a shared day: for the school that wrote it. Who leads the network does not."""
    return staff.can(Permission.WORK_IN_NETWORKS) and day.school_id == staff.school_id


@dataclass(frozen=True)
class SeenDay:
    """A shared day as one school sees it, and who is looking."""

    member: Member
    day: SharedDay

    @property
    def keeps(self) -> bool:
        return keeps_day(self.day, self.member.staff)


def day_in(request: StaffRequest, pk: int, day: int) -> SeenDay:
    """A day of a network the school is in; while it is being planned, for whoever works there."""
    member = member_of(request, pk)
    found = SharedDay.objects.filter(network=pk, pk=day).select_related("school").first()
    if found is None or found.is_planned and not member.works:
        raise Http404
    return SeenDay(member, found)


def day_kept(request: StaffRequest, pk: int, day: int) -> SeenDay:
    """For pages of whoever organises it."""
    found = day_in(request, pk, day)
    if not found.keeps:
        raise PermissionDenied(Permission.WORK_IN_NETWORKS)
    return found
