"""What the list of activities can be narrowed to, and how it is sorted."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, Min, OrderBy, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Concat, Lower
from django.http import Http404, QueryDict

from activities.forms import activity_types
from activities.models import Activity, ActivityPriority, Attendance, Participation, Session
from activities.models.session import LENGTH
from cpdhub import clock
from cpdhub.models import AcademicYear, HalfTerm, Priority, Staff
from cpdhub.permissions import Permission
from cpdhub.queries import holding

ALL_YEARS = "all"
OWN = "own"  # beside the kinds: people's own learning
STATES = list(Activity.State.choices)
KINDS = [
    (Activity.Kind.DIRECT, "Direct"),
    (Activity.Kind.INDIRECT, "Indirect"),
    (Activity.Kind.STATUTORY, "Statutory"),
    (OWN, "Own learning"),
]
MISSING = [
    ("impact", "Intended impact"),
    ("register", "A register"),
    ("need", "A need it answers"),
    ("follow_up", "Anything after one session"),
]
SORTS: dict[str, Any] = {
    "date": F("first_at"),
    "title": Lower("title"),
    "people": F("people"),
    "hours": F("time"),
}


class ActivityFilter:
    """Read from the address, so that every list can be bookmarked and sent to somebody.

    A value that names nothing on this page's lists answers like a page that does not exist.
    """

    def __init__(self, staff: Staff, query: QueryDict) -> None:
        self.staff = staff
        self.text = query.get("q", "").strip()[:100]
        self.is_mine = query.get("mine") == "1"
        self.sort = query.get("sort", "")
        if self.sort.removeprefix("-") not in SORTS:
            self.sort = "-date"
        self.spans, terms = terms_known()
        self.choices = {
            "term": terms, "state": STATES, "kind": KINDS, "missing": MISSING, **named(staff)
        }  # fmt: skip
        self.chosen = {name: self._one_of(name, query.get(name, "")) for name in self.choices}
        if not self.chosen["term"]:
            today = clock.today()
            years = (v for v, (first, last) in self.spans.items() if first <= today <= last)
            self.chosen["term"] = next(years, ALL_YEARS)

    def _one_of(self, name: str, value: str) -> str:
        if value and value not in {choice for choice, _ in self.choices[name]}:
            raise Http404
        return value

    @property
    def is_narrow(self) -> bool:
        """Something besides the year is chosen: nothing found is no empty school."""
        return bool(self.text or self.is_mine or self.is_detailed)

    @property
    def is_detailed(self) -> bool:
        """Something is chosen in the part of the form that is folded away."""
        return any(value for name, value in self.chosen.items() if name != "term")

    @property
    def term_label(self) -> str:
        return dict(self.choices["term"])[self.chosen["term"]]

    def lists(self) -> list[dict[str, Any]]:
        """The select boxes besides the year's, without those that offer nothing."""
        labels = {
            "priority": "Priority", "type": "Type", "state": "State",
            "kind": "Counts as", "person": "Person", "missing": "Missing",
        }  # fmt: skip
        return [
            {"name": name, "label": label, "choices": choices, "value": self.chosen[name]}
            for name, label in labels.items()
            if (choices := self.choices[name])
        ]

    def activities(self) -> QuerySet[Activity]:
        """What the person may see of what they asked for."""
        found = Activity.objects.visible_to(self.staff)
        chosen = self.chosen
        if self.text:
            found = found.filter(holding(self.text, "title", "purpose", "audience", "led_by"))
        if self.is_mine:
            found = found.of(self.staff)
        if chosen["person"]:
            found = found.of(Staff.objects.get(pk=chosen["person"]))
        if chosen["kind"] == OWN:
            found = found.filter(is_own_learning=True)
        elif chosen["kind"]:
            found = found.of_school().filter(kind=chosen["kind"])
        elif not (self.is_mine or chosen["person"]):
            found = found.of_school()
        if chosen["priority"]:
            found = found.filter(served__priority=chosen["priority"])
        if chosen["type"]:
            found = found.filter(type=chosen["type"])
        if chosen["state"]:
            found = found.filter(state=chosen["state"])
        if span := self.spans.get(chosen["term"]):
            found = found.dated(*span)
        return self._where_missing(found)

    def _where_missing(self, found: Any) -> Any:
        match self.chosen["missing"]:
            case "impact":
                return found.happening().without_intended_impact()
            case "register":
                sessions = Session.objects.without_register(now=clock.now())
                return found.filter(pk__in=sessions.values("activity"))
            case "need":
                return found.happening().without_need()
            case "follow_up":
                return found.one_offs()
        return found

    def sorted_rows(self) -> Any:
        """With everything a line shows, in one query."""
        name = self.sort.removeprefix("-")
        descends = self.sort.startswith("-")
        # Without a date is what needs one: newest first begins with it. Nobody yet is the fewest.
        empty_first = True if descends == (name == "date") else None
        order = OrderBy(
            SORTS[name],
            descending=descends,
            nulls_first=empty_first,
            nulls_last=None if empty_first else True,
        )
        return (
            self.activities()
            .select_related("type")
            .annotate(
                first_at=first_session(),
                people=how_many_people(),
                time=time_attended(),
                serves=ArraySubquery(
                    ActivityPriority.objects.filter(activity=OuterRef("pk"))
                    .order_by("priority__rank", "priority")
                    .values("priority__title")
                ),
            )
            .order_by(order, "-pk")
        )


