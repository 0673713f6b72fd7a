"""What a design is likely to do, in sentences: why, and what to do about it.

Sources: the 14 mechanisms in four groups and "balanced design" (EEF, Effective Professional
Development, 2021), the Standard for teachers' professional development (DfE, 2016), the features of
CPD that worked (EPPI reviews 2003 to 2005), and what schools told about plans that failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cpdhub import clock

GROUPS = {
    "A": ("Build knowledge", "People may copy without knowing why."),
    "B": ("Motivate", "Nothing here makes people want to start."),
    "C": ("Develop techniques", "They will agree but not know how."),
    "D": ("Embed practice", "Nothing here keeps it going in the classroom."),
}
PARTS = {
    "1": "a focus on pupils",
    "2": "evidence and expertise",
    "3": "collaboration and challenge",
    "4": "support over time",
    "5": "leaders who make room for it",
}
EXPERT = {"B4", "E2", "2d", "3d"}  # ticks that say somebody with expertise is in it
TOGETHER = {"C7", "E1", "E3", "E5", "3a", "3b"}  # ticks that say people work on it together
FOLLOW_UP = {"D14", "E6", "4a"}
SHORT = timedelta(minutes=90)  # under this, a topic is told rather than learned
LATE = 15  # o'clock: after school
LAST_DAYS = timedelta(days=7)  # of a half term
MANY = 20  # people: about a whole staff


@dataclass(frozen=True)
class Meeting:
    """One session that takes place: when, and whether a half term ends within the week."""

    starts_at: datetime
    length: timedelta
    is_at_the_end: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of a design; what is not known says nothing."""

    is_direct: bool = True
    is_compulsory: bool = False
    is_led_from_outside: bool = False
    has_lead: bool = False
    people: int = 0
    meetings: tuple[Meeting, ...] = ()
    ticked: frozenset[str] | None = None  # codes; None: nobody was asked yet
    risks: tuple[tuple[str, str], ...] = ()  # what is said to get in the way, what to do
    focus: frozenset[str] = frozenset()
    level: str = ""
    style: str = ""
    one_session_because: str = ""
    outside_because: str = ""
    helpers: tuple[str, ...] = ()  # colleagues who offer help with what it is about
    doubles: tuple[str, ...] = ()  # what goes on for the same needs or priorities
    has_impact: bool = True

    @property
    def time(self) -> timedelta:
        return sum((meeting.length for meeting in self.meetings), timedelta(0))


@dataclass(frozen=True)
class Finding:
    """One thing to think about: what, why it matters, what to do."""

    code: str
    text: str
    todo: str


@dataclass(frozen=True)
class Balance:
    """Which of the four groups of mechanisms are built in."""

    covered: tuple[str, ...]
    missing: tuple[str, ...]
    number: int

    @property
    def is_balanced(self) -> bool:
        return not self.missing

    def __str__(self) -> str:
        if self.is_balanced:
            return f"A balanced design: {self.number} mechanisms, at least one of each group."
        if not self.number:
            return "No mechanism is ticked yet."
        words = "mechanism" if self.number == 1 else "mechanisms"
        return f"{self.number} {words}, from {len(self.covered)} of the four groups."


def balance(facts: Facts) -> Balance:
    ticked = [code for code in facts.ticked or () if code[0] in GROUPS and code[1:].isdecimal()]
    covered = {code[0] for code in ticked}
    return Balance(
        tuple(group for group in GROUPS if group in covered),
        tuple(group for group in GROUPS if group not in covered),
        len(ticked),
    )


def findings(facts: Facts) -> list[Finding]:
    """Everything to think about, the gravest first. Briefings and statutory training are only
    asked when and how long."""
    found: list[Finding] = []
    if facts.is_direct:
        found += [*_impact(facts), *_one_off(facts), *_groups(facts), *_parts(facts)]
        found += [*_company(facts), *_focus(facts), *_outside(facts)]
    found += [*_for_all(facts), *_when(facts), *_double(facts)]
    found += [Finding("risk", text, todo) for text, todo in facts.risks]
    return found


def _impact(facts: Facts) -> Iterator[Finding]:
    if not facts.has_impact:
        yield Finding(
            "impact",
            "Nobody has said what it should change for pupils.",
            "Say it first: everything else is chosen to get there.",
        )


def _one_off(facts: Facts) -> Iterator[Finding]:
    is_one = len(facts.meetings) == 1 and not (facts.ticked or frozenset()) & FOLLOW_UP
    if is_one and not facts.one_session_because:
        yield Finding(
            "one-off",
            "It is one session with nothing to follow it; that seldom changes a classroom.",
            "Add a second date two to six weeks later, or say why one session is enough.",
        )


