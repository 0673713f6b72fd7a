"""A network's figures of one term, in the words its page, its PDF and its files share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cpdhub.templatetags.cpdhub import pounds, pounds_whole
from cpdhub.words import count, listed
from networks.limits import OF_A_RANGE
from networks.models import Contribution, Membership, Publication
from networks.publishing import HIDDEN, NOBODY

RATIOS = {
    "hours": ("Hours of direct CPD a person", "", ""),
    "none": ("Colleagues with no direct CPD", "", " %"),
    "an_hour": ("Fees for each participant hour", "£", ""),
    "meant": ("Activities that said beforehand what should change", "", " %"),
    "judged": ("Activities judged afterwards", "", " %"),
}


@dataclass(frozen=True)
class Line:
    """One figure, how it is to be read, and of how many schools it is."""

    what: str
    figure: str
    note: str


@dataclass(frozen=True)
class Compared:
    """Our school beside the middle half of the schools."""

    what: str
    ours: str
    low: str
    middle: str
    high: str


class Figures:
    """What this school may read of one publication: `rows` are those shown by name, and its own."""

    def __init__(self, publication: Publication, own: Membership) -> None:
        self.publication = publication
        self.data: dict[str, Any] = publication.figures or {}
        self.rows = list(
            Contribution.objects.filter(publication=publication).select_related("school")
        )
        self.own = next((row for row in self.rows if row.school_id == own.school_id), None)
        self.named = [row for row in self.rows if row.by_name]
        self.schools = self.data.get("schools", 0)

    @property
    def finding(self) -> str:
        """The one thing the page says."""
        data = self.data
        said = (
            f"{count(self.schools, 'school')}, {data['people']:,} colleagues: {data['hours']:,}"
            f" hours of direct CPD, {data['each']} hours each."
        )
        if data["judged"]:
            said += (
                f" Of {count(data['judged'], 'activity', 'activities')} that somebody judged,"
                f" pupils gained from {data['gained']}."
            )
        elif data["activities"]:
            said += " Nobody has judged an activity yet, so whether pupils gained is not known."
        return said

    @property
    def done(self) -> list[Line]:
        data = self.data
        none, an_hour = data["none"], data["an_hour"]
        return [
            Line("Hours of direct CPD", f"{data['hours']:,}", f"{data['each']} a person"),
            Line(
                "Colleagues with none", HIDDEN if none is None else f"{none:,}",
                f"of {data['people']:,} in post",
            ),
            Line(
                "Fees", pounds_whole(data["cost"]),
                f"{pounds(an_hour)} a participant hour" if an_hour is not None else "no hours yet",
            ),
        ]  # fmt: skip

    @property
    def steps(self) -> list[Line]:
        """How far evaluation got: each step needs the one before."""
        data, of = self.data, f"of {count(self.data['activities'], 'activity', 'activities')}"
        return [
            Line("Said beforehand what should change", f"{data['meant']:,}", of),
            Line("Asked those who came, at the end", f"{data['asked']:,}", of),
            Line("Asked again weeks or terms later", f"{data['later']:,}", of),
            Line("Judged against what was meant", f"{data['judged']:,}", of),
            Line("Pupils gained, fully or partly", f"{data['gained']:,}", f"of {data['judged']:,}"),
            Line(
                "Targets for pupils reached in schools’ plans", f"{data['met']:,}",
                f"of {data['targets']:,}",
            ),
        ]  # fmt: skip

    @property
    def groups(self) -> list[dict[str, str]]:
        return [
            {
                "name": group["name"],
                "people": f"{group['people']:,}",
                "each": f"{group['each']}",
                "none": HIDDEN if group["none"] is None else f"{group['none']:,}",
            }
            for group in self.data["groups"]
        ]

    @property
    def fairness(self) -> str:
        """Who has most and least, where that is a difference."""
        rows = sorted(self.data["groups"], key=lambda row: row["each"])
        if len(rows) < 2 or rows[0]["each"] == rows[-1]["each"]:
            return ""
        least, most = rows[0], rows[-1]
        return (
            f"{most['name']} have {most['each']} hours each, {least['name'].lower()}"
            f" {least['each']}."
        )

    @property
    def needs(self) -> list[dict[str, Any]]:
        return list(self.data["needs"])

    @property
    def left_out(self) -> str:
        """Schools with people who need something, of whom nobody came to another school."""
        names = [
            str(row.school) for row in self.named
            if row.shown["learned"] == NOBODY and row.shown["needing"] != NOBODY
        ]  # fmt: skip
        if not names:
            return ""
        return (
            f"Colleagues of {listed(names)} have open needs, and nobody went to another school. Ask"
            " what stands in the way, and invite them by name."
        )

    @property
    def compared(self) -> list[Compared]:
        """Only from five schools on, and where our school is among them."""
        ours = (self.own.shown if self.own else {}).get("ratios", {})
        rows = []
        for code, (what, before, after) in RATIOS.items():
            if code in ours and code in self.data["range"]:
                values = [ours[code], *self.data["range"][code]]
                rows.append(Compared(what, *(f"{before}{value:g}{after}" for value in values)))
        return rows

    @property
    def own_rows(self) -> list[Contribution]:
        return [self.own] if self.own else []

    @property
    def why_not_compared(self) -> str:
        if self.own is None:
            return "Our school is not in these figures."
        if self.schools < OF_A_RANGE:
            return f"A range needs {OF_A_RANGE} schools; {self.schools} are in these figures."
        return "Our own figures are of too few people to be set beside others."
