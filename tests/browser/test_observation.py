"""An observation between two teachers, from asking to closed by both; nobody else reads a word."""

import pytest
from playwright.sync_api import expect

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from evaluation.models import Observation
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser

FOCUS = "How pupils explain their answers to each other"
SEEN = "By the window: “because the other half is bigger”"
TALK = "I had not heard that table before"
STEP = "Ask the second question to the quiet table first, with 4P, tomorrow"
MINE = "I answer too fast; I want to wait and listen"
SECRETS = (FOCUS, SEEN, TALK, STEP, MINE)


@pytest.fixture
def two(transactional_db, school):
    with school_scope(school):
        add_year(school, 2026)
    return [
        StaffFactory(school=school, first_name=first, last_name=last)
        for first, last in (("Priya", "Shah"), ("Tom", "Reyes"))
    ]


def ask(hand, observer):
    """A grade in the focus is refused with the reason; what is typed stays."""
    hand.press("My record")
    hand.press("Observations")
    hand.press("Ask somebody to watch", within=hand.main.locator(".top"))
    hand.pick("Who shall watch?", observer.name)
    hand.fill("What to look at", "Outstanding explanations")
    hand.fill("Day", "2026-12-01")
    hand.fill("From", "09:30")
    hand.press("Ask")
    hand.reads("“Outstanding” judges, and observation here judges nobody.")
    hand.fill("What to look at", FOCUS)
    hand.press("Ask")
    hand.reads("Tom Reyes will be asked, and can say yes or no.")


def watch(page, school, observation, observer, signed_in):
    """On a phone, at the back of the room."""
    signed_in(observer, on=page)
    page.goto(url(school, "observations:observation", observation.uuid))
    hand = Hand(page)
    hand.press("Write notes", within=hand.main.locator(".top"))
    hand.reads("Write what they did and said", "Priya Shah reads this as you write it")
    assert overflow(page, 390) + faults(page) == []
    page.get_by_label("What pupils said", exact=True).press_sequentially(SEEN)
    expect(page.locator(".saved")).to_contain_text("Saved")
    page.reload()  # the phone slept
    expect(page.get_by_label("What pupils said", exact=True)).to_have_value(SEEN)
    hand.press("Save")
    hand.reads("Priya Shah can read it.", SEEN)


def talk(page, school, observation, owner, signed_in):
    signed_in(owner, on=page)
    page.goto(url(school, "observations:observation", observation.uuid))
    hand = Hand(page)
    hand.reads(SEEN, "Tom Reyes, 24 November 2026")
    hand.press("Write", within=page.get_by_role("region", name="What we talked about"))
    hand.fill("What we talked about", TALK)
    hand.fill("One small next step", STEP)
    hand.press("Save")
    hand.press("Write", within=page.get_by_role("region", name="In your own words"))
    hand.fill("In my own words", MINE)
    hand.press("Save")
    hand.reads(TALK, STEP, MINE)
    assert overflow(page, 390) + faults(page) == []


def try_everything(page, school, person, observation):
    """By address, in lists, by search, in files and at home: not a word of it, nor a way in."""
    for name in ("observation", "arrange", "withdraw", "notes", "talk", "own_words", "share",
                 "destroy"):  # fmt: skip
        response = page.goto(url(school, f"observations:{name}", observation.uuid))
        assert response.status == 404, f"{person} at {name}"
    seen = []
    for address in (
        url(school, "home"),
        url(school, "observations:list"),
        url(school, "observations:list") + "?q=window",
        url(school, "reflections:list") + "?q=window&whose=shared",
        url(school, "record:person", observation.owner_id),
    ):
        page.goto(address)
        seen.append(page.content())
    for address in (
        url(school, "record:csv"),
        url(school, "record:json"),
        url(school, "activities:list") + "?term=all&format=csv",
    ):
        seen.append(page.request.get(address).text())
    for text in seen:
        assert not any(words in text for words in SECRETS), person
        assert str(observation.uuid) not in text, person


def test_observation_from_asking_to_closed_by_both(
    two, school, cpd_leader, head, at, new_page, signed_in
):
    owner, observer = two
    data_manager = StaffFactory(school=school, roles=[Role.DATA_MANAGER])
    at("2026-11-24 16:00")
    with new_page() as desk:
        signed_in(owner, on=desk)
        desk.goto(url(school, "home"))
        ask(Hand(desk), observer)
        with school_scope(school):
            observation = Observation.objects.get()
        signed_in(observer, on=desk)
        desk.goto(url(school, "observations:observation", observation.uuid))
        hand = Hand(desk)
        hand.press("Say yes")
        hand.reads("You said yes.", "agreed")

        at("2026-12-01 09:40")
        with new_page(width=390, height=844) as phone:
            watch(phone, school, observation, observer, signed_in)
        at("2026-12-01 16:00")
        with new_page(width=390, height=844) as phone:
            talk(phone, school, observation, owner, signed_in)
        for person in (head, cpd_leader, data_manager):
            signed_in(person, on=desk)
            try_everything(desk, school, person, observation)

        signed_in(observer, on=desk)
        desk.goto(url(school, "observations:observation", observation.uuid))
        hand.press("Close it")
        hand.reads("It is closed once everyone has.")
        signed_in(owner, on=desk)
        desk.goto(url(school, "observations:observation", observation.uuid))
        hand.press("Close it")
        hand.reads("it is yours alone, unless shared.", STEP)

        for person in (observer, head, cpd_leader, data_manager):
            signed_in(person, on=desk)
            try_everything(desk, school, person, observation)
