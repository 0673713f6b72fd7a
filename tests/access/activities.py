from tests.access import CPD, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    ActivityFactory,
    ContractFactory,
    ExcuseFactory,
    HelpRequestFactory,
    ParticipationFactory,
    PlacesFactory,
    ProviderFactory,
    ProviderOfferFactory,
    SessionFactory,
    at_four,
)

PLANNERS = frozenset({HEAD, CPD, TEAM})
# Those who plan for the whole school; a team leader only changes what is theirs.
KEEPERS = frozenset({HEAD, CPD})
NOBODY = frozenset()


def planned(school, owner):
    return (ActivityFactory(school=school, owner=owner, state="planned").pk,)


def finish(school, owner):
    return (*planned(school, owner), "finish")


def session(school, owner):
    """Of an activity that is on today, with somebody in it."""
    from cpdhub import clock

    activity = ActivityFactory(school=school, owner=owner, state="planned")
    ParticipationFactory(school=school, activity=activity)
    start = at_four(clock.today())
    return (SessionFactory(school=school, activity=activity, starts_at=start).pk,)


def somebodys_own_learning(school, owner):
    """Seen by those who see everyone's record, its owner and their line manager: no other."""
    fields = {"is_own_learning": True, "was_logged": True, "state": "finished"}
    return (ActivityFactory(school=school, owner=owner, **fields).pk,)


def asked(school, owner):
    """The owner asked somebody, nobody of the walk."""
    return (HelpRequestFactory(school=school, asker=owner).pk,)


def asked_of(school, owner):
    return (HelpRequestFactory(school=school, helper=owner).pk,)


def ending(school, owner):
    return (*asked(school, owner), "done")


def bookable(school, owner):
    places = PlacesFactory(school=school, activity__owner=owner)
    return (places.activity_id,)


def adding(school, owner):
    return (*bookable(school, owner), "add")


def excuse(school, owner):
    return (ExcuseFactory(school=school, activity__owner=owner).pk,)


def of_provider(school, owner):
    return (ProviderFactory(school=school).pk,)


def offer(school, owner):
    return (ProviderOfferFactory(school=school).pk,)


def contract(school, owner):
    return (ContractFactory(school=school).pk,)


PAGES: list[Page] = [
    Page("activities:help", NOBODY, asked, others=404),
    Page("activities:help", NOBODY, asked_of, others=404),
    Page("activities:help_accept", NOBODY, asked, others=404, method="post"),
    Page("activities:help_decline", NOBODY, asked, others=404, method="post"),
    Page("activities:help_thank", NOBODY, asked, others=404, method="post"),
    Page("activities:help_move", NOBODY, ending, others=404, method="post"),
    Page("activities:list", ON_STAFF),
    Page("activities:plan", PLANNERS),
    Page("activities:suggest", PLANNERS),
    Page("activities:log", ON_STAFF),
    Page("activities:log_own", ON_STAFF),
    Page("activities:calendar", ON_STAFF),
    Page("activities:new_feed_address", ON_STAFF, method="post"),
    Page("activities:activity", frozenset({HEAD, CPD}), somebodys_own_learning, others=404),
    Page("activities:activity", ON_STAFF, planned),
    Page("activities:edit", KEEPERS, planned),
    Page("activities:impact", KEEPERS, planned),
    Page("activities:people", KEEPERS, planned),
    Page("activities:move", KEEPERS, finish, method="post"),
    Page("activities:cancel", KEEPERS, planned),
    Page("activities:delete", KEEPERS, planned, method="post"),
    Page("activities:undo", NOBODY, planned, method="post"),
    Page("activities:add_session", KEEPERS, planned),
    Page("activities:change_session", KEEPERS, session),
    Page("activities:cancel_session", KEEPERS, session, method="post"),
    Page("activities:restore_session", KEEPERS, session, method="post"),
    Page("activities:register", KEEPERS, session),
    Page("activities:session_ics", ON_STAFF, session),
    Page("activities:on", ON_STAFF),
    Page("activities:here", ON_STAFF),
    Page("activities:code", KEEPERS, session),
    Page("activities:book", ON_STAFF, bookable, method="post"),
    Page("activities:give_up", ON_STAFF, bookable, method="post"),
    Page("activities:decline", ON_STAFF, bookable, method="post"),
    Page("activities:excuse", ON_STAFF, bookable),
    Page("activities:places", KEEPERS, bookable),
    Page("activities:change_places", KEEPERS, bookable),
    Page("activities:invite", KEEPERS, bookable),
    Page("activities:place_of", KEEPERS, adding, method="post"),
    Page("activities:decide_excuse", KEEPERS, excuse, method="post"),
    Page("activities:providers", ON_STAFF),
    Page("activities:add_provider", PLANNERS),
    Page("activities:provider", ON_STAFF, of_provider),
    Page("activities:change_provider", PLANNERS, of_provider),
    Page("activities:provider_answers", PLANNERS, of_provider),
    Page("activities:add_offer", PLANNERS, of_provider),
    Page("activities:change_offer", PLANNERS, offer),
    Page("activities:add_contract", KEEPERS, of_provider),
    Page("activities:change_contract", KEEPERS, contract),
]
