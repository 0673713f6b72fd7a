"""What is typed into the forms that are sent most, as (arguments of the address, data)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from activities.models import Activity, Session
from audits.models import Round
from bench import audits
from cpdhub import clock
from cpdhub.models import Staff
from evaluation.models import Reflection, Sharing

Filled = tuple[tuple[int, ...], dict[str, Any]]


def own_learning(staff: Staff) -> Filled:
    """A book, this week."""
    type_ = Activity.objects.filter(is_own_learning=True).values_list("type", flat=True)[0]
    day = clock.today() - timedelta(days=1)
    return (), {"title": "A chapter", "type": type_, "on": day.isoformat(), "hours": "1"}


def reflection(staff: Staff) -> Filled:
    """About an activity they have not written about yet, for everyone to read."""
    written = Reflection.objects.owned_by(staff).exclude(activity=None).values("activity")
    activity = (
        Activity.objects.visible_to(staff)
        .happening()
        .filter(is_own_learning=False)
        .exclude(pk__in=written)
        .latest("pk")
    )
    everyone = Sharing.open_to(staff, today=clock.today())[-1]
    return (activity.pk,), {
        "will_try": "Two open questions in each lesson",
        "learned": "Waiting three seconds changes who answers",
        "revision": 1,
        "who": everyone.key,
    }


def register(staff: Staff) -> Filled:
    """Everyone was there, at a session whose register is due."""
    session = Session.objects.without_register(now=clock.now()).latest("starts_at")
    people = list(session.activity.participations.values_list("staff", flat=True))
    return (session.pk,), {"listed": people, "present": people}


def section(staff: Staff) -> Filled:
    """Ten statements of a large audit."""
    round_ = Round.objects.get(title=audits.OPEN)
    first = round_.instrument.with_questions()[0]
    answers = {f"q{question.pk}": 3 for question in first.questions.all()}
    return (round_.pk, 1), answers | {"revision": 1}
