"""The entitlements CPD Hub ships: `activities/data/entitlements.json`, in our own words."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "entitlements.json"
MENU = ("cpd-menu", "1")


def load(*, entitlement_model: Any, step_model: Any, item_model: Any) -> None:
    """Put shipped versions into the database. A version that is there is left as it is.

    Takes its models as arguments because a migration has its own; run by the owner role.
    """
    code, version = MENU
    menu = item_model.objects.filter(school=None, framework__code=code, framework__version=version)
    types = {item.code: item for item in menu}
    for data in json.loads(FILE.read_text(encoding="utf-8"))["entitlements"]:
        steps = data.pop("steps")
        entitlement, is_new = entitlement_model.objects.get_or_create(
            school=None, code=data["code"], version=data["version"], defaults=data
        )
        if is_new:
            for position, step in enumerate(steps, start=1):
                kind = step.pop("type", None)
                step_model.objects.create(
                    entitlement=entitlement, position=position, type=types[kind] if kind else None,
                    **step,
                )  # fmt: skip
