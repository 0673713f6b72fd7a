from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.access.impact import a_year
from tests.factories import (
    LearningWalkFactory,
    ObservationFactory,
    ObserverFactory,
    OpenDoorFactory,
)

NOBODY = frozenset()


def held(school, owner):
    """Between two people, neither of them in the walk: no role opens it."""
    observation = ObservationFactory(school=school, owner=owner, state="held", talk="Stems")
    ObserverFactory(school=school, observation=observation)
    return (observation.uuid,)


def door(school, owner):
    return (OpenDoorFactory(school=school, staff=owner).pk,)


def walk(audience):
    def make(school, owner):
        return (LearningWalkFactory(school=school, author=owner, audience=audience).uuid,)

    return make


LEADERS = frozenset({HEAD, CPD})

PAGES: list[Page] = [
    Page("observations:look_fors", ON_STAFF),
    Page("observations:look_fors_change", LEADERS),
    Page("observations:doors", ON_STAFF),
    Page("observations:door_open", ON_STAFF),
    Page("observations:door_close", NOBODY, door, others=404, method="post"),
    Page("observations:walks", ON_STAFF),
    Page("observations:walk_write", ON_STAFF),
    Page("observations:walk", ON_STAFF, walk("everyone")),
    Page("observations:walk", LEADERS, walk("leaders"), others=404),
    Page("observations:walk", NOBODY, walk("only_me"), others=404),
    Page("observations:walk_change", NOBODY, walk("everyone"), others=404),
    Page("observations:walk_delete", NOBODY, walk("everyone"), others=404),
    Page("impact:observations", LEADERS, a_year),
    Page("observations:list", ON_STAFF),
    Page("observations:ask", ON_STAFF),
    Page("observations:offer", ON_STAFF),
    Page("observations:observation", NOBODY, held, others=404),
    Page("observations:arrange", NOBODY, held, others=404),
    Page("observations:agree", NOBODY, held, others=404, method="post"),
    Page("observations:withdraw", NOBODY, held, others=404),
    Page("observations:held", NOBODY, held, others=404, method="post"),
    Page("observations:notes", NOBODY, held, others=404),
    Page("observations:notes_draft", NOBODY, held, others=404, method="post"),
    Page("observations:talk", NOBODY, held, others=404),
    Page("observations:own_words", NOBODY, held, others=404),
    Page("observations:close", NOBODY, held, others=404, method="post"),
    Page("observations:share", NOBODY, held, others=404),
    Page("observations:destroy", NOBODY, held, others=404),
]
