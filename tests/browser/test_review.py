"""From what an activity should change to a review closed a year later, by the real beat and worker;
and the head finds what had no effect, and what it cost."""

from datetime import date, timedelta

import pytest

from audits.models import Answer, Invitation, Question, Response, Round
from cpdhub import clock
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from evaluation.models import ImpactReview, ImpactRound
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import (
    ActivityFactory,
    ActivityPriorityFactory,
    AttendanceFactory,
    CostFactory,
    IntendedImpactFactory,
    ParticipationFactory,
    PlanFactory,
    PriorityFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url

pytestmark = pytest.mark.browser

BEFORE, DAY, AFTER = "2026-11-24", "2026-11-25", "2026-11-26"
CLOSED, YEAR, YEAR_CLOSED = "2026-12-14", "2027-11-25", "2027-12-13"
TITLE = "Visit of an author"


@pytest.fixture
def six(transactional_db, school, at, cpd_leader):
    """A visit that costs 450 pounds, for six people, which nobody has said the effect of yet."""
    at(f"{BEFORE} 09:00")
    with school_scope(school):
        for first_year in (2026, 2027):
            add_year(school, first_year)
    plan = PlanFactory(school=school)
    priority = PriorityFactory(school=school, plan=plan, title="Reading for pleasure", live=True)
    activity = ActivityFactory(
        school=school, title=TITLE, lead=cpd_leader, owner=cpd_leader, evaluate_after=[52]
    )
    IntendedImpactFactory(school=school, activity=activity, look_again_on=date(2027, 11, 25))
    ActivityPriorityFactory(school=school, activity=activity, priority=priority)
    CostFactory(school=school, activity=activity, actual=450)
    start = at_four(date.fromisoformat(DAY))
    session = SessionFactory(
        school=school, activity=activity, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    people = StaffFactory.create_batch(6, school=school)
    for person in people:
        ParticipationFactory(school=school, activity=activity, staff=person)
    return activity, session, people, priority


def plan(leader, school, activity):
    """What it should change is said before it is planned."""
    leader.page.goto(url(school, "activities:activity", activity.pk))
    leader.press("Plan it")
    leader.reads("Planned")


def attend(school, session, people, leader):
    for person in people:
        AttendanceFactory(school=school, session=session, staff=person)
    leader.page.goto(url(school, "activities:register", session.pk))
    leader.press("Save register")


def asked(school, moment):
    with school_scope(school):
        return ImpactRound.objects.filter(moment=moment, round__state="open").exists()


def over(school):
    with school_scope(school):
        return not ImpactRound.objects.filter(round__state="open").exists()


def answer(page, school, person, signed_in, title):
    """On a phone, from Home: two minutes, and who reads it is said first."""
    signed_in(person, on=page)
    page.goto(url(school, "home"))
    hand = Hand(page)
    hand.see_to(title)
    while True:
        for group in page.locator("fieldset.question").all():
            group.get_by_role("radio").nth(1).check()
        assert overflow(page, 390) + faults(page) == []
        last = page.get_by_role("button", name="Check your answers", exact=True).count()
        hand.press("Check your answers" if last else "Next section")
        if last:
            break
    hand.press("Send")
    hand.reads("Sent. Thank you!")
    return hand.clicks


def answer_alike(school, people):
    """Four more, who think the same."""
    with school_scope(school):
        round_ = Round.objects.open().get()
        questions = list(
            Question.objects.filter(section__instrument=round_.instrument_id).exclude(kind="text")
        )
        for invitation in Invitation.objects.filter(round=round_, staff__in=people):
            response = Response.objects.create(
                school=school, round=round_, invitation=invitation, sent_at=clock.now()
            )
            Answer.objects.bulk_create(
                Answer(school=school, response=response, question=question, value=2)
                for question in questions
            )
            invitation.spent = True
            invitation.save()


def judge(leader, school, activity):
    """From Home: what was said, one line of evidence, one side effect, and a decision."""
    leader.page.goto(url(school, "home"))
    leader.see_to(f"Look again at “{TITLE}”")
    leader.reads("Not judged yet", "5 of 6 answered", "A year later")
    leader.press("Add evidence")
    leader.pick("What it is about", "pupils")
    leader.pick("What it is", "voice")
    leader.fill("What it shows, in one line", "As many read at home as before")
    leader.press("Save")
    leader.reads("Pupils' work or voice")
    leader.press("Note something")
    leader.fill("What happened", "Three families joined the library")
    leader.press("Save")
    leader.press("Judge and decide")
    for group, word in (("Staff will", "Partly met"), ("Pupils will gain", "Not yet")):
        leader.main.get_by_role("group").filter(has_text=group).get_by_label(word).check()
    leader.press("Close the review")
    leader.reads("What is decided: keep, change or stop?")
    leader.main.get_by_label("Stop", exact=True).check()
    leader.fill("What we change", "No visits without lessons before and after")
    assert faults(leader.page) == []
    leader.press("Close the review")
    leader.reads("Stop it; for pupils not yet", "Three families joined the library")


def find_it(head, school):
    """From the dashboard in one click: which, and what it cost."""
    head.page.goto(url(school, "impact:dashboard") + "?year=2026/27")
    head.press("1 without an effect")
    head.reads(TITLE, "£450", "No visits without lessons before and after")
    return head.clicks


def test_from_intended_impact_to_a_review_closed_a_year_later(
    six, school, cpd_leader, head, background, at, new_page, signed_in
):
    activity, session, people, _ = six
    with new_page() as desk:
        signed_in(cpd_leader, on=desk)
        leader = Hand(desk)
        plan(leader, school, activity)
        at(f"{DAY} 18:00")
        attend(school, session, people, leader)

        for first, last, moment, title in (
            (AFTER, CLOSED, "end", f"How was “{TITLE}”?"),
            (YEAR, YEAR_CLOSED, "year", f"A year after “{TITLE}”"),
        ):
            with background(first, "08:00") as worker:
                worker.wait_for(lambda: asked(school, moment), seconds=60)  # noqa: B023
            at(f"{first} 16:00")
            with new_page(width=390, height=844) as phone:
                assert answer(phone, school, people[0], signed_in, title) <= 6
            answer_alike(school, people[1:5])
            with background(last, "08:00") as worker:
                worker.wait_for(lambda: over(school), seconds=60)
            at(f"{last} 09:00")

        at("2027-11-30 09:00")
        signed_in(cpd_leader, on=desk)
        judge(leader, school, activity)
        with school_scope(school):
            assert ImpactReview.objects.closed().get().decision == "stop"

        signed_in(head, on=desk)
        assert find_it(Hand(desk), school) <= 3
