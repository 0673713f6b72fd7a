"""The demo's offers, on six schools."""

import pytest

from cpdhub import clock
from cpdhub.models import OutboxMessage
from cpdhub.permissions import Role
from cpdhub.roof.demo import network_offers
from cpdhub.walls import school_scope
from networks.models import Membership, Network, NetworkRole, Offer, OfferPlace, SchoolPlaces
from tests.factories import (
    ActivityTypeFactory,
    MembershipFactory,
    NetworkFactory,
    SchoolFactory,
    StaffFactory,
)

SLUGS = ("oakfield-primary", "ash", "birch", "cedar", "elm", "larch")


@pytest.fixture
def six(db):
    """The network and its schools, each with a head, a CPD leader and ten on staff."""
    schools = {slug: SchoolFactory(slug=slug, name=slug.title()) for slug in SLUGS}
    network = NetworkFactory(school=schools["oakfield-primary"])
    for slug, school in schools.items():
        if slug != "oakfield-primary":
            MembershipFactory(network=network, school=school)
        StaffFactory(school=school, roles=[Role.HEAD])
        StaffFactory(school=school, roles=[Role.CPD_LEADER])
        StaffFactory.create_batch(10, school=school)
        ActivityTypeFactory(school=school)
    return network, schools


def test_demo_shows_what_goes_well_and_badly(six):
    network, schools = six

    network_offers.show(network, schools, now=clock.now(), today=clock.today())

    with school_scope(schools["oakfield-primary"]):
        assert isinstance(network, Network)
        offers = {str(one): one for one in Offer.objects.all()}
        assert len(offers) == 9
        (role,) = NetworkRole.objects.filter(part="specialist")
        assert (role.days, role.given, role.to_come, role.days_left) == (10, 1, 1, 8)
        over = offers["Talk rules that pupils keep"]
        assert (over.taken, over.results["n"]) == (7, 6)
        assert offers["Phonics: catching up after Year 2"].waiting == 2
        assert offers["Emotion coaching for a whole school"].is_withdrawn
        assert not OutboxMessage.objects.exists()
        assert Membership.objects.get(school=schools["oakfield-primary"]).credits == 3
    with school_scope(schools["ash"]):
        seats = OfferPlace.objects.filter(offer=over)
        assert all(one.has_come for one in seats)
        part = SchoolPlaces.objects.get(offer=over)
        assert part.activity.state == "finished"
        assert part.report
