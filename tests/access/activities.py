from tests.access import CPD, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    ActivityFactory,
    HelpRequestFactory,
    ParticipationFactory,
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
    Page("activities:design", KEEPERS, planned),
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
]
