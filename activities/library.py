"""The forms of activity CPD Hub ships: `activities/data/forms.json`, in our own words."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "forms.json"
MENU = "cpd-menu"


def forms() -> list[dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def load(*, form_model: Any, session_model: Any, item_model: Any) -> None:
    """Put the shipped forms into the database, in place of what was shipped before: an activity
    keeps its own copy of what it took, so none changes.

    Takes its models as arguments because a migration has its own; run by the owner role.
    """
    types = {
        item.code: item
        for item in item_model.objects.filter(framework__code=MENU, school=None).order_by("pk")
    }
    for data in forms():
        form, _ = form_model.objects.update_or_create(
            school=None, code=data["code"], defaults=fields_of(data, types)
        )
        session_model.objects.filter(form=form).delete()
        session_model.objects.bulk_create(
            session_model(form=form, position=position, **session)
            for position, session in enumerate(sessions_of(data), start=1)
        )


def fields_of(data: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": data["title"],
        "hint": data["hint"],
        "type": types[data["type"]],
        "groups": data["groups"],
        "kind": data.get("kind", "direct"),
        "is_compulsory": data.get("compulsory", False),
        "is_private": data.get("private", False),
        "look_again_after": data["look"],
        "evaluate_after": data.get("ask", []),
        "roles": data.get("roles", []),
    }


def sessions_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """All of them, in order: the file says a pattern once and how many times it comes."""
    return [
        {
            "name": session["name"].replace("{n}", str(number)),
            "days_after": session.get("after", 0),
            "minutes": session["minutes"],
            "planning_minutes": session.get("planning", 0),
            "prompts": session.get("prompts", []),
        }
        for number in range(1, data.get("times", 1) + 1)
        for session in data["sessions"]
    ]
