"""Any order of deeds on places: no illegal way, never more than there are, the queue in order."""

import contextlib

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from activities import actions, booking
from activities.models import Activity, Booking, NotPossible, Places
from tests.factories import ActivityFactory, PlacesFactory, SessionFactory, StaffFactory

WHO = st.integers(0, 4)


class Deeds(RuleBasedStateMachine):
    """Five people, one leader, a few places."""

    school = people = leader = None

    def __init__(self):
        super().__init__()
        activity = ActivityFactory(school=self.school, state="planned", owner=self.leader)
        self.activity = PlacesFactory(school=self.school, activity=activity, capacity=2).activity
        SessionFactory(school=self.school, activity=self.activity)
        self.queue = []

    def do(self, deed, *arguments, **named):
        with contextlib.suppress(NotPossible):
            deed(*arguments, **named)
        waiting = [b.staff_id for b in self.activity.bookings.waiting()]
        stayed = [pk for pk in self.queue if pk in waiting]
        assert waiting[: len(stayed)] == stayed, "somebody overtook those who wait"
        self.queue = waiting

    @rule(who=WHO)
    def book(self, who):
        self.do(booking.book, self.activity, staff=self.people[who])

    @rule(who=WHO)
    def give_up(self, who):
        self.do(booking.give_up, self.activity, staff=self.people[who], by=self.people[who])

    @rule(who=WHO)
    def take_out(self, who):
        self.do(booking.give_up, self.activity, staff=self.people[who], by=self.leader)

    @rule(who=WHO)
    def invite(self, who):
        self.do(booking.invite, self.activity, people=[self.people[who]], by=self.leader)

    @rule(who=WHO)
    def decline(self, who):
        self.do(booking.decline, self.activity, staff=self.people[who])

    @rule(who=WHO)
    def add(self, who):
        self.do(booking.add, self.activity, staff=self.people[who], by=self.leader)

    @rule(chosen=st.sets(WHO))
    def choose(self, chosen):
        people = {self.people[who].pk for who in chosen}
        self.do(actions.choose_people, self.activity, people=people, by=self.leader)

    @rule(capacity=st.one_of(st.none(), st.integers(1, 4)), kept=st.integers(0, 1))
    def change(self, capacity, kept):
        places = Places.objects.get(activity=self.activity)
        places.capacity, places.kept = capacity, kept if capacity else 0
        self.do(booking.change_places, places, teams=[])

    @rule()
    def cancel_and_bring_back(self):
        activity = Activity.objects.get(pk=self.activity.pk)
        activity.cancel("Snow")
        self.do(booking.book, self.activity, staff=self.people[0])
        activity.reopen()
        Activity.objects.get(pk=activity.pk).plan()

    @invariant()
    def never_more_than_there_are(self):
        places = Places.objects.get(activity=self.activity)
        inside = set(self.activity.participations.values_list("staff", flat=True))
        assert places.capacity is None or len(inside) <= places.capacity
        booked = set(self.activity.bookings.booked().values_list("staff", flat=True))
        assert booked <= inside

    @invariant()
    def nobody_waits_while_a_place_is_free(self):
        places = Places.objects.get(activity=self.activity)
        left = places.left_to_book(self.activity.participations.count())
        assert (
            left == 0
            or not Booking.objects.filter(activity=self.activity, state="waiting").exists()
        )


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(8, 12), pytest.param(400, 50, marks=pytest.mark.faults)],
    ids=["few", "many"],
)
def test_any_order_of_deeds(inside, examples, steps):
    Deeds.school, Deeds.leader = inside, StaffFactory(school=inside)
    Deeds.people = [StaffFactory(school=inside) for _ in range(5)]
    run_state_machine_as_test(
        Deeds,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
