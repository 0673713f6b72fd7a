"""From a need three schools share to what learning together brings: published, proposed, planned,
opened, booked with a waiting list, attended, said how it was, and counted."""

import pytest

from activities.models import Attendance
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.models import Membership, Offer, Publication
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import NetworkFactory, StaffFactory
from tests.helpers import url
from tests.networks.schools import joins, shares, staffed

pytestmark = pytest.mark.browser

NOW, DAY, AFTER, COUNTED, NEXT_TERM = (
    "2026-11-24", "2026-12-02", "2026-12-02 18:00", "2026-12-17", "2027-01-06"
)  # fmt: skip
NEED = "Open questions"


@pytest.fixture
def network(transactional_db, school, at):
    at(f"{NOW} 09:00")
    network = NetworkFactory(school=school, name="Talk cluster")
    shares(network, "totals")
    staffed(school, people=6)
    return network


@pytest.fixture
def others(network):
    """Three member schools in which three people each need the same."""
    return [joins(network, needs=[(NEED, 3)]) for _ in range(3)]


def leader_of(school):
    return StaffFactory(
        school=school, roles=[Role.CPD_LEADER], group="", first_name="Lena", last_name="Leader"
    )


def test_shared_need_becomes_learning_that_counts(
    new_page, signed_in, background, school, network, others, at
):
    leaders = {one: leader_of(one) for one in (school, *others)}
    with background(NOW, "09:00") as worker, new_page() as desk:
        signed_in(leaders[school], on=desk)
        worker.wait_for(lambda: terms_published(school) == 1, seconds=60)
        read_figures(desk, school, network)
        plan(desk, school, network)
        opened(desk, school, network)
    with new_page(width=390, height=844) as phone:
        book(phone, leaders, network, others, signed_in)
    at(AFTER)
    with background("2026-12-02", "18:00") as worker, new_page() as desk:
        signed_in(leaders[school], on=desk)
        take_register(desk, school, network)
        worker.wait_for(lambda: all(hours_of(one) for one in others), seconds=60)
    people = {one: came(one) for one in others}
    with new_page(width=390, height=844) as phone:
        on_their_own_records(phone, people, signed_in)
        say_how_it_was(phone, people, network, signed_in)
    with background(COUNTED, "08:00") as worker:
        worker.wait_for(lambda: is_counted(school), seconds=60)
    with background(NEXT_TERM, "08:00") as worker:
        worker.wait_for(lambda: terms_published(school) == 2, seconds=60)
    at(f"{NEXT_TERM} 09:00")
    with new_page() as desk:
        signed_in(leaders[school], on=desk)
        read_what_it_brought(desk, school, network)


def read_figures(desk, school, network):
    """The term that is over was published by itself."""
    desk.goto(url(school, "networks:figures", network.pk))
    Hand(desk).reads("Does learning together pay?", "4 schools, 24 colleagues")
    assert overflow(desk, 320) + faults(desk) == []
    desk.set_viewport_size({"width": 1280, "height": 900})


def terms_published(school):
    with school_scope(school):
        return Publication.objects.standing().count()


def plan(desk, school, network):
    hand = Hand(desk)
    hand.press("Needs", within=desk.get_by_role("navigation", name="Talk cluster"))
    hand.reads(NEED, "5 to 9 people")
    hand.press(f"We prepare something for {NEED}")
    hand.reads("The network sees that your school prepares something.")
    hand.pick("Type of activity", "Staff or team meeting")
    for label, text in (
        ("What staff will do differently", "Plan three open questions"),
        ("What pupils will gain", "Answer in sentences"),
        ("How we will know", "Ten minutes in two rooms"),
    ):
        hand.fill(label, text)
    session = desk.get_by_role("group", name="Session 1")
    for label, text in [("Date", DAY), ("From", "15:30"), ("To", "17:00")]:
        hand.fill(label, text, within=session)
    hand.press("Plan it")
    hand.reads("Planned.")


def opened(desk, school, network):
    desk.goto(url(school, "networks:offer_open", network.pk))
    hand = Hand(desk)
    hand.fill("Places for other schools", "6")
    assert faults(desk) == []
    hand.press("Open it")
    hand.reads("Open. Schools of the network can book from now on.")


def book(phone, leaders, network, others, signed_in):
    """Three from each of two schools take the six places; the third school waits, then gets one."""
    first, second, third = others
    for one, number in ((first, 3), (second, 3), (third, 1)):
        signed_in(leaders[one], on=phone)
        phone.goto(url(one, "networks:offers"))
        hand = Hand(phone)
        hand.press(NEED)
        hand.press("Book for colleagues")
        boxes = phone.get_by_role("checkbox")
        for box in range(number):
            boxes.nth(box).check()
        assert overflow(phone, 390) + faults(phone) == []
        hand.press("Book")
        hand.reads("On the waiting list" if one is third else "Has a place")
    signed_in(leaders[first], on=phone)
    see_offer(phone, first, network)
    hand = Hand(phone)
    phone.get_by_role("button", name="Give it back").first.click()
    hand.reads("Given back.")
    signed_in(leaders[third], on=phone)
    see_offer(phone, third, network)
    hand.reads("Has a place")


def see_offer(page, school, network):
    with school_scope(school):
        offer = Offer.objects.get()
    page.goto(url(school, "networks:offer", network.pk, offer.pk))


def take_register(desk, school, network):
    see_offer(desk, school, network)
    hand = Hand(desk)
    desk.get_by_role("link", name="Who of them came?").click()
    hand.press("Save register")
    hand.reads("Saved, and written on their records in their schools.")


def hours_of(school):
    """Whether somebody's attendance of that day stands in their own school."""
    return bool(came(school))


def came(school):
    with school_scope(school):
        rows = Attendance.objects.filter(
            session__starts_at__date=DAY, was_present=True
        ).select_related("staff__user", "staff__school")
        return [row.staff for row in rows]


def on_their_own_records(phone, people, signed_in):
    for school, there in people.items():
        signed_in(there[0], on=phone)
        phone.goto(url(school, "record:mine"))
        Hand(phone).reads(NEED, "1.5")


def say_how_it_was(phone, people, network, signed_in):
    assert sum(map(len, people.values())) == 6
    for school, there in people.items():
        with school_scope(school):
            offer = Offer.objects.get()
        for person in there:
            signed_in(person, on=phone)
            phone.goto(url(school, "networks:offer_answer", network.pk, offer.pk))
            for asked in ("useful", "pitch", "send"):
                phone.locator(f"input[name={asked}]").first.check()
            hand = Hand(phone)
            hand.press("Send")
            hand.reads("Thank you.")


def is_counted(school):
    with school_scope(school):
        return Offer.objects.filter(frozen_on__isnull=False).exists()


def read_what_it_brought(desk, school, network):
    with school_scope(school):
        assert Membership.objects.members().count() == 4
    see_offer(desk, school, network)
    hand = Hand(desk)
    hand.reads("What those who came said", "6 answers")
    desk.goto(url(school, "networks:figures", network.pk))
    hand.reads("Autumn term 2026/27", "9 hours of direct CPD")
