"""Settings that cannot work together, tables half way, a role that would open the second wall."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from cpdhub import signing_key


@register
def clock_and_queue(**kwargs: Any) -> list[Error]:
    errors = []
    if settings.PRODUCTION and settings.CPDHUB_NOW:
        errors.append(
            Error("CPDHUB_NOW must not be set in production.", hint="Unset it.", id="cpdhub.E001")
        )
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if visibility / 2 <= settings.CELERY_TASK_TIME_LIMIT:
        errors.append(
            Error(
                "A task may run for more than half the queue's visibility timeout.",
                hint="It would be delivered again while it still runs.",
                id="cpdhub.E002",
            )
        )
    if settings.PRODUCTION and not settings.SECURE:
        errors.append(
            Error(
                "CPDHUB_BASE_URL must begin with https:// in production.",
                hint="Put TLS in front and name the public address.",
                id="cpdhub.E003",
            )
        )
    return errors


@register
def key_to_sign_with(**kwargs: Any) -> list[Error]:
    if not settings.PRODUCTION or signing_key.is_usable(settings.SIGNING_KEY):
        return []
    return [
        Error(
            "CPDHUB_SIGNING_KEY must hold a key in production.",
            hint="`python manage.py make_signing_key` prints one. Keep it secret and for ever.",
            id="cpdhub.E005",
        )
    ]


@register(Tags.database)
def tables_half_way(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Error]:
    """Asked by `migrate`: a migration that replaces others can follow all of them or none.

    Of a database that has only some, Django says nothing or something else.
    """
    errors = []
    for name in databases or []:
        loader = MigrationLoader(connections[name])
        if half := sorted({app for app, _ in loader.replacements.keys() - loader.graph.nodes}):
            errors.append(
                Error(
                    f"Of {', '.join(half)} this database has only some of the earlier migrations.",
                    hint="Begin anew, or finish them with the last code that had them.",
                    id="cpdhub.E004",
                )
            )
    return errors


def refuse_powerful_role(connection: Any, **kwargs: Any) -> None:
    """Row-level security does not bind superusers, BYPASSRLS roles or a table's owner.

    Asked of every new connection, so that no process serves a school through an open wall;
    only `migrate` (and tests, which then assume the plain role) connect as the owner.
    """
    if settings.AS_OWNER:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c"
            " WHERE c.relrowsecurity AND c.relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        if cursor.fetchone()[0]:
            raise ImproperlyConfigured(
                "DATABASE_URL signs in as a superuser, a BYPASSRLS role or the tables' owner,"
                " whom row-level security does not bind. Use a plain role (docs/deploy.md)."
            )
