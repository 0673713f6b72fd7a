from tests.access import ON_STAFF, Page
from tests.factories import ObservationFactory, ObserverFactory

NOBODY = frozenset()


def held(school, owner):
    """Between two people, neither of them in the walk: no role opens it."""
    observation = ObservationFactory(school=school, owner=owner, state="held", talk="Stems")
    ObserverFactory(school=school, observation=observation)
    return (observation.uuid,)


PAGES: list[Page] = [
    Page("observations:list", ON_STAFF),
    Page("observations:ask", ON_STAFF),
    Page("observations:offer", ON_STAFF),
    Page("observations:observation", NOBODY, held, others=404),
    Page("observations:arrange", NOBODY, held, others=404),
    Page("observations:agree", NOBODY, held, others=404, method="post"),
    Page("observations:withdraw", NOBODY, held, others=404),
    Page("observations:held", NOBODY, held, others=404, method="post"),
    Page("observations:notes", NOBODY, held, others=404),
    Page("observations:talk", NOBODY, held, others=404),
    Page("observations:own_words", NOBODY, held, others=404),
    Page("observations:close", NOBODY, held, others=404, method="post"),
    Page("observations:share", NOBODY, held, others=404),
    Page("observations:destroy", NOBODY, held, others=404),
]
