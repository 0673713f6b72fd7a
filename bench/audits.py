"""An audit as large as a school puts: sixty statements to 120 people in eight teams."""

from __future__ import annotations

from datetime import timedelta

from audits.models import Instrument, Invitation, Kind, Question, Result, Round, Section
from audits.models.instrument import CONFIDENT
from audits.results import GROUP, LEADERS, OTHERS, RANK, TEAM
from cpdhub import clock
from cpdhub.models import School, Staff

SECTIONS, STATEMENTS, PEOPLE, TEAMS = 6, 10, 120, 8
CLOSED, OPEN = "A large audit", "A large audit to answer"


def ask(school: School) -> None:
    """One closed and published, one open; nothing when they are there. The school must be open."""
    if Round.objects.filter(title=CLOSED).exists():
        return
    instrument = _questionnaire(school)
    closed = _open(school, instrument, CLOSED)
    questions = list(Question.objects.filter(section__instrument=instrument))
    Result.objects.bulk_create(
        Result(
            school=school, round=closed, question=question, breakdown=breakdown, key=key,
            label=label, n=n, counts=[n - 3, 1, 1, 1],
        )
        for question in questions
        for breakdown, key, label, n in _places()
    )  # fmt: skip
    closed.state, closed.closed_at = Round.State.CLOSED, clock.now() - timedelta(days=1)
    closed.save(update_fields=["state", "closed_at"])
    _open(school, instrument, OPEN)


def _questionnaire(school: School) -> Instrument:
    made = Instrument.objects.create(
        school=school, code="large", version="1", title="Large", purpose="To be measured."
    )
    for number in range(1, SECTIONS + 1):
        section = Section.objects.create(
            school=school, instrument=made, position=number, title=f"Section {number}"
        )
        Question.objects.bulk_create(
            Question(
                school=school, section=section, position=place, code=f"q{number}-{place}",
                kind=Kind.CONFIDENCE, choices=CONFIDENT,
                text=f"I can do the thing that is number {place} of section {number} well enough.",
            )
            for place in range(1, STATEMENTS + 1)
        )  # fmt: skip
    made.state = Instrument.State.PUBLISHED
    made.save(update_fields=["state"])
    return made


def _open(school: School, instrument: Instrument, title: str) -> Round:
    today = clock.today()
    made = Round.objects.create(
        school=school, instrument=instrument, title=title, mode=Round.Mode.CONFIDENTIAL,
        opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7),
    )  # fmt: skip
    people = Staff.objects.live(today).on_staff()
    Invitation.objects.bulk_create(
        Invitation(school=school, round=made, staff=person, group=person.group) for person in people
    )
    made.state = Round.State.OPEN
    made.save(update_fields=["state"])
    return made


def _places() -> list[tuple[str, str, str, int]]:
    """As published of 120 people."""
    teams = [(TEAM, str(n), f"Key stage team {n}", PEOPLE // TEAMS) for n in range(TEAMS)]
    groups = [(GROUP, group, Staff.Group(group).label, PEOPLE // 3) for group in Staff.Group.values]
    ranks = [(RANK, LEADERS, "Leaders", 12), (RANK, OTHERS, "Other staff", PEOPLE - 12)]
    return [("all", "all", "Everyone", PEOPLE), *teams, *groups, *ranks]
