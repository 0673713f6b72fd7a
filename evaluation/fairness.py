"""Who gets what: hours and money for each full-time post, by group, stage, team and contract.

Hours are the school's direct CPD, from registers. Money is what was spent or is committed: a
line for one person is theirs, any other is shared by everyone who takes part (activities.value).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from activities.budgets import counting
from activities.models import Participation
from activities.models.session import LENGTH
from activities.value import in_hours, max_to_median, shares
from cpdhub.models import Staff
from cpdhub.permissions import Role
from cpdhub.templatetags.cpdhub import hours
from evaluation.dashboard import SMALL, is_small
from evaluation.school_year import GROUP_NAMES, NONE, Period, hours_of

NOTHING = Decimal(0)
MUCH = Decimal("0.25")  # one person with more than this share of the money: somebody should look
EACH = (
    "Each: for each full-time post, so that part-time colleagues compare. Hours of direct CPD from"
    " the registers. A cost is shared equally by everyone who takes part, unless it is for one"
    " person."
)
ENOUGH = 8  # of so few people one has a large share anyhow
KINDS = {
    "group": "Staff group",
    "stage": "Career stage",
    "team": "Team",
    "contract": "Contract",
}


@dataclass
class Person:
    """A colleague in post: what they had."""

    staff: Staff
    time: timedelta = NONE
    money: Decimal = NOTHING

    @property
    def has_nothing(self) -> bool:
        return not self.time


@dataclass
class Group:
    """People of one kind together."""

    kind: str
    key: str
    name: str
    people: list[Person] = field(default_factory=list)
    is_withheld: bool = False  # a hidden number could be worked out from it

    @property
    def fte(self) -> Decimal:
        return sum((person.staff.fte for person in self.people), NOTHING)

    @property
    def hours_each(self) -> Decimal:
        """For each full-time post."""
        time = sum((person.time for person in self.people), NONE)
        return in_hours(time) / self.fte if self.fte else NOTHING

    @property
    def money_each(self) -> Decimal:
        money = sum((person.money for person in self.people), NOTHING)
        return money / self.fte if self.fte else NOTHING

    @property
    def none_yet(self) -> int:
        return sum(person.has_nothing for person in self.people)

    @property
    def share_with_none(self) -> int:
        return round(100 * self.none_yet / len(self.people)) if self.people else 0

    @property
    def hides_none(self) -> bool:
        """Whether how many had nothing says too much of too few, here or in another group."""
        return self.is_withheld or is_small(self.none_yet, len(self.people))

    @property
    def is_all_alike(self) -> bool:
        return self.none_yet in {0, len(self.people)}


@dataclass
class Table:
    """Groups of one kind, and how uneven they are. Small ones are counted, not shown."""

    kind: str
    title: str
    groups: list[Group]
    hidden: int = 0

    @property
    def hours_ratio(self) -> Decimal | None:
        return max_to_median(group.hours_each for group in self.groups)

    @property
    def money_ratio(self) -> Decimal | None:
        return max_to_median(group.money_each for group in self.groups)

    @property
    def sentence(self) -> str:
        """How uneven it is, and how much of it is not shown."""
        said = []
        if self.hours_ratio:
            most = f"the most any group has is {self.hours_ratio} times the middle group"
            said.append(f"Hours: {most}.")
        if self.money_ratio:
            said.append(f"Money: {self.money_ratio} times.")
        if self.hidden:
            groups = "1 group" if self.hidden == 1 else f"{self.hidden} groups"
            said.append(f"{groups} not shown: small numbers.")
        return " ".join(said)


def people(period: Period, *, today: date) -> list[Person]:
    """Everyone in post, in a fixed number of queries."""
    found = {
        staff.pk: Person(staff)
        for staff in Staff.objects.in_post(today).on_staff().select_related("team")
    }
    for pk, time in hours_of(period).order_by().values_list("staff").annotate(time=Sum(LENGTH)):
        if pk in found:
            found[pk].time = time
    for person, money in spent_on(period).items():
        if person in found:
            found[person].money = money
    return list(found.values())


def spent_on(period: Period) -> dict[int | None, Decimal]:
    """Per person, those who have left too; None: nobody takes part yet."""
    lines = list(
        counting(period.first, period.last)
        .filter(activity__is_own_learning=False)
        .select_related("activity")
    )
    taking_part: dict[int, list[int]] = {}
    rows = Participation.objects.filter(activity__in={line.activity_id for line in lines})
    for activity, person in rows.values_list("activity", "staff"):
        taking_part.setdefault(activity, []).append(person)
    return shares([(x.activity_id, x.staff_id, x.takes) for x in lines], taking_part)


def place_of(staff: Staff, kind: str) -> tuple[str, str]:
    """Which group of a kind somebody is in: its key and its name."""
    if kind == "group":
        return staff.group, str(GROUP_NAMES[Staff.Group(staff.group)])
    if kind == "stage":
        return staff.career_stage, str(staff.get_career_stage_display()) or "Not said"
    if kind == "team":
        return (str(staff.team_id), str(staff.team)) if staff.team_id else ("", "No team")
    return ("full", "Full-time") if staff.fte >= 1 else ("part", "Part-time")


def tables(found: Iterable[Person], *, hides_small: bool) -> list[Table]:
    """One of each kind. Who may not see names sees no group of fewer than five, nor one it could
    be worked out from."""
    rows = list(found)
    return [_table(rows, kind, hides_small=hides_small) for kind in KINDS]


def _table(rows: list[Person], kind: str, *, hides_small: bool) -> Table:
    groups: dict[str, Group] = {}
    for person in rows:
        key, name = place_of(person.staff, kind)
        groups.setdefault(key, Group(kind, key, name)).people.append(person)
    shown = sorted(groups.values(), key=lambda group: (group.hours_each, group.name))
    if not hides_small:
        return Table(kind, KINDS[kind], shown)
    by_size = sorted(shown, key=lambda group: len(group.people))
    small = [group for group in by_size if len(group.people) < SMALL]
    if small and sum(len(group.people) for group in small) < SMALL:
        small = by_size[: len(small) + 1]  # with the next, or the rest of all would tell
    kept = [group for group in shown if group not in small]
    _withhold(rows, small, kept)
    return Table(kind, KINDS[kind], kept, len(small))


def _withhold(rows: list[Person], unseen: list[Group], kept: list[Group]) -> None:
    """Hide more numbers, of the smallest groups first, until those hidden cannot be worked out.

    The number of everybody less those shown is that of the hidden ones together: neither may it
    be small, nor may all of them be alike. Where everybody's is hidden there is nothing to take
    away from; and what is true of everybody is true of each.
    """
    everybody = Group("", "", "", rows)
    if everybody.hides_none or everybody.is_all_alike:
        return
    hidden = [*unseen, *(group for group in kept if group.hides_none)]
    together = Group("", "", "", [person for group in hidden for person in group.people])
    for group in sorted(kept, key=lambda group: len(group.people)):
        if not hidden or not (together.hides_none or together.is_all_alike):
            return
        if not group.hides_none:
            group.is_withheld = True
            together.people += group.people


def sentence_of(found: list[Person], *, with_names: bool) -> str:
    everybody = Group("", "", "", found)
    if not found:
        return "Nobody is in post."
    said = f"{hours(everybody.hours_each)} hours for each full-time post"
    if with_names or not everybody.hides_none:
        said += f"; {everybody.share_with_none} % have had nothing yet"
    return f"{said}."


@dataclass(frozen=True)
class Concentration:
    """One person on whom a large part of the money is spent."""

    staff: Staff
    money: Decimal
    share: int

    @property
    def is_cpd_leader(self) -> bool:
        return Role.CPD_LEADER in self.staff.roles


def concentrated(found: Iterable[Person]) -> list[Concentration]:
    """Most first. Somebody should know why: they may leave, or hold the budget themselves."""
    rows = list(found)
    total = sum((person.money for person in rows), NOTHING)
    if len(rows) < ENOUGH or total <= 0:
        return []
    return [
        Concentration(person.staff, person.money, round(100 * person.money / total))
        for person in sorted(rows, key=lambda person: -person.money)
        if person.money > MUCH * total
    ]
