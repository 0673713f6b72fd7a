"""What one page costs: statements, buffers, bytes, and CPU against the floor."""

from __future__ import annotations

import json
import re
import statistics
import time
import uuid
from collections.abc import Callable
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
VISITS = 36

Visit = Callable[[], bytes]  # one request; what came back


@dataclass
class Cost:
    """One page, as somebody opens it."""

    sql: int = 0
    size: int = 0
    buffers: int = 0
    cpu: list[float] = field(default_factory=list)  # seconds, one figure a visit

    @property
    def typical(self) -> float:
        """Seconds of CPU: the mean of the middle half. A shared machine runs now fast, now slow;
        a median jumps from one to the other."""
        quarter = len(self.cpu) // 4
        return statistics.mean(sorted(self.cpu)[quarter : len(self.cpu) - quarter])


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
    return Cost(len(statements), len(body), _buffers(statements, staff))


def _buffers(statements: list[str], staff: Staff) -> int:
    """Pages of the database each reading statement touched, added up; behind both walls as in a
    request."""
    total = 0
    with (
        person_scope(staff.user_id or 0),
        school_scope(staff.school),
        connection.cursor() as cursor,
    ):
        for statement in statements:
            if re.match(r"\(|SELECT(?! (before, )?set_config)", statement):
                # A captured statement has its values in it; a percent sign is one of them.
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement)
                plan = cursor.fetchone()[0]
                plan = json.loads(plan) if isinstance(plan, str) else plan
                top = plan[0]["Plan"]
                total += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return total


def race(visits: dict[str, Visit], costs: dict[str, Cost]) -> None:
    """CPU of this process for each, in turns, so that a slow moment hits them all alike."""
    for _ in range(VISITS):
        for name, visit in visits.items():
            started = time.process_time()
            visit()
            costs[name].cpu.append(time.process_time() - started)
