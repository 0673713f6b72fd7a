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


def ending() -> RunSQL:
    """`network_ends(7)`, for the only school in it: nothing of it is left, of nobody. A row may
    stand behind another school's wall, so this runs with the owner's rights."""
    return RunSQL(
        "CREATE FUNCTION network_ends(ended bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = pg_catalog, public, pg_temp AS $$ DECLARE behind text; BEGIN"
        " IF (SELECT coalesce(array_agg(school_id), '{}') FROM networks_membership"
        " WHERE network_id = ended AND state = 'member') IS DISTINCT FROM"
        " string_to_array(NULLIF(current_setting('app.school_ids', true), ''), ',')::bigint[]"
        " THEN RAISE EXCEPTION 'others are in it' USING ERRCODE = 'check_violation'; END IF;"
        " DELETE FROM networks_joining j USING networks_membership m"
        " WHERE j.membership_id = m.id AND m.network_id = ended;"
        " FOR behind IN SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'network_id'"
        " AND table_name LIKE 'networks\\_%' LOOP"
        " EXECUTE format('DELETE FROM %I WHERE network_id = $1', behind) USING ended; END LOOP;"
        " DELETE FROM networks_network WHERE id = ended; END $$",
        "DROP FUNCTION network_ends",
    )


def network_wall(*tables: str, shown: str = "") -> RunSQL:
    """For tables of what a network shares, with `network_id` and the `school_id` of the member that
    wrote it. `shown`: which of the rows members read, where some are still their school's own."""
    read, led = (f"({all_} AND {shown})" if shown else all_ for all_ in (MEMBER, LED))
    return RunSQL(
        [
            statement
            for table in tables
            for statement in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY of_open_school ON {table} USING ({SCHOOL_IS_OPEN} OR {led})"
                f" WITH CHECK (({SCHOOL_IS_OPEN} AND {MEMBER}) OR {led})",
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


def wall_of_publications() -> RunSQL:
    """Read by members, added by who leads; any member may take it back, and nobody change more:
    the row itself says that what is taken back has no figures. No school keeps it."""
    table = "networks_publication"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY seen ON {table} FOR SELECT USING {MEMBER}",
            f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK {LED}",
            f"CREATE POLICY taken_back ON {table} FOR UPDATE USING {MEMBER}"
            " WITH CHECK (withdrawn_on IS NOT NULL)",
        ],
        [
            *(f"DROP POLICY {name} ON {table}" for name in ("seen", "added", "taken_back")),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def wall_of_contributions() -> RunSQL:
    """A school's own; read by members where it stands under the school's name. Not even who leads
    reads others."""
    table = "networks_contribution"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY of_open_school ON {table} USING {SCHOOL_IS_OPEN}"
            f" WITH CHECK ({SCHOOL_IS_OPEN} AND {MEMBER})",
            f"CREATE POLICY by_name ON {table} FOR SELECT USING (by_name AND {MEMBER})",
        ],
        [
            f"DROP POLICY by_name ON {table}",
            f"DROP POLICY of_open_school ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def wall_of_two_schools(table: str, other: str) -> RunSQL:
    """Rows between two schools of a network: both read and change them, and nobody else."""
    theirs = SCHOOL_IS_OPEN.replace("school_id", other, 1)
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY of_either_school ON {table} USING ({SCHOOL_IS_OPEN} OR {theirs})",
        ],
        [
            f"DROP POLICY of_either_school ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def same_network(table: str, **targets: str) -> RunSQL:
    """Foreign keys that cannot cross networks, as `cpdhub.walls.same_school` has it of schools: the
    target needs a unique (network_id, id), see `may_be_pointed_at_in_network`."""
    names = {column: f"{table}_{column}_same_network" for column in targets}
    return RunSQL(
        [
            f"ALTER TABLE {table} ADD CONSTRAINT {names[column]} FOREIGN KEY (network_id, {column})"
            f" REFERENCES {target} (network_id, id) DEFERRABLE INITIALLY DEFERRED"
            for column, target in targets.items()
        ],
        [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name in names.values()],
    )


def may_be_pointed_at_in_network(*tables: str) -> RunSQL:
    """The unique key that `same_network` points at."""
    return RunSQL(
        [f"ALTER TABLE {t} ADD CONSTRAINT {t}_in_network UNIQUE (network_id, id)" for t in tables],
        [f"ALTER TABLE {t} DROP CONSTRAINT {t}_in_network" for t in tables],
    )


def wall_of_guests(table: str, days: str) -> RunSQL:
    """A site's list: read by the school each line is about, the site's school and whoever organises
    the day; the site's school says who came."""
    organised = f"(day_id IN (SELECT d.id FROM {days} d WHERE d.school_id = {OPEN}))"
    hosted = f"(host_id = {OPEN} AND {MEMBER})"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY of_open_school ON {table} USING {SCHOOL_IS_OPEN}"
            f" WITH CHECK ({SCHOOL_IS_OPEN} AND {MEMBER})",
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({hosted} OR {organised})",
            f"CREATE POLICY said ON {table} FOR UPDATE USING ({hosted} OR {organised})",
        ],
        [
            *(f"DROP POLICY {name} ON {table}" for name in ("of_open_school", "seen", "said")),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def wall_of_offers() -> RunSQL:
    """Like what a network shares, but what is made for one school shows to it and its host. A
    school that leads the network changes no other's offer."""
    theirs = f"(for_school_id IS NULL OR for_school_id = {OPEN})"
    table = "networks_offer"
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY of_open_school ON {table} USING {SCHOOL_IS_OPEN}"
            f" WITH CHECK ({SCHOOL_IS_OPEN} AND {MEMBER})",
            f"CREATE POLICY of_network ON {table} FOR SELECT USING ({MEMBER} AND {theirs})",
        ],
        [
            f"DROP POLICY of_network ON {table}",
            f"DROP POLICY of_open_school ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def wall_of_places() -> RunSQL:
    """Between two schools: whose people come, and to whom. Nobody else, not who leads either."""
    table = "networks_offerplace"
    host = SCHOOL_IS_OPEN.replace("school_id", "host_id", 1)
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY of_open_school ON {table} USING ({SCHOOL_IS_OPEN} OR {host})",
        ],
        [
            f"DROP POLICY of_open_school ON {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def functions_of_places() -> list[RunSQL]:
    """What the triggers on places call, with the owner's rights: a place is counted among all
    schools' places, of which whoever books sees their own."""
    definer = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
    fits = f"""
        CREATE FUNCTION networks_place_fits(
            wanted bigint, of_school bigint, at_host bigint, place bigint, booked boolean
        ) RETURNS void {definer} AS $$
        DECLARE offer networks_offer;
        BEGIN
            SELECT * INTO offer FROM networks_offer o WHERE o.id = wanted FOR UPDATE;
            IF offer.school_id <> at_host OR of_school = at_host
                OR offer.for_school_id <> of_school OR NOT EXISTS (
                    SELECT 1 FROM networks_membership m WHERE m.network_id = offer.network_id
                    AND m.school_id = of_school AND m.state = 'member'
                )
            THEN RAISE EXCEPTION 'this school has no place at this offer'
                USING ERRCODE = 'check_violation';
            END IF;
            IF booked AND (
                SELECT count(*) >= offer.places
                    OR count(*) FILTER (WHERE p.school_id = of_school) >= offer.most_per_school
                FROM networks_offerplace p
                WHERE p.offer_id = wanted AND p.state = 'booked' AND p.id IS DISTINCT FROM place
            )
            THEN RAISE EXCEPTION 'there are no more places than the offer has'
                USING ERRCODE = 'check_violation';
            END IF;
        END $$"""
    count = f"""
        CREATE FUNCTION networks_count_places(counted bigint) RETURNS void {definer} AS $$
        BEGIN
            UPDATE networks_offer o SET (taken, waiting) = (
                SELECT count(*) FILTER (WHERE p.state = 'booked'),
                    count(*) FILTER (WHERE p.state = 'waiting')
                FROM networks_offerplace p WHERE p.offer_id = counted
            ) WHERE o.id = counted;
        END $$"""
    return [
        RunSQL(fits, "DROP FUNCTION networks_place_fits"),
        RunSQL(count, "DROP FUNCTION networks_count_places"),
    ]
