from tests.access import CPD, GOVERNOR, HEAD, Page
from tests.factories import AcademicYearFactory, PriorityFactory

LEADERS = frozenset({HEAD, CPD})


def priority(school, owner):
    return (PriorityFactory(school=school, live=True).pk,)


def a_year(school, owner):
    """The pages of a year need one; the row itself is not in the address."""
    AcademicYearFactory(school=school)
    return ()


PAGES = [
    Page("impact:dashboard", LEADERS | {GOVERNOR}),
    Page("impact:summary", LEADERS | {GOVERNOR}),
    Page("impact:report", LEADERS, a_year, method="post"),
    Page("impact:year", LEADERS, a_year),
    Page("impact:hours", LEADERS, a_year),
    Page("impact:balance", LEADERS, a_year),
    Page("impact:balance_needs", LEADERS, a_year),
    Page("impact:balance_activities", LEADERS, a_year),
    Page("impact:balance_people", LEADERS, a_year),
    Page("impact:needs_report", LEADERS, a_year, method="post"),
    Page("impact:fairness", LEADERS | {GOVERNOR}, a_year),
    Page("impact:fairness_pdf", LEADERS | {GOVERNOR}, method="post"),
    Page("impact:fairness_people", LEADERS, a_year),
    Page("impact:needs", LEADERS, priority),
    Page("impact:activities", LEADERS, priority),
    Page("impact:people", LEADERS, priority),
    Page("impact:reflections", LEADERS, priority),
]
