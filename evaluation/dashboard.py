"""The dashboard's figures in the words and shapes its pages and report print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from cpdhub.addresses import address
from cpdhub.models import Reading, SuccessCriterion
from cpdhub.templatetags.cpdhub import hours, plain, pounds
from cpdhub.words import people
from evaluation.figures import Chain, MissingLink
from evaluation.models import Verdict
from evaluation.narrowing import Narrowing
from evaluation.school_year import Hours, Totals

SMALL = 5
MANY = 20
ROWS_PAGES = ("needs", "activities", "people", "reflections")
VERDICTS = {
    Verdict.MET: "with the effect we meant",
    Verdict.PARTLY: "with some effect",
    Verdict.NOT_YET: "without an effect",
    Verdict.UNKNOWN: "nobody can tell",
}
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
class Judgement:
    """Activities that were judged alike: how many, what they cost together, which they are."""

    text: str
    money: str
    query: str


@dataclass(frozen=True)
class Row:
    """One priority on the dashboard."""

    chain: Chain
    links: list[Link]
    missing: list[Missing]
    for_governors: bool = False
    query: str = ""  # the team and form the page was narrowed to
    shows_money: bool = True

    @property
    def strength(self) -> str:
        """How sure we are; pupils are measured once, for the whole school."""
        sure = self.chain.strength.lower()
        is_schools = self.chain.part.is_narrow and self.chain.is_measured_again
        return f"{sure}, whole school" if is_schools else sure

    @property
    def cost(self) -> str:
        return pounds(self.chain.cost) if self.shows_money else ""

    @property
    def verdicts(self) -> list[Judgement]:
        """How what served it was judged, for pupils: number, fees, and where the rows are."""
        judged = self.chain.judged
        return [
            Judgement(
                f"{judged.number[verdict]} {words}",
                pounds(judged.money[verdict]) if judged.money[verdict] and self.shows_money else "",
                f"?priority={self.chain.priority.pk}&pupils={verdict}{self.query}",
            )
            for verdict, words in VERDICTS.items()
            if judged.number.get(verdict)
        ]

    @property
    def cost_an_hour(self) -> str:
        """Fees for each hour somebody learned, or nothing where either is unknown or hidden.

        Nor of a period or a team: a fee pays for other sessions and other people too.
        """
        if self.chain.period or self.chain.part.team or not self.shows_money:
            return ""
        if self.for_governors and hides_people(self.chain):
            return ""
        time = self.chain.time.total_seconds() / 3600
        return pounds(round(self.chain.cost / Decimal(time))) if time and self.chain.cost else ""


def rows(
    chains: list[Chain], *, for_governors: bool = False, narrowing: Narrowing | None = None
) -> list[Row]:
    """For governors: no links to people's rows, and nothing that counts fewer than five."""
    if for_governors:
        return [Row(chain, links_of(chain, for_governors=True), [], True) for chain in chains]
    kept = narrowing.kept if narrowing else ""
    back = narrowing.as_query if narrowing else ""  # rows know the way back to the page as it was
    return [
        Row(
            chain,
            _with_addresses(chain, back),
            repairs(chain.missing(), kept),
            query=kept,
        )
        for chain in chains
    ]


def _with_addresses(chain: Chain, query: str) -> list[Link]:
    """Each figure opens the rows behind it."""
    pk = chain.priority.pk
    pages = [address(f"impact:{page}", pk) + query for page in ROWS_PAGES]
    pages.append(address("plan:priority", pk))
    return [replace(link, url=url) for link, url in zip(links_of(chain), pages, strict=True)]


def repairs(missing: list[MissingLink], query: str = "") -> list[Missing]:
    """Where each missing link is mended; pages of rows show what is narrowed to here."""
    found = []
    for link in missing:
        kept = query if link.view.startswith("impact:") else ""
        url = address(link.view, *link.arguments) + _joined(link.query, kept)
        found.append(Missing(link.text, url))
    return found


def _joined(query: str, more: str) -> str:
    return query + more if query else f"?{more.lstrip('&')}" if more else ""


def whole_hours(time: timedelta) -> str:
    """Hours without decimals once there are many."""
    number = time.total_seconds() / 3600
    return hours(number if number < MANY else round(number))


def is_small(part: int, whole: int) -> bool:
    """Whether a part, or those it leaves, are so few that governors do not see the number.

    What hides it must not give it away: nothing it could be worked out from is shown either,
    and every number hidden looks the same.
    """
    return 0 < part < SMALL or 0 < whole - part < SMALL


def hides_people(chain: Chain) -> bool:
    """Whether whoever sees no small numbers is not told of a priority's people; nor of hours."""
    few = 0 < chain.meant < SMALL or is_small(len(chain.reached), chain.meant)
    return few or _leaves_few(chain, "meant", "came", "never_came")


def hides_reflections(chain: Chain) -> bool:
    few = is_small(chain.among, len(chain.reached)) or _leaves_few(chain, "among", "silent")
    return few or hides_people(chain)


def _leaves_few(chain: Chain, *numbers: str) -> bool:
    """Whether the whole school's numbers less these, of a part of it, are of fewer than five.

    One form of activity beside all of them always may be: those who took part in no other.
    """
    if chain.whole is None:
        return False
    left = [abs(getattr(chain.whole, name) - getattr(chain, name)) for name in numbers]
    return bool(chain.part.form) or any(0 < number < SMALL for number in left)


def links_of(chain: Chain, *, for_governors: bool = False) -> list[Link]:
    """The five links in words, from need to pupils."""
    return [
        needs_link(chain, for_governors=for_governors),
        _activities(chain, for_governors=for_governors),
        _people(chain, for_governors=for_governors),
        _reflections(chain, for_governors=for_governors),
        _pupils(chain),
    ]


