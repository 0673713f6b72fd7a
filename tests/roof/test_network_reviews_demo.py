"""The demo's network looks at itself, as six schools that share one."""

from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.roof.demo import network_reviews
from cpdhub.walls import school_scope
from networks import reviewing, strategies
from networks.models import Account, NetworkReview, Thread
from tests.factories import MembershipFactory, NetworkFactory, SchoolFactory, StaffFactory
from tests.helpers import url

SLUGS = ["oakfield-primary", "birch", "castle-hill", "dale", "elm", "fernside"]


def test_it_is_believable_on_any_day(db, client):
    schools = {slug: SchoolFactory(slug=slug, name=slug.title()) for slug in SLUGS}
    for school in schools.values():
        StaffFactory(school=school, roles=[Role.CPD_LEADER])
    heads = {slug: StaffFactory(school=one, roles=[Role.HEAD]) for slug, one in schools.items()}
    lead = schools["oakfield-primary"]
    network = NetworkFactory(school=lead)
    for slug in SLUGS[1:]:
        MembershipFactory(network=network, school=schools[slug])

    network_reviews.show(network, schools, now=clock.now(), today=clock.today())

    with school_scope(lead):
        assert Account.objects.count() == 3
        assert Thread.objects.count() == 4
        review = NetworkReview.objects.get(title="One year on")
        assert [row.action for row in reviewing.carried(review)] == [
            "Write one page on CPD and appraisal"
        ]
        assert any(one.said.is_far_apart and one.before for one in reviewing.results(review))
        assert len(strategies.board(network).asking) == 2
    client.force_login(heads["oakfield-primary"].user)
    for view in ("reviews", "strategies", "accounts", "board", "meetings", "resources"):
        assert client.get(url(lead, f"networks:{view}", network.pk)).status_code == 200
