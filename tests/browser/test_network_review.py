"""Four leaders say how far their network works, read each other, and agree what to do about it."""

import pytest
from playwright.sync_api import expect

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.models import NetworkReview, Pause, Rating
from networks.propositions import PROPOSITIONS
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import MembershipFactory, NetworkFactory, StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser

# What each says of the five, in the places of the four words.
SAID = {
    "Ada": (3, 2, 0, 2, 1), "Bo": (2, 2, 3, 2, 1), "Cy": (3, 1, 0, 2, 0), "Di": (2, 2, 2, 2, 1)
}  # fmt: skip
FAR_APART = PROPOSITIONS[2]


@pytest.fixture
def leaders(transactional_db, school, at):
    """Of four schools; the first leads the network."""
    at("2026-11-24 09:00")
    network = NetworkFactory(school=school, name="Talk cluster")
    schools = [school, *(MembershipFactory(network=network).school for _ in range(3))]
    people = [
        StaffFactory(school=one, first_name=name, last_name="Leader", roles=[Role.CPD_LEADER])
        for one, name in zip(schools, SAID, strict=True)
    ]
    return network, people


def test_four_leaders_review_their_network(new_page, signed_in, leaders):
    network, people = leaders
    first = people[0]
    with new_page() as desk:
        signed_in(first, on=desk)
        opened(desk, first.school, network)
    with new_page(width=390, height=844) as phone:
        for person in people:
            signed_in(person, on=phone)
            answer(phone, person, network)
    with new_page() as desk:
        signed_in(first, on=desk)
        talk(desk, first.school, network)
    with school_scope(first.school):
        assert Rating.objects.count() == 4 * 5
        assert Pause.objects.get().action == "Ask pupils in June"


def opened(desk, school, network):
    desk.goto(url(school, "networks:reviews", network.pk))
    hand = Hand(desk)
    hand.press("Open a review")
    hand.choose("Is our network working? Five propositions")
    hand.fill("What you call it", "One year on")
    hand.fill("Answers until", "2026-12-11")
    hand.press("Open it")
    hand.reads("Open. Now the leaders of each school answer")


def answer(phone, person, network):
    """On a phone; nobody reads the others before they have said something themselves."""
    with school_scope(person.school):
        review = NetworkReview.objects.get()
    phone.goto(url(person.school, "networks:review", network.pk, review.pk))
    hand = Hand(phone)
    hand.reads("Say first what you think")
    expect(hand.main).not_to_contain_text("Nobody measures it here")
    hand.press("Answer")
    questions = phone.get_by_role("region")
    for number, place in enumerate(SAID[person.first_name]):
        questions.nth(number).get_by_role("radio").nth(place + 1).check()
    if person.first_name == "Ada":
        questions.nth(2).get_by_role("textbox").fill("Nobody measures it here")
        assert overflow(phone, 390) + faults(phone) == []
    hand.press("Save and read the others")
    hand.reads("Said. Now read what the others say.")


def talk(desk, school, network):
    """Where they are furthest apart stands first; what they will do is written down."""
    desk.goto(url(school, "networks:reviews", network.pk))
    hand = Hand(desk)
    hand.press("One year on")
    hand.reads("4 leaders answered", "Furthest apart, so talk first about")
    hand.reads("Nobody measures it here")
    hand.reads(FAR_APART.title, "Far apart: talk about this first.")
    prompt = FAR_APART.prompts[0]
    hand.see_to(prompt.text)
    hand.fill("What we noted", "Two schools ask pupils, two do not")
    hand.fill("What we will do", "Ask pupils in June")
    hand.press("Save")
    hand.reads("Ask pupils in June")
    assert overflow(desk, 320) + faults(desk) == []
