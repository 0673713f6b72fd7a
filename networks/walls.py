"""The third wall: rows a network shares show to schools that are in it, and to nobody else.

A row of a network has a school that wrote it. It is read while one of the network's members is
open, and changed while its own school, or a school that leads the network, is open. Which networks
the open school is in is asked of functions that run with the owner's rights: a policy that read
the memberships itself would ask itself for ever.
"""

from django.db.migrations import RunSQL

from cpdhub.walls import SCHOOL_IS_OPEN

OPEN = "ANY (string_to_array(NULLIF(current_setting('app.school_ids', true), ''), ',')::bigint[])"
MEMBER = "(network_id = ANY ((SELECT networks_open('member'))::bigint[]))"
LED = "(network_id = ANY ((SELECT networks_led())::bigint[]))"


def _function(signature: str, returns: str, body: str) -> RunSQL:
    name = signature.partition("(")[0]
    return RunSQL(
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE plpgsql STABLE SECURITY DEFINER"
        f" SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN ({body}); END $$",
        f"DROP FUNCTION {name}",
    )


def functions() -> list[RunSQL]:
    """What the policies ask. `networks_open('member', 'invited')`: ids of the networks in which
    an open school stands like that; `networks_led()`: of those it leads; `network_is_new(7)`:
    nobody is in it yet."""
    mine = f"SELECT array_agg(network_id) FROM networks_membership WHERE school_id = {OPEN}"
    return [
        _function(
            "networks_open(VARIADIC states text[])", "bigint[]",
            f"coalesce(({mine} AND state = ANY (states)), '{{}}')",
        ),
        _function(
            "networks_led()", "bigint[]",
            f"coalesce(({mine} AND state = 'member' AND is_lead), '{{}}')",
        ),
        _function(
            "network_is_new(network bigint)", "boolean",
            "NOT EXISTS (SELECT 1 FROM networks_membership m WHERE m.network_id = network)",
        ),
    ]  # fmt: skip


def network_wall(*tables: str, shown: str = "") -> RunSQL:
    """For tables of what a network shares, with `network_id` and the `school_id` that wrote it.
    `shown`: which of the rows members read, where some are still their school's own."""
    read, led = (f"({all_} AND {shown})" if shown else all_ for all_ in (MEMBER, LED))
    return RunSQL(
        [
            statement
            for table in tables
            for statement in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY of_open_school ON {table} USING ({SCHOOL_IS_OPEN} OR {led})",
                f"CREATE POLICY of_network ON {table} FOR SELECT USING {read}",
            )
        ],
        [
            statement
            for table in tables
            for statement in (
                f"DROP POLICY of_network ON {table}",
                f"DROP POLICY of_open_school ON {table}",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            )
        ],
    )


def wall_of_networks() -> RunSQL:
    """The network itself: read by members and whom they invited, changed by who leads it."""
    led = "(id = ANY ((SELECT networks_led())::bigint[]))"
    seen = "(id = ANY ((SELECT networks_open('member', 'invited'))::bigint[]))"
    founded = f"({SCHOOL_IS_OPEN} AND network_is_new(id))"
    table = "networks_network"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen} OR {founded})",
            f"CREATE POLICY founded ON {table} FOR INSERT WITH CHECK {SCHOOL_IS_OPEN}",
            f"CREATE POLICY led ON {table} FOR UPDATE USING {led}",
            f"CREATE POLICY ended ON {table} FOR DELETE USING {led}",
        ],
        [
            *(f"DROP POLICY {name} ON {table}" for name in ("seen", "founded", "led", "ended")),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def wall_of_memberships() -> RunSQL:
    """Read by members and whom they invited; written by who leads, and each school's own by it."""
    seen = "(network_id = ANY ((SELECT networks_open('member', 'invited'))::bigint[]))"
    first = f"({SCHOOL_IS_OPEN} AND network_is_new(network_id))"
    table = "networks_membership"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen} OR {SCHOOL_IS_OPEN})",
            f"CREATE POLICY asked ON {table} FOR INSERT WITH CHECK ({LED} OR {first})",
            f"CREATE POLICY kept ON {table} FOR UPDATE USING ({LED} OR {SCHOOL_IS_OPEN})",
            f"CREATE POLICY ended ON {table} FOR DELETE USING {LED}",
        ],
        [
            *(f"DROP POLICY {name} ON {table}" for name in ("seen", "asked", "kept", "ended")),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )
