"""What needs somebody: at most seven lines, each one click from done.

The CPD leader's list is the broken links of the chain. The same lines make the home page and
the weekly digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Length

from activities.models import Activity, Session
from cpdhub import clock
from cpdhub.models import Judgement, Policy, Priority, School, Staff, SuccessCriterion
from cpdhub.permissions import Permission
from cpdhub.queries import counted
from cpdhub.roof import todo_lines as say
from cpdhub.roof.dated import OF_EACH, dated_rows, leads_cpd
from cpdhub.roof.todo_lines import Line
from cpdhub.years import first_year_of
from evaluation.models import Reflection
from evaluation.school_year import Period, hours_of

MOST = 7
REFLECT_WITHIN = timedelta(days=21)  # older learning is not asked about any more
PUPILS_AFTER = timedelta(days=7)
ONE_OFFS_WITHIN = timedelta(days=90)


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
        *(say.milestone(row, today) for row in dated["milestone"]),
        *(say.look_again(row) for row in dated["impact"]),
    ]
    if staff.can(Permission.EDIT_PLAN):
        found += _broken_chains(today)
    if staff.can(Permission.MANAGE_STAFF) and len(found) < MOST:
        found += _housekeeping(staff, today)  # the costliest question, asked while there is room
    found.sort(key=lambda line: not line.is_late)
    found += [say.policy(row) for row in dated["policy"]]
    audits = [say.audit(row) for row in dated["audit"]]
    asks = [*map(say.ask, dated["help"]), *map(say.answered, dated["answer"])]
    own = _reflections(staff, now=now) if staff.can(Permission.REFLECT) else []
    asks += map(say.verify, dated["verify"])
    asks += map(say.replied, dated["replied"][:OF_EACH])
    decide = [say.undecided(row, today) for row in dated["need"][:1]]
    decide += [say.requests(row, today) for row in dated["request"][:1]]
    decide += [say.invitation(row) for row in dated["invitation"][:1]]
    sure = [*decide, *asks[:1], *audits[:1], *own[:1]]
    room = MOST - len(sure)
    return (found[:room] + sure + found[room:] + asks[1:] + audits[1:] + own[1:])[:MOST]


def minutes(lines: Iterable[Line]) -> int:
    return sum(line.minutes for line in lines)


def _registers(staff: Staff, *, now: datetime) -> list[Line]:
    """Sessions that are over and have no register: one's own, or the school's for who plans."""
    sessions = Session.objects.without_register(now=now)
    if not leads_cpd(staff):
        sessions = sessions.filter(Q(activity__lead=staff) | Q(activity__owner=staff))
    return [
        Line(
            f"Attendance for {session.activity}",
            f"{say.day(session.starts_at)}, {session.people} people",
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
            f"{say.day(session.starts_at)}, only you read it unless you choose",
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
            found.append(say.unserved(priority))
        elif priority.unread:
            found.append(say.unmeasured(priority))
    return found


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
        found.append(say.unsaid(school.unsaid))
    if staff.can(Permission.PLAN_ACTIVITIES) and school.one_offs:
        found.append(say.one_offs(school.one_offs))
    if staff.can(Permission.SEE_IMPACT) and school.none_yet:
        found.append(say.none_yet(school.none_yet))
    if staff.can(Permission.EDIT_PLAN) and school.stale:
        found.append(say.stale(school.stale))
    if staff.can(Permission.EDIT_PLAN) and school.old_policy:
        found.append(say.old_policy())
    if school.uninvited:
        found.append(say.uninvited(school.uninvited))
    return found
