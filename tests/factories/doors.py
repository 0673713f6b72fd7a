"""A school opened for one row, thousands of times a run."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django_scopes import scope

from cpdhub import walls

OPEN = (
    "SAVEPOINT made; SELECT before, set_config('app.school_ids', %s, true)"
    " FROM (SELECT current_setting('app.school_ids', true) AS before OFFSET 0) AS was"
)
CLOSE = "SELECT set_config('app.school_ids', %s, true); RELEASE SAVEPOINT made"
UNDO = "ROLLBACK TO SAVEPOINT made; RELEASE SAVEPOINT made"


@contextmanager
def school_scope(school) -> Iterator[None]:
    """As the application's, in two statements instead of four: half of all there are in a run."""
    if not connection.in_atomic_block:
        with walls.school_scope(school):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [str(school.pk)])
        before = cursor.fetchone()[0] or ""
        try:
            with scope(school=[school.pk]):
                yield
        except BaseException:
            connection.needs_rollback = False  # Django's note that the transaction is broken
            cursor.execute(UNDO)
            raise
        cursor.execute(CLOSE, [before])
