"""What needs somebody: at most seven lines, each one click from done.

The CPD leader's list is the broken links of the chain. The same lines make the home page and
the weekly digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Length
from django.utils import formats

from activities.models import Activity, Session
from cpdhub import clock
from cpdhub.addresses import address
from cpdhub.models import Judgement, Policy, Priority, School, Staff, SuccessCriterion
from cpdhub.permissions import Permission
from cpdhub.queries import counted
from cpdhub.roof.dated import OF_EACH, Dated, dated_rows, leads_cpd
from cpdhub.years import first_year_of
from evaluation.models import Reflection
from evaluation.school_year import Period, hours_of

MOST = 7
REFLECT_WITHIN = timedelta(days=21)  # older learning is not asked about any more
PUPILS_AFTER = timedelta(days=7)
ONE_OFFS_WITHIN = timedelta(days=90)
DECIDE_WITHIN = timedelta(days=14)  # whoever shared a need waits for a word


@dataclass(frozen=True)
class Line:
    """One thing to do: what, why now, and the one button whose word is the deed."""

    text: str
    why: str
    deed: str
    view: str
    arguments: tuple[Any, ...] = ()
    query: str = ""
    minutes: int = 2
    is_late: bool = False

    @property
    def url(self) -> str:
        """Inside a request."""
        return address(self.view, *self.arguments) + self.query

    def link(self, school: School) -> str:
        """For letters."""
        return school.link(self.view, *self.arguments) + self.query


def lines_for(staff: Staff, *, now: datetime) -> list[Line]:
    """At most seven, the most pressing first. The school must be open.

    One's own reflection is always among them, an audit one is asked to answer, a colleague who
    asks for help and needs that wait for one's decision: the school's work must not crowd out
    one's learning, nor keep colleagues waiting.
    """
    today = now.astimezone(clock.LONDON).date()
    dated = dated_rows(staff, today=today)
    found = [
        *_registers(staff, now=now),
        *(_milestone(row, today) for row in dated["milestone"]),
        *(_look_again(row) for row in dated["impact"]),
    ]
    if staff.can(Permission.EDIT_PLAN):
        found += _broken_chains(today)
    if staff.can(Permission.MANAGE_STAFF) and len(found) < MOST:
        found += _housekeeping(staff, today)  # the costliest question, asked while there is room
    found.sort(key=lambda line: not line.is_late)
    found += [_policy(row) for row in dated["policy"]]
    audits = [_audit(row) for row in dated["audit"]]
    asks = [*map(_ask, dated["help"]), *map(_answered, dated["answer"])]
    own = _reflections(staff, now=now) if staff.can(Permission.REFLECT) else []
    asks += map(_verify, dated["verify"])
    asks += map(_replied, dated["replied"][:OF_EACH])
    decide = [_undecided(row, today) for row in dated["need"][:1]]
    decide += [_requests(row, today) for row in dated["request"][:1]]
    sure = [*decide, *asks[:1], *audits[:1], *own[:1]]
    room = MOST - len(sure)
    return (found[:room] + sure + found[room:] + asks[1:] + audits[1:] + own[1:])[:MOST]


def minutes(lines: Iterable[Line]) -> int:
    return sum(line.minutes for line in lines)


def _day(moment: datetime) -> str:
    return formats.date_format(moment.astimezone(clock.LONDON), "l j F")


def _registers(staff: Staff, *, now: datetime) -> list[Line]:
    """Sessions that are over and have no register: one's own, or the school's for who plans."""
    sessions = Session.objects.without_register(now=now)
    if not leads_cpd(staff):
        sessions = sessions.filter(Q(activity__lead=staff) | Q(activity__owner=staff))
    return [
        Line(
            f"Attendance for {session.activity}",
            f"{_day(session.starts_at)}, {session.people} people",
            "Take attendance",
            "activities:register",
            (session.pk,),
            minutes=1,
            is_late=session.ends_at < now - timedelta(days=7),
        )
        for session in sessions.select_related("activity")
        .only("starts_at", "ends_at", "activity__title")
        .annotate(people=Count("activity__participations"))
        .order_by("-starts_at")[:2]
    ]


def _milestone(row: Dated, today: date) -> Line:
    due = "was due" if row.on < today else "due"
    return Line(
        row.text,
        f"{row.more}: {due} {formats.date_format(row.on, 'j F')}",
        "Say where we are",
        "plan:milestone_change",
        (row.pk,),
        is_late=row.on < today,
    )


def _look_again(row: Dated) -> Line:
    text, why = f"Look again at “{row.text}”", f"how we would know: {row.more}"
    return Line(text, why, "Look", "impact:what_changed", (row.pk,), minutes=5)


def _audit(row: Dated) -> Line:
    """One click from the first section, which says who will read what."""
    return Line(
        f"Answer: {row.text}",
        f"{row.more}, until {formats.date_format(row.on, 'j F')}",
        "Answer",
        "needs:answer",
        (row.pk, 1),
        minutes=row.number,
    )


def _policy(row: Dated) -> Line:
    return Line(
        "Read our CPD policy",
        f"version {row.text}, published {formats.date_format(row.on, 'j F')}",
        "Read",
        "plan:policy",
        minutes=3,
    )


def _ask(row: Dated) -> Line:
    return Line(
        f"{row.text} asks for your help",
        f"{row.more}, since {formats.date_format(row.on, 'j F')}; “not now” is an answer too",
        "Answer",
        "activities:help",
        (row.pk,),
        minutes=1,
    )


def _answered(row: Dated) -> Line:
    return Line(
        f"{row.text} has answered you", row.more, "Look", "activities:help", (row.pk,), minutes=1
    )


def _requests(row: Dated, today: date) -> Line:
    """Whoever asked plans around the answer."""
    these = "1 request waits" if row.number == 1 else f"{row.number} requests wait"
    return Line(
        f"{these} for your decision",
        f"the longest since {formats.date_format(row.on, 'j F')}: {row.more}",
        "Decide",
        "activities:request_queue",
        minutes=3,
        is_late=row.on < today - DECIDE_WITHIN,
    )


def _verify(row: Dated) -> Line:
    text = f"{row.text} asks you to verify their work"
    why = f"{row.more}, since {formats.date_format(row.on, 'j F')}"
    return Line(text, why, "Verify", "recognition:submission", (row.pk,), minutes=15)


def _replied(row: Dated) -> Line:
    why = f"{row.more}: {row.text}"
    return Line(
        "Your request was answered", why, "Look", "activities:request", (row.pk,), minutes=1
    )


def _reflections(staff: Staff, *, now: datetime) -> list[Line]:
    """One's own learning of late, without a word about it, or a week old without pupils in it."""
    mine = Reflection.objects.owned_by(staff).saved().filter(activity=OuterRef("activity"))
    said = mine.values(length=Length("seen_in_pupils")).order_by("-length")[:1]
    sessions = (
        Session.objects.held()
        .filter(
            attendances__staff=staff,
            attendances__was_present=True,
            starts_at__gt=now - REFLECT_WITHIN,
            activity__kind=Activity.Kind.DIRECT,
            activity__is_own_learning=False,
        )
        .annotate(of_pupils=Subquery(said))  # None where nothing is written, 0 without pupils
        .select_related("activity")
        .only("starts_at", "activity__title")
        .order_by("-starts_at")
    )
    first_of_each = {
        session.activity_id: session
        for session in sessions
        if session.of_pupils is None
        or (not session.of_pupils and session.starts_at < now - PUPILS_AFTER)
    }
    return [
        Line(
            f"How did “{session.activity}” go?"
            if session.of_pupils is None
            else f"What did you see in pupils since “{session.activity}”?",
            f"{_day(session.starts_at)}, only you read it unless you choose",
            "Reflect",
            "reflections:for_activity",
            (session.activity_id,),
            minutes=1,
        )
        for session in list(first_of_each.values())[:2]
    ]


