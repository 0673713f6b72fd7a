from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import ActivityFactory, NetworkFactory, OfferFactory, OfferPlaceFactory

LEADERS = frozenset({HEAD, CPD})


def network(school, owner):
    return (NetworkFactory(school=school).pk,)


def activity(school, owner):
    return (ActivityFactory(school=school, state="planned").pk,)


def ours(school, owner):
    row = OfferFactory(school=school)
    return (row.network_id, row.pk)


def session(school, owner):
    row = OfferFactory(school=school)
    return (row.network_id, row.pk, row.sessions[0]["key"])


def theirs(school, owner):
    row = OfferPlaceFactory(school=school, staff=owner).offer
    return (row.network_id, row.pk)


def seat(school, owner):
    row = OfferPlaceFactory(school=school, staff=owner)
    return (row.offer.network_id, row.offer_id, row.pk)


PAGES: list[Page] = [
    Page("networks:offers", ON_STAFF),
    Page("networks:offer_map", ON_STAFF, network),
    Page("networks:offer_begin", LEADERS, activity),
    Page("networks:offer_open", LEADERS, network),
    Page("networks:credits", LEADERS, network),
    Page("networks:offer", ON_STAFF, theirs),
    Page("networks:offer_change", LEADERS, ours),
    Page("networks:offer_state", LEADERS, ours, method="post"),
    Page("networks:offer_withdraw", LEADERS, ours),
    Page("networks:offer_register", LEADERS, session),
    Page("networks:offer_book", LEADERS, theirs),
    Page("networks:offer_take", ON_STAFF, theirs, method="post"),
    Page("networks:offer_give_back", LEADERS, seat, method="post", others=404),
    Page("networks:offer_part", LEADERS, theirs),
    Page("networks:offer_answer", frozenset(), theirs, others=404),
]
