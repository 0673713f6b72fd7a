from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import (
    AdoptionFactory,
    NetworkFactory,
    NetworkReviewFactory,
    PauseFactory,
    StrategyFactory,
)

LEADERS = frozenset({HEAD, CPD})


def network(school, owner):
    return (NetworkFactory(school=school).pk,)


def review(school, owner):
    row = NetworkReviewFactory(school=school)
    return (row.network_id, row.pk)


def prompt(school, owner):
    return (*review(school, owner), "p1")


def pause(school, owner):
    row = PauseFactory(school=school)
    return (row.network_id, row.pk)


def strategy(school, owner):
    row = StrategyFactory(school=school)
    return (row.network_id, row.pk)


def asking(school, owner):
    row = AdoptionFactory(school=school, state="stalled", would_help="A visit")
    return (row.network_id, row.pk)


PAGES: list[Page] = [
    Page("networks:reviews", ON_STAFF, network),
    Page("networks:cards", ON_STAFF, network),
    Page("networks:review_new", LEADERS, network),
    Page("networks:review", LEADERS, review),
    Page("networks:review_change", LEADERS, review),
    Page("networks:review_close", LEADERS, review, method="post"),
    Page("networks:review_answer", LEADERS, review),
    Page("networks:review_draft", LEADERS, review, method="post"),
    Page("networks:pause_new", LEADERS, prompt),
    Page("networks:pause", LEADERS, pause),
    Page("networks:strategies", ON_STAFF, network),
    Page("networks:strategy", ON_STAFF, strategy),
    Page("networks:strategy_new", LEADERS, network),
    Page("networks:strategy_change", LEADERS, strategy),
    Page("networks:adoption", LEADERS, strategy),
    Page("networks:agreed", LEADERS, asking),
]