def _broken_chains(today: date) -> list[Line]:
    """Live priorities nothing serves, or with a criterion nobody read since its baseline."""
    serving = Activity.objects.of_school().happening().filter(served__priority=OuterRef("pk"))
    over = Q(state__in=Activity.OVER)
    furthest = serving.annotate(over=over).order_by("-over").values("over")[:1]
    unread = SuccessCriterion.objects.filter(priority=OuterRef("pk"), readings=None)
    priorities = (
        Priority.objects.live()
        .only("title")
        .filter(plan__year__starts_on__lte=today, plan__year__ends_on__gte=today)
        .annotate(
            has_finished=Subquery(furthest),  # None where nothing serves it
            unread=Subquery(unread.order_by("pk").values("pk")[:1]),
        )
    )
    found = []
    for priority in priorities:
        if priority.has_finished is None:
            found.append(_unserved(priority))
        elif priority.unread:
            found.append(_unmeasured(priority))
    return found


def _unserved(priority: Any) -> Line:
    return Line(
        f"Nothing serves “{priority}” yet",
        "a live priority without an activity",
        "Plan one",
        "activities:plan",
        query=f"?priority={priority.pk}",
        minutes=3,
        is_late=True,
    )


def _unmeasured(priority: Any) -> Line:
    return Line(
        f"“{priority}” has not been measured again",
        "activities are finished; what changed for pupils?"
        if priority.has_finished
        else "no reading since the baseline",
        "Add a reading",
        "plan:reading_add",
        (priority.unread,),
    )


