"""The school's staff as they are now, found by staff code, e-mail or name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cpdhub.models import Staff, Team
from cpdhub.permissions import Permission, Role, permissions_of
from cpdhub.staff_import import names


@dataclass(slots=True)
class Colleague:
    """One post, as a file's line is compared with it."""

    pk: int
    first_name: str
    last_name: str
    email: str
    staff_code: str
    job_title: str
    group: str
    team_id: int | None
    line_manager_id: int | None
    fte: Decimal
    starts_on: date | None
    ends_on: date | None
    user_id: int | None
    roles: list[str]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def key(self) -> str:
        return names.person_key(self.first_name, self.last_name)

    @property
    def is_head(self) -> bool:
        return Role.HEAD in self.roles

    def can(self, permission: Permission) -> bool:
        return permission in permissions_of(self.roles, is_on_staff=bool(self.group))

    def is_live(self, today: date) -> bool:
        return self.ends_on is None or self.ends_on > today


class Colleagues:
    """Everybody with a post here, leavers too. Read once; the school must be open then."""

    def __init__(self) -> None:
        rows = Staff.objects.order_by("sort_name", "pk").values_list(*Colleague.__slots__)
        self.by_pk = {row[0]: Colleague(*row) for row in rows.iterator(2000)}
        self.by_code: dict[str, Colleague] = {}
        self.by_email: dict[str, Colleague] = {}
        self.by_name: dict[str, list[Colleague]] = defaultdict(list)
        for colleague in self.by_pk.values():
            if colleague.staff_code:
                self.by_code[colleague.staff_code.casefold()] = colleague
            if colleague.email:
                self.by_email[colleague.email.casefold()] = colleague
            self.by_name[colleague.key].append(colleague)
        teams = list(Team.objects.values_list("pk", "name"))
        self.teams = {name.casefold(): pk for pk, name in teams}
        self.team_names = dict(teams)

    def __iter__(self) -> Iterator[Colleague]:
        return iter(self.by_pk.values())

    def missing(self, seen: Iterable[int], *, today: date) -> list[Colleague]:
        """Live colleagues with a post whom the file does not know; governors are no such."""
        seen = set(seen)
        return [
            colleague
            for colleague in self
            if colleague.group and colleague.is_live(today) and colleague.pk not in seen
        ]

    def manager_name(self, pk: int | None) -> str:
        return self.by_pk[pk].name if pk in self.by_pk else ""
