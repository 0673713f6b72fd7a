"""A coaching cycle of four visits between two people, and notes nobody else ever reads."""

import pytest

from activities.models import Activity, SessionRecord
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import StaffFactory
from tests.helpers import url

pytestmark = pytest.mark.browser

BEFORE = "2026-11-24"
VISITS = ["2026-12-01", "2026-12-15", "2027-01-05", "2027-01-19"]
SECRET = "I lost the class after ten minutes"
STEP = "Put the question on the board first, with 4P, tomorrow"
SHARED = "Waited three seconds before I named anybody"


@pytest.fixture
def two(transactional_db, school):
    with school_scope(school):
        add_year(school, 2026)
    return [
        StaffFactory(school=school, first_name=first, last_name=last)
        for first, last in (("Cora", "Coach"), ("Priya", "Shah"))
    ]


def plan(leader, coach, coachee):
    """From the catalogue: the form lays out eight sessions on days the school is open."""
    leader.press("Activities")
    leader.press("Forms")
    leader.press("Coaching cycle", within=leader.main)
    leader.fill("First day", VISITS[0])
    leader.press("Lay it out")
    leader.fill("What staff will do differently", "Ask open questions")
    leader.fill("What pupils will gain", "Explain in sentences")
    leader.fill("How we will know", "Pupil talk in two lessons")
    leader.pick("Coach", coach.name)
    leader.pick("Coachee", coachee.name)
    leader.press("Plan it")
    leader.reads("Planned.", "Visit 4", "Meeting 4", "19 January 2027", "coachee")


def note(page, school, person, signed_in, session, texts):
    """On a phone, beside who reads it."""
    signed_in(person, on=page)
    page.goto(url(school, "activities:activity", session.activity_id))
    page.locator(f"a[href$='/sessions/{session.pk}/record/']").click()
    hand = Hand(page)
    hand.reads("Only you and", "nobody else, whatever their role")
    assert overflow(page, 390) + faults(page) == []
    for box, text in zip(
        page.get_by_role("main").get_by_role("textbox").all(), texts, strict=False
    ):
        box.fill(text)
    hand.press("Save")
    hand.reads("Saved.")


def reflect(page, school, coachee, coach, signed_in):
    signed_in(coachee, on=page)
    page.goto(url(school, "reflections:write"))
    hand = Hand(page)
    page.get_by_label("What will you try, and with whom?").fill(SHARED)
    page.get_by_label("My coach, Cora Coach, while we work together").check()
    hand.press("Save")
    hand.reads("You and Cora Coach can read it.")
    signed_in(coach, on=page)
    page.goto(url(school, "reflections:list"))
    page.get_by_role("main").get_by_role("link", name="Reflection of").click()
    hand.reads(SHARED)


def try_everything(page, school, person, sessions, reflection_address):
    """By address, in lists, in the file: nothing of it, whatever the role."""
    seen = []
    for session in sessions:
        response = page.goto(url(school, "activities:record", session.pk))
        assert response.status == 404
    addresses = [
        url(school, "activities:activity", sessions[0].activity_id),
        url(school, "activities:list") + "?term=all&q=lost",
        url(school, "activities:calendar"),
        url(school, "reflections:list"),
    ]
    for address in addresses:
        page.goto(address)
        seen.append(page.content())
    seen.append(page.request.get(url(school, "activities:list") + "?term=all&format=csv").text())
    assert page.goto(reflection_address).status == 404
    for text in seen:
        assert not any(words in text for words in (SECRET, STEP, SHARED)), person


def test_coaching_cycle_of_four_visits(two, school, cpd_leader, head, at, new_page, signed_in):
    coach, coachee = two
    at(f"{BEFORE} 09:00")
    with new_page() as desk:
        signed_in(cpd_leader, on=desk)
        desk.goto(url(school, "home"))
        plan(Hand(desk), coach, coachee)
        with school_scope(school):
            activity = Activity.objects.get()
            sessions = list(activity.sessions.all())
        assert len(sessions) == 8

        for number, day in enumerate(VISITS):
            at(f"{day} 18:00")
            visit, meeting = sessions[2 * number : 2 * number + 2]
            with new_page(width=390, height=844) as phone:
                note(phone, school, coach, signed_in, visit, [f"Visit {number + 1}: nine spoke"])
                note(phone, school, coachee, signed_in, meeting, [SECRET, STEP])
        with school_scope(school):
            assert SessionRecord.objects.count() == 8

        with new_page(width=390, height=844) as phone:
            phone.goto("about:blank")
            signed_in(coach, on=phone)
            phone.goto(url(school, "activities:record", sessions[1].pk))
            Hand(phone).reads(SECRET, STEP)
            reflect(phone, school, coachee, coach, signed_in)
            reflection_address = phone.url

        data_manager = StaffFactory(school=school, roles=[Role.DATA_MANAGER])
        for person in (head, cpd_leader, data_manager):
            signed_in(person, on=desk)
            try_everything(desk, school, person, sessions, reflection_address)
