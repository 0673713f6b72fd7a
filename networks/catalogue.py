"""What schools open to each other: found, sorted, and laid out as a map with its gaps in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OrderBy, OuterRef, QuerySet
from django.db.models.functions import JSONObject, Lower
from django.http import QueryDict

from activities.models.place import day_name
from cpdhub import clock
from cpdhub.models import School
from cpdhub.words import count, listed
from networks.models import Membership, Network, Offer, Theme

SORTS: dict[str, Any] = {
    "date": F("starts_at"),
    "title": Lower("title"),
    "price": F("price"),
    "left": F("places") - F("taken"),
}
WHENS = [("4", "In the next 4 weeks"), ("13", "In the next 3 months"), ("later", "Later")]
LISTED = (
    "title", "what", "state", "starts_at", "price", "credits", "places", "taken", "waiting",
    "audience", "closes_on", "for_school", "theme__title", "school__name", "network__name",
)  # fmt: skip
OTHER = "other"  # themes: offers that name none


class Filter:
    """Read from the address; what names nothing is as if nothing were asked."""

    def __init__(self, school: School, query: QueryDict) -> None:
        self.school = school
        self.text = query.get("q", "").replace("\x00", "").strip()[:100]
        State = Membership.State
        self.members = list(
            Membership.objects.filter(school=school, state=State.MEMBER)
            .select_related("network").only("network__name").order_by("network__name")
            .annotate(themes=ArraySubquery(
                Theme.objects.filter(network=OuterRef("network")).order_by("title")
                .values(theme=JSONObject(pk="pk", title="title"))
            ))
        )  # fmt: skip
        networks = [(str(row.network_id), str(row.network)) for row in self.members]
        named = [(str(one["pk"]), one["title"]) for row in self.members for one in row.themes]
        self.choices = {
            "network": networks,
            "theme": [*named, (OTHER, "Without a theme")] if named else [],
            "what": list(Offer.What.choices),
            "when": WHENS,
        }
        self.chosen = {
            name: value if (value := query.get(name, "")) in dict(choices) else ""
            for name, choices in self.choices.items()
        }
        self.is_free = query.get("free") == "1"
        self.has_room = query.get("room") == "1"
        who = query.get("school", "")
        self.of_school = int(who) if who.isdecimal() and len(who) < 10 else None
        self.sort = query.get("sort", "date")
        if self.sort.removeprefix("-") not in SORTS:
            self.sort = "date"

    @property
    def is_narrow(self) -> bool:
        chosen = [*self.chosen.values(), self.text, self.is_free, self.has_room, self.of_school]
        return any(chosen)

    def lists(self) -> list[dict[str, Any]]:
        labels = {
            "network": ("Network", "All"),
            "theme": ("Theme", "All"),
            "what": ("What", "All"),
            "when": ("When", "Any time"),
        }
        return [
            {"name": name, "label": label, "all": every, "choices": self.choices[name],
             "value": self.chosen[name]}
            for name, (label, every) in labels.items()
            if len(self.choices[name]) > (1 if name == "network" else 0)
        ]  # fmt: skip

    def offers(self) -> QuerySet[Offer]:
        # Others' nobody here can see; named, so that the index by network is gone down.
        inside = [row.network_id for row in self.members]
        found: Any = Offer.objects.on_show().filter(network__in=inside)
        if self.text:
            found = found.search(self.text)
        if self.chosen["network"]:
            found = found.filter(network=self.chosen["network"])
        if self.chosen["theme"] == OTHER:
            found = found.filter(theme=None)
        elif self.chosen["theme"]:
            found = found.filter(theme=self.chosen["theme"])
        if self.chosen["what"]:
            found = found.filter(what=self.chosen["what"])
        if self.of_school:
            found = found.filter(school=self.of_school)
        if self.is_free:
            found = found.free()
        if self.has_room:
            found = found.with_room()
        return self._then(found)

    def _then(self, found: Any) -> Any:
        when, now = self.chosen["when"], clock.now()
        if when == "later":
            return found.filter(starts_at__gte=now + timedelta(weeks=13))
        if when:
            return found.filter(starts_at__lt=now + timedelta(weeks=int(when)))
        return found

    def rows(self) -> Any:
        name = self.sort.removeprefix("-")
        order = OrderBy(SORTS[name], descending=self.sort.startswith("-"), nulls_last=True)
        found = self.offers().select_related("school", "network", "theme").only(*LISTED)
        return found.order_by(order, "pk")


# --- who offers what, under which theme ----------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    school: int
    number: int


@dataclass(frozen=True)
class Line:
    """A theme, and how many offers each school has under it."""

    key: str
    title: str
    cells: list[Cell]
    total: int


@dataclass(frozen=True)
class Aim:
    """What an offer tells where it serves what the network is for: how many of those on show do,
    and the first that do not."""

    says: str
    number: int
    of: int
    without: list[Offer]

    NAMED = 5

    @property
    def more(self) -> int:
        """Without it, and not named here."""
        return self.of - self.number - len(self.without)


@dataclass(frozen=True)
class Map:
    schools: list[School]
    lines: list[Line]
    findings: list[str]
    aims: list[Aim]


def map_of(network: Network) -> Map:
    """Themes beside schools, from what is on show now."""
    members = Membership.objects.members().filter(network=network).select_related("school")
    schools = [row.school for row in members.order_by("school__name")]
    themes = list(
        Theme.objects.filter(network=network).order_by("title").values_list("pk", "title")
    )
    offers = list(
        Offer.objects.on_show().filter(network=network, for_school=None)
        .only("title", "network", "theme", "school", "starts_at", "impact", "sessions")
        .order_by("starts_at", "pk")
    )  # fmt: skip
    shown = [(one.theme_id, one.school_id, one.starts_at) for one in offers]
    numbers = Counter((theme, school) for theme, school, _ in shown)
    rows: list[tuple[int | None, str]] = list(themes)
    if any(theme is None for theme, _, _ in shown):
        rows.append((None, "Without a theme"))
    lines = [
        Line(
            str(pk or OTHER), title,
            [Cell(school.pk, numbers[pk, school.pk]) for school in schools],
            sum(numbers[pk, school.pk] for school in schools),
        )
        for pk, title in rows
    ]  # fmt: skip
    findings = [*_overlaps(themes, shown), *_same_day(themes, shown)]
    return Map(schools, lines, findings, _aims(offers) if offers else [])


def _aims(offers: list[Offer]) -> list[Aim]:
    """Content and form both: a theme of the network and pupils, and learning that is long enough to
    reach classrooms and is looked at again."""
    asked: dict[str, Callable[[Offer], object]] = {
        "One of our themes": lambda offer: offer.theme_id,
        "What pupils gain": lambda offer: offer.impact.get("pupils_will"),
        "More than one session": lambda offer: len(offer.held) > 1,
        "When we look whether it worked": lambda offer: offer.impact.get("look_again_on"),
    }
    found = []
    for says, serves in asked.items():
        without = [offer for offer in offers if not serves(offer)]
        number = len(offers) - len(without)
        found.append(Aim(says, number, len(offers), without[: Aim.NAMED]))
    return found


def _overlaps(themes: list[tuple[int, str]], shown: list[Any]) -> list[str]:
    """3 schools offer phonics; nobody offers oracy."""
    by_theme: dict[int, set[int]] = defaultdict(set)
    for theme, school, _ in shown:
        by_theme[theme].add(school)
    many = [
        f"{count(len(by_theme[pk]), 'school')} offer {title}"
        for pk, title in themes if len(by_theme[pk]) > 1
    ]  # fmt: skip
    none = [title for pk, title in themes if not by_theme[pk]]
    found = [f"{'; '.join(many)}. Could one of them be enough, or each go further?"] if many else []
    if none:
        found.append(f"Nobody offers {listed(none, 'or')}.")
    return found


def _same_day(themes: list[tuple[int, str]], shown: list[Any]) -> list[str]:
    """The same theme twice on one day: whoever wants both can have one."""
    schools = defaultdict(set)
    for theme, school, starts in shown:
        if theme and starts:
            schools[theme, clock.day_of(starts)].add(school)
    titles = dict(themes)
    return [
        f"{count(len(those), 'school')} begin something on {titles[theme]} on the same day,"
        f" {day_name(day)}."
        for (theme, day), those in sorted(schools.items(), key=lambda one: one[0][1])
        if len(those) > 1
    ][:5]  # fmt: skip


def use_of(network: Network, schools: list[School]) -> list[dict[str, Any]]:
    """What each school opened to the others and how many places were taken, all in all."""
    shown = Offer.objects.shared().exclude(state=Offer.State.WITHDRAWN)
    rows = shown.filter(network=network).order_by()
    opened, taken = Counter[int](), Counter[int]()
    for school, places in rows.values_list("school", "taken"):
        opened[school] += 1
        taken[school] += places
    return [
        {"school": school, "opened": opened[school.pk], "taken": taken[school.pk]}
        for school in schools
    ]
