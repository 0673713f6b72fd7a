"""What one page costs: statements, buffers, bytes, and CPU against the floor."""

from __future__ import annotations

import json
import re
import statistics
import time
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cpdhub.models import School, Staff
from cpdhub.walls import person_scope, school_scope

# Opening the walls and savepoints read no rows and cost a few microseconds: not counted.
NOT_COUNTED = re.compile(
    r"^(SELECT (set_config|current_setting)|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)"
)
SLICES, VISITS = 9, 4


@dataclass
class Cost:
    """One page, as somebody opens it."""

    sql: int = 0
    size: int = 0
    buffers: int = 0
    cpu: list[float] = field(default_factory=list)  # seconds a request, one figure a slice

    @property
    def median(self) -> float:
        return statistics.median(self.cpu)


def sign_in(client: Client, email: str, school: School) -> Staff:
    from cpdhub.models import User

    user = User.objects.get(email=email)
    client.force_login(user)
    with person_scope(user.pk):
        return Staff.across.select_related("school").get(user=user, school=school)


def look(client: Client, path: str, staff: Staff) -> Cost:
    """Open a page once and count."""
    _open(client, path)
    with CaptureQueriesContext(connection) as captured:
        body = _open(client, path)
    statements = [query["sql"] for query in captured if not NOT_COUNTED.match(query["sql"])]
    return Cost(len(statements), len(body), _buffers(statements, staff))


def _open(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return bytes(response.content)


def _buffers(statements: list[str], staff: Staff) -> int:
    """Pages of the database each statement touched, added up; behind both walls as in a request."""
    total = 0
    with (
        person_scope(staff.user_id or 0),
        school_scope(staff.school),
        connection.cursor() as cursor,
    ):
        for statement in statements:
            if statement.startswith("SELECT"):
                # A captured statement has its values in it; a percent sign is one of them.
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement)
                plan = cursor.fetchone()[0]
                plan = json.loads(plan) if isinstance(plan, str) else plan
                top = plan[0]["Plan"]
                total += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return total


def race(clients: dict[str, Client], paths: dict[str, str], costs: dict[str, Cost]) -> None:
    """CPU of this process for each page, in turns, so that a slow moment hits them all alike."""
    for _ in range(SLICES):
        for name, path in paths.items():
            started = time.process_time()
            for _ in range(VISITS):
                clients[name].get(path)
            costs[name].cpu.append((time.process_time() - started) / VISITS)
