"""What the demo school needs for its priorities, and which of its activities answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from activities.models import Activity, ActivityNeed
from activities.models.links import follow_activities
from audits.models import Need, NeedSource, Topic
from cpdhub.models import Priority, School, Staff
from cpdhub.permissions import Role

Whom, Status = Need.Whom, Need.Status
KNOWN_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Wanted:
    """A need to be made. `of` is the number of a colleague, or a colleague of the team meant."""

    title: str
    whom: str
    priority: str = ""
    answers: tuple[str, ...] = ()
    of: int | None = None
    group: str = ""
    pupils: str = ""
    balance: str = Need.Balance.SCHOOL
    horizon: str = Need.Horizon.YEAR
    status: str = Status.AGREED
    met: bool = False


QUESTIONS, READING, WORDS = (
    "Pupils explain their reasoning in maths",
    "Reading for pleasure in Years 3 and 4",
    "Pupils with few words at home gain them at school",
)
OAKFIELD = (
    Wanted("Ask the questions that make pupils explain", Whom.SCHOOL, QUESTIONS, ("Questions that make pupils think", "Fluency: modelling talk"), pupils="Years 3 to 6"),
    Wanted("Use sentence stems the same way in every room", Whom.GROUP, QUESTIONS, ("INSET: talk for reasoning",), group="teacher", pupils="Years 3 to 6", met=True),
    Wanted("Lead talk about maths in a small group", Whom.GROUP, QUESTIONS, group="assistant", pupils="Years 3 to 6"),
    Wanted("Read aloud so that pupils want the next chapter", Whom.TEAM, READING, ("Reading aloud and book talk",), of=3, pupils="Years 3 and 4", balance=Need.Balance.TEAM),
    Wanted("Know enough new children’s books to recommend one", Whom.TEAM, READING, ("Choosing books with children", "School library association conference"), of=3, balance=Need.Balance.TEAM),
    Wanted("Teach the words of a topic before it begins", Whom.SCHOOL, WORDS, pupils="Pupils eligible for free meals", horizon=Need.Horizon.LONG, status=Status.IDENTIFIED),
    Wanted("Every first aider’s certificate is in date", Whom.GROUP, "", ("First aid at work, refresher",), group="support", balance=Need.Balance.NATIONAL, horizon=Need.Horizon.NOW),
)  # fmt: skip
# Like needs of one topic, at different levels: now, wanted.
WAITING = "Wait after a question, and follow the answer up"
LEVELS = ((2, 1, 3), (3, 2, 4), (5, 1, 3), (8, 1, 2), (10, 2, 4), (12, 3, 4), (14, 1, 3), (16, 4, None))  # fmt: skip
COACHED, MET = (2, 3), 3


def need(school: School, crew: list[Staff], *, today: date) -> None:
    """Some met, some under way, some with nothing planned: the first link, whole and broken."""
    staff = [post for post in crew if post.group]
    leader = next(post for post in crew if Role.CPD_LEADER in post.roles)
    same: dict[str, Any] = {
        "school": school, "written_by": leader, "identified_on": today - KNOWN_FOR,
    }  # fmt: skip
    met = [made for wanted in OAKFIELD if (made := _make(wanted, staff, same)) and wanted.met]
    topic = Topic.named(WAITING, school_id=school.pk)
    for number, now, then in LEVELS:
        own = Need.objects.create(
            title=WAITING, whom=Whom.PERSON, staff=staff[number], topic=topic, level_now=now,
            level_wanted=then, balance=Need.Balance.INDIVIDUAL, status=Status.AGREED, **same,
        )  # fmt: skip
        NeedSource.objects.create(school=school, need=own, kind=NeedSource.Kind.OWN)
        if number in COACHED:
            _answer(own, "Coaching: Priya and Tom")
        if number == MET:
            met.append(own)
    follow_activities(Need.objects.all())
    for one in met:
        one.refresh_from_db()
        one.say_met(today=today - timedelta(days=5))


def _make(wanted: Wanted, staff: list[Staff], same: dict[str, Any]) -> Need:
    made = Need.objects.create(
        title=wanted.title, whom=wanted.whom, group=wanted.group, pupils=wanted.pupils,
        balance=wanted.balance, horizon=wanted.horizon, status=wanted.status,
        team=None if wanted.of is None else staff[wanted.of].team, **same,
    )  # fmt: skip
    # The newest of a name: plans of last year may have had the same aim.
    if priority := Priority.objects.filter(title=wanted.priority).order_by("-pk").first():
        NeedSource.objects.create(
            school=same["school"], need=made, kind=NeedSource.Kind.PRIORITY, priority=priority
        )
    for title in wanted.answers:
        _answer(made, title)
    return made


def _answer(need: Need, title: str) -> None:
    """This year's activity of that title, the last one made, where there is one."""
    if activity := Activity.objects.filter(title=title).order_by("-pk").first():
        ActivityNeed.objects.create(school_id=need.school_id, activity=activity, need=need)
