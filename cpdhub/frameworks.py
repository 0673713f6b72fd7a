"""The frameworks CPD Hub ships: versioned files in `cpdhub/data/frameworks/`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "frameworks"
SHIPPED = (
    "inspection-2019",
    "inspection-2025",
    "cpd-menu",
    "dfe-cpd-standard",
    "eef-mechanisms",
    "ten-cpd-factors",
    "eppi-features",
    "teachers-standards",
    "assistant-standards",
    "headteachers-standards",
    "cpd-leader",
    "subjects",
    "plan-risks",
)


def load(names: Sequence[str], *, framework_model: Any, item_model: Any) -> None:
    """Put shipped versions into the database. A version that is there is left as it is.

    Takes its models as arguments because a migration has its own; run by the owner role.
    """
    for name in names:
        data = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        items = data.pop("items")
        framework, is_new = framework_model.objects.get_or_create(
            school=None, code=data["code"], version=data["version"], defaults=data
        )
        if is_new:
            _add(items, None, framework, item_model, iter(range(1, 1000)))


def say_what_follows(*, item_model: Any) -> None:
    """Which items of earlier versions the items of a shipped one take up."""
    said = json.loads((FOLDER / "follows.json").read_text(encoding="utf-8"))
    for code, versions in said.items():
        for version, items in versions.items():
            of = item_model.objects.filter(
                school=None, framework__code=code, framework__version=version
            )
            for item, follows in items.items():
                of.filter(code=item).update(follows=follows)


def _add(items: list[dict], parent: Any, framework: Any, item_model: Any, positions: Any) -> None:
    for fields in items:
        children = fields.pop("items", [])
        item = item_model.objects.create(
            framework=framework, parent=parent, position=next(positions), **fields
        )
        _add(children, item, framework, item_model, positions)
