"""An audit with one question of each kind on two pages, and people to answer it."""

import pytest

from audits.models import Kind
from tests.factories import (
    InstrumentFactory,
    QuestionFactory,
    RoundFactory,
    SectionFactory,
    StaffFactory,
    TeamFactory,
    publish,
)

WORDS = ["One", "Two", "Three", "Four"]


@pytest.fixture(autouse=True)
def on_a_monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def instrument(school):
    made = InstrumentFactory(school=school, title="Everything", minutes=4)
    first = SectionFactory(school=school, instrument=made, position=1, title="Quick ones")
    for kind in (Kind.CONFIDENCE, Kind.IMPORTANCE, Kind.FREQUENCY, Kind.YES_PARTLY_NO):
        QuestionFactory(school=school, section=first, kind=kind, text=f"About {kind}")
    second = SectionFactory(school=school, instrument=made, position=2, title="Slow ones")
    for kind in (Kind.CHOICE, Kind.TEXT, Kind.RANKING, Kind.RUBRIC):
        words = [] if kind == Kind.TEXT else [f"{word}: so" for word in WORDS]
        QuestionFactory(
            school=school, section=second, kind=kind, text=f"About {kind}", choices=words
        )
    return publish(made)


@pytest.fixture
def crowd(school, teacher):
    """Ten teachers, the one who answers among them."""
    return [teacher, *StaffFactory.create_batch(9, school=school)]


@pytest.fixture
def confidential(school, instrument, teacher):
    return RoundFactory(
        school=school, instrument=instrument, title="How are we", asks=[teacher], open=True
    )


@pytest.fixture
def anonymous(school, instrument, crowd):
    return RoundFactory(
        school=school, instrument=instrument, title="Climate", mode="anonymous", asks=crowd,
        open=True,
    )  # fmt: skip


@pytest.fixture
def people(school):
    """Six teachers and five assistants in each of two teams."""
    teams = [TeamFactory(school=school, name=name) for name in ("Lower", "Upper")]
    return [
        person
        for team in teams
        for group, size in (("teacher", 6), ("assistant", 5))
        for person in StaffFactory.create_batch(size, school=school, team=team, group=group)
    ]
