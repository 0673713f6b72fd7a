"""Twenty at the same moment, on real connections: of what there is once, one gets it.

In two sizes: a few rounds in `make test`, a hundred in `make faults`.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection

from activities import actions, booking, requests, spending
from activities.models import Budget, Cost, NotPossible, Participation
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    BudgetFactory,
    CostFactory,
    EquipmentFactory,
    PlacesFactory,
    RequestFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)

DONE = "done"

pytestmark = pytest.mark.django_db(transaction=True)
in_two_sizes = pytest.mark.parametrize(
    "rounds", [2, pytest.param(100, marks=pytest.mark.faults)], ids=["few", "many"]
)


def at_once(school, deeds):
    """Each begun at the same moment; what came of each: DONE, or why it was refused."""
    gate = threading.Barrier(len(deeds))

    def do(deed):
        gate.wait(timeout=60)
        try:
            with school_scope(school):
                deed()
            return DONE
        except (NotPossible, DatabaseError) as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def people(school):
    return StaffFactory.create_batch(20, school=school)


def booked(activity):
    return sorted(activity.bookings.values_list("state", flat=True))


# --- places ----------------------------------------------------------------------------------
@in_two_sizes
def test_of_twenty_at_the_last_place_one_wins(school, people, rounds):
    for _ in range(rounds):
        activity = PlacesFactory(school=school, capacity=1).activity

        said = at_once(school, [partial(booking.book, activity, staff=one) for one in people])

        assert said == [DONE] * 20
        with school_scope(school):
            assert booked(activity) == ["booked"] + ["waiting"] * 19
            assert activity.participations.count() == 1


@in_two_sizes
def test_places_given_up_while_others_ask_go_to_who_waits(school, people, rounds):
    for _ in range(rounds):
        activity = PlacesFactory(school=school, capacity=2).activity
        with school_scope(school):
            for person in people[:10]:  # two have a place, eight wait
                booking.book(activity, staff=person)
        leaving = people[:10:2]

        said = at_once(
            school,
            [partial(booking.book, activity, staff=one) for one in people[10:]]
            + [partial(booking.give_up, activity, staff=one, by=one) for one in leaving],
        )

        assert said == [DONE] * 15
        with school_scope(school):
            assert booked(activity) == ["booked"] * 2 + ["cancelled"] * 5 + ["waiting"] * 13
            assert activity.participations.count() == 2
            assert not activity.participations.filter(staff__in=leaving).exists()


def test_of_twenty_plans_for_one_person_at_one_hour_one_stands(school, people):
    person, activities = people[0], ActivityFactory.create_batch(20, school=school, state="planned")
    for activity in activities:
        start = at_four(clock.today() + timedelta(days=1))
        SessionFactory(school=school, activity=activity, starts_at=start)

    said = at_once(
        school, [partial(actions.choose_people, one, people=[person.pk]) for one in activities]
    )

    assert said.count(DONE) == 1
    assert sum("is already at" in one for one in said) == 19
    with school_scope(school):
        assert Participation.objects.filter(staff=person).count() == 1


# --- money -----------------------------------------------------------------------------------
def sums(budget):
    found = Budget.objects.with_sums().get(pk=budget.pk)
    return found.committed, found.spent, found.left


@pytest.mark.parametrize("way", ["rules", "database"])
def test_last_hundred_pounds_is_committed_once_however_many_try(school, way):
    budget = BudgetFactory(school=school, is_hard=True, amount=Decimal(250))
    CostFactory(school=school, budget=budget, expected=Decimal(150))
    activities = ActivityFactory.create_batch(20, school=school, state="planned")

    def take(activity):
        line = Cost(
            school=school, activity=activity, budget=budget, expected=Decimal(60),
            falls_on=clock.today(),
        )  # fmt: skip
        if way == "rules":
            spending.save_cost(line)
        else:
            line.save()

    said = at_once(school, [partial(take, activity) for activity in activities])

    assert said.count(DONE) == 1
    with school_scope(school):
        assert sums(budget) == (210, 0, 40)


@in_two_sizes
def test_activities_planned_at_once_stay_within_a_hard_budget(school, rounds):
    for _ in range(rounds):
        budget = BudgetFactory(school=school, is_hard=True, amount=Decimal(100))
        drafts = ActivityFactory.create_batch(20, school=school, kind="statutory")
        for draft in drafts:
            CostFactory(school=school, activity=draft, budget=budget, expected=Decimal(30))

        said = at_once(school, [draft.plan for draft in drafts])

        assert said.count(DONE) == 3
        with school_scope(school):
            assert sums(budget) == (90, 0, 10)


# --- requests --------------------------------------------------------------------------------
@in_two_sizes
def test_of_twenty_who_approve_at_once_one_does(school, rounds):
    leaders = StaffFactory.create_batch(20, school=school, roles=["cpd_leader"])
    for _ in range(rounds):
        budget = BudgetFactory(school=school, amount=100, is_hard=True)
        asked = RequestFactory(school=school, fee=60)

        said = at_once(
            school, [partial(requests.approve, asked, by=one, budget=budget) for one in leaders]
        )

        assert said.count(DONE) == 1
        assert sum("already" in one for one in said) == 19
        with school_scope(school):
            assert list(asked.steps.values_list("kind", flat=True)) == ["approved"]
            assert sums(budget)[0] == 60


# --- things to borrow ------------------------------------------------------------------------
@in_two_sizes
def test_of_twenty_who_borrow_a_thing_one_has_it(school, people, rounds):
    today = clock.today()
    for _ in range(rounds):
        thing = EquipmentFactory(school=school)

        lend = partial(thing.lend, until=today, at_home=False, today=today)
        said = at_once(school, [partial(lend, to=one) for one in people])

        assert said.count(DONE) == 1
        assert sum("has it until" in one for one in said) == 19
