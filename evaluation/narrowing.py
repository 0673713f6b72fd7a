"""What somebody wants the dashboard's figures of: a priority, a team, a form of activity."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import CharField, QuerySet, Value
from django.http import Http404

from activities.models import Activity
from cpdhub.keys import key_of
from cpdhub.models import AcademicYear, Priority, Staff, Team
from cpdhub.permissions import Permission
from evaluation.part import Part

LABELS = {"priority": "Priority", "team": "Team", "form": "Form of activity"}
OF_A_TEAM = "Fees are those of whole activities, whoever else took part."
OF_THE_SCHOOL = "What pupils gained, and how a priority stands, is of the whole school."


class Narrowing:
    """Read from the address: the page says it in words, and every link to rows keeps it.

    A value that names nothing on the lists answers like a page that does not exist. Who does not
    see the school's figures sees those of a team they lead, and nothing that is private.
    """

    def __init__(self, asked: Mapping[str, str], staff: Staff, year: AcademicYear) -> None:
        self.sees_school = staff.can(Permission.SEE_IMPACT)
        self._staff, self._year = staff, year
        self.chosen = {name: self._one_of(name, asked.get(name, "")) for name in LABELS}
        if not self.sees_school and not self.chosen["team"]:
            self.chosen["team"] = next((pk for pk, _ in self.choices["team"]), "")

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """In one query."""
        priorities = Priority.objects.readable().filter(plan__year=self._year)
        teams, used = Team.objects.all(), Activity.objects.of_school().happening()
        if not self.sees_school:
            teams, used = teams.filter(leader=self._staff), used.filter(is_private=False)
        rows = _listed("priority", priorities, "pk", "title").union(
            _listed("team", teams, "pk", "name"),
            _listed("form", used.filter(form__isnull=False), "form", "form__title").distinct(),
            all=True,
        )
        lists: dict[str, list[tuple[str, str]]] = {name: [] for name in LABELS}
        for kind, pk, label in sorted(rows, key=lambda row: row[2].casefold()):
            lists[kind].append((str(pk), label))
        return lists

    def _one_of(self, name: str, value: str) -> str:
        if value and value not in {key for key, _ in self.choices[name]}:
            raise Http404
        return value

    @property
    def leads_nobody(self) -> bool:
        return not self.sees_school and not self.chosen["team"]

    @property
    def part(self) -> Part:
        priority, team, form = (key_of(self.chosen[name]) for name in LABELS)
        return Part(priority=priority, team=team, form=form, is_open=not self.sees_school)

    @property
    def team(self) -> str:
        """Its name, where one is chosen."""
        return dict(self.choices["team"]).get(self.chosen["team"], "")

    @property
    def lists(self) -> list[dict[str, object]]:
        """The boxes to choose from, without those that offer nothing."""
        return [
            {
                "name": name,
                "label": label,
                "choices": self.choices[name],
                "value": self.chosen[name],
                "has_all": self.sees_school or name != "team",
            }
            for name, label in LABELS.items()
            if len(self.choices[name]) > (not self.sees_school and name == "team")
        ]

    @property
    def is_narrow(self) -> bool:
        """Something is chosen that can be given up."""
        free = [name for name in LABELS if self.sees_school or name != "team"]
        return any(self.chosen[name] for name in free)

    @property
    def words(self) -> str:
        """Team: Lower KS2. Form of activity: Coaching cycle."""
        return " ".join(
            f"{label}: {dict(self.choices[name])[self.chosen[name]].rstrip('.')}."
            for name, label in LABELS.items()
            if self.chosen[name]
        )

    @property
    def note(self) -> str:
        """Which of the figures do not obey, or not quite."""
        of_a_team = f" {OF_A_TEAM}" if self.chosen["team"] and self.sees_school else ""
        return f"{OF_THE_SCHOOL}{of_a_team}" if self.part.is_narrow else ""

    @property
    def kept(self) -> str:
        """What is still asked when another year is chosen: its priorities are others."""
        return self.query("team", "form")

    @property
    def as_query(self) -> str:
        """?priority=5&team=3, for an address that has no other query."""
        return self.query().replace("&", "?", 1)

    def query(self, *names: str) -> str:
        """&team=3&form=7, to end an address with; of all there are, or of these."""
        chosen = {name: self.chosen[name] for name in names or LABELS if self.chosen[name]}
        return f"&{urlencode(chosen)}" if chosen else ""


def _listed(kind: str, rows: QuerySet, key: str, label: str) -> QuerySet:
    return rows.order_by().values_list(Value(kind, output_field=CharField()), key, label)
