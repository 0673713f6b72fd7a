"""Migrations without the waits of history.

A trigger changes nothing of a model, but adding one lets Django build every related model anew, and
all of ours are related through the school: half of the time of a first start.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

StateForwards = Callable[[Any, str, ProjectState], None]


def keep_models_as_built() -> None:
    """For triggers only; the state still knows them by name."""
    for operation in (AddTrigger, RemoveTrigger):
        operation.state_forwards = _keeping(operation.state_forwards)  # type: ignore[method-assign,assignment]


def _keeping(original: StateForwards) -> StateForwards:
    def state_forwards(self: Any, app_label: str, state: ProjectState) -> None:
        built = state.__dict__.pop("apps", None)  # unseen, it is not built again
        original(self, app_label, state)
        if built is not None:
            state.__dict__["apps"] = built

    return state_forwards
