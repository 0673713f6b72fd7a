"""The dashboard's figures in the words and shapes its pages and report print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from cpdhub.models import SuccessCriterion
from cpdhub.templatetags.cpdhub import hours, plain, pounds
from evaluation.figures import Chain, people
from evaluation.school_year import Hours, Totals

SMALL = 5
MANY = 20
ROWS_PAGES = ("activities", "people", "reflections")
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True)
class Link:
    """One link of the chain as it is shown: solid, thin or a gap, always with words."""

    what: str
    figure: str
    note: str
    state: str = ""
    url: str = ""


@dataclass(frozen=True)
class Missing:
    text: str
    url: str


@dataclass(frozen=True)
class Row:
    """One priority on the dashboard."""

    chain: Chain
    links: list[Link]
    missing: list[Missing]

    @property
    def cost(self) -> str:
        return pounds(self.chain.cost)

    @property
    def cost_an_hour(self) -> str:
        """Fees for each hour somebody learned, or nothing where either is unknown."""
        time = self.chain.time.total_seconds() / 3600
        return pounds(round(self.chain.cost / Decimal(time))) if time and self.chain.cost else ""


def rows(chains: list[Chain], *, for_governors: bool = False) -> list[Row]:
    """For governors: no links to people's rows, and nothing that counts fewer than five."""
    if for_governors:
        return [Row(chain, links_of(chain, for_governors=True), []) for chain in chains]
    return [Row(chain, _with_addresses(chain), _repairs(chain)) for chain in chains]


def _with_addresses(chain: Chain) -> list[Link]:
    """Each figure opens the rows behind it."""
    pk = [chain.priority.pk]
    addresses = ["", *(reverse(f"impact:{page}", args=pk) for page in ROWS_PAGES)]
    addresses.append(reverse("plan:priority", args=pk))
    return [replace(link, url=url) for link, url in zip(links_of(chain), addresses, strict=True)]


def _repairs(chain: Chain) -> list[Missing]:
    return [
        Missing(link.text, reverse(link.view, args=link.arguments) + link.query)
        for link in chain.missing()
    ]


def whole_hours(time: timedelta) -> str:
    """Hours without decimals once there are many."""
    number = time.total_seconds() / 3600
    return hours(number if number < MANY else round(number))


def few(number: int, *, for_governors: bool) -> str:
    """A number of people, hidden from governors when it is small."""
    return "fewer than 5" if for_governors and 0 < number < SMALL else f"{number:,}"


def links_of(chain: Chain, *, for_governors: bool = False) -> list[Link]:
    """The five links in words, from need to pupils."""
    return [
        Link("Needs", "not yet asked", "no audit has been run", "thin"),
        _activities(chain),
        _people(chain, for_governors=for_governors),
        _reflections(chain, for_governors=for_governors),
        _pupils(chain),
    ]


def _activities(chain: Chain) -> Link:
    if not chain.activities:
        return Link("Activities", "0", "nothing planned yet", "gap")
    done = "all finished" if not chain.planned else f"{chain.finished} finished"
    time = whole_hours(chain.time)
    note = f"{done}, {time} {'hour' if time == '1' else 'hours'}"
    return Link("Activities", f"{chain.activities}", note, "thin" if chain.unsaid else "")


def _people(chain: Chain, *, for_governors: bool) -> Link:
    reached, meant = len(chain.reached), len(chain.put_down | chain.reached.keys())
    if not meant:
        return Link("People reached", "0", "nobody put down yet", "gap")
    if not reached:
        return Link("People reached", f"0 of {meant}", "no register taken yet", "thin")
    if for_governors and (reached < SMALL or 0 < meant - reached < SMALL):
        figure = "fewer than 5" if meant < SMALL else f"of {meant} meant"
        return Link("People reached", figure, "small numbers are not shown")
    note = f"{chain.never_came} not reached" if chain.never_came else "everyone put down for it"
    return Link("People reached", f"{reached} of {meant}", note, "thin" if chain.never_came else "")


def _reflections(chain: Chain, *, for_governors: bool) -> Link:
    number = len(chain.sharers)
    if not chain.reached:
        return Link("Shared a reflection", "0", "nobody to ask yet", "gap")
    figure = few(number, for_governors=for_governors)
    note = f"of {len(chain.reached)} who took part"
    if for_governors and (number < SMALL or 0 < len(chain.reached) - number < SMALL):
        note = "small numbers are not shown"
    state = "gap" if number * 4 < len(chain.reached) else "thin" if chain.silent else ""
    return Link("Shared a reflection", figure, note, state)


