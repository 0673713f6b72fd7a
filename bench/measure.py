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
NAMING = ("Node Type", "Alias", "Index Name")
DESCENDS = {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}

Visit = Callable[[], bytes]  # one request; what came back


@dataclass(frozen=True)
class Read:
    """A statement that reads: the plan PostgreSQL makes for it, and the pages it touches."""

    plan: str
    buffers: int
    scanned: int  # of the buffers, those of tables read from one end to the other
    descents: int  # how often an index is gone down: so much more where it is a level deeper


@dataclass
class Cost:
    """One page, as somebody opens it."""

    sql: int = 0
    size: int = 0
    reads: list[Read] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)  # of CPU, one figure a race
    ratios: list[float] = field(default_factory=list)  # against the floor of the same race

    @property
    def buffers(self) -> int:
        return sum(read.buffers for read in self.reads)

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
    return Cost(len(statements), len(body), _reads(statements, staff))


def _reads(statements: list[str], staff: Staff) -> list[Read]:
    """What the reading ones touch, behind both walls as in a request."""
    with (
        person_scope(staff.user_id or 0),
        school_scope(staff.school),
        connection.cursor() as cursor,
    ):
        return [
            _read(cursor, statement)
            for statement in statements
            if re.match(r"\(|SELECT(?! (before, )?set_config)", statement)
        ]


def _read(cursor: Any, statement: str) -> Read:
    # A captured statement has its values in it; a percent sign is one of them.
    cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement)
    plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    top = plan[0]["Plan"]
    nodes = list(_nodes(top))
    return Read(
        plan=", ".join(" ".join(node[name] for name in NAMING if name in node) for node in nodes),
        buffers=_pages(top),
        scanned=sum(_pages(node) for node in nodes if node["Node Type"] == "Seq Scan"),
        descents=sum(int(node["Actual Loops"]) for node in nodes if node["Node Type"] in DESCENDS),
    )


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