def needs_link(chain: Chain, *, for_governors: bool) -> Link:
    needs = chain.needs
    if not needs.total:
        is_part = chain.part.is_narrow
        note = "none that belongs here" if is_part else "nobody said what is needed"
        return Link("Needs", "none", note, "gap")
    # The plan names the others, so what people said could be taken from the sum.
    own = chain.peoples_needs
    if for_governors and 0 < len(own.people) < SMALL:
        return Link("Needs", "not shown", "small numbers are not shown", "thin")
    if for_governors and any(is_small(part, own.total) for part in own.parts):
        return Link("Needs", f"{needs.total:,}", "small numbers are not shown", "thin")
    return Link("Needs", f"{needs.total:,}", needs.in_words, "thin" if needs.waiting else "")


def _activities(chain: Chain, *, for_governors: bool) -> Link:
    if not chain.activities:
        return Link("Activities", "0", f"nothing planned {chain.yet}", "gap")
    done = "all finished" if not chain.planned else f"{chain.finished} finished"
    time = whole_hours(chain.time)
    note = f"{done}, {time} {'hour' if time == '1' else 'hours'}"
    if for_governors and hides_people(chain):
        note = done
    return Link("Activities", f"{chain.activities}", note, "thin" if chain.unsaid else "")


def _people(chain: Chain, *, for_governors: bool) -> Link:
    reached, meant = len(chain.reached), chain.meant
    if not meant:
        return Link("People reached", "0", f"nobody put down {chain.yet}", "gap")
    if for_governors and hides_people(chain):
        figure = "fewer than 5" if meant < SMALL else f"of {meant} meant"
        if chain.whole:
            figure = "not shown"
        return Link("People reached", figure, "small numbers are not shown")
    if not reached:
        return Link("People reached", f"0 of {meant}", f"no register taken {chain.yet}", "thin")
    note = f"{chain.never_came} not reached" if chain.never_came else "everyone put down for it"
    return Link("People reached", f"{reached} of {meant}", note, "thin" if chain.never_came else "")


def _reflections(chain: Chain, *, for_governors: bool) -> Link:
    number, reached = len(chain.sharers), len(chain.reached)
    if not reached and not (for_governors and hides_people(chain)):
        return Link("Shared a reflection", "0", f"nobody to ask {chain.yet}", "gap")
    among = chain.among
    if for_governors:
        number = among
        if hides_reflections(chain):
            return Link("Shared a reflection", "not shown", "small numbers are not shown", "thin")
    note = f"of {reached} who took part"
    state = "gap" if number * 4 < reached else "thin" if chain.silent else ""
    return Link(
        "Shared a reflection", f"{number:,}", note if among == number else f"{among} {note}", state
    )


def _pupils(chain: Chain) -> Link:
    """From the baseline to the last reading, of the criterion that is furthest from its target."""
    what = "Pupils, whole school" if chain.part.is_narrow else "Pupils"
    lines = chain.last_readings
    if not lines and chain.period:
        return Link(what, "not read", f"no reading {chain.yet}", "gap")
    if not lines:
        return Link(what, "not yet known", "no reading since the baseline", "gap")
    criterion, latest = min(lines, key=lambda line: bool(line[0].reached(line[1].value)))
    start = "" if criterion.baseline is None else f"{plain(criterion.baseline)} → "
    figure = f"{start}{plain(latest.value)} {criterion.unit}".rstrip()
    words = _measure(criterion, latest)
    if len(chain.criteria) > 1:
        words = f"{chain.reached_criteria} of {len(chain.criteria)} criteria reached; {words}"
    return Link(what, figure, words, "" if chain.target_reached else "thin")


def _measure(criterion: SuccessCriterion, latest: Reading) -> str:
    unit = f" {criterion.unit}" if criterion.unit else ""
    words = [f"target {plain(criterion.target)}{unit}"] if criterion.target is not None else []
    if latest.pupils_counted:
        words.append(f"n = {latest.pupils_counted:,}")
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
    if unknown and chains[0].period:
        have = "has" if unknown == 1 else "have"
        parts.append(f"{_number(unknown)} {have} no reading of pupils {chains[0].yet}")
    elif unknown:
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
    if for_governors and is_small(row.none_yet, row.people):
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


def year_finding(totals: Totals, *, for_governors: bool = False, is_term: bool = False) -> str:
    """How much learning there was in the year so far, or in a term, and who has had none.

    For governors, no sum that a hidden number of a group could be taken from.
    """
    shown = _merged(totals.groups) if for_governors else totals.groups
    if for_governors and not shown:
        return ""
    said = each_said(totals, is_term=is_term)
    if for_governors and any(is_small(row.none_yet, row.people) for row in shown):
        return f"{said}."
    if not totals.none_yet:
        return f"{said}; everyone {'had' if is_term else 'has had'} some."
    if is_term:
        return f"{said}; {people(totals.none_yet)} of {totals.people} had none."
    have = "has" if totals.none_yet == 1 else "have"
    return f"{said}; {people(totals.none_yet)} of {totals.people} {have} had none yet."


def each_said(totals: Totals, *, is_term: bool = False) -> str:
    """5 hours each so far, 4 at this time last year"""
    said = f"{hours(totals.each)} hours each{'' if is_term else ' so far'}"
    if not totals.compares:
        return said
    when = "in the same weeks last year" if is_term else "at this time last year"
    return f"{said}, {hours(totals.each_last_year)} {when}"