def _housekeeping(staff: Staff, today: date) -> list[Line]:
    """Counts, in one query: CPD without intended impact, what is due for review, the uninvited."""
    here = Staff.objects.live(today).on_staff()
    happening = Activity.objects.happening()
    so_far = Period(date(first_year_of(today), 9, 1), today)
    school = (
        School.objects.filter(pk=staff.school_id)
        .annotate(
            uninvited=counted(here.able_to_be_invited()),
            unsaid=counted(happening.without_intended_impact()),
            one_offs=counted(happening.one_offs().between(today - ONE_OFFS_WITHIN, today)),
            none_yet=counted(here.exclude(pk__in=hours_of(so_far).values("staff"))),
            stale=counted(Judgement.objects.stale(today=today)),
            old_policy=counted(Policy.objects.in_force().overdue(today=today)),
        )
        .get()
    )
    found = []
    if staff.can(Permission.PLAN_ACTIVITIES) and school.unsaid:
        found.append(_unsaid(school.unsaid))
    if staff.can(Permission.PLAN_ACTIVITIES) and school.one_offs:
        found.append(_one_offs(school.one_offs))
    if staff.can(Permission.SEE_IMPACT) and school.none_yet:
        found.append(_none_yet(school.none_yet))
    if staff.can(Permission.EDIT_PLAN) and school.stale:
        found.append(_stale(school.stale))
    if staff.can(Permission.EDIT_PLAN) and school.old_policy:
        found.append(_old_policy())
    if school.uninvited:
        found.append(_uninvited(school.uninvited))
    return found


def _undecided(row: Dated, today: date) -> Line:
    """Needs that wait for a decision: behind each is somebody who waits for a word."""
    these = "1 need waits" if row.number == 1 else f"{row.number} needs wait"
    return Line(
        f"{these} for your decision",
        "colleagues shared them, or an audit showed them",
        "Decide",
        "needs:register",
        query="?status=identified",
        minutes=5,
        is_late=row.on < today - DECIDE_WITHIN,
    )


def _unsaid(number: int) -> Line:
    things = "1 activity" if number == 1 else f"{number} activities"
    return Line(
        f"{things} without an intended impact",
        "nobody wrote down what should change",
        "Look",
        "activities:list",
        query="?missing=impact",
    )


def _one_offs(number: int) -> Line:
    things = "1 one-off has" if number == 1 else f"{number} one-offs have"
    return Line(
        f"{things} no follow-up",
        "a single session seldom changes a classroom",
        "Look",
        "activities:list",
        query="?missing=follow_up",
    )


def _none_yet(number: int) -> Line:
    these = "1 colleague has" if number == 1 else f"{number} colleagues have"
    return Line(
        f"{these} had no CPD yet this year",
        "statutory training and briefings not counted",
        "See who",
        "impact:hours",
        query="?none=1",
    )


def _stale(number: int) -> Line:
    these = "1 judgement is" if number == 1 else f"{number} judgements are"
    return Line(
        f"{these} due for review",
        "the self-evaluation is a living record",
        "Review",
        "plan:self_evaluation",
        minutes=5,
    )


def _old_policy() -> Line:
    return Line(
        "The CPD policy is due for review",
        "does it still say what you do?",
        "Review",
        "plan:policy",
        minutes=5,
    )


def _uninvited(number: int) -> Line:
    these = "1 colleague has" if number == 1 else f"{number} colleagues have"
    return Line(
        f"{these} not been invited",
        "they cannot see their own record yet",
        "Invite",
        "staff:invite_all",
    )
