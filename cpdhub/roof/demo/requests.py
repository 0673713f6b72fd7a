"""What people of the demo school have asked for: one of every state, one late, one appealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from activities import requests
from activities.models import Budget, Provider, Request, Session, StandIn
from cpdhub import clock
from cpdhub.models import Priority, Reminder, School, Staff
from cpdhub.roof.demo.plans import moment

WHY = {
    "staff_will": "Use one idea in the first week and show it to my team",
    "pupils_will": "Give reasons in full sentences without being asked",
    "known_by": "A recording of six pupils before and after",
}


def ask(school: School, crew: Sequence[Staff], today: date) -> None:
    by_name = {post.email.partition("@")[0]: post for post in crew}
    leader = next(post for post in crew if "cpd_leader" in post.roles)
    head = next(post for post in crew if "head" in post.roles)
    me = by_name["teacher"]
    others = [p for p in crew if p.group == "teacher" and not p.roles and p != me]
    budget = Budget.objects.open_on(today).filter(is_hard=False).first()
    provider = Provider.objects.order_by("pk").first()
    priority = Priority.objects.live().first()

    def wish(staff: Staff, title: str, ago: int, **more: Any) -> Request:
        """Written and sent some days ago."""
        with _days_ago(today, ago):
            given = {"starts_on": _weekday(today + timedelta(days=40)), **WHY, **more}
            made = Request.objects.create(school=school, staff=staff, title=title, **given)
            requests.ask(made, by=staff)
        return made

    a = wish(me, "Conference: talk in mathematics", 3, fee=140, cover_half_days=1,
             why="I lead maths talk in Year 4 and want to hear how others keep it going.",
             provider=provider, priority=priority,
             sharing_plan="A twilight in March with the two ideas that worked")  # fmt: skip
    manager = me.line_manager or leader
    with _days_ago(today, 2):
        requests.comment(a, by=manager, words="Good moment: her class is settled until Easter.")
    wish(others[0], "Visit to a school with strong phonics", 16, cover_half_days=2,
         why="Our Year 1 check fell and I would like to see another way.",
         starts_on=_weekday(today + timedelta(days=21)))  # fmt: skip
    wish(others[1], "National qualification: leading teaching", 5, fee=950,
         why="I would like to lead a phase in two years.", cover_half_days=4,
         sharing_plan="Lead the coaching group from September",
         prerequisites="Two years of teaching; support of the head",
         has_prerequisites=True)  # fmt: skip
    waits = wish(others[2], "Drama for writing, two days", 12, fee=180, why="Boys' writing.",
                 ends_on=_weekday(today + timedelta(days=41)))  # fmt: skip
    with _days_ago(today, 8):
        requests.let_wait(waits, by=leader, until=today + timedelta(days=20),
                          words="After the mid-year look at the budget.")  # fmt: skip
    appealed = wish(others[3], "Mindfulness for teachers", 20, fee=220,
                    why="The year has been hard and I want to stay.")  # fmt: skip
    with _days_ago(today, 15):
        requests.decline(appealed, by=leader, words="It serves none of this year's priorities.")
    with _days_ago(today, 6):
        requests.appeal(appealed, by=others[3], words="It would keep me in the classroom.")
    declined = wish(others[4], "Reading launch day", 25, fee=240, why="New scheme.")
    with _days_ago(today, 22):
        requests.decline(declined, by=leader,
                         words="Priya can show you: she used it for three years.")  # fmt: skip
    approved = wish(others[5], "Autism: the classroom day", 24, fee=95, cover_half_days=2,
                    why="Two pupils join us in January.",
                    sharing_plan="Ten minutes in Monday's briefing, and my notes",
                    starts_on=_free(others[5], today + timedelta(days=30)))  # fmt: skip
    with _days_ago(today, 21):
        requests.approve(approved, by=leader, budget=_for(budget, approved), because="need")
    with _days_ago(today, 19):
        requests.book_with_provider(approved, by=others[5], reference="AUT-2291")
    changed = wish(others[6], "Choir leaders' weekend", 30, fee=160,
                   why="The choir is what many pupils come for.",
                   starts_on=_free(others[6], today + timedelta(days=35)))  # fmt: skip
    with _days_ago(today, 26):
        requests.approve(changed, by=head, budget=_for(budget, changed), because="goodwill", fee=Decimal(120),
                         change="The school pays the course, not the hotel.")  # fmt: skip
    gone = wish(others[7], "Spreadsheet skills", 18, why="Data.", fee=60)
    with _days_ago(today, 17):
        requests.withdraw(gone, by=others[7], words="A colleague showed me in ten minutes.")
    requests.nominate(
        Request(staff=by_name["ta"], title="Higher level teaching assistant", fee=400,
                why="You lead the phonics groups already.", **WHY),
        by=by_name["team"],
    )  # fmt: skip
    Request.objects.create(
        school=school, staff=me, title="Visit to a forest school", why="Still thinking.", **WHY
    )
    StandIn.objects.create(
        school=school, staff=head, stand_in=leader,
        starts_on=today + timedelta(days=50), ends_on=today + timedelta(days=57),
    )  # fmt: skip
    # What these letters would say is old news to people who open a demo.
    Reminder.objects.filter(kind=requests.REQUEST).delete()


def _for(budget: Budget | None, request: Request) -> Budget | None:
    day = request.starts_on
    return budget if budget and day and budget.covers(day) else None


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _free(staff: Staff, day: date) -> date:
    """The next weekday on which they are nowhere else."""
    taken = {clock.day_of(one.starts_at) for one in Session.objects.held().of(staff)}
    return next(
        one
        for n in range(60)
        if (one := day + timedelta(days=n)).weekday() < 5 and one not in taken
    )


@contextmanager
def _days_ago(today: date, ago: int) -> Iterator[None]:
    """What is done inside was done then: steps are never rewritten, so the clock is put back."""
    now, then = clock.now, moment(today - timedelta(days=ago), time(16, 10))
    clock.now = lambda: then
    try:
        yield
    finally:
        clock.now = now
