"""Seats of a shared day, worked out from numbers alone."""

import random
import time
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from networks.days.assigning import Offer, Person, assign


def offers_of(*rows):
    """(pk, slot, most), each a workshop of its own on one site."""
    return [Offer(pk, slot, site=1, repeats=pk, most=most) for pk, slot, most in rows]


@st.composite
def days(draw):
    slots = list(range(1, draw(st.integers(1, 3)) + 1))
    offers = [
        Offer(
            pk, draw(st.sampled_from(slots)), draw(st.integers(1, 3)), draw(st.integers(1, 6)),
            draw(st.integers(1, 4)), draw(st.integers(0, 2)),
        )
        for pk in range(1, draw(st.integers(1, 9)) + 1)
    ]  # fmt: skip
    pks = [offer.pk for offer in offers]
    people = [
        Person(
            (1, number),
            draw(st.lists(st.sampled_from(pks), unique=True, max_size=5)),
            frozenset(draw(st.lists(st.sampled_from(pks), max_size=2))),
        )
        for number in range(draw(st.integers(0, 14)))
    ]
    near = list(zip(slots, slots[1:], strict=False)) if draw(st.booleans()) else []
    return slots, near, offers, people, draw(st.integers(0, 9)), draw(st.booleans())


@given(days())
@settings(max_examples=150, deadline=None)
def test_what_holds_of_every_timetable(day):
    slots, near, offers, people, seed, is_gentle = day
    result = assign(slots, near, offers, people, seed=seed, is_gentle=is_gentle)
    offered = {offer.pk: offer for offer in offers}

    there = Counter(pk for seats in result.seats.values() for pk in seats.values())
    assert all(number <= offered[pk].most for pk, number in there.items())
    assert not set(there) & result.dropped
    for person in people:
        seats = result.seats[person.key]
        assert all(offered[pk].slot == slot for slot, pk in seats.items())
        been = [offered[pk].repeats for pk in seats.values()]
        assert len(been) == len(set(been))
        for slot in slots:
            earlier = {offered[pk].repeats for at, pk in seats.items() if at < slot}
            left = [
                one for one in offers
                if one.slot == slot and one.pk not in result.dropped
                and there[one.pk] < one.most and one.repeats not in earlier
            ]  # fmt: skip
            assert slot in seats or not left
    again = assign(slots, near, list(reversed(offers)), people[::-1], seed=seed,
                   is_gentle=is_gentle)  # fmt: skip
    assert again == result


def test_first_choices_first_and_a_full_room_moves_whom_it_costs_least():
    people = [Person((1, 1), [1, 2]), Person((1, 2), [1])]

    for seed in range(5):
        seats = assign([1], [], offers_of((1, 1, 1), (2, 1, 1)), people, seed=seed).seats
        assert seats == {(1, 1): {1: 2}, (1, 2): {1: 1}}


def test_who_got_a_later_choice_goes_first_in_the_next_slot():
    offers = offers_of((1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 2, 1))
    people = [Person((1, 1), [1, 2, 3, 4]), Person((1, 2), [1, 2, 3, 4])]

    for seed in range(5):
        seats = assign([1, 2], [], offers, people, seed=seed).seats
        firsts = {key: sum(pk in (1, 3) for pk in row.values()) for key, row in seats.items()}
        assert firsts == {(1, 1): 1, (1, 2): 1}


def test_nobody_crosses_town_in_a_short_break_for_a_first_choice():
    offers = [
        Offer(1, 1, 1, 1, 9), Offer(2, 2, 2, 2, 9), Offer(3, 2, 1, 3, 9),
    ]  # fmt: skip
    person = Person((1, 1), [1, 2, 3])

    assert assign([1, 2], [(1, 2)], offers, [person], seed=1).seats[1, 1] == {1: 1, 2: 3}
    assert assign([1, 2], [], offers, [person], seed=1).seats[1, 1] == {1: 1, 2: 2}


def test_a_workshop_with_too_few_is_dropped_and_its_people_get_their_next_choice():
    offers = [Offer(1, 1, 1, 1, 9, fewest=3), Offer(2, 1, 1, 2, 9), Offer(3, 1, 1, 3, 9)]
    people = [Person((1, 1), [1, 3]), Person((1, 2), [2])]

    result = assign([1], [], offers, people, seed=1)

    assert result.dropped == {1}
    assert result.seats == {(1, 1): {1: 3}, (1, 2): {1: 2}}


def test_too_few_is_better_than_no_place():
    offers = [Offer(1, 1, 1, 1, 9, fewest=3), Offer(2, 1, 1, 2, 1)]
    people = [Person((1, 1), [1]), Person((1, 2), [2])]

    result = assign([1], [], offers, people, seed=1)

    assert result.dropped == set()
    assert result.seats == {(1, 1): {1: 1}, (1, 2): {1: 2}}


def test_gently_everybody_keeps_what_they_have_and_who_has_nothing_gets_a_place():
    offers = offers_of((1, 1, 1), (2, 1, 1))
    people = [Person((1, 1), [2], frozenset({1})), Person((1, 2), [1])]

    seats = assign([1], [], offers, people, seed=1, is_gentle=True).seats
    assert seats == {(1, 1): {1: 1}, (1, 2): {1: 2}}

    seats = assign([1], [], offers, people, seed=1).seats
    assert seats == {(1, 1): {1: 2}, (1, 2): {1: 1}}


def test_three_hundred_people_and_sixty_workshops_in_three_slots_take_seconds():
    rng = random.Random(7)
    offers = [
        Offer(100 * slot + title, slot, title % 9, title, rng.choice((4, 6, 8, 12)), fewest=3)
        for slot in (1, 2, 3)
        for title in range(1, 61)
    ]
    popular = [offer.pk for offer in offers for _ in range(10 if offer.repeats < 12 else 1)]
    people = [
        Person((number % 3, number), list(dict.fromkeys(rng.choices(popular, k=9))))
        for number in range(300)
    ]

    begun = time.monotonic()
    result = assign([1, 2, 3], [(1, 2)], offers, people, seed=1)

    assert time.monotonic() - begun < 20
    assert all(len(seats) == 3 for seats in result.seats.values())
