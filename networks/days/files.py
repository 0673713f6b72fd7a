"""Many workshops at once, as a table somebody pastes or sends: read, looked at, then taken.

One row is a workshop; several slots in one cell make one row of each. Sites that are not there yet
come with their workshops. Nothing is taken while anything is wrong.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction

from cpdhub.models import School
from cpdhub.tables import open_table
from cpdhub.tables.named import MOST_PROBLEMS, FileRefused, Problem, by_name, refuse_without
from networks.models import DaySlot, Membership, SharedDay, Site, Workshop

HEADER = [
    "title", "about", "for", "led by", "job", "school", "slots", "site", "room", "most", "fewest",
]  # fmt: skip
NEEDED = ("title", "slots", "site", "room")
MOST = 400  # workshops of one table
LARGEST = 500_000  # bytes: a form carries no more
EXAMPLE = {
    "title": "Talk that teaches", "about": "Sentence stems in every lesson", "for": "Primary",
    "led by": "Ada Lovelace", "job": "English lead", "school": "", "slots": "Session 1; Session 2",
    "site": "Town hall", "room": "Hall", "most": "30", "fewest": "8",
}  # fmt: skip


@dataclass
class Reading:
    """What a table says, as workshops not yet saved, and everything wrong with it."""

    day: SharedDay
    slots: dict[str, DaySlot]
    sites: dict[str, Site]
    schools: dict[str, School]
    taken: dict[tuple[int, str, str], str]  # slot, site, room: what is there already
    workshops: list[Workshop] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _alike: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)

    @property
    def new_sites(self) -> list[Site]:
        return [site for site in self.sites.values() if site.pk is None]

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.problems.append(Problem(line, column, reason))

    def take(self, line: int, cells: dict[str, str]) -> None:
        slots = self._slots(line, cells["slots"])
        site = self._site(line, cells["site"])
        school = self._school(line, cells["school"])
        most = self._number(line, "most", cells["most"], 20)
        fewest = self._number(line, "fewest", cells["fewest"], 0)
        if most < 1:
            self.refuse(line, "most", "at least one person.")
        if fewest > most:
            self.refuse(line, "fewest", f"is more than the most, {most}.")
        alike = (cells["title"].casefold(), cells["led by"].casefold())
        repeats = self._alike.setdefault(alike, uuid.uuid4())
        for slot in slots:
            workshop = Workshop(
                network_id=self.day.network_id, school_id=self.day.school_id, day=self.day,
                slot=slot, room=cells["room"], title=cells["title"], about=cells["about"],
                audience=cells["for"], led_by=cells["led by"], led_job=cells["job"],
                led_from=school, most=max(1, most), fewest=fewest, repeats=repeats,
            )  # fmt: skip
            if site is not None:
                workshop.site = site
                self._room(line, workshop)
            if slot is slots[0]:
                self._check(line, workshop)
            self.workshops.append(workshop)

    def _slots(self, line: int, cell: str) -> list[DaySlot]:
        names = [name.strip() for name in re.split(r"[;,|/]", cell) if name.strip()]
        found = []
        for name in names:
            slot = self.slots.get(name.casefold())
            if slot is None:
                there = "; ".join(str(one) for one in self.slots.values()) or "none yet"
                self.refuse(line, "slots", f"“{name[:60]}” is no slot of this day ({there}).")
            elif slot in found:
                self.refuse(line, "slots", f"“{slot}” is there twice.")
            else:
                found.append(slot)
        if not names:
            self.refuse(line, "slots", "say in which slot, or in which (Session 1; Session 2).")
        return found

    def _site(self, line: int, name: str) -> Site | None:
        if not name:
            self.refuse(line, "site", "say where.")
            return None
        if len(name) > 120:
            self.refuse(line, "site", "is longer than 120 characters.")
            return None
        if name.casefold() not in self.sites:
            self.sites[name.casefold()] = Site(
                network_id=self.day.network_id, school_id=self.day.school_id, day=self.day,
                name=name, host=self.schools.get(name.casefold()),
            )  # fmt: skip
        return self.sites[name.casefold()]

    def _school(self, line: int, name: str) -> School | None:
        school = self.schools.get(name.casefold())
        if name and school is None:
            self.refuse(line, "school", f"“{name[:60]}” is no school of this network.")
        return school

    def _number(self, line: int, column: str, cell: str, empty: int) -> int:
        if not cell:
            return empty
        if not re.fullmatch(r"[0-9]{1,4}", cell) or int(cell) > 2000:
            self.refuse(line, column, f"“{cell[:20]}” is no number of people.")
            return empty
        return int(cell)

    def _room(self, line: int, workshop: Workshop) -> None:
        key = (workshop.slot.pk, workshop.site.name.casefold(), workshop.room.casefold())
        if other := self.taken.get(key):
            self.refuse(
                line, "room",
                f"{workshop.room} at {workshop.site} is taken in {workshop.slot} by “{other}”.",
            )  # fmt: skip
        self.taken.setdefault(key, workshop.title)

    def _check(self, line: int, workshop: Workshop) -> None:
        columns = {"audience": "for", "led_by": "led by", "led_job": "job"}
        try:
            workshop.clean_fields(exclude=["network", "school", "day", "site", "slot", "led_from"])
        except ValidationError as found:
            for name, errors in found.error_dict.items():
                reason = " ".join(message for error in errors for message in error.messages)
                self.refuse(line, columns.get(name, name), reason)


def known(names: Iterable[str]) -> int:
    return sum(str(name).strip().lower() in HEADER for name in names)


def read(file: BinaryIO, *, day: SharedDay) -> Reading:
    """Raises TableRefused where it is no table, FileRefused where a row is wrong."""
    members = Membership.objects.members().filter(network=day.network_id).select_related("school")
    there = Workshop.objects.filter(day=day, dropped_because="").select_related("site")
    reading = Reading(
        day,
        {slot.name.casefold(): slot for slot in DaySlot.objects.filter(day=day)},
        {site.name.casefold(): site for site in Site.objects.filter(day=day)},
        {row.school.name.casefold(): row.school for row in members},
        {
            (one.slot_id, one.site.name.casefold(), one.room.casefold()): one.title
            for one in there
        },
    )  # fmt: skip
    with open_table(file, recognise=known) as table:
        names = [name.strip().lower() for name in table.header]
        refuse_without(NEEDED, names, line=table.header_line)
        for row in table.rows:
            reading.take(row.line, by_name(row, names, HEADER, reading.problems))
            if len(reading.problems) >= MOST_PROBLEMS:
                break
            if len(reading.workshops) > MOST:
                reading.refuse(row.line, "title", f"a day takes {MOST} workshops at once at most.")
                break
    if not reading.problems and not reading.workshops:
        reading.refuse(table.header_line + 1, "title", "there is no workshop below the names.")
    if reading.problems:
        raise FileRefused(sorted(reading.problems, key=lambda problem: problem.line))
    return reading


def as_text(reading: Reading) -> str:
    """The same as a table, carried by the page that asks whether it is right."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for one in reading.workshops:
        writer.writerow([
            one.title, one.about, one.audience, one.led_by, one.led_job,
            str(one.led_from or ""), one.slot.name, one.site.name, one.room, one.most, one.fewest,
        ])  # fmt: skip
    return text.getvalue()


@transaction.atomic
def save(reading: Reading) -> int:
    """All of them, with the sites they bring: how many."""
    for site in reading.new_sites:
        site.save()
    for workshop in reading.workshops:
        workshop.site = workshop.site  # its key, now that the site has one
    Workshop.objects.bulk_create(reading.workshops)
    return len(reading.workshops)
