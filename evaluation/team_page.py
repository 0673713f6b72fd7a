"""The dashboard of one team, for whoever leads it: no number of fewer than five people, nor one
that could be worked out from the whole school's figures, which reports to governors and staff hold.

Needs they read by name anyhow. What stays between those who take part is in none of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count

from cpdhub.addresses import address
from cpdhub.models import AcademicYear, Staff
from evaluation import dashboard, figures
from evaluation.dashboard import SMALL, Link, Row
from evaluation.figures import Chain
from evaluation.narrowing import Narrowing
from evaluation.part import WHOLE, Part
from evaluation.school_year import Totals

OPENED = {"Needs": "impact:needs", "Activities": "impact:activities"}
NOT_THEIRS = ("impact:people", "impact:reviews")  # repairs that name people, or wait for leaders


def chains(year: AcademicYear, *, now: datetime, part: Part) -> list[Chain]:
    """Each beside the people of the whole school, in two queries more."""
    found = figures.chains(year, now=now, part=part)
    wholes = {chain.priority.pk: Chain(chain.priority) for chain in found}
    if found:
        figures.count_people(wholes, [chain.priority for chain in found], WHOLE)
    for chain in found:
        chain.whole = wholes[chain.priority.pk]
    return found


def rows(found: list[Chain], narrowing: Narrowing, *, shows_money: bool) -> list[Row]:
    return [_row(chain, narrowing, shows_money=shows_money) for chain in found]


def _row(chain: Chain, narrowing: Narrowing, *, shows_money: bool) -> Row:
    links = [
        dashboard.needs_link(chain, for_governors=False),
        *dashboard.links_of(chain, for_governors=True)[1:],
    ]
    if dashboard.hides_reflections(chain):
        chain.sharers = set()  # how sure we are would tell that somebody shared something
    kept = narrowing.kept
    missing = [link for link in chain.missing() if link.view not in NOT_THEIRS]
    return Row(
        chain,
        [_opened(link, chain, narrowing) for link in links],
        dashboard.repairs(missing, kept),
        for_governors=True,
        query=kept,
        shows_money=shows_money,
    )


def _opened(link: Link, chain: Chain, narrowing: Narrowing) -> Link:
    """With the rows they may read."""
    if link.what not in OPENED:
        return link
    url = address(OPENED[link.what], chain.priority.pk)
    return replace(link, url=f"{url}{narrowing.as_query}")


def groups(totals: Totals, team: int, *, today: date) -> list[dashboard.Group]:
    """Hours by staff group of all the year's CPD; none at all where a group of the team, or what it
    leaves of the school, would be of fewer than five."""
    colleagues = Staff.objects.in_post(today).on_staff().exclude(team=team)
    others = dict(colleagues.order_by().values_list("group").annotate(n=Count("pk")))
    if any(0 < others.get(row.group, 0) < SMALL for row in totals.groups):
        return []
    return dashboard.groups(totals.groups, for_governors=True)
