"""Groups that are proposed: everybody in one, somebody ahead in each, nobody twice together."""

import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.grouping import Member, crowding, propose, sizes_of

MIXES = ["ahead", "teams", "level", "interest"]


@st.composite
def schools(draw, most=30):
    count = draw(st.integers(0, most))
    levels = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    return [
        Member(
            pk,
            level=levels[pk - 1],
            is_ahead=levels[pk - 1] >= 3,
            team=draw(st.sampled_from([None, 1, 2, 3, 4])),
            interests=draw(st.frozensets(st.integers(1, 4), max_size=2)),
        )
        for pk in range(1, count + 1)
    ]


def pairs_of(groups):
    return {frozenset((a.pk, b.pk)) for group in groups for a, b in combinations(group, 2)}


def partitions(people, sizes):
    """Every way to make groups of these sizes, small cases only."""
    if not sizes:
        yield []
        return
    for group in combinations(people, sizes[0]):
        rest = [pk for pk in people if pk not in group]
        for others in partitions(rest, sizes[1:]):
            yield [group, *others]


@settings(max_examples=40, deadline=None)
@given(schools(), st.integers(2, 6), st.sampled_from(MIXES), st.integers(0, 50), st.data())
def test_everybody_is_in_one_group_and_the_groups_are_alike_in_size(people, size, mix, seed, data):
    known = [frozenset(pair) for pair in combinations([one.pk for one in people], 2)]
    met = set(data.draw(st.lists(st.sampled_from(known), max_size=20))) if known else set()

    groups = propose(people, size=size, mix=mix, seed=seed, met=met)

    assert sorted(one.pk for group in groups for one in group) == [one.pk for one in people]
    sizes = [len(group) for group in groups]
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert len(people) < 2 or min(sizes) >= 2
    assert groups == propose(reversed(people), size=size, mix=mix, seed=seed, met=met)


@settings(max_examples=40, deadline=None)
@given(schools(), st.integers(2, 6), st.integers(0, 50), st.data())
def test_as_many_groups_as_can_have_somebody_ahead(people, size, seed, data):
    known = [frozenset(pair) for pair in combinations([one.pk for one in people], 2)]
    met = set(data.draw(st.lists(st.sampled_from(known), max_size=20))) if known else set()

    groups = propose(people, size=size, mix="ahead", seed=seed, met=met)

    with_one = sum(any(one.is_ahead for one in group) for group in groups)
    assert with_one == min(len(groups), sum(one.is_ahead for one in people))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 8), st.integers(2, 4), st.sampled_from(["teams", "level"]), st.data())
def test_nobody_is_together_again_where_it_can_be_avoided(count, size, mix, data):
    people = [Member(pk, level=data.draw(st.integers(0, 4)), team=pk % 2) for pk in range(count)]
    known = [frozenset(pair) for pair in combinations(range(count), 2)]
    met = set(data.draw(st.lists(st.sampled_from(known), max_size=10)))

    groups = propose(people, size=size, mix=mix, met=met)

    least = min(
        sum(frozenset(pair) in met for group in groups for pair in combinations(group, 2))
        for groups in partitions(range(count), sizes_of(count, size))
    )
    assert len(pairs_of(groups) & met) == least


def test_three_terms_of_nine_people_have_no_pair_twice():
    people = [Member(pk) for pk in range(9)]
    met = set()
    for term in range(3):
        new = pairs_of(propose(people, size=3, mix="teams", seed=term, met=met))
        assert not new & met
        met |= new


def test_people_of_different_teams_those_alike_and_those_who_share_an_interest():
    people = [
        Member(pk, level=pk % 3, team=pk // 3, interests=frozenset({pk % 2})) for pk in range(12)
    ]

    by_team = propose(people, size=3, mix="teams")
    by_level = propose(people, size=4, mix="level")
    by_interest = propose(people, size=3, mix="interest")

    assert all(len({one.team for one in group}) == 3 for group in by_team)
    assert all(len({one.level for one in group}) == 1 for group in by_level)
    assert all(frozenset.intersection(*(one.interests for one in group)) for group in by_interest)


def test_another_seed_mixes_again():
    people = [Member(pk) for pk in range(12)]

    first, second = (propose(people, size=3, mix="teams", seed=seed) for seed in (1, 2))

    assert first != second


@pytest.mark.parametrize(
    ("people", "size", "sizes"),
    [(7, 3, [4, 3]), (8, 3, [3, 3, 2]), (5, 3, [3, 2]), (3, 2, [3]), (1, 3, [1]), (2, 6, [2])],
)
def test_sizes(people, size, sizes):
    assert sizes_of(people, size) == sizes


def test_a_large_school_takes_no_longer_than_somebody_waits():
    people = [Member(pk, level=pk % 5, is_ahead=pk % 5 > 2, team=pk % 9) for pk in range(200)]
    met = {frozenset((pk, pk + 1)) for pk in range(199)}
    began = time.process_time()

    propose(people, size=3, mix="ahead", met=met)

    assert time.process_time() - began < 4


def test_a_team_with_most_of_the_places_is_named():
    everyone = [1] * 4 + [2] * 4 + [3] * 4

    assert crowding([1, 1, 1, 2], everyone) == 1
    assert crowding([1, 1, 2, 2], everyone) is None
    assert crowding([1, 1, 1], everyone) is None
    assert crowding([None] * 4, everyone) is None
    assert crowding([1] * 4, [1] * 9 + [2]) is None
