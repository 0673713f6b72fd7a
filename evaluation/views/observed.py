"""Observations in the school, for those who lead CPD."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from evaluation import observed, terms
from evaluation.dashboard import SMALL
from evaluation.views.balance import year_and_period

HEADER = ["Name", "Team", "Observed to develop", "Observed for induction", "Watched"]


@require_GET
@requires(Permission.SEE_OBSERVATIONS)
def school(request: StaffRequest) -> HttpResponse:
    """That they took place, by team and by name; topics from five people on. Never a note."""
    year, years, period = year_and_period(request)
    people = observed.people(period, today=clock.today())
    if request.GET.get("format") == "csv":
        LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="observations")
        return csv_response(f"observations-{year.name.replace('/', '-')}.csv", HEADER, rows(people))
    until = terms.last_half_term_ended(years, today=clock.today())
    context = {
        "year": year,
        "years": years,
        "period": period,
        "totals": observed.totals(period, people),
        "groups": observed.groups(people),
        "themes": observed.themes(period, until=until),
        "learning": observed.learning(period, by=request.staff, until=until),
        "seen": [person for person in observed.most_first(people) if person.is_in_it],
        "unseen": [person for person in people if not person.is_in_it],
        "limit": request.school.observations_a_year,
        "least": SMALL,
        "until": until,
    }
    return render(request, "evaluation/observed.html", context)


def rows(people: list[observed.Person]) -> list[list[Any]]:
    return [
        [person.staff.name, str(person.staff.team or ""), person.to_develop, person.induction,
         person.watched]
        for person in people
    ]  # fmt: skip
