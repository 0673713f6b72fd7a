"""From any page of a network, nobody of another school is found who did not put themselves up."""

import pytest

from cpdhub.models import Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.models import Membership
from tests.factories import MembershipFactory, SchoolFactory, StaffFactory
from tests.helpers import url
from tests.test_access import PAGES

MARK = "Zzyzx"
NETWORK_PAGES = [
    page for page in PAGES if page.view.startswith("networks:") and page.make and page.roles
]


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def everybody_is_called(school, name):
    with school_scope(school):
        Staff.objects.update(first_name=name, last_name=name, sort_name=name, email="")


@pytest.mark.parametrize("page", NETWORK_PAGES, ids=lambda page: page.view)
def test_no_record_of_another_school_is_on_any_page(client, page):
    """Somebody who leads CPD in a member school, and leads the network too, opens every address
    another member has made."""
    theirs = SchoolFactory(name="Their school")
    arguments = page.make(theirs, StaffFactory(school=theirs))
    everybody_is_called(theirs, MARK)
    with school_scope(theirs):
        networks = {row.network for row in Membership.objects.members()}
    ours = SchoolFactory(name="Our school")
    for network in networks:
        MembershipFactory(network=network, school=ours, is_lead=True)
    client.force_login(StaffFactory(school=ours, roles=[Role.HEAD, Role.CPD_LEADER]).user)

    answer = getattr(client, page.method)(url(ours, page.view, *arguments))

    assert MARK not in b"".join(answer).decode(errors="replace")


OF_A_NETWORK = [page for page in NETWORK_PAGES if page.view != "networks:offer_begin"]


@pytest.mark.parametrize("page", OF_A_NETWORK, ids=lambda page: page.view)
def test_school_that_left_opens_nothing_any_more(client, page):
    ours = SchoolFactory()
    head = StaffFactory(school=ours, roles=[Role.HEAD, Role.CPD_LEADER])
    arguments = page.make(ours, head)
    with school_scope(ours):
        rows = Membership.objects.filter(school=ours)
        rows.filter(state="member").update(state="left", is_lead=False)
        rows.filter(state="invited").update(state="declined")
    client.force_login(head.user)

    answer = getattr(client, page.method)(url(ours, page.view, *arguments))

    assert answer.status_code == 404
