"""The demo's shared days, in six schools."""

from activities.models import Attendance
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.roof.demo.network_days import show
from cpdhub.walls import school_scope
from networks.models import SharedDay, Wish
from tests.factories import MembershipFactory, NetworkFactory, SchoolFactory, StaffFactory

SLUGS = ["oakfield-primary", "birch", "cedar", "damson", "elder", "fir"]


def test_one_day_was_held_and_one_is_to_come(db):
    schools = {slug: SchoolFactory(slug=slug, name=slug.title()) for slug in SLUGS}
    network = NetworkFactory(school=schools["oakfield-primary"])
    for slug, school in schools.items():
        StaffFactory(school=school, roles=[Role.CPD_LEADER])
        for _ in range(5):
            StaffFactory(school=school)
        if slug != "oakfield-primary":
            MembershipFactory(network=network, school=school)

    show(network, schools, now=clock.now(), today=clock.today())

    with school_scope(schools["birch"]):
        over, choosing = (SharedDay.objects.get(state=name) for name in ("over", "choosing"))
        assert over.day < clock.today() < choosing.choices_close_on
        assert {over.day.weekday(), choosing.day.weekday()} <= set(range(5))
        assert over.figures["first"] > 0
        assert Attendance.objects.filter(was_present=True).count() > 6
        assert Wish.objects.filter(day=choosing).exists()
    with school_scope(schools["fir"]):
        assert not Wish.objects.exists()
