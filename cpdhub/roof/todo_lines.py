"""What each line of *what needs you* says: the thing, why now, and the deed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import formats

from cpdhub import clock
from cpdhub.addresses import address
from cpdhub.models import School
from cpdhub.roof.dated import Dated

DECIDE_WITHIN = timedelta(days=14)  # whoever shared a need waits for a word


@dataclass(frozen=True)
class Line:
    """One thing to do: what, why now, and the one button whose word is the deed."""

    text: str
    why: str
    deed: str
    view: str
    arguments: tuple[Any, ...] = ()
    query: str = ""
    minutes: int = 2
    is_late: bool = False

    @property
    def url(self) -> str:
        """Inside a request."""
        return address(self.view, *self.arguments) + self.query

    def link(self, school: School) -> str:
        """For letters."""
        return school.link(self.view, *self.arguments) + self.query


def day(moment: datetime) -> str:
    return formats.date_format(moment.astimezone(clock.LONDON), "l j F")


def milestone(row: Dated, today: date) -> Line:
    due = "was due" if row.on < today else "due"
    return Line(
        row.text,
        f"{row.more}: {due} {formats.date_format(row.on, 'j F')}",
        "Say where we are",
        "plan:milestone_change",
        (row.pk,),
        is_late=row.on < today,
    )


def look_again(row: Dated) -> Line:
    text, why = f"Look again at “{row.text}”", f"how we would know: {row.more}"
    return Line(text, why, "Look", "impact:what_changed", (row.pk,), minutes=5)


def audit(row: Dated) -> Line:
    """One click from the first section, which says who will read what."""
    return Line(
        f"Answer: {row.text}",
        f"{row.more}, until {formats.date_format(row.on, 'j F')}",
        "Answer",
        "needs:answer",
        (row.pk, 1),
        minutes=row.number,
    )


def policy(row: Dated) -> Line:
    return Line(
        "Read our CPD policy",
        f"version {row.text}, published {formats.date_format(row.on, 'j F')}",
        "Read",
        "plan:policy",
        minutes=3,
    )


def ask(row: Dated) -> Line:
    return Line(
        f"{row.text} asks for your help",
        f"{row.more}, since {formats.date_format(row.on, 'j F')}; “not now” is an answer too",
        "Answer",
        "activities:help",
        (row.pk,),
        minutes=1,
    )


def answered(row: Dated) -> Line:
    return Line(
        f"{row.text} has answered you", row.more, "Look", "activities:help", (row.pk,), minutes=1
    )


def requests(row: Dated, today: date) -> Line:
    """Whoever asked plans around the answer."""
    these = "1 request waits" if row.number == 1 else f"{row.number} requests wait"
    return Line(
        f"{these} for your decision",
        f"the longest since {formats.date_format(row.on, 'j F')}: {row.more}",
        "Decide",
        "activities:request_queue",
        minutes=3,
        is_late=row.on < today - DECIDE_WITHIN,
    )


def invitation(row: Dated) -> Line:
    return Line(
        f"{row.text} invites our school",
        row.more or "what we would share is yours to say",
        "Answer",
        "networks:answer",
        (row.pk,),
        minutes=10,
    )


def verify(row: Dated) -> Line:
    text = f"{row.text} asks you to verify their work"
    why = f"{row.more}, since {formats.date_format(row.on, 'j F')}"
    return Line(text, why, "Verify", "recognition:submission", (row.pk,), minutes=15)


def replied(row: Dated) -> Line:
    why = f"{row.more}: {row.text}"
    return Line(
        "Your request was answered", why, "Look", "activities:request", (row.pk,), minutes=1
    )


def unserved(priority: Any) -> Line:
    return Line(
        f"Nothing serves “{priority}” yet",
        "a live priority without an activity",
        "Plan one",
        "activities:plan",
        query=f"?priority={priority.pk}",
        minutes=3,
        is_late=True,
    )


def unmeasured(priority: Any) -> Line:
    return Line(
        f"“{priority}” has not been measured again",
        "activities are finished; what changed for pupils?"
        if priority.has_finished
        else "no reading since the baseline",
        "Add a reading",
        "plan:reading_add",
        (priority.unread,),
    )


def undecided(row: Dated, today: date) -> Line:
    """Needs that wait for a decision: behind each is somebody who waits for a word."""
    these = "1 need waits" if row.number == 1 else f"{row.number} needs wait"
    return Line(
        f"{these} for your decision",
        "colleagues shared them, or an audit showed them",
        "Decide",
        "needs:register",
        query="?status=identified",
        minutes=5,
        is_late=row.on < today - DECIDE_WITHIN,
    )


def unsaid(number: int) -> Line:
    things = "1 activity" if number == 1 else f"{number} activities"
    return Line(
        f"{things} without an intended impact",
        "nobody wrote down what should change",
        "Look",
        "activities:list",
        query="?missing=impact",
    )


def one_offs(number: int) -> Line:
    things = "1 one-off has" if number == 1 else f"{number} one-offs have"
    return Line(
        f"{things} no follow-up",
        "a single session seldom changes a classroom",
        "Look",
        "activities:list",
        query="?missing=follow_up",
    )


def none_yet(number: int) -> Line:
    these = "1 colleague has" if number == 1 else f"{number} colleagues have"
    return Line(
        f"{these} had no CPD yet this year",
        "statutory training and briefings not counted",
        "See who",
        "impact:hours",
        query="?none=1",
    )


def stale(number: int) -> Line:
    these = "1 judgement is" if number == 1 else f"{number} judgements are"
    return Line(
        f"{these} due for review",
        "the self-evaluation is a living record",
        "Review",
        "plan:self_evaluation",
        minutes=5,
    )


def old_policy() -> Line:
    return Line(
        "The CPD policy is due for review",
        "does it still say what you do?",
        "Review",
        "plan:policy",
        minutes=5,
    )


def uninvited(number: int) -> Line:
    these = "1 colleague has" if number == 1 else f"{number} colleagues have"
    return Line(
        f"{these} not been invited",
        "they cannot see their own record yet",
        "Invite",
        "staff:invite_all",
    )