def _groups(facts: Facts) -> Iterator[Finding]:
    if facts.ticked is None:
        return
    todo = {
        "A": "Leave something out, and come back to what was learned before.",
        "B": "Agree a goal with each person, and say whose evidence this is.",
        "C": "Show it, let people practise away from pupils, and let somebody see them do it.",
        "D": "Let each plan when and with which class, and what will remind them.",
    }
    for group in balance(facts).missing:
        name, likely = GROUPS[group]
        yield Finding(f"group-{group}", f"{name}: {likely}", todo[group])


def _parts(facts: Facts) -> Iterator[Finding]:
    if facts.ticked is None:
        return
    there = {code[0] for code in facts.ticked if code[0] in PARTS}
    missing = [name for part, name in PARTS.items() if part not in there]
    if there and missing:
        yield Finding(
            "standard",
            f"Of the five parts of the standard it has nothing on {_listed(missing)}.",
            "Not every activity needs all five; a programme does.",
        )


def _company(facts: Facts) -> Iterator[Finding]:
    if facts.ticked is None:
        return
    if not facts.ticked & EXPERT and not facts.is_led_from_outside:
        yield Finding(
            "expert",
            "Nobody in it knows more about this than those who take part.",
            "Ask a colleague who is good at it, or bring somebody in for part of it.",
        )
    if not facts.ticked & TOGETHER:
        yield Finding(
            "alone",
            "Everyone works alone; learning with others is likelier to reach pupils.",
            "Let people work in twos or threes between sessions.",
        )


def _focus(facts: Facts) -> Iterator[Finding]:
    if facts.focus == {"technical"}:
        yield Finding(
            "technical",
            "It is all about how something works.",
            "Give as much time to how to teach with it.",
        )


def _outside(facts: Facts) -> Iterator[Finding]:
    if not facts.is_led_from_outside or facts.outside_because:
        return
    if facts.helpers:
        yield Finding(
            "colleague-first",
            f"{_listed(facts.helpers[:3])} can help with this and {_work(facts.helpers)} here.",
            "Ask them first, or say why somebody from outside.",
        )
    elif not facts.has_lead:
        yield Finding(
            "outside",
            "It is led from outside alone, and what they know leaves with them.",
            "Name a colleague who leads it on when they have gone.",
        )


def _for_all(facts: Facts) -> Iterator[Finding]:
    if facts.is_direct and facts.people >= MANY and facts.level not in {"mixed", ""}:
        yield Finding(
            "one-level",
            f"One level for {facts.people} people: some know it, some are lost.",
            "Give two ways in, or let those who can do it already help.",
        )
    elif facts.is_direct and facts.people >= MANY and not facts.level:
        yield Finding(
            "level-unsaid",
            f"{facts.people} people take part and nobody has said for whom it is made.",
            "Say whether it is for beginners, or has several ways in.",
        )
    if facts.is_direct and facts.is_compulsory and facts.style != "together":
        yield Finding(
            "compulsory",
            "It is compulsory, and those who take part have no say in it.",
            "Leave them a choice of what to try, or let them shape one session.",
        )


def _when(facts: Facts) -> Iterator[Finding]:
    late = [m for m in facts.meetings if _hour(m) >= LATE and m.is_at_the_end]
    if late:
        yield Finding(
            "tired",
            f"After school in the last week before a holiday: {_day(late[0])}.",
            "Another week would get more out of the same hour.",
        )
    elif facts.is_direct and facts.meetings and facts.time < SHORT:
        yield Finding(
            "short",
            f"{_minutes(facts.time)} in all is time to hear about something, not to learn it.",
            "Do less of it, or plan a second session.",
        )
    if len(facts.meetings) > 3 and _days(facts) < timedelta(weeks=6):
        yield Finding(
            "bunched",
            "All its sessions fall within six weeks.",
            "Spread them over a term or two, with time between to try things.",
        )


def _double(facts: Facts) -> Iterator[Finding]:
    if facts.doubles:
        yield Finding(
            "double",
            f"{_listed(facts.doubles[:3])} already works on the same.",
            "Join them, or say how they differ.",
        )


def _days(facts: Facts) -> timedelta:
    starts = [meeting.starts_at for meeting in facts.meetings]
    return max(starts) - min(starts)


def _hour(meeting: Meeting) -> int:
    return meeting.starts_at.astimezone(clock.LONDON).hour


def _day(meeting: Meeting) -> str:
    day: date = clock.day_of(meeting.starts_at)
    return f"{day.day} {day:%B}"


def _minutes(time: timedelta) -> str:
    return f"{round(time.total_seconds() / 60)} minutes"


def _work(names: tuple[str, ...]) -> str:
    return "works" if len(names) == 1 else "work"


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
