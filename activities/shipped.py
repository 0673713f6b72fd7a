"""Everything activities ship with, for a migration: run again whenever there is more of it."""

from typing import Any

from activities import library, promises


def load(apps: Any, _schema_editor: Any) -> None:
    """Forms take the place of what was shipped before; entitlements that are there stay."""
    items = apps.get_model("cpdhub", "FrameworkItem")
    library.load(
        form_model=apps.get_model("activities", "ActivityForm"),
        session_model=apps.get_model("activities", "FormSession"),
        item_model=items,
    )
    promises.load(
        entitlement_model=apps.get_model("activities", "Entitlement"),
        step_model=apps.get_model("activities", "EntitlementStep"),
        item_model=items,
    )
