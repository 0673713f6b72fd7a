"""Who works in the two demo schools."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from cpdhub.models import School, Staff, Team, User
from cpdhub.permissions import Role
from cpdhub.roof.demo.names import FIRST, LAST

T, A, S = Staff.Group.TEACHER, Staff.Group.ASSISTANT, Staff.Group.SUPPORT


@dataclass
class Person:
    """One post to be made. `sign_in` is the local part of a demo address."""

    first: str
    last: str
    job: str
    group: str
    team: str = ""
    sign_in: str = ""
    roles: list[str] = field(default_factory=list)
    stage: str = ""
    fte: str = "1"


OAKFIELD_TEAMS = ["EYFS and KS1", "Lower KS2", "Upper KS2", "Inclusion", "Office and site"]
OAKFIELD = [
    Person("Helen", "Marsh", "Headteacher", T, "", "head", [Role.HEAD], "leader"),
    Person("Carla", "Okafor", "Deputy head", T, "Upper KS2", "cpd", [Role.CPD_LEADER], "leader"),
    Person("Tom", "Reyes", "Lower KS2 leader", T, "Lower KS2", "team", [Role.TEAM_LEADER], "experienced"),
    Person("Priya", "Shah", "Year 4 teacher", T, "Lower KS2", "teacher", [], "main"),
    Person("Dawn", "Hughes", "Teaching assistant, Year 4", A, "Lower KS2", "ta", [], "", "0.8"),
    Person("Ben", "Whitlock", "Office manager", S, "Office and site", "office"),
    Person("Sam", "Patel", "Data and exams officer", S, "Office and site", "data", [Role.DATA_MANAGER]),
    Person("Gwen", "Adeyemi", "Chair of governors", "", "", "governor", [Role.GOVERNOR]),
    Person("Marta", "Lindqvist", "EYFS and KS1 leader", T, "EYFS and KS1", "", [Role.TEAM_LEADER], "experienced"),
    Person("Joel", "Fraser", "Upper KS2 leader", T, "Upper KS2", "", [Role.TEAM_LEADER], "experienced"),
    Person("Ruth", "Amponsah", "SENCO", T, "Inclusion", "", [Role.TEAM_LEADER], "leader"),
]  # fmt: skip
OAKFIELD_OTHERS = [
    # how many, job, group, team
    (7, "Class teacher", T, "EYFS and KS1"),
    (6, "Class teacher", T, "Lower KS2"),
    (6, "Class teacher", T, "Upper KS2"),
    (3, "Specialist teacher", T, "Inclusion"),
    (7, "Teaching assistant", A, "EYFS and KS1"),
    (4, "Teaching assistant", A, "Lower KS2"),
    (4, "Teaching assistant", A, "Upper KS2"),
    (4, "Higher level teaching assistant", A, "Inclusion"),
    (3, "Administrator", S, "Office and site"),
    (2, "Site staff", S, "Office and site"),
    (4, "Midday supervisor", S, "Office and site"),
]
RIVERSIDE_TEAMS = [
    "English", "Mathematics", "Science", "Humanities", "Languages", "Arts", "PE", "SEND", "Support",
]  # fmt: skip
RIVERSIDE = [
    Person("Nadine", "Clements", "Headteacher", T, "", "head", [Role.HEAD], "leader"),
    Person("Rob", "Iqbal", "Assistant head, staff development", T, "Humanities", "cpd", [Role.CPD_LEADER], "leader"),
    Person("Carla", "Okafor", "Visiting teacher of mathematics", T, "Mathematics", "", [], "leader", "0.2"),
]  # fmt: skip
RIVERSIDE_OTHERS = [
    *[(12, f"Teacher of {team.lower()}", T, team) for team in RIVERSIDE_TEAMS[:5]],
    (7, "Teacher of arts", T, "Arts"),
    (7, "Teacher of PE", T, "PE"),
    (4, "Specialist teacher", T, "SEND"),
    (20, "Teaching assistant", A, "SEND"),
    (8, "Technician", S, "Support"),
    (11, "Administrator", S, "Support"),
]


def hire(
    school: School,
    people: list[Person],
    others: Sequence[tuple[int, str, str, str]],
    teams: list[str],
    *,
    domain: str,
    password: str,
    chance: random.Random,
    today: date,
    now: datetime,
) -> list[Staff]:
    """Make everyone's posts and sign-ins. `password` is a finished hash, the same for all."""
    made = {name: Team.objects.create(school=school, name=name) for name in teams}
    everyone = people + _others(others, people, chance)
    users = _users(everyone, domain, password)
    staff = [
        _post(school, person, users.get(index), made.get(person.team), index, domain, chance, today)
        for index, person in enumerate(everyone)
    ]
    for post in staff:
        post.invited_at = now - timedelta(days=400) if post.user_id else None
    Staff.objects.bulk_create(staff)
    _line_managers(staff, made)
    return staff


