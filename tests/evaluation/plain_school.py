"""A school as somebody would tell it, and its figures counted by hand: nothing here asks the
database. `plain_entered.py` makes one up and enters it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

TODAY = date(2026, 11, 22)
THIS = (date(2026, 9, 1), TODAY)
LAST = (date(2025, 9, 1), date(2025, 11, 22))
CREW = 12


@dataclass(frozen=True)
class Person:
    team: int | None
    group: str


@dataclass(frozen=True)
class Held:
    """A session: how long ago, how long, and whether its register was taken or it was off."""

    days_ago: int
    hours: int
    how: str  # held, forgotten, off

    @property
    def day(self):
        return TODAY - timedelta(days=self.days_ago)


@dataclass(frozen=True)
class Done:
    """An activity."""

    state: str  # draft, planned, finished, cancelled
    serves: frozenset
    form: int | None
    is_private: bool
    is_own: bool
    is_statutory: bool
    was_logged: bool
    cost: int | None
    is_premium: bool
    put_down: frozenset
    came: frozenset
    sessions: tuple
    answers: frozenset
    review: tuple | None  # what pupils gained, decision
    kinds: frozenset  # of evidence about pupils
    gains: tuple  # (about, is good)

    @property
    def counts(self):
        return not self.is_own and self.state in {"planned", "finished"}

    @property
    def is_direct(self):
        return not self.is_statutory

    @property
    def fee(self):
        return self.cost if self.cost is not None and self.state != "draft" else 0

    @property
    def held(self):
        """No register is taken of a draft."""
        is_draft = self.state == "draft"
        return [each for each in self.sessions if each.how == "held" and not is_draft]

    @property
    def there(self):
        """Who came, to all that was held."""
        return self.came if self.held and self.state != "cancelled" else frozenset()

    def happened_in(self, days):
        return any(each.how != "off" and days[0] <= each.day <= days[1] for each in self.sessions)

    def hours_in(self, days):
        return sum(each.hours for each in self.held if days[0] <= each.day <= days[1])


@dataclass(frozen=True)
class Needed:
    whose: tuple  # ("person", 3), ("team", 0), ("school", 0)
    status: str
    is_shared: bool
    source: int | None  # the priority it came from


@dataclass(frozen=True)
class Wrote:
    who: int
    about: int
    is_shared: bool


@dataclass(frozen=True)
class Asked:
    """What a page is narrowed to: places in the lists above, or nothing."""

    priority: int | None = None
    team: int | None = None
    form: int | None = None
    is_open: bool = False


@dataclass
class Plain:
    people: list
    activities: list
    needs: list
    wrote: list
    readings: list  # (priority, value) in the order they were taken
    rows: dict = field(default_factory=dict)  # what stands in the database for each

    # --- counted by hand -------------------------------------------------------------------------
    def of_kind(self, each, asked):
        return (asked.form is None or each.form == asked.form) and not (
            asked.is_open and each.is_private
        )

    def members(self, them, asked):
        return {n for n in them if asked.team is None or self.people[n].team == asked.team}

    def touches(self, each, asked):
        return asked.team is None or bool(self.members(each.put_down | each.there, asked))

    def serving(self, priority, asked):
        return [
            each
            for each in self.activities
            if priority in each.serves and each.counts and self.of_kind(each, asked)
        ]

    def chain(self, priority, asked):
        """Everything the dashboard tells of one priority."""
        serving = self.serving(priority, asked)
        theirs = [each for each in serving if self.touches(each, asked)]
        put_down = set().union(*(self.members(each.put_down, asked) for each in serving))
        reached = set().union(*(self.members(each.there, asked) for each in serving))
        judged = [each for each in theirs if each.review and not each.is_private]
        needs = self.needs_of(priority, asked)
        return {
            "needs": parts(needs),
            "peoples_needs": parts([need for need in needs if need.whose[0] == "person"]),
            "planned": sum(each.state == "planned" for each in theirs),
            "finished": sum(each.state == "finished" for each in theirs),
            "unsaid": sum(each.is_direct and each.was_logged for each in theirs),
            "unneeded": sum(each.is_direct and not each.answers for each in theirs),
            "registers": sum(
                session.how == "forgotten"
                for each in theirs
                if each.state == "planned"
                for session in each.sessions
            ),
            "cost": sum(each.fee for each in theirs),
            "hours": sum(
                session.hours * len(self.members(each.there, asked))
                for each in serving
                for session in each.held
            ),
            "put_down": put_down,
            "reached": reached,
            "sharers": self.sharers(priority, asked),
            "verdicts": sorted(each.review[0] for each in judged),
            "money": {
                word: sum(each.fee for each in judged if each.review[0] == word)
                for word in {each.review[0] for each in judged}
            },
            "stopped": sum(each.review[1] == "stop" for each in judged),
            "kinds": set().union(*(each.kinds for each in theirs if not each.is_private)),
            "waiting": sum(
                each.state == "finished"
                and each.is_direct
                and not each.is_private
                and not each.was_logged
                and not each.review
                for each in theirs
            ),
        }

    def needs_of(self, priority, asked):
        answered = set().union(*(each.answers for each in self.serving(priority, asked)))
        return [
            need
            for place, need in enumerate(self.needs)
            if need.is_shared
            and need.status != "set_aside"
            and self.is_theirs(need, asked)
            and (place in answered or (need.source == priority and asked.form is None))
        ]

    def is_theirs(self, need, asked):
        whom, which = need.whose
        if asked.team is None:
            return True
        return (whom == "person" and self.people[which].team == asked.team) or (
            need.whose == ("team", asked.team)
        )

    def sharers(self, priority, asked):
        about = [
            place
            for place, each in enumerate(self.activities)
            if priority in each.serves and self.of_kind(each, asked)
        ]
        return self.members(
            {each.who for each in self.wrote if each.is_shared and each.about in about}, asked
        )

    def chosen(self, asked):
        """Activities of the kind and the priority asked for, drafts and all."""
        return [
            each
            for each in self.activities
            if self.of_kind(each, asked)
            and (asked.priority is None or asked.priority in each.serves)
        ]

    def in_year(self, asked, days):
        return [
            each
            for each in self.chosen(asked)
            if each.counts and self.touches(each, asked) and each.happened_in(days)
        ]

    def hours(self, who, asked, days, *, kind="direct"):
        return sum(
            each.hours_in(days)
            for each in self.chosen(asked)
            if who in each.there and each.state != "cancelled" and kind == kind_of(each)
        )

    def group(self, name, asked):
        """A staff group's line in "Who has had what"."""
        them = [
            n for n in self.members(range(len(self.people)), asked) if self.people[n].group == name
        ]
        now = [self.hours(n, asked, THIS) for n in them]
        return {
            "people": len(them),
            "none_yet": now.count(0),
            "this_year": sum(now),
            "last_year": 0
            if asked.priority is not None
            else sum(self.hours(n, asked, LAST) for n in them),
            "other": sum(self.hours(n, asked, THIS, kind="other") for n in them),
            "own": sum(self.hours(n, asked, THIS, kind="own") for n in them),
        }


def kind_of(each):
    return "own" if each.is_own else "direct" if each.is_direct else "other"


def parts(needs):
    """Met, begun, waiting."""
    met = sum(need.status == "met" for need in needs)
    begun = sum(need.status in {"planned", "being_met"} for need in needs)
    return met, begun, len(needs) - met - begun
