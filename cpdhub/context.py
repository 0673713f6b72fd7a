"""What every page's frame shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.permissions import Permission as P


@dataclass(frozen=True)
class Area:
    """One of the six areas of the navigation, or one of the tools below them.

    It appears when the person has pages in it. `namespaces` are those of its addresses; with
    `views`, only these names of them (two entries may share a namespace). An entry with `unless`
    is for those who lack that right too, and so have no other entry of its name.
    """

    name: str
    view: str
    permission: P | None
    namespaces: tuple[str, ...]
    views: tuple[str, ...] = ()
    unless: P | None = None

    def shown(self, match: ResolverMatch | None) -> dict[str, Any]:
        is_current = match is not None and match.namespace in self.namespaces
        if is_current and self.views:
            is_current = match is not None and match.url_name in self.views
        return {"name": self.name, "url": self.url, "is_current": is_current}

    @property
    def url(self) -> str:
        return reverse(self.view)

    def is_for(self, staff: Staff) -> bool:
        if self.unless and staff.can(self.unless):
            return False
        return self.permission is None or staff.can(self.permission)


# Home · Plan · Needs · Activities · Impact · Network
AREAS: tuple[Area, ...] = (
    Area("Home", "home", P.SEE_HOME, ("",), ("home",)),
    Area("Plan", "plan:plan", P.SEE_PLAN, ("plan",)),
    Area("Needs", "needs:mine", P.WRITE_NEEDS, ("needs",)),
    Area("Activities", "activities:list", P.SEE_ACTIVITIES, ("activities",)),
    Area("Impact", "impact:dashboard", P.SEE_IMPACT_SUMMARY, ("impact", "innovations")),
    Area(
        "Impact",
        "impact:team",
        P.SEE_TEAM_IMPACT,
        ("impact", "innovations"),
        unless=P.SEE_IMPACT_SUMMARY,
    ),
    Area("Network", "networks:list", P.SEE_NETWORKS, ("networks",)),
)

# My record · Staffroom · Colleagues · School · Who sees what (then, from the template:
# Your account, Sign out)
TOOLS: tuple[Area, ...] = (
    Area(
        "My record",
        "record:mine",
        P.LOG_LEARNING,
        ("record", "reflections", "observations", "voice", "portfolio", "recognition"),
    ),
    Area("Staffroom", "staffroom:posts", P.SHARE_POSTS, ("staffroom", "sharing")),
    Area("Colleagues", "staff:list", P.SEE_STAFF, ("staff",)),
    Area("Staff imports", "imports:list", P.IMPORT_STAFF, ("imports",)),
    Area(
        "School",
        "school:settings",
        P.MANAGE_SCHOOL,
        ("school",),
        ("settings", "urn", "years", "year", "teams", "team"),
    ),
    Area("Reports and files", "jobs:mine", P.MAKE_REPORTS, ("jobs",), ("mine", "job")),
    Area("Letters you get", "jobs:letters", P.SEE_HOME, ("jobs",), ("letters",)),
    Area("Who sees what", "school:who_sees_what", P.SEE_HOME, ("school",), ("who_sees_what",)),
)  # fmt: skip

# What the installation's administrator has, outside any school.
ADMINISTRATION: tuple[Area, ...] = (
    Area("Schools", "hub:home", None, ("hub",), ("home", "school", "school_urn", "team_open")),
    Area(
        "The register", "hub:register", None, ("hub",),
        ("register", "register_upload", "school_open"),
    ),
    Area("Letters", "outbox:letters", None, ("outbox",)),
)  # fmt: skip


def frame(request: HttpRequest) -> dict[str, Any]:
    """The areas and tools open to this person, with the current one marked."""
    staff: Staff | None = getattr(request, "staff", None)
    match = request.resolver_match
    if staff is None:
        user = getattr(request, "user", None)
        is_administrator = getattr(user, "is_administrator", False)
        areas = ADMINISTRATION if is_administrator else ()
        return {"areas": [area.shown(match) for area in areas], "today": clock.today()}
    return {
        "staff": staff,
        "school": staff.school,
        "today": clock.today(),
        "areas": [area.shown(match) for area in AREAS if area.is_for(staff)],
        "tools": [tool.shown(match) for tool in TOOLS if tool.is_for(staff)],
    }
