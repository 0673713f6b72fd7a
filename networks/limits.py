"""When a number of several schools may be shown: one rule, for every total there is.

Each school knows its own part, and what schools show under their own names. What is left when
these are taken away must still be of several schools and of five people.
"""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 5  # fewer people are not shown (product rule)
SCHOOLS = 3  # fewer schools are not added up
OF_A_RANGE = 5  # fewer schools give no range
BANDS = (5, 10, 20, 50, 100, 200)


def may_be_added_up(hidden: Sequence[int]) -> bool:
    """Whether a total may be shown whose parts include these numbers of people, which are not
    shown by themselves. Without any one of them, at least five people of two schools are left."""
    if not hidden:
        return True
    some = [part for part in hidden if part]  # a school with nobody hides nobody
    total = sum(some)
    return len(some) >= SCHOOLS and all(total - part >= SMALL for part in some)


def splits_off_few(part: int, whole: int) -> bool:
    """It, or what it leaves, would be one to four people."""
    return 0 < part < SMALL or 0 < whole - part < SMALL


def band(people: int) -> str:
    """How many people, so roughly that nobody can subtract: "5 to 9 people"."""
    at = max((low for low in BANDS if low <= people), default=0)
    if not at:
        return "fewer than 5 people"
    above = [low for low in BANDS if low > at]
    return f"{at} to {above[0] - 1} people" if above else f"{at} people or more"
