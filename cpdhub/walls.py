"""The two walls between schools.

*django-scopes* refuses a query while no school is open; *row-level security* in PostgreSQL
gives such a query no rows. `school_scope` opens both, for requests, tasks, commands and tests
alike, and never for longer than its transaction.

Two narrower doors, in PostgreSQL only, for `Model.across` managers (see `models/base.py`):
`person_scope` lets a person's own posts be found before a school is known;
`installation_scope` lets the dispatcher find due rows of any school, and gives the
installation's administrator the rows that belong to no school.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.migrations import RunSQL
from django_scopes import scope

if TYPE_CHECKING:
    from cpdhub.models import School


def _set(name: str, value: str) -> str:
    """What it was before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, set_config(%s, %s, true)"
            " FROM (SELECT current_setting(%s, true) AS before OFFSET 0) AS was",
            [name, value, name],
        )
        return cursor.fetchone()[0] or ""


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    """Hold a transaction-local setting, in a transaction of its own or in the one around it."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _set(name, value)
        yield
        # Not in `finally`: after an error the savepoint's rollback puts it back.
        if nested and before != value:
            _set(name, before)


@contextmanager
def school_scope(school: "School | int") -> Iterator[None]:
    """Open one school, in a transaction."""
    pk = school if isinstance(school, int) else school.pk
    if pk is None:
        raise ValueError("A school that is not saved cannot be opened.")
    with _setting("app.school_ids", str(pk)), scope(school=[pk]):
        yield


@contextmanager
def schools_scope(pks: list[int]) -> Iterator[None]:
    """Open several schools at once, to count in them: never to show what is counted."""
    with _setting("app.school_ids", ",".join(map(str, pks))), scope(school=list(pks)):
        yield


def person_scope(user_id: int) -> AbstractContextManager[None]:
    """Open what belongs to one person in every school: their own posts, to be read."""
    return _setting("app.user_id", str(user_id))


def installation_scope() -> AbstractContextManager[None]:
    """Open what belongs to no school, and let due rows of all schools be found."""
    return _setting("app.installation", "on")


def scope_of(school_id: int | None) -> AbstractContextManager[None]:
    """Open a row's school or, for a row of no school, the installation."""
    return installation_scope() if school_id is None else school_scope(school_id)


# --- for migrations ---------------------------------------------------------------------------
Statement = str | tuple[str, dict[str, Any] | list[Any] | tuple[Any, ...] | None]

SCHOOL_IS_OPEN = (
    "(school_id = ANY ((SELECT string_to_array("
    "NULLIF(current_setting('app.school_ids', true), ''), ','))::bigint[]))"
)
ONLY_SCHOOL_IS_OPEN = (
    "(school_id = (SELECT CASE WHEN open NOT LIKE '%,%' THEN NULLIF(open, '')::bigint END"
    " FROM current_setting('app.school_ids', true) AS open))"
)
INSTALLATION_IS_OPEN = "((SELECT current_setting('app.installation', true)) = 'on')"


def wall(*tables: str) -> RunSQL:
    """Row-level security on tables whose rows all belong to a school.

    ENABLE, never FORCE: the owner's data migrations and pg_dump must see every row.
    """
    return RunSQL(
        [
            statement
            for table in tables
            for statement in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY of_open_school ON {table} USING {SCHOOL_IS_OPEN}",
            )
        ],
        [
            statement
            for table in tables
            for statement in (
                f"DROP POLICY of_open_school ON {table}",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            )
        ],
    )


def one_at_a_time(app: str) -> RunSQL:
    """Rows of an app's tables that stand behind the wall show while one school is open, never while
    several are.

    A page joins hundreds of them, and PostgreSQL knows how many rows have one value: of a list it
    guesses ten times too many or too few, and then walks where it should gather.
    """
    each = (
        "DO $$ DECLARE behind text; BEGIN FOR behind IN SELECT tablename FROM pg_policies"
        f" WHERE policyname = 'of_open_school' AND tablename LIKE '{app}\\_%' LOOP"
        " EXECUTE format('ALTER POLICY of_open_school ON %I USING ({})', behind);"
        " END LOOP; END $$"
    )
    return RunSQL(_quoted(each, ONLY_SCHOOL_IS_OPEN), _quoted(each, SCHOOL_IS_OPEN))


def _quoted(statement: str, rule: str) -> str:
    """The rule inside the statement's string, inside format()."""
    return statement.replace("{}", rule.replace("'", "''").replace("%", "%%"))


def found_by_installation(*tables: str) -> RunSQL:
    """Lets the dispatcher read these tables for all schools, and the installation keep rows of
    no school in them."""
    return RunSQL(
        [
            statement
            for table in tables
            for statement in (
                f"CREATE POLICY found_by_installation ON {table} FOR SELECT"
                f" USING {INSTALLATION_IS_OPEN}",
                f"CREATE POLICY of_installation ON {table}"
                f" USING (school_id IS NULL AND {INSTALLATION_IS_OPEN})",
            )
        ],
        [
            statement
            for table in tables
            for statement in (
                f"DROP POLICY found_by_installation ON {table}",
                f"DROP POLICY of_installation ON {table}",
            )
        ],
    )


def shared_when_of_no_school(*tables: str) -> RunSQL:
    """Rows of no school (shipped frameworks) may be read by everyone."""
    return RunSQL(
        [f"CREATE POLICY shipped ON {t} FOR SELECT USING (school_id IS NULL)" for t in tables],
        [f"DROP POLICY shipped ON {t}" for t in tables],
    )


def same_school(table: str, **targets: str) -> RunSQL:
    """Foreign keys that cannot cross schools: `same_school("t", staff_id="cpdhub_staff")`.

    PostgreSQL checks foreign keys without row-level security, so a plain key could point
    at another school's row. The target needs a unique (school_id, id): see `may_be_pointed_at`.
    """
    forward: list[Statement] = []
    backward: list[Statement] = []
    for column, target in targets.items():
        name = f"{table}_{column}_same_school"
        forward.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (school_id, {column})"
            f" REFERENCES {target} (school_id, id) DEFERRABLE INITIALLY DEFERRED"
        )
        backward.append(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return RunSQL(forward, backward)


def may_be_pointed_at(*tables: str) -> RunSQL:
    """The unique key that `same_school` points at."""
    return RunSQL(
        ";".join(
            f"ALTER TABLE {t} ADD CONSTRAINT {t}_in_school UNIQUE (school_id, id)" for t in tables
        ),
        ";".join(f"ALTER TABLE {t} DROP CONSTRAINT {t}_in_school" for t in tables),
    )
