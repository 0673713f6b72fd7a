"""Two years of what people in the demo schools did to learn."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from activities.models import (
    Activity,
    ActivityPriority,
    Attendance,
    Cost,
    IntendedImpact,
    Participation,
    Session,
)
from cpdhub.models import AcademicYear, FrameworkItem, HalfTerm, Priority, School, Staff
from cpdhub.roof.demo.plans import moment

State, Kind = Activity.State, Activity.Kind
INSET, TWILIGHT, BEFORE_SCHOOL = (time(9), 6.0), (time(15, 45), 1.25), (time(8, 10), 0.75)
DAY_OUT, LUNCH, LESSON = (time(9, 30), 5.5), (time(12, 20), 0.5), (time(10), 1.0)


@dataclass
class Course:
    """One activity to be made, the same way each year it comes."""

    title: str
    type: str
    who: Callable[[Crew], list[Staff]]
    at: list[float]  # shares of the school days of the year
    slot: tuple[time, float]
    serves: list[str] = field(default_factory=list)
    kind: str = Kind.DIRECT
    cost: int | None = None
    place: str = "Hall"
    outside: str = ""
    years: tuple[int, ...] = (-2, -1, 0)
    compulsory: bool = False
    logged: bool = False
    impact: tuple[str, str, str] | None = (
        "Try one thing from it in the next fortnight and tell a colleague",
        "Join in more and say what they learned",
        "A short look in three classrooms",
    )


@dataclass
class Crew:
    """The people of a school, and how to pick some of them the same way every time."""

    everyone: list[Staff]
    chance: random.Random

    def __post_init__(self) -> None:
        self.staff = [post for post in self.everyone if post.group]
        self.teachers = [post for post in self.staff if post.group == Staff.Group.TEACHER]
        self.assistants = [post for post in self.staff if post.group == Staff.Group.ASSISTANT]
        self.support = [post for post in self.staff if post.group == Staff.Group.SUPPORT]

    def some(self, people: list[Staff], count: int) -> list[Staff]:
        return self.chance.sample(people, min(count, len(people)))

    def team_of(self, number: int) -> list[Staff]:
        """Priya and Dawn's team first; then whoever shares the post's team."""
        post = self.staff[number]
        return [other for other in self.staff if other.team_id == post.team_id]


def everyone(crew: Crew) -> list[Staff]:
    return crew.staff


def classroom(crew: Crew) -> list[Staff]:
    """Teachers, and the assistants who are in on that day."""
    return crew.teachers + crew.some(crew.assistants, len(crew.assistants) * 2 // 3)


def teachers(crew: Crew) -> list[Staff]:
    return crew.teachers


def some_assistants(crew: Crew) -> list[Staff]:
    return sorted(
        {crew.assistants[0], *crew.some(crew.assistants[:9], 7)}, key=lambda post: post.pk
    )


def pick(count: int, group: str = "teachers") -> Callable[[Crew], list[Staff]]:
    return lambda crew: crew.some(getattr(crew, group), count)


def named(*numbers: int) -> Callable[[Crew], list[Staff]]:
    return lambda crew: [crew.staff[number] for number in numbers]


def team(number: int) -> Callable[[Crew], list[Staff]]:
    return lambda crew: crew.team_of(number)


STEMS = ("Give pupils sentence stems and wait three seconds", "Give a reason in a full sentence", "Ten pupils a year group asked the same question each half-term")  # fmt: skip
BOOKS = ("Read aloud for ten minutes a day and talk about books", "Choose books and take them home", "The reading-at-home question asked each term")  # fmt: skip

OAKFIELD: list[Course] = [
    Course("Safeguarding update", "training-day", everyone, [0.0], INSET, kind=Kind.STATUTORY, compulsory=True),
    Course("INSET: the year's priorities", "training-day", classroom, [0.006], INSET, ["phonics", "routines", "writing", "fluency", "reasoning"], compulsory=True, impact=STEMS),
    Course("INSET: talk for reasoning", "training-day", teachers, [0.235], INSET, ["writing", "reasoning"], compulsory=True, impact=STEMS, cost=900, outside="Mathematics hub"),
    Course("INSET: moderation and planning", "training-day", teachers, [0.56], INSET, ["writing", "fluency"], compulsory=True),
    Course("First aid at work, refresher", "qualification", pick(6, "support"), [0.3], DAY_OUT, kind=Kind.STATUTORY, cost=540, outside="Training provider", place="Training room"),
    Course("Fluency: modelling talk", "staff-meeting", teachers, [0.04, 0.09, 0.14], TWILIGHT, ["phonics", "fluency", "reasoning"], compulsory=True, impact=STEMS),
    Course("Questions that make pupils think", "staff-meeting", teachers, [0.17, 0.215], TWILIGHT, ["writing", "reasoning"], compulsory=True, impact=STEMS, years=(-1, 0)),
    Course("Reading aloud and book talk", "staff-meeting", team(3), [0.05, 0.1], TWILIGHT, ["reading"], years=(0,), impact=BOOKS),
    Course("Choosing books with children", "planning-together", team(3), [0.13], TWILIGHT, ["reading"], years=(0,), impact=BOOKS, place="Library"),
    Course("Author visit: how writers choose words", "one-day-event", team(3), [0.16], LESSON, ["reading"], years=(0,), cost=450, outside="Visiting author", impact=BOOKS),
    Course("School library association conference", "conference", named(2), [0.11], DAY_OUT, ["reading"], years=(0,), cost=220, place="Leeds", impact=BOOKS),
    Course("Phonics clinic for TAs", "training-others", some_assistants, [0.08, 0.2, 0.34, 0.5, 0.68, 0.85], BEFORE_SCHOOL, ["phonics"], place="Year 1 room"),
    Course("Maths trio: Year 5", "team-teaching", pick(3), [0.06, 0.12, 0.18, 0.26], LESSON, ["fluency", "reasoning"], impact=STEMS, place="Room 12"),
    Course("Coaching: Priya and Tom", "coaching", named(3, 2), [0.07, 0.11, 0.15, 0.19, 0.24, 0.3], LUNCH, ["writing", "reasoning"], place="Room 7", impact=STEMS),
    Course("Coaching: early career teachers", "coaching", pick(4), [0.05, 0.15, 0.25, 0.4, 0.55, 0.7], LUNCH, place="Staff room"),
    Course("Lesson study: Year 3 number", "action-research", pick(4), [0.32, 0.36, 0.4], LESSON, ["fluency"], years=(-2, -1)),
    Course("NPQ Leading Literacy", "qualification", named(2), [0.1, 0.22, 0.38, 0.52, 0.7], DAY_OUT, ["writing", "reading"], years=(-1, 0), cost=0, place="Teaching school hub", impact=BOOKS),
    Course("Writing moderation with three schools", "network", pick(5), [0.42, 0.78], TWILIGHT, ["writing"], place="St Anne's Primary", years=(-2, -1)),
    Course("Visit: reasoning in a maths hub school", "school-visit", pick(4), [0.16], DAY_OUT, ["reasoning"], years=(0,), cost=380, place="Hillside Primary", impact=STEMS),
    Course("Forest school taster", "one-day-event", pick(2), [0.18], DAY_OUT, years=(0,), cost=190, outside="Forest school trainer", place="Woodland centre", impact=None, logged=True),
    Course("Assessment arrangements", "staff-meeting", teachers, [0.1, 0.6], TWILIGHT, kind=Kind.INDIRECT, compulsory=True),
    Course("Phones, visitors and first impressions", "talking", pick(3, "support"), [0.44], LUNCH, years=(-2, -1), place="Office"),
    Course("Emotion coaching", "blended-programme", pick(9, "assistants"), [0.3, 0.37, 0.45], TWILIGHT, ["routines"], years=(-2, -1), cost=600, outside="Educational psychologist"),
    Course("Supporting autistic pupils", "adviser", pick(6, "assistants"), [0.21], TWILIGHT, years=(-1, 0), cost=260, outside="Outreach service", logged=True, impact=None),
    Course("Emerging bilingual learners", "conference", pick(1), [0.48], DAY_OUT, years=(-2, -1), cost=240, place="Birmingham"),
    Course("Retrieval practice: what the research says", "staff-meeting", teachers, [0.27, 0.31], TWILIGHT, ["reasoning", "writing"], years=(-1, 0)),
    Course("Word-rich classrooms", "staff-meeting", teachers, [0.33, 0.39], TWILIGHT, years=(-2, -1)),
    Course("The first two minutes of a lesson", "planning-together", teachers, [0.02, 0.05, 0.08], BEFORE_SCHOOL, ["starts"], years=(0,), impact=("Plan the first two minutes of every lesson", "Begin to think at once", "Two minutes in every room, in September and November")),
]  # fmt: skip
RIVERSIDE: list[Course] = [
    Course("Safeguarding update", "training-day", everyone, [0.0], INSET, kind=Kind.STATUTORY, compulsory=True),
    Course("INSET: reading in every subject", "training-day", classroom, [0.006], INSET, ["homework", "questioning", "literacy"], compulsory=True),
    Course("INSET: feedback pupils act on", "training-day", teachers, [0.235], INSET, ["questioning", "feedback"], compulsory=True, cost=1400, outside="University partner"),
    *[Course(f"Department meeting: {name}", "staff-meeting", team(number), [0.05, 0.12, 0.19, 0.3, 0.45], TWILIGHT, ["questioning", "literacy"]) for name, number in (("English", 3), ("Mathematics", 15), ("Science", 27), ("Humanities", 39))],
    Course("Exam board standardisation", "one-day-event", pick(3), [0.2], DAY_OUT, cost=690, outside="Exam board", place="Manchester"),
    Course("Coaching for new teachers", "coaching", pick(6), [0.06, 0.14, 0.22, 0.35], LUNCH, ["questioning", "feedback"]),
    Course("Technicians' network", "network", pick(4, "support"), [0.4], DAY_OUT, years=(-2, -1), place="College"),
    Course("Reading interventions", "blended-programme", pick(9, "assistants"), [0.08, 0.16, 0.24], TWILIGHT, ["literacy"], cost=700, outside="Literacy trainer"),
    Course("First aid at work, refresher", "qualification", pick(6, "support"), [0.3], DAY_OUT, kind=Kind.STATUTORY, cost=540),
]  # fmt: skip

OWN = (
    ("Read about sentence stems", "reading", 1.0), ("Webinar on early vocabulary", "video", 1.0),
    ("Subject association journal", "reading", 0.75), ("Podcast on retrieval practice", "self-study", 0.75),
    ("Kept a diary of questions I asked", "learning-log", 0.5), ("Time to rethink my planning", "thinking-time", 1.0),
    ("Online course on autism, module 1", "self-study", 2.0), ("Saturday conference", "conference", 5.0),
)  # fmt: skip


class Diary:
    """Collects a school's activities and writes them at once."""

    def __init__(self, school: School, crew: Crew, now: datetime) -> None:
        self.school, self.crew, self.now = school, crew, now
        self.types = {
            item.code: item for item in FrameworkItem.objects.filter(framework__code="cpd-menu")
        }
        self.planner = next(post for post in crew.everyone if "cpd_leader" in post.roles)
        self.states: dict[str, list[Activity]] = {}
        self.impacts: list[IntendedImpact] = []
        self.sessions: list[Session] = []
        self.participations: list[Participation] = []
        self.attendances: list[Attendance] = []
        self.served: list[ActivityPriority] = []
        self.costs: list[Cost] = []
        self.people_of: dict[int, list[Staff]] = {}

    def enter(
        self, course: Course, year: AcademicYear, days: list[date], priorities: dict[str, Priority]
    ) -> None:
        people = course.who(self.crew)
        starts = [
            moment(days[min(int(share * len(days)), len(days) - 1)], course.slot[0])
            for share in course.at
        ]
        state = self._state(starts)
        if course.logged and state == State.PLANNED:
            return
        activity = self._activity(course, people, state)
        self.states.setdefault(state, []).append(activity)
        if course.cost is not None:
            is_in = year.ends_on < self.now.date() or state == State.FINISHED
            self.costs.append(
                Cost(
                    school=self.school, activity=activity, falls_on=starts[0].date(),
                    expected=course.cost, actual=Decimal(course.cost) if is_in else None,
                )
            )  # fmt: skip
        if course.impact and not course.logged and course.kind == Kind.DIRECT:
            self._intend(activity, course.impact, starts[-1])
        self._attend(activity, people, starts, course)
        self.served += [
            ActivityPriority(school=self.school, activity=activity, priority=priorities[key])
            for key in course.serves
            if key in priorities and priorities[key].state != Priority.State.DRAFT
        ]

    def _state(self, starts: list[datetime]) -> str:
        if starts[0] > self.now:
            return State.PLANNED
        return State.UNDER_WAY if starts[-1] > self.now else State.FINISHED

    def _activity(self, course: Course, people: list[Staff], state: str) -> Activity:
        return Activity.objects.create(
            school=self.school, type=self.types[course.type], title=course.title,
            owner=self.planner, lead=None if course.outside else people[0], led_by=course.outside,
            kind=course.kind, is_compulsory=course.compulsory, was_logged=course.logged,
            audience="",
        )  # fmt: skip

    def _intend(self, activity: Activity, words: tuple[str, str, str], last: datetime) -> None:
        staff_will, pupils_will, known_by = words
        self.impacts.append(
            IntendedImpact(
                school=self.school, activity=activity, staff_will=staff_will,
                pupils_will=pupils_will, known_by=known_by,
                look_again_on=last.date() + timedelta(days=42),
            )
        )  # fmt: skip

    def _attend(
        self, activity: Activity, people: list[Staff], starts: list[datetime], course: Course
    ) -> None:
        self.people_of[activity.pk] = people
        self.participations += [
            Participation(school=self.school, activity=activity, staff=post) for post in people
        ]
        for start in starts:
            session = Session(
                school=self.school, activity=activity, starts_at=start, place=course.place,
                ends_at=start + timedelta(hours=course.slot[1]),
            )  # fmt: skip
            if session.ends_at < self.now:
                session.register_taken_at = session.ends_at + timedelta(minutes=10)
                session.register_taken_by = activity.lead or self.planner
                self.attendances += [
                    Attendance(
                        school=self.school,
                        session=session,
                        staff=post,
                        was_present=self.crew.chance.random() < 0.93,
                    )
                    for post in people
                ]
            self.sessions.append(session)

    def own_learning(self, days: list[date]) -> None:
        """What people did by themselves: many a little, some nothing."""
        chance = self.crew.chance
        past = [day for day in days if day < self.now.date()]
        for post in self.crew.staff:
            eager = {"teacher": 0.55, "assistant": 0.2, "support": 0.1}[post.group]
            for title, type_code, hours in chance.sample(
                OWN, 2 if past and chance.random() < eager else 0
            ):
                start = moment(chance.choice(past), time(17))
                activity = Activity.objects.create(
                    school=self.school, type=self.types[type_code], title=title, owner=post,
                    is_own_learning=True, is_own_time=chance.random() < 0.6, was_logged=True,
                )  # fmt: skip
                self.states.setdefault(State.FINISHED, []).append(activity)
                session = Session(
                    school=self.school, activity=activity, starts_at=start,
                    ends_at=start + timedelta(hours=hours), register_taken_at=start, register_taken_by=post,
                )  # fmt: skip
                self.sessions.append(session)
                self.participations.append(
                    Participation(school=self.school, activity=activity, staff=post)
                )
                self.attendances.append(
                    Attendance(school=self.school, session=session, staff=post, was_present=True)
                )

    def forget_registers(self) -> None:
        """Nobody has said who was at the last two sessions, whatever day it is today."""
        held = [
            session
            for session in self.sessions
            if session.register_taken_at
            and not (session.activity.was_logged or session.activity.is_own_learning)
        ]
        for session in sorted(held, key=lambda session: session.starts_at)[-2:]:
            session.register_taken_at = session.register_taken_by = None
            self.attendances = [row for row in self.attendances if row.session is not session]
            finished = self.states[State.FINISHED]
            if session.activity in finished:
                finished.remove(session.activity)
                self.states.setdefault(State.UNDER_WAY, []).append(session.activity)

    def write(self) -> None:
        IntendedImpact.objects.bulk_create(self.impacts)
        Session.objects.bulk_create(self.sessions)
        Participation.objects.bulk_create(self.participations)
        Attendance.objects.bulk_create(self.attendances, batch_size=2000)
        ActivityPriority.objects.bulk_create(self.served)
        Cost.objects.bulk_create(self.costs)
        for state, activities in self.states.items():
            Activity.objects.filter(pk__in=[activity.pk for activity in activities]).update(
                state=state
            )


def school_days(year: AcademicYear) -> list[date]:
    """The weekdays inside the half-terms of a year."""
    return [
        term.starts_on + timedelta(days=offset)
        for term in HalfTerm.objects.filter(year=year)
        for offset in range((term.ends_on - term.starts_on).days + 1)
        if (term.starts_on + timedelta(days=offset)).weekday() < 5
    ]
