from cpdhub.years import first_year_of
from tests.access import CPD, DATA, EVERYONE, HEAD, Page
from tests.factories import BlockedDatesFactory, InsetDayFactory, TeamFactory

MANAGERS = frozenset({HEAD, DATA})
OF_PEOPLE = frozenset({HEAD, CPD, DATA})


def this_year(school, owner):
    from cpdhub import clock

    return (first_year_of(clock.today()),)


def team(school, owner):
    return (TeamFactory(school=school).pk,)


def filled_team(school, owner):
    team = TeamFactory(school=school)
    from tests.factories import StaffFactory

    StaffFactory(school=school, team=team)
    return (team.pk,)


def inset(school, owner):
    return (InsetDayFactory(school=school).pk,)


def blocked(school, owner):
    return (BlockedDatesFactory(school=school).pk,)


PAGES = [
    Page("school:calendar", OF_PEOPLE),
    Page("school:inset_add", OF_PEOPLE),
    Page("school:inset", OF_PEOPLE, inset),
    Page("school:blocked_add", OF_PEOPLE),
    Page("school:blocked", OF_PEOPLE, blocked),
    Page("school:settings", MANAGERS),
    Page("school:urn", MANAGERS),
    Page("school:years", MANAGERS),
    Page("school:year", MANAGERS, this_year, has_row=False),
    Page("school:teams", OF_PEOPLE),
    Page("school:team", OF_PEOPLE, team),
    Page("school:team_delete", OF_PEOPLE, filled_team, method="post"),
    Page("school:who_sees_what", EVERYONE),
]
