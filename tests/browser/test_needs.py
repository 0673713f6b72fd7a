"""From an audit to an activity that answers it: asked, closed by the real beat, carried over."""

import random
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from audits.models import (
    Answer,
    Expertise,
    Instrument,
    Invitation,
    Need,
    Question,
    Response,
    Round,
    Topic,
)
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import StaffFactory, TeamFactory
from tests.helpers import url

pytestmark = pytest.mark.browser

FIRST_DAY, AFTER = "2026-11-24", "2026-12-09"  # two weeks are usual
UNSURE = "Make a document, slides or a worksheet that everybody in class can read"


@pytest.fixture
def sixty(transactional_db, school, cpd_leader):
    """Sixty people in six teams, the leader among them; the last three answer on a phone."""
    teams = [TeamFactory(school=school, name=f"Team {letter}") for letter in "ABCDEF"]
    return [
        cpd_leader,
        *(StaffFactory(school=school, team=teams[number % 6]) for number in range(59)),
    ]


def start(leader):
    """Five clicks from Home to an open audit."""
    leader.press("Needs")
    leader.press("Questionnaires")
    leader.press("Digital practice audit")
    leader.press("Ask colleagues")
    leader.main.get_by_label("Confidential.").check()
    leader.tick("Whole school")
    leader.press("Start it")
    leader.reads("It is open: people find it on their home page.", "0 of 60 have answered")


def answer(page, school, person, signed_in):
    """Unsure of everything, on a phone."""
    signed_in(person, on=page)
    page.goto(url(school, "home"))
    hand = Hand(page)
    hand.see_to("Answer: Digital practice audit")
    for section in (1, 2, 3, 4):
        hand.reads(f"Section {section} of 4")
        groups = page.locator("fieldset.question")
        for number in range(groups.count()):
            # Of the first statement of the section somebody is very sure.
            choices = groups.nth(number).get_by_role("radio")
            (choices.last if number == 0 else choices.first).check()
        hand.press("Check your answers" if section == 4 else "Next section")
    hand.press("Send")
    hand.reads("Sent. Thank you!")


def seed_the_rest(school, audit):
    """The others answered as well, most of them unsure."""
    chance = random.Random("sixty")
    with school_scope(school):
        questions = list(Question.objects.filter(section__instrument=audit.instrument_id))
        waiting = list(Invitation.objects.filter(round=audit, spent=False))
        for invitation in waiting:
            response = Response.objects.create(
                school=school, round=audit, invitation=invitation, sent_at=clock.now()
            )
            Answer.objects.bulk_create(
                Answer(
                    school=school, response=response, question=question,
                    value=min(chance.choice((1, 2, 2, 3)), len(question.options)),
                )
                for question in questions
                if question.options
            )  # fmt: skip
        Invitation.objects.filter(round=audit).update(spent=True)


def own_page(page, school, person, signed_in):
    """Profile, offer, and needs shared: what is for the person first."""
    signed_in(person, on=page)
    page.goto(url(school, "needs:mine"))
    hand = Hand(page)
    for box in page.get_by_role("main").get_by_role("checkbox").all()[:2]:
        box.check()
    hand.press("Put the ticked on my list and share")
    hand.reads("2 needs are on your list.")
    page.get_by_role("link", name="Look at what you sent").click()
    hand.reads("Where you stand", "You are surest of", "You want more here")
    assert overflow(page, 390) + faults(page) == []
    page.get_by_role("button", name="I could help others with this").first.click()
    page.get_by_label("Colleagues here", exact=True).check()
    hand.press("Save")
    hand.reads("Saved. Colleagues find it under “Who can help”.")


def test_from_an_audit_to_an_activity_that_answers_it(
    sixty, school, cpd_leader, background, at, new_page, signed_in
):
    at(f"{FIRST_DAY} 09:00")
    with new_page() as desk:
        signed_in(cpd_leader, on=desk)
        desk.goto(url(school, "home"))
        leader = Hand(desk)
        start(leader)
        with school_scope(school):
            audit = Round.objects.select_related("instrument").get()
        for person in sixty[-3:]:
            with new_page(width=390, height=844) as phone:
                answer(phone, school, person, signed_in)
        seed_the_rest(school, audit)

        with background(AFTER, "08:00") as worker:
            worker.wait_for(lambda: closed(school, audit), seconds=60)

        at(f"{AFTER} 09:00")
        for person in sixty[-3:]:
            with new_page(width=390, height=844) as phone:
                own_page(phone, school, person, signed_in)

        signed_in(cpd_leader, on=desk)
        desk.goto(url(school, "needs:round", audit.pk))
        topic = read_results(leader, school)
        plan_for(leader, topic)
    check(school, topic, sixty[-3:])


def closed(school, audit):
    with school_scope(school):
        return Round.objects.filter(pk=audit.pk, state="closed").exists()


def read_results(leader, school):
    """Heat map, what it suggests, and the topic three people shared a need of."""
    leader.reads("60 of 60 have answered")
    leader.press("See the results")
    expect(leader.main.locator("table.heat")).to_be_visible()
    leader.press("See what it suggests")
    leader.reads("Whole school")
    leader.press("Agree to the ticked")
    leader.reads("What is needed most?")
    with school_scope(school):
        topic = Topic.objects.filter(needs__whom="person").order_by("title").first()
    leader.press(str(topic))
    leader.reads("Now “not yet”")
    return topic


def plan_for(leader, topic):
    leader.press("Plan one for all")
    page = leader.page
    expect(leader.field("Title")).to_have_value(str(topic)[:200])
    expect(leader.field("How we will know")).to_have_value(
        "The same statements of “Digital practice audit” asked again"
    )
    leader.pick("Type of activity", "Staff or team meeting")
    leader.fill("What pupils will gain", "Everybody in class can read what we make")
    session = page.get_by_role("group", name="Session 1")
    for label, text in [("Date", "2027-01-12"), ("From", "15:30"), ("To", "16:30")]:
        leader.fill(label, text, within=session)
    leader.press("Plan it")
    leader.reads("Planned.", "Answers these needs")


def check(school, topic, three):
    with school_scope(school):
        answered = Need.objects.filter(topic=topic).exclude(status="set_aside")
        assert set(answered.values_list("status", flat=True)) == {"planned"}
        people = set(answered.filter(whom="person").values_list("staff", flat=True))
        assert people == {person.pk for person in three}
        activity = answered.first().answered_by.get().activity
        took_part = set(activity.participations.values_list("staff", flat=True))
        assert people <= took_part
        assert Expertise.objects.filter(audience="colleagues").count() == 3
        assert Instrument.objects.shipped().get(code="digital-practice").rounds.count() == 1
        assert activity.intended_impact.look_again_on > clock.today() + timedelta(weeks=6)
