"""What the application's plain database role may do, granted by the owner after migrating."""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg2 import sql

# Added to and read, never changed or taken away.
APPEND_ONLY = ("cpdhub_logentry",)


def grant(using: str = "default", **kwargs: Any) -> None:
    """Runs after every migrate, for test databases and new tables too; harmless twice."""
    connection = connections[using]
    role = settings.APP_ROLE
    if connection.settings_dict["OPTIONS"].get("assume_role") or not connection.introspection:
        return  # a transactional test's flush fires this signal as the application
    if connection.settings_dict["USER"] == role:
        return
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        cursor.execute(
            sql.SQL(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}"
            ).format(name)
        )
        cursor.execute(
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name)
        )
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND "
            "(tablename LIKE '%%event' AND EXISTS (SELECT 1 FROM information_schema.columns c"
            " WHERE c.table_name = tablename AND c.column_name = 'pgh_id')"
            " OR tablename = ANY(%s))",
            [list(APPEND_ONLY)],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name)
            )
        cursor.execute(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(name)
        )
