"""Migrations without the waits.

After each operation Django builds every related model anew, and all of ours are related through
the school: with a hundred and thirty models that alone takes most of a minute.
"""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Together(Operation):
    """Operations that add models, fields and triggers, or take triggers away: models are built
    once, as they are at the end.

    A foreign key may so be written before the model it points at, as Django adds foreign keys
    when all tables of a migration are there.
    """

    reversible = False  # who wants none of it drops the database
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # unseen, they are not built again one by one
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations together"