def first_session() -> Any:
    return (
        Session.objects.filter(activity=OuterRef("pk"))
        .order_by()
        .values("activity")
        .annotate(first=Min("starts_at"))
        .values("first")
    )


def how_many_people() -> Any:
    return (
        Participation.objects.filter(activity=OuterRef("pk"))
        .order_by()
        .values("activity")
        .annotate(n=Count("pk"))
        .values("n")
    )


def time_attended() -> Any:
    return (
        Attendance.objects.counted()
        .filter(session__activity=OuterRef("pk"))
        .order_by()
        .values("session__activity")
        .annotate(time=Sum(LENGTH))
        .values("time")
    )


def terms_known() -> tuple[dict[str, tuple[date, date]], list[tuple[str, str]]]:
    """The school's years, newest first, each with its half-terms: their days and their names."""
    rows = AcademicYear.objects.order_by("-starts_on", "half_terms__starts_on").values_list(
        "pk", "name", "starts_on", "ends_on",
        "half_terms", "half_terms__name", "half_terms__starts_on", "half_terms__ends_on",
    )  # fmt: skip
    spans: dict[str, tuple[date, date]] = {}
    choices: dict[str, str] = {}
    for year, name, starts, ends, half, half_name, half_starts, half_ends in rows:
        spans[f"year-{year}"] = starts, ends
        choices[f"year-{year}"] = name
        if half:
            spans[f"half-{half}"] = half_starts, half_ends
            choices[f"half-{half}"] = f"{HalfTerm.Name(half_name).label} {name}"
    return spans, [*choices.items(), (ALL_YEARS, "All years")]


def named(staff: Staff) -> dict[str, list[tuple[str, str]]]:
    """Priorities, types and people to choose from, in one query."""
    people = Staff.objects.on_staff()
    if not staff.can(Permission.SEE_EVERYONES_RECORD):
        people = people.managed_by(staff)
    name = Concat("first_name", Value(" "), "last_name", output_field=CharField())
    priorities = listed("priority", Priority.objects.readable(), F("title"), Lower("title"))
    rows = priorities.union(
        listed("type", activity_types().select_related(None), F("title"), Lower("title")),
        listed("person", people, name, F("sort_name")),
        all=True,
    )
    lists: dict[str, list[tuple[str, str]]] = {"priority": [], "type": [], "person": []}
    for kind, pk, label, _ in sorted(rows, key=lambda row: row[3]):
        lists[kind].append((str(pk), label))
    return lists


def listed(kind: str, queryset: Any, label: Any, order: Any) -> Any:
    return queryset.order_by().values_list(
        Value(kind, output_field=CharField()), "pk", label, order
    )
