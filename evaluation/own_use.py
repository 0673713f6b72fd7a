"""Where am I with it? One question after another, each with two answers, until it is clear.

The order is that of a branching interview on levels of use; the questions are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from cpdhub import clock
from cpdhub.models import Staff
from evaluation.models import Innovation, OwnUse

Level = OwnUse.Level
YES, NO = "y", "n"


@dataclass(frozen=True)
class Asked:
    """A question, and where each answer leads: to another one, or to a level."""

    text: str
    yes: str
    no: str


FIRST = "using"
QUESTIONS = {
    "using": Asked("Do you use it with pupils?", "looking_further", "day_set"),
    "day_set": Asked(
        "Have you decided to use it, and set a day to begin?", Level.ABOUT_TO_BEGIN, "looking"
    ),
    "looking": Asked(
        "Are you reading, asking or watching others to find out more?",
        Level.FINDING_OUT, Level.NOT_USING,
    ),
    "looking_further": Asked(
        "Are you looking for something better, or about to change it thoroughly?",
        Level.RENEWING, "with_others",
    ),
    "with_others": Asked(
        "Do you and colleagues change how you use it together, so that pupils have more of it?",
        Level.TOGETHER, "varied",
    ),
    "varied": Asked(
        "Have you varied it lately because of what you saw in pupils?", Level.REFINING, "hard"
    ),
    "hard": Asked(
        "Is it still hard work, planned from day to day?", Level.FIRST_STEPS, Level.SETTLED
    ),
}  # fmt: skip

# What each level is like, and what often helps from there.
LIKE = {
    Level.NOT_USING: (
        "You do other things. There may be good reasons.",
        "If you wonder about it: ask a colleague what pupils do differently.",
    ),
    Level.FINDING_OUT: (
        "You want to know more before you decide.",
        "Watch somebody for ten minutes, or read the map above together.",
    ),
    Level.ABOUT_TO_BEGIN: (
        "You have decided, and a day is set.",
        "Choose one class and one part of it, and put what you need ready now.",
    ),
    Level.FIRST_STEPS: (
        "You use it day by day, and it is still hard work.",
        "That is how everybody begins. Ask for help with what takes the time; change nothing else.",
    ),
    Level.SETTLED: (
        "It is part of what you do and runs by itself.",
        "Look at one group of pupils: who has least of it, and what would you vary for them?",
    ),
    Level.REFINING: (
        "You vary it because of what you see in pupils.",
        "Note what you changed and what followed. A colleague could watch for exactly that.",
    ),
    Level.TOGETHER: (
        "You and colleagues do it together so that pupils have more of it.",
        "Agree what you will look for, and let others see it: an open door, a post, a visit.",
    ),
    Level.RENEWING: (
        "You look for something that would do the same better.",
        "Say so to whoever leads it: what works now, and what you would try instead.",
    ),
}


@dataclass(frozen=True)
class Interview:
    """What was answered, what is asked next, or where it ended."""

    answered: list[tuple[str, str]]
    answers: str
    asked: Asked | None = None
    level: OwnUse.Level | None = None

    @property
    def like(self) -> tuple[str, str] | None:
        return LIKE[self.level] if self.level else None


def after(answers: str) -> Interview:
    """Follow these answers as far as they lead; what is no answer is left out."""
    here, answered, taken = FIRST, [], ""
    for answer in answers:
        if here not in QUESTIONS or answer not in {YES, NO}:
            break
        asked = QUESTIONS[here]
        answered.append((asked.text, "Yes" if answer == YES else "No"))
        here, taken = (asked.yes if answer == YES else asked.no), taken + answer
    if here in QUESTIONS:
        return Interview(answered, taken, asked=QUESTIONS[here])
    return Interview(answered, taken, level=Level(here))


@transaction.atomic
def keep(innovation: Innovation, *, owner: Staff, level: OwnUse.Level) -> OwnUse:
    """For oneself. Said again on the same day, the later answer holds."""
    row, _ = OwnUse.objects.update_or_create(
        school_id=owner.school_id,
        owner=owner,
        innovation=innovation,
        said_on=clock.today(),
        defaults={"level": level},
    )
    return row
