from tests.access import CPD, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    ActivityFactory,
    EarlyCareerFactory,
    EntitledPersonFactory,
    EntitlementFactory,
    HandoverFactory,
    HelpRequestFactory,
    ParticipationFactory,
    ReceivedFactory,
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


def entitlement(school, owner):
    """Kept, for everyone: whoever is on the staff may read it."""
    steps = [{"due": "every", "number": 12}]
    return (EntitlementFactory(school=school, steps=steps, in_use=True).pk,)


def own_entitlement(school, owner):
    """A version nobody keeps yet."""
    return (EntitlementFactory(school=school, steps=[{}]).pk,)


def entitled_to(school, owner):
    from activities.models import EntitlementStep
    from cpdhub.walls import school_scope

    pk = entitlement(school, owner)[0]
    with school_scope(school):
        return (owner.pk, EntitlementStep.objects.get(entitlement=pk).pk)


def somebody(school, owner):
    """One of the staff whom nobody of the walk manages."""
    return (owner.pk,)


def received(school, owner):
    pk = entitled_to(school, owner)[1]
    return (ReceivedFactory(school=school, staff=owner, step_id=pk).pk,)


def chosen(school, owner):
    return (EntitledPersonFactory(school=school, staff=owner).pk,)


def early(school, owner):
    """Neither taught, mentored nor tutored by anybody of the walk."""
    return (EarlyCareerFactory(school=school, staff=owner).staff_id,)


def handed_on(school, owner):
    return (HandoverFactory(school=school, leaver=owner).pk,)


ENTITLEMENTS: list[Page] = [
    Page("activities:entitled", ON_STAFF),
    Page("activities:catch_up", PLANNERS),
    Page("activities:entitled_person", KEEPERS, somebody, others=404),
    Page("activities:receive", KEEPERS, entitled_to, others=404),
    Page("activities:take_back", KEEPERS, received, others=404),
    Page("activities:entitlements", ON_STAFF),
    Page("activities:entitlement", ON_STAFF, entitlement),
    Page("activities:entitlement", KEEPERS, own_entitlement, others=404),
    Page("activities:entitlement_keep", KEEPERS, own_entitlement),
    Page("activities:entitlement_stop", KEEPERS, entitlement, method="post"),
    Page("activities:entitlement_copy", KEEPERS, entitlement, method="post"),
    Page("activities:entitlement_change", KEEPERS, own_entitlement),
    Page("activities:entitlement_delete", KEEPERS, own_entitlement),
    Page("activities:entitled_add", KEEPERS, entitlement),
    Page("activities:entitled_remove", KEEPERS, chosen),
    Page("activities:early_careers", ON_STAFF),
    Page("activities:early_add", KEEPERS),
    Page("activities:early", KEEPERS, early, others=404),
    Page("activities:early_change", KEEPERS, early),
    Page("activities:handover", KEEPERS, somebody, others=404),
    Page("activities:handover_delete", KEEPERS, handed_on, others=404),
]

PAGES: list[Page] = [
    *ENTITLEMENTS,
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
]
