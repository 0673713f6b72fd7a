"""What whoever decides sees beside a request: money, days, fair shares, others, help here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from activities import budgets, granting, rules
from activities.models import Attendance, Budget, Participation, Request, Session
from activities.school_time import Slot, gather
from activities.value import ZERO, shares
from audits.models import Expertise
from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.years import first_year_of

MOST_OTHERS, MOST_HELPERS = 8, 4
GROUPS = {
    "teacher": "teachers", "assistant": "teaching assistants", "support": "other support staff",
}  # fmt: skip
SMALL_WORDS = 4  # letters; shorter words say nothing about what it is


@dataclass
class Share:
    """What one person had this year beside what each of their group had on average."""

    whom: str = "colleagues"
    hours: timedelta = timedelta(0)
    group_hours: timedelta = timedelta(0)
    spend: Decimal = ZERO
    group_spend: Decimal = ZERO


@dataclass
class Checks:
    request: Request
    budgets: list[tuple[Budget, Decimal]] = field(default_factory=list)  # what would be left
    findings: list[rules.Finding] = field(default_factory=list)
    out: list[rules.Out] = field(default_factory=list)
    day: date | None = None
    share: Share = field(default_factory=Share)
    others: list[Request] = field(default_factory=list)
    helpers: list[Any] = field(default_factory=list)

    @property
    def usual_budget(self) -> Budget | None:
        """The school's own money first, where there is enough; chosen beforehand on the page."""
        enough = [budget for budget, left in self.budgets if left >= 0 and self.request.cost]
        return min(enough, key=lambda budget: budget.fund != Budget.Fund.OWN, default=None)

    @property
    def others_cost(self) -> Decimal:
        return sum((one.cost for one in self.others), ZERO)

    @property
    def is_large(self) -> bool:
        """A large sum that leaves the school: three questions before it does."""
        limit = self.request.school.sharing_plan_above
        return self.request.is_outside and limit is not None and self.request.cost > limit

    @property
    def questions(self) -> list[tuple[str, bool, str]]:
        """What money is often thrown at a problem without."""
        request = self.request
        return [
            (
                "Is the cause known?",
                bool(request.need_id),
                "It answers a need that is written down."
                if request.need_id
                else "It names no need: ask what it would solve.",
            ),
            (
                "Can somebody here do it?",
                not self.helpers,
                "Nobody here offers this."
                if not self.helpers
                else f"{rules.named([one.staff for one in self.helpers])} offered help with it.",
            ),
            (
                "What follows?",
                bool(request.sharing_plan),
                request.sharing_plan or "It does not say how others will learn from it.",
            ),
        ]


def checks_of(request: Request, *, reader: Staff, today: date) -> Checks:
    found = Checks(request)
    sessions = (
        granting.sessions_of(request)
        if request.is_outside
        else list(Session.objects.held().filter(activity=request.activity_id)[:20])
    )
    first = clock.day_of(sessions[0].starts_at) if sessions else (request.starts_on or today)
    found.day = first if sessions else None
    found.budgets = [
        (budget, budget.left - request.cost)
        for budget in Budget.objects.open_on(first).with_sums().order_by("name")
    ]
    if sessions and request.is_open:
        look_at_days(found, sessions)
    found.share = share_of(request.staff, today=today)
    found.others = list(others_of(request, first, request.last_day or first))
    found.helpers = helpers_of(request, reader=reader, today=today)
    return found


def look_at_days(found: Checks, sessions: list[Session]) -> None:
    """The calendar's rules for each of its days, and who is out on the first."""
    request = found.request
    days = [clock.day_of(session.starts_at) for session in sessions]
    facts = gather(request.school, [request.staff], first=min(days), last=max(days))
    seen = set()
    for session in sessions:
        slot = Slot(session.starts_at, session.ends_at, session=session.pk)
        for finding in rules.look(facts, slot):
            if finding.sentence not in seen:
                seen.add(finding.sentence)
                found.findings.append(finding)
    found.out = [
        out for out in rules.out_on(facts) if clock.day_of(out.session.starts_at) == days[0]
    ]


def share_of(staff: Staff, *, today: date) -> Share:
    """Hours attended and money spent or put aside in this school year."""
    year = first_year_of(today)
    first, last = date(year, 9, 1), date(year + 1, 8, 31)
    share = Share(GROUPS.get(staff.group, "colleagues"))
    here = dict(Staff.objects.on_staff().in_post(today).values_list("pk", "group"))
    group = {pk for pk, name in here.items() if name == staff.group} | {staff.pk}
    times = (
        Attendance.objects.filter(
            was_present=True,
            session__starts_at__gte=clock.midnight(first),
            session__starts_at__lt=clock.midnight_after(last),
        )
        .exclude(session__activity__state="cancelled")
        .time_per_person()
    )
    share.hours = times.get(staff.pk, timedelta(0))
    share.group_hours = sum((times.get(pk, timedelta(0)) for pk in group), timedelta(0)) / len(
        group
    )
    lines = list(budgets.counting(first, last).select_related("activity"))
    people: dict[int, list[int]] = {}
    taking_part = Participation.objects.filter(activity__in={line.activity_id for line in lines})
    for activity, person in taking_part.values_list("activity", "staff"):
        people.setdefault(activity, []).append(person)
    spent = shares([(line.activity_id, line.staff_id, line.takes) for line in lines], people)
    share.spend = spent.get(staff.pk, ZERO)
    share.group_spend = sum((spent.get(pk, ZERO) for pk in group), ZERO) / len(group)
    return share


def others_of(request: Request, first: date, last: date) -> Any:
    """Who else asks for the same place or the same days, or wants money too."""
    same_days = Q(starts_on__lte=last) & (Q(ends_on__gte=first) | Q(ends_on=None, starts_on=first))
    same_place = Q(activity=request.activity_id, activity__isnull=False)
    wants_money = Q(fee__gt=0) | Q(cover_half_days__gt=0)
    rows = Request.objects.waiting().exclude(pk=request.pk).with_needs().select_related("school")
    rows = rows.filter(same_days | same_place | wants_money)
    return rows.order_by("asked_at", "pk")[:MOST_OTHERS]


def helpers_of(request: Request, *, reader: Staff, today: date) -> list[Any]:
    """Colleagues who offer what it is about: the need's topic, or a word of its title."""
    topic = request.need.topic_id if request.need else None
    words = [word for word in request.title.split() if len(word) > SMALL_WORDS]
    named = Q(topic=topic) if topic else Q(pk=None)
    for word in words[:6]:
        named |= Q(topic__title__icontains=word)
    offers = Expertise.objects.offered(today=today).filter(named).exclude(staff=request.staff)
    return list(
        offers.visible_to(reader)
        .select_related("staff", "topic")
        .order_by("-level", "staff__sort_name")[:MOST_HELPERS]
    )
