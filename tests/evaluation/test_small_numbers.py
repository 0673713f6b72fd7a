"""The governors' page, read by somebody who takes numbers away from each other."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import product
from types import SimpleNamespace

import pytest

from evaluation import dashboard
from evaluation.figures import Chain
from evaluation.needs import Needs
from evaluation.school_year import Hours, Totals

UP_TO = 13


def chain(*, meant, reached, shared):
    """A priority that put down so many, of whom some came, of whom some shared something."""
    priority = SimpleNamespace(pk=1, criteria=SimpleNamespace(all=list))
    return Chain(
        priority,
        finished=1,
        cost=Decimal(240),
        time=timedelta(hours=2) * reached,
        put_down=set(range(meant)),
        reached=dict.fromkeys(range(reached), "teacher"),
        sharers=set(range(shared)),
    )


def seen(found):
    """All of a priority that governors can read."""
    (row,) = dashboard.rows([found], for_governors=True)
    return (*((link.figure, link.note, link.state) for link in row.links), row.cost_an_hour)


def test_no_small_number_follows_from_a_priority_on_the_governors_page():
    behind = defaultdict(list)
    for meant, reached, shared in product(range(UP_TO), repeat=3):
        if shared <= reached <= meant:
            found = chain(meant=meant, reached=reached, shared=shared)
            behind[seen(found)].append((meant, reached, meant - reached, shared, reached - shared))

    given_away = [
        numbers
        for numbers in behind.values()
        for column in zip(*numbers, strict=True)
        if len(set(column)) == 1 and 0 < column[0] < dashboard.SMALL
    ]

    assert given_away == []


def needing(own, others=(0, 0, 0)):
    """A priority with needs that are met, planned and waiting: people's (one each), teams'."""
    found = chain(meant=0, reached=0, shared=0)
    people = set(range(sum(own)))
    found.peoples_needs = Needs(*own, people)
    found.needs = Needs(*(sum(both) for both in zip(own, others, strict=True)), people)
    return found


def test_no_small_number_of_peoples_needs_follows_from_the_governors_page():
    """Though the plan tells them the needs of teams and of the school, one by one."""
    behind = defaultdict(list)
    for own, others in product(product(range(8), repeat=3), product(range(3), repeat=3)):
        behind[seen(needing(own, others)), others].append((sum(own), *own))

    given_away = [
        numbers
        for numbers in behind.values()
        for column in zip(*numbers, strict=True)
        if len(set(column)) == 1 and 0 < column[0] < dashboard.SMALL
    ]

    assert given_away == []


def test_governors_see_how_far_needs_are_when_many_people_have_them():
    link = dashboard.links_of(needing((5, 0, 6), (0, 3, 2)), for_governors=True)[0]

    assert link.figure == "16"
    assert link.note == "5 met, 3 planned or being met, nothing planned for 8"


def test_governors_see_the_schools_own_needs_however_few():
    link = dashboard.links_of(needing((0, 0, 0), (1, 1, 0)), for_governors=True)[0]

    assert (link.figure, link.note) == ("2", "1 met, 1 planned or being met")


def test_governors_see_numbers_that_are_not_small():
    found = chain(meant=20, reached=15, shared=10)

    row = dashboard.rows([found], for_governors=True)[0]

    assert [(link.figure, link.note) for link in row.links[1:4]] == [
        ("1", "all finished, 30 hours"),
        ("15 of 20", "5 not reached"),
        ("10", "of 15 who took part"),
    ]


def test_those_who_shared_without_being_there_are_not_said_to_have_taken_part():
    found = chain(meant=5, reached=3, shared=5)

    link = dashboard.links_of(found)[3]

    assert (link.figure, link.note) == ("5", "3 of 3 who took part")


def totals(*groups):
    return Totals(0, 0, Decimal(0), Decimal(0), [Hours("", "", n, none) for n, none in groups])


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([(20, 10), (10, 2), (10, 0)], "0 hours each so far, 0 at this time last year."),
        ([(20, 18), (10, 10)], "0 hours each so far, 0 at this time last year."),
        (
            [(20, 10), (10, 5)],
            "0 hours each so far, 0 at this time last year; 15 people of 30 have had none yet.",
        ),
        ([(4, 0)], ""),
    ],
    ids=["a group is hidden", "nearly all of a group", "none is hidden", "too few people"],
)
def test_the_schools_sum_does_not_give_a_hidden_group_away(groups, said):
    assert dashboard.year_finding(totals(*groups), for_governors=True) == said
