"""Who coaches or mentors whom, who has nobody, and who is trained or wants to learn it.

The fact of a pair and nothing of what it talks about: notes are never read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import dropwhile

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from activities.entitled import add_months
from activities.models import (
    Activity,
    Attendance,
    EarlyCareer,
    EntitlementStep,
    EntitlementUse,
    Participation,
    Received,
    Session,
)
from activities.models.pairs import COACHING
from activities.terms import Term, terms_of
from audits.models import Expertise
from cpdhub import clock
from cpdhub.charts import Point
from cpdhub.models import Staff

MOST_COACHED = 3  # people one colleague coaches well beside a job
USUAL_MONTHS = 24
TRAINING = "coach-training"  # the entitlement, shipped or a school's version of it
WISH = "Coaching colleagues"  # the topic under which somebody offers it
MOST_TERMS = 6

Found = tuple[int, int, str, str, int]  # coach, coached, as what, and the page that says so


@dataclass(frozen=True)
class Link:
    """One person coaches another, and where that is known from."""

    other: Staff
    as_what: str
    view: str
    argument: int
    is_manager: bool = False


@dataclass
class Line:
    """One member of staff: by whom coached, whom they coach, and what they learned for it."""

    person: Staff
    coaches: list[Link] = field(default_factory=list)
    coached: list[Link] = field(default_factory=list)
    trained_on: date | None = None
    is_current: bool = False
    wishes: bool = False

    @property
    def load(self) -> int:
        """People, however many activities they meet in."""
        return len({link.other.pk for link in self.coached})

    @property
    def has_many(self) -> bool:
        return self.load > MOST_COACHED

    @property
    def training(self) -> str:
        if not self.coached and not self.trained_on:
            return ""
        if self.trained_on is None:
            return "no training written down"
        day = f"{self.trained_on.day} {self.trained_on:%B %Y}"
        return f"trained {day}" if self.is_current else f"trained {day}: refresher due"


def lines(by: Staff, *, today: date) -> list[Line]:
    """Everybody on staff who is here, by name."""
    people = list(Staff.objects.in_post(today).on_staff().select_related("team"))
    found = {person.pk: Line(person) for person in people}
    for coach, coached, as_what, view, argument in [*in_activities(by), *of_early_careers(by)]:
        if coach in found and coached in found:
            add(found[coach], found[coached], as_what, view, argument)
    months = refreshed_every()
    for staff, on in trained().items():
        if staff in found:
            found[staff].trained_on = on
            found[staff].is_current = add_months(on, months) >= today
    for staff in wishing(by, today=today):
        if staff in found:
            found[staff].wishes = not found[staff].coached
    return list(found.values())


def add(coach: Line, coached: Line, as_what: str, view: str, argument: int) -> None:
    is_manager = coached.person.line_manager_id == coach.person.pk
    coached.coaches.append(Link(coach.person, as_what, view, argument, is_manager))
    coach.coached.append(Link(coached.person, as_what, view, argument))


def in_activities(by: Staff) -> Iterable[Found]:
    """Coach and coached in activities that are planned or under way; co-coaches are both."""
    State = Activity.State
    going = Activity.objects.visible_to(by).filter(state__in=[State.PLANNED, State.UNDER_WAY])
    coached_in = Participation.objects.filter(role__in=COACHING, activity__in=going.values("pk"))
    rows = Participation.objects.filter(activity__in=coached_in.values("activity"))
    people: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for activity, staff, role in rows.order_by("pk").values_list("activity", "staff", "role"):
        people[activity].append((staff, role))
    for activity, members in people.items():
        for coach, role in members:
            for other, others_role in members:
                is_coached = others_role not in COACHING or role == others_role == "co-coach"
                if role in COACHING and coach != other and is_coached:
                    yield coach, other, role, "activities:activity", activity


def of_early_careers(by: Staff) -> Iterable[Found]:
    """Mentors of early career teachers; their rules stand on those pages."""
    found = EarlyCareer.objects.visible_to(by).exclude(mentor=None)
    for staff, mentor in found.values_list("staff", "mentor"):
        yield mentor, staff, "early career mentor", "activities:early", staff


def trained() -> dict[int, date]:
    """When each was last trained for it: written down, or there when it was taught."""
    noted = Received.objects.filter(step__entitlement__code=TRAINING).values_list("staff", "on")
    there = Attendance.objects.present().filter(
        session__activity__entitles__step__entitlement__code=TRAINING,
        session__activity__state__in=Activity.OVER,
    )
    day = TruncDate("session__starts_at", tzinfo=clock.LONDON)
    found: dict[int, date] = {}
    for staff, on in noted.order_by().union(there.order_by().values_list("staff", day)):
        found[staff] = max(on, found.get(staff, on))
    return found


def refreshed_every() -> int:
    """After how many months somebody learns it again: as this school promises, else as shipped."""
    steps = EntitlementStep.objects.filter(
        entitlement__code=TRAINING, due=EntitlementStep.Due.EVERY
    ).exclude(number=None)
    kept = EntitlementUse.objects.filter(entitlement=OuterRef("entitlement"))
    step = steps.annotate(is_kept=Exists(kept)).order_by("-is_kept", "pk").first()
    return step.number if step and step.number else USUAL_MONTHS


def wishing(by: Staff, *, today: date) -> set[int]:
    """Who offers to coach or mentor, shown to colleagues and not paused."""
    about = Q(topic__title__icontains="coach") | Q(topic__title__icontains="mentor")
    offers = Expertise.objects.visible_to(by).offered(today=today).filter(about, is_paused=False)
    return set(offers.filter(audience__in=Expertise.SHOWN).values_list("staff", flat=True))


# --- in numbers ------------------------------------------------------------------------------


def growth(by: Staff, *, today: date) -> list[tuple[Term, int]]:
    """How many coached somebody in each of the last terms: those who met at least once."""
    terms = [term for term in terms_of() if term.first <= today][-MOST_TERMS:]
    if not terms:
        return []
    happening = Activity.objects.visible_to(by).happening()
    rows = (
        Session.objects.held()
        .between(terms[0].first, terms[-1].last)
        .filter(activity__participations__role__in=COACHING, activity__in=happening.values("pk"))
        .order_by()
        .values_list(TruncDate("starts_at", tzinfo=clock.LONDON), "activity__participations__staff")
        .distinct()
    )
    met = list(rows)
    counted = [
        (term, len({staff for day, staff in met if term.first <= day <= term.last}))
        for term in terms
    ]
    return list(dropwhile(lambda term: term[1] == 0, counted))  # before the first there is nothing


def points(found: Sequence[tuple[Term, int]]) -> list[Point]:
    return [Point(term.first, Decimal(count)) for term, count in found]


def by_group(found: Iterable[Line]) -> list[tuple[str, int, int]]:
    """Of each staff group: how many have a coach, of how many."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in found:
        groups[line.person.group].append(line)
    return [
        (str(label), sum(bool(line.coaches) for line in groups[value]), len(groups[value]))
        for value, label in Staff.Group.choices
        if groups[value]
    ]
