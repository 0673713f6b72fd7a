"""Which types of activity would meet a need, and why: by where people are and how many they are.

The reasons are what the reviews of CPD have in common (EEF 2021; EPPI 2003 to 2005): see it
modelled first, then rehearse it with feedback, then keep it going and pass it on; learning
together and over time beats a single day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from activities.models import Activity, Session
from activities.models.session import WHOLE_LENGTH
from audits.models import Need

HOW_MANY = 3
ENOUGH = 3  # past activities of a type, before its own figures say more than a plain guess
NOT_YET, A_LITTLE, FAIRLY = 1, 2, 3
NOW, YEAR, LONG = Need.Horizon.NOW, Need.Horizon.YEAR, Need.Horizon.LONG
EVERYBODY = 10_000


@dataclass(frozen=True)
class Option:
    """A type of the shipped menu and when it fits; hours a person and fees are plain guesses."""

    code: str
    stage: int
    why: str
    hours: float
    least: int = 1
    most: int = EVERYBODY
    is_practice: bool = True
    is_knowledge: bool = False
    horizons: tuple[str, ...] = (NOW, YEAR, LONG)
    cost: int = 0


# Of a stage, those that fit best stand first.
OPTIONS = (
    # Not yet: see how it is done, in small steps, before anybody tries it.
    Option("coaching", NOT_YET, "One person can be shown it step by step, try it the same week and"
           " hear what happened.", 4, most=3, horizons=(YEAR, LONG)),
    Option("observing", NOT_YET, "Seeing a colleague do it with pupils like theirs says more than"
           " being told.", 1.5, most=12, horizons=(NOW, YEAR)),
    Option("talking", NOT_YET, "A first conversation with somebody who does it costs little and"
           " shows what to learn first.", 0.5, most=5, is_knowledge=True, horizons=(NOW,)),
    Option("team-teaching", NOT_YET, "Two in the room: one models it, the other joins in and takes"
           " over.", 3, least=2, most=8, horizons=(YEAR, LONG)),
    Option("staff-meeting", NOT_YET, "Enough people for one session that shows the steps; plan the"
           " next one to hear how it went.", 2.5, least=6, is_knowledge=True,
           horizons=(NOW, YEAR)),
    Option("blended-programme", NOT_YET, "Sessions with tasks between them give many people time"
           " to try, not only to listen.", 8, least=4, is_knowledge=True, horizons=(LONG,),
           cost=600),
    Option("training-day", NOT_YET, "So many start from nothing that a day for all is fair; it"
           " changes little without sessions after it.", 6, least=20, horizons=(YEAR, LONG)),
    Option("planning-together", NOT_YET, "Planning one lesson with it together turns an idea into"
           " a first try.", 1.5, least=2, horizons=(NOW, YEAR, LONG)),
    Option("reading", NOT_YET, "A short text everybody reads gives the same words to talk with.",
           1, is_practice=False, is_knowledge=True),
    Option("self-study", NOT_YET, "Each starts from what they know and goes at their own pace.",
           3, is_practice=False, is_knowledge=True),
    Option("adviser", NOT_YET, "Nobody has to guess when somebody who knows the subject explains"
           " it.", 2, is_practice=False, is_knowledge=True, horizons=(YEAR, LONG), cost=300),
    # A little: rehearse it, and hear from somebody who saw it.
    Option("coaching", A_LITTLE, "They have begun: small steps, rehearsed and talked about, make"
           " it work.", 4, most=6, horizons=(YEAR, LONG)),
    Option("discussing-a-lesson", A_LITTLE, "Talking through one lesson finds the next small step"
           " quickly.", 1, most=8, horizons=(NOW, YEAR)),
    Option("planning-together", A_LITTLE, "Those who plan and compare together keep trying; alone"
           " most people stop.", 2, least=2, is_knowledge=True),
    Option("observing", A_LITTLE, "Now they know what to look for, an hour in another room answers"
           " real questions.", 1.5, most=12, horizons=(NOW, YEAR)),
    Option("staff-meeting", A_LITTLE, "Three short meetings with a try in class between them: what"
           " worked, for whom, what next.", 3, least=6, is_knowledge=True,
           horizons=(NOW, YEAR)),
    Option("action-research", A_LITTLE, "A group that tries it, looks at pupils and meets again"
           " makes it last.", 6, least=3, horizons=(LONG,)),
    Option("trying-out", A_LITTLE, "One change, in one class, for three weeks is the cheapest way"
           " to find out.", 1, horizons=(NOW, YEAR, LONG)),
    Option("talking", A_LITTLE, "The questions that are left are answered quickest by somebody who"
           " knows.", 0.5, most=5, is_practice=False, is_knowledge=True),
    Option("video", A_LITTLE, "Explanations they can stop and go back to fill the gaps each of"
           " them has.", 1.5, is_practice=False, is_knowledge=True, horizons=(NOW, YEAR)),
    Option("network", A_LITTLE, "People who teach the same elsewhere have met the same"
           " questions.", 3, is_practice=False, is_knowledge=True, horizons=(YEAR, LONG)),
    # Fairly or very: keep it going, look harder, pass it on.
    Option("training-others", FAIRLY, "They can help those who have not begun; explaining it"
           " strengthens it too.", 3, most=6, is_knowledge=True),
    Option("action-research", FAIRLY, "They are ready to ask for whom it works, and to look at"
           " pupils to find out.", 6, least=3, horizons=(YEAR, LONG)),
    Option("observing-learners", FAIRLY, "Watching three pupils closely shows what is still"
           " missing better than another course.", 1.5, horizons=(NOW, YEAR)),
    Option("school-visit", FAIRLY, "Seeing it where it is further on gives those who do it well"
           " somewhere to go.", 5, most=6, is_knowledge=True, horizons=(YEAR, LONG), cost=150),
    Option("trying-out", FAIRLY, "The next change is theirs to choose: one class, three weeks,"
           " then tell somebody.", 1),
    Option("discussing-a-lesson", FAIRLY, "A colleague’s questions keep it from sliding back.", 1),
    Option("network", FAIRLY, "Others who know it well are outside the school.", 3,
           is_practice=False, is_knowledge=True),
    Option("qualification", FAIRLY, "A course to a qualification takes those further who will"
           " lead it.", 30, most=2, is_practice=False, is_knowledge=True, horizons=(LONG,),
           cost=800),
    Option("planning-together", FAIRLY, "What each of them knows, put into one plan, stays in the"
           " school.", 2, least=2, is_practice=False, is_knowledge=True),
    Option("reading", FAIRLY, "What research says in detail is worth their time now.", 1.5,
           is_practice=False, is_knowledge=True),
)  # fmt: skip


def stage_of(level: int | None) -> int:
    """Four words of confidence, three groups: where it was not said, begin at the beginning."""
    return min(level or NOT_YET, FAIRLY)


def suggest(
    *, stage: int, people: int, horizon: str = YEAR, for_knowledge: bool = False
) -> list[Option]:
    """Three types for so many people at this stage; what fits how soon it is wanted comes first."""
    fit = [
        option
        for option in OPTIONS
        if option.stage == stage
        and option.least <= max(people, 1) <= option.most
        and (option.is_knowledge if for_knowledge else option.is_practice)
    ]
    return sorted(fit, key=lambda option: horizon not in option.horizons)[:HOW_MANY]


@dataclass(frozen=True)
class Usual:
    """What a type takes: hours a person and fees, from how many of the school's own."""

    hours: float
    cost: Decimal
    from_own: int = 0


