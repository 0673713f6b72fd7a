"""The map of an innovation: written, copied, and teams placed on it over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from cpdhub.models import Staff, Team
from cpdhub.models.base import NotPossible
from evaluation.models import Component, Innovation, NextStep, Placement, Variation

Band = Variation.Band
IN_USE_WELL = {Band.IDEAL, Band.ACCEPTABLE}
# A worked example, in our own words, to copy and to change.
EXAMPLE = {
    "title": "Pupils explain their thinking",
    "goal": "Whoever comes in hears pupils give reasons in full sentences, to each other and to the"
    " class, and hears questions that cannot be answered with one word.",
    "pupils": "They understand more, because they have to say why.",
}
EXAMPLE_PARTS = [
    {
        "part": "Questions teachers ask",
        "ideal": "Most questions ask why or how; every pupil thinks before one answers",
        "acceptable": "Some questions ask why; there is time to think",
        "developing": "Questions ask for facts; the first hand is taken",
        "not_in_use": "The teacher explains and answers",
    },
    {
        "part": "How pupils answer",
        "ideal": "In full sentences with a reason, and others add to it",
        "acceptable": "With a reason when they are asked for it, helped by sentence stems",
        "developing": "In single words, which the teacher makes into sentences",
        "not_in_use": "Few pupils speak",
    },
    {
        "part": "What happens with mistakes",
        "ideal": "They are looked at together: what was the thought behind it?",
        "acceptable": "The teacher comes back to them",
        "developing": "Somebody else is asked",
        "not_in_use": "They are passed over",
    },
]


def components_of(innovation: Innovation) -> list[Any]:
    """With their variations in `shown`, ideal first, and placements. Three queries."""
    order = list(Band)
    found = list(
        Component.objects.filter(innovation=innovation).prefetch_related(
            "variations", Prefetch("placements", Placement.objects.select_related("team"))
        )
    )
    for component in found:
        rows = component.variations.all()
        component.shown = sorted(rows, key=lambda row: order.index(Band(row.band)))
    return found


def parts_of(innovation: Innovation) -> list[dict[str, str]]:
    return [
        {"part": component.title, **{row.band: row.text for row in component.shown}}
        for component in components_of(innovation)
    ]


@transaction.atomic
def write_map(innovation: Innovation, parts: list[dict[str, str]]) -> None:
    """The parts in their order. One that teams were placed on is kept: its title may change its
    words, but it does not go."""
    old = {component.position: component for component in components_of(innovation)}
    titles = {component.title: component for component in old.values()}
    kept: list[Component] = []
    for position, part in enumerate(parts, start=1):
        component = titles.get(part["part"]) or old.get(position)
        if component is None or component in kept:
            component = Component(school_id=innovation.school_id, innovation=innovation)
        component.position, component.title = position, part["part"]
        component.save()
        kept.append(component)
        _write_variations(component, part)
    for component in old.values():
        if component in kept:
            continue
        if component.placements.all():
            raise NotPossible(f"Teams were placed on “{component}”: it stays on the map.")
        component.delete()


def _write_variations(component: Component, part: dict[str, str]) -> None:
    for band in Band.values:
        rows = Variation.objects.filter(component=component, band=band)
        if not part.get(band):
            rows.delete()
        elif not rows.update(text=part[band]):
            Variation.objects.create(
                school_id=component.school_id, component=component, band=band, text=part[band]
            )


@transaction.atomic
def copy(innovation: Innovation, by: Staff) -> Innovation:
    """The same map for other people, with nobody placed on it yet."""
    made = Innovation.objects.create(
        school=by.school, title=f"{innovation.title[:110]} (copy)", goal=innovation.goal,
        pupils=innovation.pupils, lead=by, copied_from=innovation,
    )  # fmt: skip
    write_map(made, parts_of(innovation))
    return made


@transaction.atomic
def place(placed: dict[int, str], *, team: Team | None, on: date, known_by: str, by: Staff) -> None:
    """Where a team is with each of these components. Said twice of one day, the last counts."""
    for component, band in placed.items():
        Placement.objects.update_or_create(
            school=by.school, component_id=component, team=team, placed_on=on,
            defaults={"band": band, "known_by": known_by, "by": by},
        )  # fmt: skip


@dataclass
class Cell:
    """One variation, and the teams that are there now."""

    variation: Variation | None
    teams: list[Placement] = field(default_factory=list)


@dataclass
class Line:
    """One component across the bands."""

    component: Component
    cells: list[Cell]


def table(components: list[Any]) -> list[Line]:
    """The map with the newest placement of each team on each component."""
    lines = []
    for component in components:
        cells = {band: Cell(None) for band in Band.values}
        for row in component.shown:
            cells[row.band].variation = row
        for placement in _newest(component):
            cells[placement.band].teams.append(placement)
        lines.append(Line(component, list(cells.values())))
    return lines


def _newest(component: Any) -> list[Placement]:
    newest = {row.team_id: row for row in component.placements.all()}
    return sorted(newest.values(), key=lambda row: (row.team is not None, str(row.team)))


@dataclass
class Over:
    """One team on one day: with how many components it was ideal or acceptable."""

    team: str
    on: date
    well: int
    placed: int


def over_time(components: list[Any]) -> list[Over]:
    """Team by team, day by day: each day counts what was known until then."""
    rows = [row for component in components for row in component.placements.all()]
    found = []
    for team in {row.team_id: row.team for row in rows}.values():
        of_team = [row for row in rows if row.team == team]
        for day in sorted({row.placed_on for row in of_team}):
            now = {row.component_id: row.band for row in of_team if row.placed_on <= day}
            well = sum(band in IN_USE_WELL for band in now.values())
            found.append(Over(str(team) if team else "Whole school", day, well, len(now)))
    return sorted(found, key=lambda row: (row.team != "Whole school", row.team, row.on))


def steps_of(innovation: Innovation) -> list[NextStep]:
    """What is to be done first, then what was done."""
    found = NextStep.objects.filter(component__innovation=innovation)
    rows = found.select_related("component", "team")
    return sorted(rows, key=lambda row: (row.done_on is not None, row.due_on))
