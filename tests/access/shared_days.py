from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import (
    DaySchoolFactory,
    MembershipFactory,
    NetworkFactory,
    SeatFactory,
    SharedDayFactory,
    SiteFactory,
    WorkshopFactory,
)

LEADERS = frozenset({HEAD, CPD})


def network(school, owner):
    return (NetworkFactory(school=school).pk,)


def address(day, *more):
    return (day.network_id, day.pk, *more)


def planned(school, owner):
    return address(SharedDayFactory(school=school))


def choosing(school, owner):
    """Its school takes part with everybody."""
    row = DaySchoolFactory(school=school, said_by=owner)
    return address(row.day)


def out(school, owner):
    return address(SeatFactory(school=school, staff=owner).day)


def another_schools(school, owner):
    """Organised by another school of the network: `school` only takes part."""
    row = MembershipFactory(school=school)
    day = SharedDayFactory(school=row.network.school, network=row.network, state="choosing")
    return address(day)


def new_slot(school, owner):
    return (*planned(school, owner), "slot")


def site(school, owner):
    row = SiteFactory(school=school)
    return address(row.day, "site", row.pk)


def workshop(school, owner):
    row = WorkshopFactory(school=school)
    return address(row.day, row.pk)


def site_list(school, owner):
    seat = SeatFactory(school=school, staff=owner)
    return address(seat.day, seat.workshop.site_id)


def register(school, owner):
    seat = SeatFactory(school=school, staff=owner)
    return address(seat.day, seat.workshop_id)


PAGES: list[Page] = [
    Page("networks:days", ON_STAFF, network),
    Page("networks:day_add", LEADERS, network),
    Page("networks:day", ON_STAFF, another_schools),
    Page("networks:day_change", LEADERS, planned),
    Page("networks:day_remove", LEADERS, planned),
    Page("networks:day_open", LEADERS, planned, method="post"),
    Page("networks:day_over", LEADERS, out, method="post"),
    Page("networks:day_part_add", LEADERS, new_slot),
    Page("networks:day_part", LEADERS, site),
    Page("networks:day_programme", ON_STAFF, choosing),
    Page("networks:workshop_add", LEADERS, planned),
    Page("networks:workshops_upload", LEADERS, planned),
    Page("networks:workshops_take", LEADERS, planned, method="post"),
    Page("networks:workshop", LEADERS, workshop),
    Page("networks:workshop_copy", LEADERS, workshop),
    Page("networks:workshop_drop", LEADERS, workshop),
    Page("networks:day_taking_part", LEADERS, choosing),
    Page("networks:day_choose", ON_STAFF, choosing),
    Page("networks:day_build", LEADERS, choosing, method="post"),
    Page("networks:day_mine", ON_STAFF, out),
    Page("networks:day_mine_ics", ON_STAFF, out),
    Page("networks:day_site", LEADERS, site_list),
    Page("networks:day_site_csv", LEADERS, site_list),
    Page("networks:day_site_pdf", LEADERS, method="post"),
    Page("networks:day_people", LEADERS, out),
    Page("networks:day_people_csv", LEADERS, out),
    Page("networks:day_register", LEADERS, register),
]