def usual(options: Iterable[Option]) -> dict[Option, Usual]:
    """The median of the school's own past activities of each type; a guess where they are few."""
    options = list(options)
    own: dict[str, list[tuple[timedelta, Decimal]]] = {}
    for code, time, cost in past_of({option.code for option in options}):
        own.setdefault(code, []).append((time, cost or Decimal(0)))
    found = {}
    for option in options:
        rows = own.get(option.code, [])
        if len(rows) < ENOUGH:
            found[option] = Usual(option.hours, Decimal(option.cost))
            continue
        hours = median(time.total_seconds() / 3600 for time, _ in rows)
        found[option] = Usual(hours, Decimal(median(cost for _, cost in rows)), len(rows))
    return found


def past_of(codes: set[str]) -> Any:
    """Finished ones of these types: code, how long all sessions were, cost."""
    held = Session.objects.filter(activity=OuterRef("pk"), cancelled_at=None).order_by()
    total = held.values("activity").annotate(total=Sum(WHOLE_LENGTH)).values("total")
    return (
        Activity.objects.of_school()
        .finished()
        .filter(type__code__in=codes)
        .order_by()
        .annotate(time=Subquery(total))
        .exclude(time=None)
        .values_list("type__code", "time", Coalesce("cost", "expected_cost"))
    )
