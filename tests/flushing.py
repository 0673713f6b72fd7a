"""Emptying the database after a test that committed, but for what is shipped.

TRUNCATE gives each of some three hundred tables and all their indexes new files, whether anything
is in them or not. Here the owner empties those that hold rows, with the rules of their rows off.
Rows of no school in tables that schools share came with the migrations, and stay.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from cpdhub.models.base import SharedManager

KEPT = {"django_content_type", "auth_permission"}  # made by migrations, and never by a test


def flush_what_holds_rows() -> None:
    """From now on, for every connection of this process: a browser's tests have another one."""
    type(connection.ops).sql_flush = lambda _, *args, **options: _sql_flush(*args, **options)


def _sql_flush(style, tables, *, reset_sequences=False, allow_cascade=False):
    """What Django runs in one transaction. The owner sees all rows, the application does not."""
    mine = _tests_own(set(tables) - KEPT)
    if not mine:
        return []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        holds = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(table), sql.SQL(rows)
            )
            for table, rows in mine.items()
        )
        cursor.execute(holds)
        found = [name for (name,) in cursor.fetchall()]
        role = sql.Identifier(settings.APP_ROLE).as_string(cursor.cursor)
    return [
        *(f'ALTER TABLE "{name}" DISABLE TRIGGER USER' for name in found),
        *(f"DELETE FROM {mine[name]}" for name in found),
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f'ALTER TABLE "{name}" ENABLE TRIGGER USER' for name in found),
        f"SET ROLE {role}",
    ]


def _tests_own(tables):
    """What a test may have left in these tables, as what follows FROM."""
    shared = {
        model._meta.db_table
        for model in apps.get_models()
        if isinstance(model._default_manager, SharedManager)
    }
    return {
        table: f'"{table}" WHERE school_id IS NOT NULL' if table in shared else f'"{table}"'
        for table in sorted(tables)
    }
