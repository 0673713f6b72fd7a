"""What people of the demo school have asked for: one of every state, one late, one appealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from activities import requests
from activities.models import Budget, Provider, Request, Session, StandIn
from cpdhub import clock
from cpdhub.models import HalfTerm, Priority, Reminder, School, Staff
from cpdhub.roof.demo.forms import days_near
from cpdhub.roof.demo.plans import moment

WHY = {
    "staff_will": "Use one idea in the first week and show it to my team",
    "pupils_will": "Give reasons in full sentences without being asked",
    "known_by": "A recording of six pupils before and after",
}


@dataclass(frozen=True)
class People:
    """Who asks, and who answers."""

    school: School
    today: date
    me: Staff
    others: list[Staff]
    leader: Staff
    head: Staff

    def asks(self, staff: Staff, title: str, ago: int, **more: Any) -> Request:
        """Written and sent some days ago."""
        with self.days_ago(ago):
            given = {"starts_on": _weekday(self.today + timedelta(days=40)), **WHY, **more}
            made = Request.objects.create(school=self.school, staff=staff, title=title, **given)
            requests.ask(made, by=staff)
        return made

    @contextmanager
    def days_ago(self, ago: int) -> Iterator[None]:
        """What is done inside was done then: steps are never rewritten, so the clock goes back."""
        now, then = clock.now, moment(self.today - timedelta(days=ago), time(16, 10))
        clock.now = lambda: then
        try:
            yield
        finally:
            clock.now = now


def ask(school: School, crew: Sequence[Staff], today: date) -> None:
    by_name = {post.email.partition("@")[0]: post for post in crew}
    me = by_name["teacher"]
    people = People(
        school, today, me,
        others=[p for p in crew if p.group == "teacher" and not p.roles and p != me],
        leader=next(post for post in crew if "cpd_leader" in post.roles),
        head=next(post for post in crew if "head" in post.roles),
    )  # fmt: skip
    budget = Budget.objects.open_on(today).filter(is_hard=False).first()
    _not_decided(people)
    _declined(people)
    _approved(people, budget)
    requests.nominate(
        Request(staff=by_name["ta"], title="Higher level teaching assistant", fee=400,
                why="You lead the phonics groups already.", **WHY),
        by=by_name["team"],
    )  # fmt: skip
    Request.objects.create(
        school=school, staff=me, title="Visit to a forest school", why="Still thinking.", **WHY
    )
    StandIn.objects.create(
        school=school, staff=people.head, stand_in=people.leader,
        starts_on=today + timedelta(days=50), ends_on=today + timedelta(days=57),
    )  # fmt: skip
    # What these letters would say is old news to people who open a demo.
    Reminder.objects.filter(kind=requests.REQUEST).delete()


def _not_decided(people: People) -> None:
    today, me, others = people.today, people.me, people.others
    talk = people.asks(
        me, "Conference: talk in mathematics", 3, fee=140, cover_half_days=1,
        why="I lead maths talk in Year 4 and want to hear how others keep it going.",
        provider=Provider.objects.order_by("pk").first(), priority=Priority.objects.live().first(),
        sharing_plan="A twilight in March with the two ideas that worked",
    )  # fmt: skip
    with people.days_ago(2):
        requests.comment(
            talk, by=me.line_manager or people.leader,
            words="Good moment: her class is settled until Easter.",
        )  # fmt: skip
    people.asks(
        others[0], "Visit to a school with strong phonics", 16, cover_half_days=2,
        why="Our Year 1 check fell and I would like to see another way.",
        starts_on=_weekday(today + timedelta(days=21)),
    )  # fmt: skip
    people.asks(
        others[1], "National qualification: leading teaching", 5, fee=950, cover_half_days=4,
        why="I would like to lead a phase in two years.",
        sharing_plan="Lead the coaching group from September",
        prerequisites="Two years of teaching; support of the head", has_prerequisites=True,
    )  # fmt: skip
    waits = people.asks(
        others[2], "Drama for writing, two days", 12, fee=180, why="Boys' writing.",
        ends_on=_weekday(today + timedelta(days=41)),
    )  # fmt: skip
    with people.days_ago(8):
        requests.let_wait(
            waits, by=people.leader, until=today + timedelta(days=20),
            words="After the mid-year look at the budget.",
        )  # fmt: skip
    gone = people.asks(others[7], "Spreadsheet skills", 18, why="Data.", fee=60)
    with people.days_ago(17):
        requests.withdraw(gone, by=others[7], words="A colleague showed me in ten minutes.")


def _declined(people: People) -> None:
    leader, others = people.leader, people.others
    appealed = people.asks(
        others[3], "Mindfulness for teachers", 20, fee=220,
        why="The year has been hard and I want to stay.",
    )  # fmt: skip
    with people.days_ago(15):
        requests.decline(appealed, by=leader, words="It serves none of this year's priorities.")
    with people.days_ago(6):
        requests.appeal(appealed, by=others[3], words="It would keep me in the classroom.")
    declined = people.asks(others[4], "Reading launch day", 25, fee=240, why="New scheme.")
    with people.days_ago(22):
        words = "Priya can show you: she used it for three years."
        requests.decline(declined, by=leader, words=words)


def _approved(people: People, budget: Budget | None) -> None:
    today, others = people.today, people.others
    approved = people.asks(
        others[5], "Autism: the classroom day", 24, fee=95, cover_half_days=2,
        why="Two pupils join us in January.",
        sharing_plan="Ten minutes in Monday's briefing, and my notes",
        starts_on=_free(others[5], today + timedelta(days=30)),
    )  # fmt: skip
    with people.days_ago(21):
        requests.approve(
            approved, by=people.leader, budget=_for(budget, approved), because="need"
        )  # fmt: skip
    with people.days_ago(19):
        requests.book_with_provider(approved, by=others[5], reference="AUT-2291")
    changed = people.asks(
        others[6], "Choir leaders' weekend", 30, fee=160,
        why="The choir is what many pupils come for.",
        starts_on=_free(others[6], today + timedelta(days=35)),
    )  # fmt: skip
    with people.days_ago(26):
        requests.approve(
            changed, by=people.head, budget=_for(budget, changed), because="goodwill",
            fee=Decimal(120), change="The school pays the course, not the hotel.",
        )  # fmt: skip


def _for(budget: Budget | None, request: Request) -> Budget | None:
    day = request.starts_on
    return budget if budget and day and budget.covers(day) else None


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _free(staff: Staff, day: date) -> date:
    """The school day nearest to this, and to come, on which they are nowhere else."""
    taken = {clock.day_of(one.starts_at) for one in Session.objects.held().of(staff)}
    near = days_near(list(HalfTerm.objects.all()), day)
    return next(one for one in near if one > clock.today() and one not in taken)
