"""A teacher asks, the manager comments, the leader sees the clash and the money, and it happens."""

import pytest

from activities.models import Activity, Booking, Budget, Cost, Request
from cpdhub.walls import school_scope
from cpdhub.years import add_year
from tests.browser.conftest import faults, overflow
from tests.browser.hand import Hand
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    BudgetFactory,
    ParticipationFactory,
    PlacesFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url

pytestmark = pytest.mark.browser

BEFORE, DAY, OTHER_DAY, AFTER = "2026-11-24", "2026-12-02", "2026-12-03", "2026-12-03 18:00"


@pytest.fixture
def people(transactional_db, school, at):
    at(f"{BEFORE} 09:00")
    with school_scope(school):
        add_year(school, 2026)
    manager = StaffFactory(school=school, first_name="Mona", last_name="Manager")
    return manager, StaffFactory(
        school=school, first_name="Ada", last_name="Teacher", line_manager=manager
    )


@pytest.fixture
def budget(school, people):
    return BudgetFactory(school=school, name="CPD 2026/27", amount=500, is_hard=True)


@pytest.fixture
def elsewhere(school, people):
    """Something she is at that day already."""
    from datetime import date, timedelta

    activity = ActivityFactory(school=school, state="planned", title="Sports day")
    start = at_four(date.fromisoformat(DAY)) - timedelta(hours=4)
    SessionFactory(school=school, activity=activity, starts_at=start)
    ParticipationFactory(school=school, activity=activity, staff=people[1])


def apply(phone, school, teacher, signed_in):
    signed_in(teacher, on=phone)
    phone.goto(url(school, "activities:requests"))
    hand = Hand(phone)
    hand.press("Ask for CPD")
    assert overflow(phone, 390) + faults(phone) == []
    hand.fill("What would you like to do?", "Reading conference")
    hand.fill("First day", DAY)
    hand.fill("Cost (£)", "£150")
    hand.fill("Why you, and why now", "I lead reading from January")
    hand.fill("What you will do differently", "Read aloud daily")
    hand.fill("What pupils will gain", "Choose books by themselves")
    hand.fill("How you will know", "Library loans")
    hand.press("Send it")
    hand.reads("Sent.", "with")
    assert hand.fields <= 8
    assert overflow(phone, 390) + faults(phone) == []


def comment(desk, school, manager, request, signed_in):
    signed_in(manager, on=desk)
    desk.goto(url(school, "activities:request", request.pk))
    hand = Hand(desk)
    hand.fill("Your comment", "She would pass it on well")
    hand.press("Comment")
    hand.reads("She would pass it on well")


def decide(desk, school, leader, signed_in):
    """Sees the clash and the money, moves it by a day, and says so."""
    signed_in(leader, on=desk)
    desk.goto(url(school, "home"))
    hand = Hand(desk)
    hand.see_to("1 request waits for your decision")
    hand.press("Reading conference", within=hand.main)
    hand.reads("is already at Sports day", "CPD 2026/27: £500 left", "She would pass it on well")
    assert overflow(desk, 1280) + faults(desk) == []
    desk.get_by_label("Budget").select_option(index=1)
    desk.get_by_text("With a change", exact=True).click()
    hand.fill("What is changed", "The second day: you are at Sports day on the first")
    hand.fill("First day instead", OTHER_DAY)
    hand.press("Approve")
    hand.reads("Approved: Reading conference is planned")


def test_from_asking_to_what_it_cost(
    people, budget, elsewhere, school, cpd_leader, at, new_page, signed_in
):
    manager, teacher = people
    with new_page(width=390, height=844) as phone, new_page() as desk:
        apply(phone, school, teacher, signed_in)
        with school_scope(school):
            request = Request.objects.get()
        comment(desk, school, manager, request, signed_in)
        decide(desk, school, cpd_leader, signed_in)

        signed_in(teacher, on=phone)
        phone.goto(url(school, "activities:request", request.pk))
        hand = Hand(phone)
        hand.reads("approved with a change", "The second day", "not booked with the provider yet")
        hand.fill("Booking reference, if there is one", "RC-77")
        hand.press("It is booked with the provider")
        hand.reads("booked, RC-77")

        with school_scope(school):
            activity = Activity.objects.get(title="Reading conference")
            session = activity.sessions.get()
            line = Cost.objects.get()
        at(AFTER)
        signed_in(cpd_leader, on=desk)
        desk.goto(url(school, "activities:register", session.pk))
        hand = Hand(desk)
        hand.press("Save register")
        hand.reads("Reading conference")
        desk.goto(url(school, "activities:cost_change", line.pk))
        hand.fill("In the end (£)", "140")
        hand.press("Save")
        hand.reads("What it costs")
        desk.goto(url(school, "activities:budget", budget.pk))
        hand.reads("£140")
        with school_scope(school):
            assert activity.sessions.get().attendances.get().was_present
            assert Budget.objects.with_sums().get().left == 360


def test_a_place_at_what_is_on(people, school, cpd_leader, new_page, signed_in):
    teacher = people[1]
    with school_scope(school):
        a_type = ActivityTypeFactory(school=school)
    activity = ActivityFactory(school=school, state="planned", title="Phonics visit", type=a_type)
    PlacesFactory(school=school, activity=activity, capacity=1)
    with new_page() as desk:
        signed_in(teacher, on=desk)
        desk.goto(url(school, "activities:request_ask") + f"?activity={activity.pk}")
        hand = Hand(desk)
        hand.fill("Why you, and why now", "I start in reception")
        hand.press("Send it")
        signed_in(cpd_leader, on=desk)
        desk.goto(url(school, "activities:request_queue"))
        hand.press("Phonics visit", within=hand.main)
        hand.press("Approve")
        hand.reads("Approved")
    with school_scope(school):
        assert Booking.objects.get().state == "booked"
