"""What the register of needs can be narrowed to, and how it is sorted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.http import Http404, QueryDict
from django.utils.text import Truncator

from audits.forms.need import subjects
from audits.helpers import known_topics
from audits.models import Need, NeedSource
from audits.models.need import group_words
from cpdhub.models import Priority, Staff, Team
from cpdhub.queries import holding

LONGEST = 60  # characters of what is chosen from
OPEN, ALL = "open", "all"
STATUSES = [(OPEN, "Not met yet"), *Need.Status.choices, (ALL, "All")]
SORTS: dict[str, Any] = {
    "title": F("title"),
    "level": F("level_now"),
    "date": F("identified_on"),
}


class NeedFilter:
    """Read from the address, so that every list can be bookmarked and sent to somebody.

    A value that names nothing on this page's lists answers like a page that does not exist.
    """

    def __init__(self, staff: Staff, query: QueryDict) -> None:
        self.staff = staff
        self.text = query.get("q", "").strip()[:100]
        self.sort = query.get("sort", "")
        if self.sort.removeprefix("-") not in SORTS:
            self.sort = "-date"
        lists = named(staff)
        self.choices: dict[str, list[tuple[str, str]]] = {
            "status": STATUSES,
            "whose": _whose(lists.pop("team")),
            "source": list(NeedSource.Kind.choices),
            "balance": list(Need.Balance.choices),
            "horizon": list(Need.Horizon.choices),
            **lists,
        }
        self.chosen = {name: self._one_of(name, query.get(name, "")) for name in self.choices}
        self.chosen["status"] = self.chosen["status"] or OPEN

    def _one_of(self, name: str, value: str) -> str:
        if value and value not in {choice for choice, _ in self.choices[name]}:
            raise Http404
        return value

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.is_detailed or self.chosen["status"] != OPEN)

    @property
    def is_detailed(self) -> bool:
        """Something is chosen in the part of the form that is folded away."""
        return any(value for name, value in self.chosen.items() if name not in {"status", "whose"})

    def lists(self) -> list[dict[str, Any]]:
        """The select boxes that are folded away, without those that offer nothing."""
        labels = {
            "topic": "Topic", "priority": "Priority", "source": "How we know",
            "subject": "Subject", "balance": "Serves mainly", "horizon": "How soon",
        }  # fmt: skip
        return [
            {"name": name, "label": label, "choices": choices, "value": self.chosen[name]}
            for name, label in labels.items()
            if (choices := self.choices[name])
        ]

    def needs(self) -> Any:
        """What the person may see of what they asked for; of people, what they shared."""
        found = Need.objects.visible_to(self.staff).shared().here()
        chosen = self.chosen
        if self.text:
            fields = ("title", "pupils", "topic__title", "staff__sort_name__unaccent")
            found = found.filter(holding(self.text, *fields))
        found = self._of_status(found)
        if chosen["whose"]:
            found = found.filter(_of_whom(chosen["whose"]))
        for name in ("balance", "horizon", "topic", "subject"):
            if chosen[name]:
                found = found.filter(**{name: chosen[name]})
        if chosen["source"]:
            found = found.filter(Exists(_sources(kind=chosen["source"])))
        if chosen["priority"]:
            found = found.filter(Exists(_sources(priority=chosen["priority"])))
        return found

    def _of_status(self, found: Any) -> Any:
        if self.chosen["status"] == OPEN:
            return found.open()
        return found if self.chosen["status"] == ALL else found.filter(status=self.chosen["status"])

    def sorted_keys(self) -> Any:
        """Only keys: who, team and topic of every need would be looked up before a page is cut."""
        column = SORTS[self.sort.removeprefix("-")]
        order = column.desc(nulls_last=True) if self.sort[0] == "-" else column.asc(nulls_last=True)
        return self.needs().order_by(order, "pk").values_list("pk", flat=True)


def rows_of(keys: Iterable[UUID]) -> list[Any]:
    """These needs in this order, with everything a line shows."""
    kinds = _sources().order_by("pk").values("kind")
    return in_order(Need.objects.with_whom().annotate(known_by=ArraySubquery(kinds)), keys)


def in_order(needs: Any, keys: Iterable[UUID]) -> list[Any]:
    """Those of these needs that are still there, in the order of the keys."""
    found = needs.in_bulk(keys := list(keys))
    return [found[key] for key in keys if key in found]


def _sources(**which: str) -> Any:
    """Of the need outside. Joined, a need with two sources would be two rows."""
    return NeedSource.objects.filter(need=OuterRef("pk"), **which)


def named(staff: Staff) -> dict[str, list[tuple[str, str]]]:
    """Teams, priorities, topics and subjects to choose from, in one query."""
    first, *others = (
        queryset.order_by().values_list(Value(kind, CharField()), "pk", F(column))
        for kind, queryset, column in (
            ("team", Team.objects.all(), "name"),
            ("priority", Priority.objects.readable(), "title"),
            ("topic", known_topics(staff), "title"),
            ("subject", subjects(), "title"),
        )
    )
    lists: dict[str, list[tuple[str, str]]] = {
        kind: [] for kind in ("team", "priority", "topic", "subject")
    }
    for kind, pk, label in sorted(first.union(*others, all=True), key=lambda row: row[2].lower()):
        short = label if len(label) <= LONGEST else Truncator(label).chars(LONGEST)
        lists[kind].append((str(pk), short))
    return lists


def _whose(teams: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        ("school", "Whole school"),
        ("people", "People"),
        *((f"group-{group}", group_words(group)) for group in Staff.Group),
        *((f"team-{pk}", name) for pk, name in teams),
    ]


def _of_whom(value: str) -> Q:
    """A team's or group's own needs, and those of the people in it."""
    kind, _, key = value.partition("-")
    if kind == "team":
        return Q(team=key) | Q(staff__team=key)
    if kind == "group":
        return Q(group=key) | Q(staff__group=key)
    return Q(whom=Need.Whom.SCHOOL if kind == "school" else Need.Whom.PERSON)
