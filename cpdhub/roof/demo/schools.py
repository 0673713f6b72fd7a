"""The demo schools, put together: two large ones, four small ones, and their network."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from activities.models import Activity
from cpdhub import clock
from cpdhub.models import Establishment, School, Staff, User
from cpdhub.roof.demo import (
    answered,
    audits,
    calendar,
    changes,
    designs,
    forms,
    helping,
    judged,
    learning,
    menu,
    money,
    needs,
    neighbours,
    networked,
    pairs,
    people,
    places,
    plans,
    policy,
    portfolios,
    promised,
    pupils,
    qualified,
    recognised,
    requests,
    staffroom,
    voices,
    watching,
)
from cpdhub.walls import installation_scope, school_scope
from cpdhub.years import add_year, first_year_of

PASSWORD = "oakfield-demo"  # the trial's, printed at start and in the README


@dataclass(frozen=True)
class DemoSchool:
    name: str
    slug: str
    urn: str
    dfe_number: str
    phase: str
    domain: str
    people: list[people.Person]
    others: Sequence[tuple[int, str, str, str]]
    teams: list[str]
    aims: dict[int, list[plans.Aim]]
    courses: list[learning.Course]


OAKFIELD = DemoSchool(
    "Oakfield Primary", "oakfield-primary", "990001", "9902001", School.Phase.PRIMARY,
    "oakfield.example", people.OAKFIELD, people.OAKFIELD_OTHERS, people.OAKFIELD_TEAMS,
    plans.OAKFIELD_AIMS, learning.OAKFIELD,
)  # fmt: skip
RIVERSIDE = DemoSchool(
    "Riverside Secondary", "riverside-secondary", "990002", "9904002", School.Phase.SECONDARY,
    "riverside.example", people.RIVERSIDE, people.RIVERSIDE_OTHERS, people.RIVERSIDE_TEAMS,
    plans.RIVERSIDE_AIMS, learning.RIVERSIDE,
)  # fmt: skip
NEIGHBOURS = [
    DemoSchool(
        name, slug, urn, number, phase, domain, neighbours.crew(head, leader), neighbours.OTHERS,
        neighbours.TEAMS, neighbours.aims(place), neighbours.COURSES,
    )
    for place, (name, slug, urn, number, phase, domain, head, leader) in enumerate(
        neighbours.SCHOOLS
    )
]  # fmt: skip


@transaction.atomic
def seed() -> None:
    """All schools and the administrator; the same people and stories every time."""
    password = make_password(PASSWORD)
    User.objects.get_or_create(
        email="admin@hub.example", defaults={"password": password, "is_administrator": True}
    )
    now = clock.now()
    schools = {
        demo.slug: _found(demo, password, now) for demo in (OAKFIELD, RIVERSIDE, *NEIGHBOURS)
    }
    networked.connect(schools, now=now, today=clock.today())


def is_seeded() -> bool:
    return School.objects.filter(slug=OAKFIELD.slug).exists()


def _found(demo: DemoSchool, password: str, now: datetime) -> School:
    chance = random.Random(demo.slug)  # the same story every time
    with installation_scope():
        school = School.objects.create(
            name=demo.name, slug=demo.slug, urn=demo.urn, dfe_number=demo.dfe_number,
            phase=demo.phase, gias_phase=demo.phase.title(), local_authority="Demo authority",
        )  # fmt: skip
        Establishment.objects.update_or_create(
            urn=demo.urn,
            defaults={
                "name": demo.name, "dfe_number": demo.dfe_number, "status_name": "Open",
                "phase_name": demo.phase.title(), "la_name": "Demo authority", "town": "Exampleton",
            },
        )  # fmt: skip
    with school_scope(school):
        today = now.astimezone(clock.LONDON).date()
        crew = people.hire(
            school, demo.people, demo.others, demo.teams,
            domain=demo.domain, password=password, chance=chance, today=today, now=now,
        )  # fmt: skip
        _live_through(demo, school, crew, plans.judge(school, crew, today), chance, now)
        if demo is OAKFIELD:
            _at_oakfield(school, crew, now=now, today=today)
        _farewell(crew, chance, now)
        if demo is OAKFIELD:
            promised.hand_on(school, crew, today=today)
    return school


def _at_oakfield(school: School, crew: list[Staff], *, now: datetime, today: date) -> None:
    """Everything there is to look at, in the order in which one thing leads to the next."""
    audits.ask(school, crew, now=now, today=today)
    needs.write_down(school, crew, today=today)
    policy.write(school, crew, today)
    helping.offer_and_ask(school, crew, today=today)
    answered.need(school, crew, today=today)
    money.keep(school, crew, today)
    calendar.write(school, crew, today=today)
    places.open_for_booking(school, crew, today=today)
    places.write_down_providers(school, crew, today=today)
    forms.at_work(school, crew, today=today)
    menu.in_every_form(school, crew, today=today)
    promised.promise(school, crew, today=today)
    pairs.coach_and_group(school, crew, today=today)
    requests.ask(school, crew, today)
    designs.think_before_spending(school, crew, today=today)
    judged.look_back(school, now=now)
    changes.bring_in(school, crew, today=today)
    watching.watch(school, crew, today=today)
    qualified.qualify(school, crew, today=today)
    recognised.recognise(school, crew, now=now, today=today)
    staffroom.talk(school, crew, now=now)
    portfolios.put_together(school, crew, now=now)
    pupils.listen(school, crew, now=now)


def _live_through(
    demo: DemoSchool,
    school: School,
    crew: list[Staff],
    areas: dict,
    chance: random.Random,
    now: datetime,
) -> None:
    """Two years past and the one we are in."""
    today = now.astimezone(clock.LONDON).date()
    diary = learning.Diary(school, learning.Crew(crew, chance), now)
    quiet: set[int] = set()
    for offset in (-2, -1, 0):
        year = add_year(school, first_year_of(today) + offset)
        priorities = plans.plan(
            school, year, demo.aims[offset], crew, areas if offset == 0 else {}, today
        )
        days = learning.school_days(year)
        for course in demo.courses:
            if offset in course.years:
                diary.enter(course, year, days, priorities)
        diary.own_learning(days)
        if "reading" in priorities:
            quiet = {
                row.activity_id for row in diary.served if row.priority == priorities["reading"]
            }
    diary.forget_registers()
    diary.write()
    _draft_and_cancelled(diary)
    add_year(school, first_year_of(today) + 1)
    last_session = {session.activity_id: session.starts_at for session in diary.sessions}
    done = Activity.objects.happening().of_school().filter(kind=Activity.Kind.DIRECT)
    voices.reflect(
        [
            (activity, diary.people_of[activity.pk], last_session[activity.pk])
            for activity in done.order_by("pk")
            if last_session[activity.pk] < now
        ],
        crew=crew, quiet=quiet, chance=chance, now=now,
    )  # fmt: skip


def _draft_and_cancelled(diary: learning.Diary) -> None:
    types = diary.types
    Activity.objects.create(
        school=diary.school, type=types["coaching"], owner=diary.planner,
        title="Instructional coaching for Years 1 and 2", audience="Year 1 and 2 teachers",
    )  # fmt: skip
    Activity.objects.create(
        school=diary.school, type=types["conference"], owner=diary.planner, cost=0,
        title="Regional phonics conference", state=Activity.State.CANCELLED,
        cancelled_because="The provider withdrew; fee returned",
    )  # fmt: skip


def _farewell(crew: list[Staff], chance: random.Random, now: datetime) -> None:
    """Nobody of the demo sign-ins leaves; a note of who was invited and never came stays."""
    last = crew[-1]
    last.invited_at = now - timedelta(days=30)
    last.save(update_fields=["invited_at"])
