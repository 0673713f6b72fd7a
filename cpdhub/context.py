"""What every page's frame shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cpdhub.permissions import Permission as P


@dataclass(frozen=True)
class Area:
    """One of the six areas of the navigation; it appears when the person has pages in it."""

    name: str
    view: str
    permission: P
    namespaces: tuple[str, ...]


AREAS = (Area("Home", "home", P.SEE_HOME, ("",)),)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The areas open to this person, with the current one marked."""
    staff = getattr(request, "staff", None)
    if staff is None:
        return {"areas": []}
    match = request.resolver_match
    namespace = match.namespace if match else None
    return {
        "staff": staff,
        "school": staff.school,
        "areas": [
            {
                "name": area.name,
                "url": reverse(area.view),
                "is_current": namespace in area.namespaces
                and (area.name != "Home" or (match and match.url_name == "home")),
            }
            for area in AREAS
            if staff.can(area.permission)
        ],
    }
