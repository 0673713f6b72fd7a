"""Makes the demo installation larger: more schools around it, or a longer past inside it.

Rows are copied by the database with shifted ids, as the owner, triggers off: this is data
to measure against, not history anybody made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.apps import apps
from django.db import models

from cpdhub.models import School
from networks.models import Network, Publication

STEP = 10_000_000  # ids of copy k are k * STEP higher
DEMO = f"id < {STEP} AND slug NOT LIKE 'bench-%'"  # the schools that are copied
PAST_IDS = 5_000  # copies of the past have ids beyond those of any school
PAST = ("activity", "intendedimpact", "session", "participation", "attendance")


@dataclass(frozen=True)
class Table:
    """A table of a school and how each of its columns is copied."""

    name: str
    columns: dict[str, str]  # column: SQL expression with {k}
    copied: str  # the condition of the rows that are: no copies, and nothing the bench added


def _is_of_school(model: type[models.Model]) -> bool:
    """With a school in every row, and no history: what is shipped is not copied. A network may
    outlive the school that founded it, and its publications are of all its schools."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    is_history = str(model._meta.object_name).endswith("Event")
    is_of_one = "school" in fields and not fields["school"].null and not is_history
    return is_of_one or model in {Network, Publication}


def tables(*, only: tuple[str, ...] = ()) -> list[Table]:
    """Every table with a school, or only these models with people left as they are."""
    found = [model for model in apps.get_models() if _is_of_school(model) and model is not School]
    if only:
        found = [model for model in found if model._meta.model_name in only]
    return [
        Table(model._meta.db_table, _columns(model, found, only), _copied(model)) for model in found
    ]


def _copied(model: type[models.Model]) -> str:
    """Ids of copies are higher; where they are random, those of their schools are."""
    of_school = f"school_id IN (SELECT id FROM cpdhub_school WHERE {DEMO})"
    if model is Publication:
        of_school = f"network_id IN (SELECT id FROM networks_network WHERE {of_school})"
    is_random = isinstance(model._meta.pk, models.UUIDField)
    return of_school if is_random else f"id < {STEP} AND {of_school}"


def _columns(
    model: type[models.Model], copied: list[type[models.Model]], only: tuple[str, ...]
) -> dict[str, str]:
    columns = {}
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        column = f'"{field.column}"'
        columns[column] = _expression(field, column, copied, only)
    return columns


def _expression(field: Any, column: str, copied: list[Any], only: tuple[str, ...]) -> str:
    target = field.related_model
    shifted = f"{column} + {{k}} * {STEP}::bigint"
    if field.primary_key or (target in copied and target is not None):
        # A random key's copies are as random, and whatever points at it finds the same one.
        of_key = target._meta.pk if target is not None else field
        is_random = isinstance(of_key, models.UUIDField)
        return f"md5({column}::text || '{{k}}')::uuid" if is_random else shifted
    if target is School:
        return column if only else shifted
    if target is not None and field.unique and field.null:
        return "NULL"  # what hangs on one row hangs on no copy of it
    if target is not None and target._meta.label == "cpdhub.User":
        return "NULL"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if field.unique and isinstance(field, models.CharField):
        return f"{column} || '-{{k}}'"
    if only and isinstance(field, models.DateTimeField):
        return f"{column} - {{k}} * interval '364 days'"
    if only and isinstance(field, models.DateField):
        return f"{column} - {{k}} * 364"
    return column


def grow_installation(address: str, *, to: int) -> None:
    """Until the demo schools stand among `to` times as many."""
    own = {"id", "name", "slug", "urn", "evaluates_by"}
    kept = ", ".join(str(f.column) for f in School._meta.concrete_fields if f.name not in own)
    with _writing(address) as cursor:
        cursor.execute(f"SELECT max(id) / {STEP} FROM cpdhub_school")
        first = cursor.fetchone()[0] + 1
    for k in range(first, to):
        with _writing(address) as cursor:
            cursor.execute(
                f"INSERT INTO cpdhub_school (id, name, slug, urn, {kept})"
                f" SELECT id + {k} * {STEP}, name || ' {k}', slug || '-{k}',"
                f" lpad(({k} * 100 + row_number() OVER ())::text, 6, '0'), {kept}"
                f" FROM cpdhub_school WHERE {DEMO}"
            )
            _copy(cursor, tables(), k)
    _analyse(address)


def grow_past(address: str, *, to: int) -> None:
    """Until each demo school has `to` times its past of activities."""
    for k in range(1, to):
        with _writing(address) as cursor:
            _copy(cursor, tables(only=PAST), PAST_IDS + k, shift=k)
    _analyse(address)


@contextmanager
def _writing(address: str) -> Iterator[Any]:
    """A transaction of a connection of its own: one that stays checks foreign keys by the plans
    of its first rows, when every table was read whole."""
    with (
        closing(psycopg2.connect(address)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        yield cursor


def _copy(cursor: Any, copied: list[Table], k: int, *, shift: int = 0) -> None:
    for table in copied:
        cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
    for table in copied:
        values = ", ".join(
            expression.format(k=shift if "interval" in expression or "364" in expression else k)
            for expression in table.columns.values()
        )
        cursor.execute(
            f"INSERT INTO {table.name} ({', '.join(table.columns)})"
            f" SELECT {values} FROM {table.name} WHERE {table.copied}"
        )
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in copied:
        cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")


def _analyse(address: str) -> None:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    connection.cursor().execute("VACUUM ANALYZE")
    connection.close()
