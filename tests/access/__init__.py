"""The access table: every page, and who gets in. `tests/test_access.py` walks it.

Each area has its own file here with a list called PAGES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# The people of the walk: one per role, a teacher without any, and a pure governor (no post).
HEAD, CPD, TEAM, TEACHER, DATA, GOVERNOR = (
    "head",
    "cpd_leader",
    "team_leader",
    "teacher",
    "data_manager",
    "governor",
)
ON_STAFF = frozenset({HEAD, CPD, TEAM, TEACHER, DATA})
EVERYONE = ON_STAFF | {GOVERNOR}


@dataclass(frozen=True)
class Page:
    """One page of a school.

    `make(school, owner)` makes the row it shows and gives the arguments of its address; `owner`
    is somebody outside the walk who may own the row. `roles` get in (200 or a redirect); the
    others get `others`: 403 where the right is missing, 404 where the row is not theirs to see.
    """

    view: str
    roles: frozenset[str]
    make: Callable[[Any, Any], tuple] | None = None
    others: int = 403
    method: str = "get"  # "post" for pages that only take one
    has_row: bool = True  # False where the address holds no row's id (a year's number, a name)
