"""Who coaches whom: pairs, gaps, load and training, on one page for leaders."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from activities import coaching
from activities.coaching import MOST_COACHED, WISH, Line
from cpdhub import clock
from cpdhub.charts import line_chart
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry, Staff
from cpdhub.permissions import Permission

SHOWN = {
    "": "Everybody",
    "without": "Nobody coaches them",
    "coaches": "They coach somebody",
    "many": f"They coach more than {MOST_COACHED}",
    "untrained": "They coach and need training",
    "wish": "Would like to coach",
}
HEADER = ["Name", "Team", "Staff group", "Coach or mentor", "Coaches", "Trained on", "Would coach"]


@require_GET
@requires(Permission.SEE_EVERYONES_RECORD)
def who_coaches_whom(request: StaffRequest) -> HttpResponse:
    """`?show=without` are those without a coach; `?group=` and `?team=` narrow it."""
    everyone = coaching.lines(request.staff, today=clock.today())
    asked = {name: request.GET.get(name, "") for name in ("show", "group", "team")}
    found = [line for line in everyone if fits(line, **asked)]
    if request.GET.get("format") == "csv":
        return as_file(request, found)
    terms = coaching.growth(request.staff, today=clock.today())
    teams = {line.person.team_id: str(line.person.team) for line in everyone if line.person.team}
    context: dict[str, Any] = {
        "lines": found,
        "asked": asked,
        "is_narrow": any(asked.values()),
        "shown": list(SHOWN.items()),
        "groups": [(value, label) for value, label in Staff.Group.choices],
        "teams": sorted(((str(pk), name) for pk, name in teams.items()), key=lambda team: team[1]),
        "by_group": coaching.by_group(everyone),
        "with_one": sum(bool(line.coaches) for line in everyone),
        "number": len(everyone),
        "coaches": sum(bool(line.coached) for line in everyone),
        "wishes": sum(line.wishes for line in everyone),
        "most": MOST_COACHED,
        "wish": WISH,
        "terms": terms,
        "chart": chart(terms),
    }
    return render(request, "activities/coaching.html", context)


def fits(line: Line, *, show: str, group: str, team: str) -> bool:
    if group and line.person.group != group or team and str(line.person.team_id) != team:
        return False
    return {
        "without": not line.coaches,
        "coaches": bool(line.coached),
        "many": line.has_many,
        "untrained": bool(line.coached) and not line.is_current,
        "wish": line.wishes,
    }.get(show, True)


def chart(terms: Any) -> Any:
    """Worth drawing once there is something to compare."""
    if sum(count > 0 for _, count in terms) < 2:
        return ""
    return line_chart(coaching.points(terms), title="Coaches and mentors by term", key="coaches")


def as_file(request: StaffRequest, found: list[Line]) -> HttpResponse:
    LogEntry.write(
        LogEntry.Kind.EXPORTED, by=request.staff, what="who coaches whom", note=f"{len(found)} rows"
    )
    rows = (
        [
            line.person.name, line.person.team or "", line.person.get_group_display(),
            "; ".join(link.other.name for link in line.coaches), line.load,
            line.trained_on, line.wishes,
        ]
        for line in found
    )  # fmt: skip
    return csv_response(f"who-coaches-whom-{clock.today().isoformat()}.csv", HEADER, rows)