def _pupils(chain: Chain) -> Link:
    criteria = list(chain.priority.criteria.all())
    read = [criterion for criterion in criteria if len(criterion.readings.all()) >= 2]
    if not read:
        last = chain.readings[-1:] or [None]
        since = f"no reading since {last[0].taken_on:%B}" if last[0] else "no reading yet"
        return Link("Pupils", "not yet known", since, "gap")
    criterion = read[0]
    readings = list(criterion.readings.all())
    first, latest = readings[0], readings[-1]
    unit = f" {criterion.unit}" if criterion.unit else ""
    figure = f"{plain(first.value)} → {plain(latest.value)}{unit}"
    return Link(
        "Pupils", figure, _measure(criterion, latest), "" if chain.target_reached else "thin"
    )


def _measure(criterion: SuccessCriterion, latest: Any) -> str:
    unit = f" {criterion.unit}" if criterion.unit else ""
    words = [f"target {plain(criterion.target)}{unit}"] if criterion.target is not None else []
    if latest.pupils_counted:
        words.append(f"n = {latest.pupils_counted}")
    return ", ".join(words)


def finding(chains: list[Chain], *, first: date, last: date) -> str:
    """The answer to the page's question in a sentence or two, made from the data."""
    if not chains:
        return "No priority of this year is live yet."
    met = sum(chain.target_reached and chain.is_measured_again for chain in chains)
    moving = sum(chain.is_measured_again for chain in chains) - met
    unknown = len(chains) - met - moving
    parts = []
    if met:
        parts.append(f"{_number(met)} {_shows(met)} the effect on pupils we aimed for")
    if moving:
        parts.append(f"{_number(moving)} {'is' if moving == 1 else 'are'} on the way")
    if unknown:
        parts.append(f"{_number(unknown)} {'is' if unknown == 1 else 'are'} not yet known")
    told = ", ".join(parts)
    dates = f"{first.day} {first:%B} to {last.day} {last:%B %Y}"
    these = (
        f"{_number(len(chains)).capitalize()} {'priority' if len(chains) == 1 else 'priorities'}"
    )
    return f"{these}, {dates}. {told[:1].upper()}{told[1:]}."


def _number(number: int) -> str:
    return NUMBERS[number].lower() if number < len(NUMBERS) else str(number)


def _shows(number: int) -> str:
    return "shows" if number == 1 else "show"


@dataclass(frozen=True)
class Group:
    """A staff group's line in "Who has had what"."""

    name: str
    people: str
    each: str
    each_last_year: str
    other: str
    own: str
    none_yet: str
    group: str = ""


def groups(found: list[Hours], *, for_governors: bool) -> list[Group]:
    """For governors, groups of fewer than five join the next, so that nobody can be singled out."""
    if for_governors:
        found = _merged(found)
    return [
        Group(
            row.name,
            f"{row.people:,}",
            hours(row.each),
            hours(row.each_last_year),
            hours(row.other_each),
            hours(row.own_each),
            _none_yet(row, for_governors=for_governors),
            row.group,
        )
        for row in found
    ]


def _none_yet(row: Hours, *, for_governors: bool) -> str:
    """Hidden when it, or those it leaves, would be fewer than five."""
    if for_governors and (0 < row.none_yet < SMALL or 0 < row.people - row.none_yet < SMALL):
        return "not shown"
    return f"{row.none_yet:,}"


def _merged(found: list[Hours]) -> list[Hours]:
    kept: list[Hours] = []
    for row in sorted(found, key=lambda row: -row.people):
        if row.people < SMALL and kept:
            kept[-1] = kept[-1].joined_with(row)
        else:
            kept.append(row)
    return kept if not kept or kept[0].people >= SMALL else []


def year_finding(totals: Totals, *, for_governors: bool = False) -> str:
    """How much learning there was, and who has had none."""
    before = hours(totals.each_last_year)
    said = f"{hours(totals.each)} hours each so far, {before} at this time last year"
    if for_governors and 0 < totals.none_yet < SMALL:
        return f"{said}."
    if not totals.none_yet:
        return f"{said}; everyone has had some."
    have = "has" if totals.none_yet == 1 else "have"
    return f"{said}; {people(totals.none_yet)} of {totals.people} {have} had none yet."
