"""A network, and a shared day with its timetable."""

import pytest

from tests.factories import NetworkFactory, WishFactory
from tests.networks.shared import Conference


@pytest.fixture
def network(school):
    return NetworkFactory(school=school, name="Talk cluster")


@pytest.fixture
def conference(school):
    return Conference(school)


@pytest.fixture
def built(conference, cpd_leader):
    """Stems at Birch and Art at Cedar, then Maths here and Reading at Birch; three people of Birch
    and two of Cedar."""
    conference.stems = conference.workshop("Stems", at=conference.birch, most=3)
    conference.art = conference.workshop("Art", at=conference.cedar)
    conference.maths = conference.workshop("Maths", conference.second)
    conference.reading = conference.workshop("Reading", conference.second, at=conference.birch)
    conference.of_birch = conference.takes_part(conference.birch, 2)
    conference.of_cedar = conference.takes_part(conference.cedar, 1)
    for person in [*conference.of_birch, *conference.of_cedar]:
        conference.wish(person, conference.stems, conference.art)
        WishFactory(
            school=person.school,
            day=conference.day,
            staff=person,
            workshop=conference.maths,
            rank=1,
        )
    conference.build(cpd_leader)
    return conference
