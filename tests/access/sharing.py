from tests.access import CPD, HEAD, ON_STAFF, Page
from tests.factories import ActivityFactory, SharingPlanFactory

KEEPERS = frozenset({HEAD, CPD})


def activity(school, owner):
    return (ActivityFactory(school=school, owner=owner, state="planned").pk,)


def plan(school, owner):
    return (SharingPlanFactory(school=school, by=owner, activity__owner=owner).pk,)


PAGES: list[Page] = [
    Page("sharing:plans", ON_STAFF),
    Page("sharing:activity", ON_STAFF, activity),
    Page("sharing:done", KEEPERS, plan),
    Page("sharing:remove", KEEPERS, plan),
]
