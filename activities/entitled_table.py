"""The table of people and entitlements: narrowed, sorted, counted, as rows of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from activities.entitled import DUE, OVERDUE, WORDS, Cell, cells, people_seen_by
from activities.models import Entitlement
from cpdhub.models import Staff
from cpdhub.permissions import Permission

EMPTY, BLANK = format_html("<td>{}</td>", ""), format_html("{}", "")
FIRST_FEW = 10  # people by name below the table
SORTS = ("name", "team", "late")
HEADER = [
    "Name", "Team", "Staff group", "Entitlement", "Version", "Step", "State", "Due",
    "Last received", "Planned for", "Away on",
]  # fmt: skip


@cache
def _around(state: str, had: int, size: int, pk: int) -> tuple[SafeString, SafeString]:
    """What stands before the person's key and after it: few in a whole table."""
    return (
        format_html('<td class="e-{}"><a href="people/', state),
        format_html('/#e{}">{}</a> <small>{}/{}</small></td>', pk, WORDS[state], had, size),
    )


@dataclass
class Row:
    """One person, with a cell or none for each column."""

    person: Staff
    cells: list[Cell | None]

    @property
    def drawn(self) -> SafeString:
        """Its cells, at once: a loop of the template's own costs ten times as much."""
        page, found = format_html("{}", self.person.pk), BLANK
        for cell in self.cells:
            if cell is None:
                found += EMPTY
            else:
                head, tail = _around(cell.state, cell.had, cell.size, cell.entitlement.pk)
                found += head + page + tail
        return found

    @cached_property
    def late(self) -> int:
        return sum(cell is not None and cell.state == OVERDUE for cell in self.cells)


@dataclass
class Column:
    """One entitlement, and how its people stand."""

    entitlement: Entitlement
    cells: list[Cell] = field(default_factory=list)

    @property
    def counts(self) -> str:
        """2 overdue, 3 due, 40 received."""
        found: dict[str, int] = defaultdict(int)
        for cell in self.cells:
            found[cell.state] += 1
        return ", ".join(f"{found[s]} {words.lower()}" for s, words in WORDS.items() if found[s])

    @cached_property
    def waiting(self) -> list[Cell]:
        """Who has something overdue or due, what presses most first."""
        late = [cell for cell in self.cells if cell.state == OVERDUE]
        return late + [cell for cell in self.cells if cell.state == DUE]

    @property
    def first_few(self) -> list[Cell]:
        return self.waiting[:FIRST_FEW]

    @property
    def more(self) -> int:
        return len(self.waiting) - len(self.first_few)


class EntitledTable:
    """What the page and the file show, by the address. What makes no sense there is left aside."""

    def __init__(self, staff: Staff, query: QueryDict, *, today: date) -> None:
        self.staff, self.query, self.today = staff, query, today
        self.is_leader = staff.can(Permission.SEE_EVERYONES_RECORD)
        everyone = list(people_seen_by(staff, today=today).select_related("team"))
        teams = {person.team_id: str(person.team) for person in everyone if person.team_id}
        self.choices = {
            "team": sorted(((str(pk), name) for pk, name in teams.items()), key=lambda t: t[1]),
            "group": list(Staff.Group.choices),
            "stage": list(Staff.Stage.choices) if self.is_leader else [],
            "state": list(WORDS.items()),
        }
        self.chosen = {
            name: value
            for name, known in self.choices.items()
            if (value := query.get(name, "")) in {str(key) for key, _ in known}
        }
        self.sort = query.get("sort", "name")
        if self.sort.removeprefix("-") not in SORTS:
            self.sort = "name"
        self.everyone = everyone
        self.people = [person for person in everyone if self._fits(person)]
        found = cells(self.people, today=today, by=staff)
        self.columns, self.rows = self._arranged(found)

    @property
    def is_alone(self) -> bool:
        """Sees nobody but themselves."""
        return not self.is_leader and [each.pk for each in self.everyone] in ([self.staff.pk], [])

    @property
    def is_narrow(self) -> bool:
        return bool(self.chosen)

    def _fits(self, person: Staff) -> bool:
        chosen = self.chosen
        return (
            chosen.get("team", str(person.team_id)) == str(person.team_id)
            and chosen.get("group", person.group) == person.group
            and chosen.get("stage", person.career_stage) == person.career_stage
        )

    def _arranged(self, found: list[Cell]) -> tuple[list[Column], list[Row]]:
        columns: dict[int, Column] = {}
        of_person: dict[int, dict[int, Cell]] = defaultdict(dict)
        for cell in found:
            of_person[cell.person.pk][cell.entitlement.pk] = cell
            columns.setdefault(cell.entitlement.pk, Column(cell.entitlement)).cells.append(cell)
        order = sorted(columns.values(), key=_place)
        rows = [
            Row(person, [of_person[person.pk].get(column.entitlement.pk) for column in order])
            for person in self.people
            if person.pk in of_person
        ]
        if state := self.chosen.get("state"):
            rows = [row for row in rows if any(cell and cell.state == state for cell in row.cells)]
        return order, self._sorted(rows)

    def _sorted(self, rows: list[Row]) -> list[Row]:
        key: Any = {
            "name": lambda row: row.person.sort_name,
            "team": lambda row: (str(row.person.team or "~"), row.person.sort_name),
            "late": lambda row: (-row.late, row.person.sort_name),
        }[self.sort.removeprefix("-")]
        return sorted(rows, key=key, reverse=self.sort.startswith("-"))

    @cached_property
    def sentence(self) -> str:
        """52 of 60 people have nothing overdue; 9 steps are."""
        if not self.rows:
            return ""
        late = sum(state.state == OVERDUE for cell in self._cells() for state in cell.states)
        soon = sum(state.state == DUE for cell in self._cells() for state in cell.states)
        fine = sum(not row.late for row in self.rows)
        people = "1 person has" if len(self.rows) == 1 else f"{len(self.rows)} people have"
        if not late:
            return f"Nobody is overdue; {soon} {'step is' if soon == 1 else 'steps are'} due soon."
        are = "1 step is" if late == 1 else f"{late} steps are"
        return f"{fine} of {people} nothing overdue. {are} overdue, {soon} due within 8 weeks."

    def _cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row.cells if cell)

    def lines(self) -> Iterator[list[Any]]:
        """Below HEADER, one for each person and step."""
        for cell in self._cells():
            person, entitlement = cell.person, cell.entitlement
            for state in cell.states:
                yield [
                    person.name, person.team, person.get_group_display(), entitlement.title,
                    entitlement.version, state.step.title, state.words, state.due_on,
                    state.last_on, state.planned_on, state.missed_on,
                ]  # fmt: skip


KINDS = list(Entitlement.Kind)


def _place(column: Column) -> tuple[int, str]:
    return KINDS.index(Entitlement.Kind(column.entitlement.kind)), column.entitlement.title
