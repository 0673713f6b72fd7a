"""Any order of deeds on requests and places: no illegal way, money and places as decided."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from activities import booking, requests
from activities.models import Activity, Booking, Budget, NotPossible, Places, Request, RequestStep
from cpdhub import clock
from tests.factories import (
    BudgetFactory,
    PlacesFactory,
    RequestFactory,
    SessionFactory,
    StaffFactory,
)

ASKER, DECIDER = st.integers(0, 2), st.integers(0, 2)
WHICH = st.integers(0, 5)


class Deeds(RuleBasedStateMachine):
    """Three teachers, each with a wish for a place and one for a course; one is CPD leader."""

    school = people = head = None

    def __init__(self):
        super().__init__()
        start = clock.now() + timedelta(days=40)
        self.places = PlacesFactory(school=self.school, capacity=1)
        self.activity = self.places.activity
        SessionFactory(school=self.school, activity=self.activity, starts_at=start)
        self.budget = BudgetFactory(school=self.school, amount=150, is_hard=True)
        self.requests = [
            RequestFactory(
                school=self.school, staff=person, state="draft", asked_at=None, fee=80, **of_what
            )
            for person in self.people
            for of_what in (
                {"title": "", "activity": self.activity},
                {"starts_on": clock.today() + timedelta(days=60)},
            )
        ]
        self.seen = {}

    def do(self, deed, which, *arguments, **named):
        request = Request.objects.filter(pk=self.requests[which].pk).first()
        if request is not None:
            with contextlib.suppress(NotPossible):
                deed(request, *arguments, **named)

    @rule(which=WHICH, who=ASKER)
    def ask(self, which, who):
        self.do(requests.ask, which, by=self.people[who])

    @rule(which=WHICH, who=ASKER)
    def withdraw(self, which, who):
        self.do(requests.withdraw, which, by=self.people[who], words="No")

    @rule(which=WHICH, who=ASKER)
    def appeal(self, which, who):
        self.do(requests.appeal, which, by=self.people[who], words="Please")

    @rule(which=WHICH, who=DECIDER, with_money=st.booleans(), change=st.sampled_from(["", "Less"]))
    def approve(self, which, who, with_money, change):
        self.do(
            requests.approve, which, by=self.deciders[who], change=change,
            budget=self.budget if with_money else None,
        )  # fmt: skip

    @rule(which=WHICH, who=DECIDER)
    def decline(self, which, who):
        self.do(requests.decline, which, by=self.deciders[who], words="No")

    @rule(which=WHICH, who=DECIDER, days=st.integers(-1, 5))
    def let_wait(self, which, who, days):
        until = clock.today() + timedelta(days=days)
        self.do(requests.let_wait, which, by=self.deciders[who], until=until, words="Money")

    @rule(which=WHICH, who=DECIDER, whom=DECIDER)
    def send_on(self, which, who, whom):
        by, to_whom = self.deciders[who], self.deciders[whom]
        self.do(requests.send_on, which, by=by, to_whom=to_whom)

    @rule(which=WHICH)
    def book_with_provider(self, which):
        self.do(requests.book_with_provider, which, by=self.people[0], reference="A")

    @rule(who=ASKER)
    def book(self, who):
        with contextlib.suppress(NotPossible):
            booking.book(self.activity, staff=self.people[who])

    @rule(who=ASKER)
    def give_up(self, who):
        person = self.people[who]
        with contextlib.suppress(NotPossible):
            booking.give_up(self.activity, staff=person, by=person)

    @rule(capacity=st.integers(1, 3))
    def change_places(self, capacity):
        places = Places.objects.get(pk=self.places.pk)
        places.capacity = capacity
        with contextlib.suppress(NotPossible):
            booking.change_places(places, teams=[])

    @property
    def deciders(self):
        return [self.people[0], self.head, self.people[1]]

    @invariant()
    def never_more_booked_than_places(self):
        places = Places.objects.get(pk=self.places.pk)
        assert self.activity.participations.count() <= places.capacity
        booked = Booking.objects.booked().filter(activity=self.activity)
        assert booked.count() == self.activity.participations.count()

    @invariant()
    def never_more_committed_than_there_is(self):
        budget = Budget.objects.with_sums().get(pk=self.budget.pk)
        assert budget.left >= 0

    @invariant()
    def what_is_approved_is_planned_and_decided_by_another(self):
        for request in Request.objects.filter(pk__in=[one.pk for one in self.requests]):
            if request.state == Request.State.APPROVED:
                assert request.activity.state == Activity.State.PLANNED
                assert request.steps.filter(kind__in=RequestStep.APPROVALS).count() == 1
            decided = request.steps.filter(kind__in=RequestStep.DECISIONS)
            assert not decided.filter(by=request.staff).exists()
            steps = request.steps.count()
            assert steps >= self.seen.get(request.pk, 0), "a step was lost"
            self.seen[request.pk] = steps


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(6, 15), pytest.param(400, 50, marks=pytest.mark.faults)],
    ids=["few", "many"],
)
def test_any_order_of_deeds(inside, examples, steps):
    Deeds.school, Deeds.head = inside, StaffFactory(school=inside, roles=["head"])
    leader = StaffFactory(school=inside, roles=["cpd_leader"])
    Deeds.people = [leader, *(StaffFactory(school=inside) for _ in range(2))]
    run_state_machine_as_test(
        Deeds,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
