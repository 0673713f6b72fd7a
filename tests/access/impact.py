from cpdhub import files
from cpdhub.models import Staff
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.access import CPD, GOVERNOR, HEAD, ON_STAFF, TEAM, Page
from tests.factories import (
    AcademicYearFactory,
    ActivityFactory,
    EvidenceFactory,
    ImpactReviewFactory,
    JudgementFactory,
    NeedFactory,
    PriorityFactory,
    TeamFactory,
    UnplannedGainFactory,
)

LEADERS = frozenset({HEAD, CPD})


def priority(school, owner):
    return (PriorityFactory(school=school, live=True).pk,)


def a_year(school, owner):
    """The pages of a year need one; the row itself is not in the address."""
    AcademicYearFactory(school=school)
    return ()


def led(make):
    """Team leaders see rows of a team they lead: everybody who may lead one does."""

    def made(school, owner):
        with school_scope(school):
            for leader in Staff.objects.with_role(Role.TEAM_LEADER):
                TeamFactory(school=school, leader=leader)
        return make(school, owner)

    return made


def judgement(school, owner):
    return (JudgementFactory(school=school).pk,)


def need(school, owner):
    return (NeedFactory(school=school, whom="school").pk,)


def judged(school, owner):
    """Everyone reads a judgement that stands."""
    activity = ActivityFactory(school=school, state="finished", lead=owner)
    return (ImpactReviewFactory(school=school, activity=activity, closed=True).activity_id,)


def held(school, owner):
    return (ActivityFactory(school=school, state="finished", lead=owner).pk,)


def evidence(school, owner):
    with school_scope(school):
        file = files.store("books.pdf", "application/pdf", [b"%PDF-1.7"], school=school)
    activity = ActivityFactory(school=school, state="finished", lead=owner)
    return (EvidenceFactory(school=school, activity=activity, file=file, by=owner).uuid,)


def unplanned(school, owner):
    activity = ActivityFactory(school=school, state="finished", lead=owner)
    return (UnplannedGainFactory(school=school, activity=activity, noted_by=owner).pk,)


PAGES = [
    Page("impact:dashboard", LEADERS | {GOVERNOR}),
    Page("impact:summary", LEADERS | {GOVERNOR}),
    Page("impact:report", LEADERS, a_year, method="post"),
    Page("impact:team", LEADERS | {TEAM}),
    Page("impact:year", LEADERS | {TEAM}, led(a_year)),
    Page("impact:hours", LEADERS, a_year),
    Page("impact:balance", LEADERS, a_year),
    Page("impact:balance_needs", LEADERS, a_year),
    Page("impact:balance_activities", LEADERS, a_year),
    Page("impact:balance_people", LEADERS, a_year),
    Page("impact:needs_report", LEADERS, a_year, method="post"),
    Page("impact:fairness", LEADERS | {GOVERNOR}, a_year),
    Page("impact:fairness_pdf", LEADERS | {GOVERNOR}, method="post"),
    Page("impact:fairness_people", LEADERS, a_year),
    Page("impact:needs", LEADERS | {TEAM}, led(priority)),
    Page("impact:activities", LEADERS | {TEAM}, led(priority)),
    Page("impact:people", LEADERS, priority),
    Page("impact:reflections", LEADERS, priority),
    Page("impact:reviews", ON_STAFF),
    Page("impact:types", LEADERS),
    Page("impact:reports", LEADERS, a_year),
    Page("impact:qualifications", LEADERS),
    Page("impact:story_pdf", LEADERS, method="post"),
    Page("impact:annual_pdf", LEADERS, method="post"),
    Page("impact:evidence_pdf", LEADERS, method="post"),
    Page("impact:premium_pdf", LEADERS, method="post"),
    Page("impact:chain_judgement", ON_STAFF, judgement),
    Page("impact:chain_priority", ON_STAFF, priority),
    Page("impact:chain_activity", ON_STAFF, held),
    Page("impact:chain_need", ON_STAFF, need),
    Page("impact:what_changed", ON_STAFF, judged),
    Page("impact:judge", LEADERS, held),
    Page("impact:evidence_add", LEADERS, held),
    Page("impact:unplanned_add", LEADERS, held),
    Page("impact:unplanned_remove", LEADERS, unplanned, others=404),
    Page("impact:evidence_file", LEADERS, evidence, others=404),
    Page("impact:evidence_remove", LEADERS, evidence, others=404),
]