def _others(
    others: Sequence[tuple[int, str, str, str]], people: list[Person], chance: random.Random
) -> list[Person]:
    pairs = [(first, last) for first in FIRST for last in LAST]
    chance.shuffle(pairs)
    taken = {(person.first, person.last) for person in people}
    free = (pair for pair in pairs if pair not in taken)
    return [
        Person(*next(free), job, group, team, stage=_stage(group, chance), fte=_fte(group, chance))
        for count, job, group, team in others
        for _ in range(count)
    ]


def _stage(group: str, chance: random.Random) -> str:
    return chance.choice(["early", "main", "main", "experienced"]) if group == T else ""


def _fte(group: str, chance: random.Random) -> str:
    return chance.choice(
        ["1", "1", "1", "0.8", "0.6"] if group == T else ["1", "0.8", "0.7", "0.5"]
    )


def plain(text: str) -> str:
    """Letters for an address: O'Brien → obrien, Yılmaz → ylmaz."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in folded.lower() if letter.isalnum())


def _address(person: Person, domain: str) -> str:
    local = person.sign_in or f"{plain(person.first)}.{plain(person.last)}"
    return f"{local}@{domain}"


def _users(everyone: list[Person], domain: str, password: str) -> dict[int, User]:
    """Everybody but the last three has accepted the invitation."""
    users: dict[int, User] = {}
    for index, person in enumerate(everyone[:-3]):
        address = _address(person, domain)
        if (person.first, person.last) == ("Carla", "Okafor"):
            address = "cpd@oakfield.example"  # one person, posts in two schools
        user, _ = User.objects.get_or_create(email=address, defaults={"password": password})
        users[index] = user
    return users


def _post(
    school: School,
    person: Person,
    user: User | None,
    team: Team | None,
    index: int,
    domain: str,
    chance: random.Random,
    today: date,
) -> Staff:
    started = today - timedelta(days=chance.randint(800, 4000))
    if person.stage == "early":
        started = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    return Staff(
        school=school,
        user=user,
        first_name=person.first,
        last_name=person.last,
        email=user.email if user else _address(person, domain),
        staff_code=f"{person.first[0]}{person.last[:2].upper()}{index:02}",
        job_title=person.job,
        group=person.group,
        team=team,
        roles=person.roles,
        career_stage=person.stage,
        fte=Decimal(person.fte),
        starts_on=min(started, today - timedelta(days=1)),
    )


def _line_managers(staff: list[Staff], teams: dict[str, Team]) -> None:
    head = next(post for post in staff if Role.HEAD in post.roles)
    leaders: dict[int, Staff] = {}
    for post in staff:
        if (
            post.team_id
            and post.team_id not in leaders
            and (post.roles or "leader" in post.job_title)
        ):
            leaders[post.team_id] = post
    for team in teams.values():
        leader = leaders.get(team.pk) or next(p for p in staff if p.team_id == team.pk)
        leaders[team.pk] = team.leader = leader
        team.save()
    for post in staff:
        manager = leaders.get(post.team_id or 0, head)
        post.line_manager = head if manager is post else manager
        if post is head or not post.group:
            post.line_manager = None
    Staff.objects.bulk_update(staff, ["line_manager"])
