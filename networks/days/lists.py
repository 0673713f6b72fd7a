"""Who comes where: the lists of a site, as rows, and as sheets to print."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict

from cpdhub import sheets
from cpdhub.jobs import JobFailed
from cpdhub.models import Job, Staff
from cpdhub.permissions import Permission
from cpdhub.sheets import Column, Sheet, Table
from cpdhub.words import people
from networks.membership import keeps_day
from networks.models import Guest, Membership, SharedDay, Site, Workshop, WorkshopRegister


@dataclass
class Listed:
    """A workshop and who comes."""

    workshop: Workshop
    guests: list[Guest] = field(default_factory=list)
    register: WorkshopRegister | None = None

    @property
    def is_taken(self) -> bool:
        return self.register is not None


def may_read(site: Site, staff: Staff) -> bool:
    """The site's school, and whoever organises the day."""
    works = staff.can(Permission.WORK_IN_NETWORKS)
    return works and site.host_id == staff.school_id or keeps_day(site.day, staff)


def of_site(site: Site) -> list[Listed]:
    """Its workshops that are on, in order, each with its list."""
    workshops = (
        Workshop.objects.running()
        .filter(site=site)
        .in_order()
        .select_related("slot", "site", "led_from")
    )
    listed = {workshop.pk: Listed(workshop) for workshop in workshops}
    for guest in Guest.objects.standing().filter(workshop__in=list(listed)).in_order():
        listed[guest.workshop_id].guests.append(guest)
    for register in WorkshopRegister.objects.filter(workshop__in=list(listed)):
        listed[register.workshop_id].register = register
    return list(listed.values())


def rows(listed: list[Listed]) -> list[list[str]]:
    """One line a person, for a file."""
    return [
        [
            one.workshop.slot.name, one.workshop.slot.times, one.workshop.title, one.workshop.room,
            guest.name, guest.job, str(guest.school),
        ]
        for one in listed
        for guest in one.guests
    ]  # fmt: skip


COLUMNS = ["Slot", "Time", "Workshop", "Room", "Name", "Job", "School"]


def gather(by: Staff, query: QueryDict) -> Sheet:
    """The lists of one site, a table for each workshop, with room to tick."""
    site = _asked(by, query)
    if site is None:
        raise JobFailed("This site is not there any more, or its lists are not yours to read.")
    return sheet_of(site, site.day)


def _asked(by: Staff, query: QueryDict) -> Site | None:
    """The site in the address, if its lists are theirs to read."""
    asked = query.get("site", "")
    if not (asked.isdecimal() and len(asked) < 18):
        return None
    site = Site.objects.filter(pk=asked).select_related("day").first()
    if site is None or not may_read(site, by):
        return None
    members = Membership.objects.members().filter(network=site.network_id)
    return site if members.filter(school=by.school_id).exists() else None


def _still(job: Job) -> bool:
    """A school that left, or is the site's no more, has no names of others."""
    by = job.requested_by
    return by is not None and _asked(by, QueryDict(job.params.get("query", ""))) is not None


def sheet_of(site: Site, day: SharedDay) -> Sheet:
    listed = of_site(site)
    total = sum(len(one.guests) for one in listed)
    return Sheet(
        title=f"{site}: who comes",
        period=f"{day}, {sheets.day(day.day)}",
        finding=f"{people(total)} in {len(listed)} workshops. {site.address}".strip(),
        tables=[_table(one) for one in listed],
        note="Names, jobs and schools are listed for running the day. Please destroy this list"
        " when the registers are taken.",
    )  # fmt: skip


def _table(one: Listed) -> Table:
    workshop = one.workshop
    led = f" Led by {workshop.leader}." if workshop.led_by else ""
    return Table(
        f"{workshop.slot.times} {workshop}",
        [Column("Name", 3), Column("Job", 3), Column("School", 3), Column("There", 1)],
        [[guest.name, guest.job, str(guest.school), ""] for guest in one.guests],
        text=f"{workshop.room}.{led} {people(len(one.guests))} of at most {workshop.most}.",
        none="Nobody comes.",
    )


SITE = sheets.Report(
    "shared_day_site", "Lists of a site", Permission.WORK_IN_NETWORKS, gather, _still
)
