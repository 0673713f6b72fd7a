from cpdhub.walls import school_scope
from tests.access import CPD, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    ActivityFactory,
    ActivityFormFactory,
    BlockedDatesFactory,
    BudgetFactory,
    ContractFactory,
    CostFactory,
    EarlyCareerFactory,
    EntitledPersonFactory,
    EntitlementFactory,
    EquipmentFactory,
    ExcuseFactory,
    HandoverFactory,
    HelpRequestFactory,
    IdeaFactory,
    InsetDayFactory,
    LoanFactory,
    ParticipationFactory,
    PlacesFactory,
    ProviderFactory,
    ProviderOfferFactory,
    ReceivedFactory,
    RequestFactory,
    SessionFactory,
    SessionRecordFactory,
    at_four,
)

PLANNERS = frozenset({HEAD, CPD, TEAM})


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


def budget(school, owner):
    return (BudgetFactory(school=school, holder=owner).pk,)


def close(school, owner):
    return (*budget(school, owner), "close")


def cost(school, owner):
    activity = ActivityFactory(school=school, owner=owner, state="planned")
    return (CostFactory(school=school, activity=activity).pk,)


def cover_of(school, owner):
    from activities.models import Session

    (pk,) = session(school, owner)
    with school_scope(school):
        person = Session.objects.get(pk=pk).activity.participations.get().staff_id
    return (pk, person)


def on_blocked_dates(school, owner):
    return (*session(school, owner), BlockedDatesFactory(school=school).pk)


def inset(school, owner):
    return (InsetDayFactory(school=school).pk,)


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


def own_form(school, owner):
    """A form of activity of the school's own."""
    return (ActivityFormFactory(school=school, title=f"Form of {owner.last_name}").pk,)


def private_notes(school, owner):
    """The owner wrote about a session of a private activity: nobody of the walk takes part."""
    activity = ActivityFactory(school=school, owner=owner, state="planned", is_private=True)
    ParticipationFactory(school=school, activity=activity, staff=owner)
    session = SessionFactory(school=school, activity=activity, prompts=["What did you see?"])
    SessionRecordFactory(school=school, session=session, author=owner)
    return (session.pk,)


def open_notes(school, owner):
    activity = ActivityFactory(school=school, owner=owner, state="planned")
    ParticipationFactory(school=school, activity=activity, staff=owner)
    session = SessionFactory(school=school, activity=activity, prompts=["What did you see?"])
    SessionRecordFactory(school=school, session=session, author=owner, is_private=False)
    return (session.pk,)


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


def an_idea(school, owner):
    return (IdeaFactory(school=school, by=owner).pk,)


def handed_on(school, owner):
    return (HandoverFactory(school=school, leaver=owner).pk,)


ENTITLEMENTS: list[Page] = [
    Page("activities:entitled", ON_STAFF),
    Page("activities:entitlements_pdf", ON_STAFF, method="post"),
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


def wish(school, owner):
    """The owner nominated somebody who has asked since."""
    return (RequestFactory(school=school, nominated_by=owner).pk,)


def draft_wish(school, owner):
    """Of the owner, who is nobody of the walk."""
    return (RequestFactory(school=school, staff=owner, state="draft", asked_at=None).pk,)


def declining(school, owner):
    return (*wish(school, owner), "decline")


def commenting(school, owner):
    return (*wish(school, owner), "comment")


def a_step(school, owner):
    return (*planned(school, owner), "practice")


def a_thing(school, owner):
    return (EquipmentFactory(school=school).pk,)


def a_loan(school, owner):
    """The owner has it, nobody of the walk."""
    return (LoanFactory(school=school, staff=owner).pk,)


PAGES: list[Page] = [
    Page("activities:budgets", KEEPERS),
    Page("activities:budgets_pdf", KEEPERS, method="post"),
    Page("activities:budget_add", KEEPERS),
    Page("activities:budget", KEEPERS, budget, others=404),
    Page("activities:budget_change", KEEPERS, budget),
    Page("activities:budget_carry", KEEPERS, budget, method="post"),
    Page("activities:budget_move", KEEPERS, close, method="post"),
    Page("activities:costs", KEEPERS),
    Page("activities:cost_add", KEEPERS, planned),
    Page("activities:cost_change", KEEPERS, cost),
    Page("activities:cost_remove", KEEPERS, cost),
    Page("activities:help", NOBODY, asked, others=404),
    Page("activities:help", NOBODY, asked_of, others=404),
    Page("activities:help_accept", NOBODY, asked, others=404, method="post"),
    Page("activities:help_decline", NOBODY, asked, others=404, method="post"),
    Page("activities:help_thank", NOBODY, asked, others=404, method="post"),
    Page("activities:help_move", NOBODY, ending, others=404, method="post"),
    Page("activities:list", ON_STAFF),
    Page("activities:plan", PLANNERS),
    Page("activities:suggest", PLANNERS),
    Page("activities:groups", PLANNERS),
    Page("activities:coaching", KEEPERS),
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
    Page("activities:term", ON_STAFF),
    Page("activities:calendar_pdf", ON_STAFF, method="post"),
    Page("activities:day", PLANNERS),
    Page("activities:directed", ON_STAFF),
    Page("activities:inset_ics", ON_STAFF, inset),
    Page("activities:check", KEEPERS, planned),
    Page("activities:session_fit", ON_STAFF, session),
    Page("activities:move_session", KEEPERS, session, method="post"),
    Page("activities:cover", KEEPERS, cover_of, method="post"),
    Page("activities:give_time", NOBODY, session, others=404, method="post"),
    Page("activities:allow", KEEPERS, on_blocked_dates, method="post"),
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
    Page("activities:forms", ON_STAFF),
    Page("activities:form", ON_STAFF, own_form),
    Page("activities:form_copy", KEEPERS, own_form, method="post"),
    Page("activities:form_change", KEEPERS, own_form),
    Page("activities:form_withdraw", KEEPERS, own_form, method="post"),
    Page("activities:roles", KEEPERS, planned),
    Page("activities:record", NOBODY, private_notes, others=404),
    Page("activities:record", KEEPERS, open_notes, others=404),
    *ENTITLEMENTS,
    Page("activities:requests", ON_STAFF),
    Page("activities:request_ask", ON_STAFF),
    Page("activities:request_nominate", PLANNERS),
    Page("activities:request_queue", KEEPERS),
    Page("activities:stand_in", KEEPERS),
    Page("activities:request", KEEPERS, wish, others=404),
    Page("activities:request_change", NOBODY, draft_wish, others=404),
    Page("activities:request_answer", KEEPERS, declining, others=404, method="post"),
    Page("activities:request_say", KEEPERS, commenting, others=404, method="post"),
    Page("activities:equipment_list", ON_STAFF),
    Page("activities:add_equipment", PLANNERS),
    Page("activities:equipment", ON_STAFF, a_thing),
    Page("activities:change_equipment", PLANNERS, a_thing),
    Page("activities:borrow", ON_STAFF, a_thing, method="post"),
    Page("activities:bring_back", PLANNERS, a_loan, method="post"),
    Page("activities:ideas", ON_STAFF),
    Page("activities:idea_back", ON_STAFF, an_idea, method="post"),
    Page("activities:idea_delete", NOBODY, an_idea),
    Page("activities:idea_answer", PLANNERS, an_idea),
    Page("activities:backwards", PLANNERS),
    Page("activities:step", KEEPERS, a_step),
]
