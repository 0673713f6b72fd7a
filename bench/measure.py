"""What one page costs: statements, buffers, bytes, and CPU against the floor."""

from __future__ import annotations

import json
import re
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cpdhub.models import School, Staff
from cpdhub.walls import person_scope, school_scope

# Opening the walls and savepoints read no rows and cost a few microseconds: not counted.
# A write goes out behind the name of whoever writes (pghistory), in one statement: counted.
NOT_COUNTED = re.compile(
    r"^(SELECT (before, set_config|set_config|current_setting)(?!.*;\s*\S)"
    r"|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)",
    re.DOTALL,
)
VISITS = 20
DESCENDS = {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}

Visit = Callable[[], bytes]  # one request; what came back


@dataclass
class Cost:
    """One page, as somebody opens it."""

    sql: int = 0
    size: int = 0
    buffers: int = 0
    scanned: int = 0  # of the buffers, those of tables read from one end to the other
    looked_up: int = 0  # buffers, were every row looked up in an index, as in a large installation
    descents: int = (
        0  # how often an index is then gone down: a page more where it is a level deeper
    )
    seconds: list[float] = field(default_factory=list)  # of CPU, one figure a race
    ratios: list[float] = field(default_factory=list)  # against the floor of the same race

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


def sign_in(client: Client, email: str, school: School) -> Staff:
    from cpdhub.models import User

    user = User.objects.get(email=email)
    client.force_login(user)
    with person_scope(user.pk):
        return Staff.across.select_related("school").get(user=user, school=school)


def opening(client: Client, path: str) -> Visit:
    """Open a page."""

    def visit() -> bytes:
        response = client.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return bytes(response.content)

    return visit


def sending(client: Client, path: str, data: dict[str, Any]) -> Visit:
    """Send a form that is accepted; nothing of it stays, so that it can be sent again."""

    def visit() -> bytes:
        with transaction.atomic():
            response = client.post(path, {"once": uuid.uuid4(), **data})
            transaction.set_rollback(True)
        assert response.status_code == 302, f"{path}: {response.status_code}"
        return bytes(response.content)

    return visit


def look(visit: Visit, staff: Staff) -> Cost:
    """Do it once and count."""
    visit()
    with CaptureQueriesContext(connection) as captured:
        body = visit()
    statements = [query["sql"] for query in captured if not NOT_COUNTED.match(query["sql"])]
    return Cost(len(statements), len(body), **_reads(statements, staff))


OTHER_WAYS = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")


def _reads(statements: list[str], staff: Staff) -> dict[str, int]:
    """Pages of the database the reading statements touch, behind both walls as in a request: as
    PostgreSQL would have it here, and once more with one plan for installations of every size."""
    reading = [
        each for each in statements if re.match(r"\(|SELECT(?! (before, )?set_config)", each)
    ]
    with (
        person_scope(staff.user_id or 0),
        school_scope(staff.school),
        connection.cursor() as cursor,
    ):
        chosen = [_explained(cursor, statement) for statement in reading]
        with transaction.atomic():
            for way in OTHER_WAYS:
                cursor.execute(f"SET LOCAL {way} = off")
            steady = [_explained(cursor, statement) for statement in reading]
    return {
        "buffers": sum(map(_pages, chosen)),
        "scanned": sum(_pages(node) for node in _all(chosen) if node["Node Type"] == "Seq Scan"),
        "looked_up": sum(map(_pages, steady)),
        "descents": sum(
            int(node["Actual Loops"]) for node in _all(steady) if node["Node Type"] in DESCENDS
        ),
    }


def _explained(cursor: Any, statement: str) -> dict[str, Any]:
    # A captured statement has its values in it; a percent sign is one of them.
    cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement)
    plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    top: dict[str, Any] = plan[0]["Plan"]
    return top


def _all(plans: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for plan in plans:
        yield from _nodes(plan)


def _pages(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", []):
        yield from _nodes(part)


def race(visits: dict[str, Visit]) -> dict[str, float]:
    """Seconds of CPU of this process for each, in turns, so that a slow moment hits them all
    alike: the mean of the middle half, since a median jumps where the machine runs now fast, now
    slow."""
    seconds: dict[str, list[float]] = {name: [] for name in visits}
    for _ in range(VISITS):
        for name, visit in visits.items():
            started = time.process_time()
            visit()
            seconds[name].append(time.process_time() - started)
    quarter = VISITS // 4
    return {
        name: statistics.mean(sorted(each)[quarter : VISITS - quarter])
        for name, each in seconds.items()
    }
