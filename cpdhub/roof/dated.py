"""What has a day and waits for somebody: milestones, audits, the CPD policy, help, requests,
invitations to networks.

Asked in one statement: home is opened more often than anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate

from activities.models import Activity, IntendedImpact, Request
from audits.helpers import MOST_OPEN
from audits.models import HelpRequest, Invitation, Need, Round
from cpdhub import clock
from cpdhub.models import Milestone, Policy, Staff
from cpdhub.permissions import Permission, Role
from evaluation.models import ImpactReview, Submission
from networks.models import Membership

MILESTONE_AHEAD = timedelta(days=7)
LOOK_AGAIN_WITHIN = timedelta(days=14)
OF_EACH = 2
NONE = Value(0)
ASKS = MOST_OPEN + 1  # no more wait for one person, so an answer to one's own is among them


class Dated(NamedTuple):
    """One thing that is waited for: which, in words, and by (a policy: since) when. `number` is
    the minutes it takes, or how many wait."""

    kind: str
    pk: str
    text: str
    more: str
    on: date
    number: int


def leads_cpd(staff: Staff) -> bool:
    """The CPD leader chases the school's registers and milestones; others have their own."""
    return staff.has_role(Role.CPD_LEADER)


def dated_rows(staff: Staff, *, today: date) -> dict[str, list[Dated]]:
    """A few of each kind, the soonest first."""
    asked = [
        *_of_the_plan(staff, today), *_of_colleagues(staff, today), *_of_networks(staff, today)
    ]  # fmt: skip
    found: dict[str, list[Dated]] = defaultdict(list)
    modes = {mode.value: str(mode.label) for mode in Round.Mode}
    for values in asked[0].union(*asked[1:], all=True):
        row = Dated(*values)
        if row.kind == "audit":
            row = row._replace(more=modes[row.more])
        elif row.kind == "request" and row.text in Request.ANSWERED:  # so it is one's own
            row = row._replace(kind="replied")
        found[row.kind].append(row)
    return found


def _of_the_plan(staff: Staff, today: date) -> Iterator[QuerySet]:
    """Milestones, second looks, and the CPD policy to be read."""
    yield _columns(
        Value("milestone"), _milestones(staff, today), "pk", "expected", "priority__title", "due_on"
    )
    yield _columns(
        Value("impact"), _second_looks(staff, today),
        "activity_id", "activity__title", "known_by", "look_again_on",
    )  # fmt: skip
    if staff.group and staff.can(Permission.SEE_PLAN):
        yield _columns(
            Value("policy"), Policy.objects.in_force().not_read_by(staff),
            "pk", Cast("version", TextField()), "vision", "published_on",
        )  # fmt: skip


def _of_colleagues(staff: Staff, today: date) -> Iterator[QuerySet]:
    """Audits to answer, needs and requests to decide on and how many, asks for help, and answers
    to one's own."""
    if staff.can(Permission.ANSWER_AUDITS):
        yield _columns(
            Value("audit"), Invitation.objects.filter(staff=staff).waiting(),
            "round_id", "round__title", "round__mode", "round__closes_on",
            number=F("round__instrument__minutes"),
        )  # fmt: skip
    if staff.can(Permission.DECIDE_NEEDS):
        yield _columns(
            Value("need"), Need.objects.waiting(),
            "pk", Value(""), "title", "identified_on", number=Window(Count("pk")),
        )  # fmt: skip
    if staff.can(Permission.OFFER_HELP):
        is_asked = Q(helper=staff)  # or has been answered
        yield _columns(
            _either(is_asked, Value("help"), Value("answer")), HelpRequest.objects.for_home(staff),
            "pk", _either(is_asked, "asker__first_name", "helper__first_name"), "topic__title",
            "asked_on", most=ASKS,
        )  # fmt: skip
    if staff.can(Permission.LOG_LEARNING):
        sent = Submission.objects.waiting_for(staff)
        yield _columns(
            Value("verify"), sent.annotate(since=TruncDate("sent_at", tzinfo=clock.LONDON)),
            "uuid", "owner__first_name", "title", "since",
        )  # fmt: skip
        asked = Request.objects.for_home(staff, today=today)
        yield _columns(
            Value("request"), asked.annotate(since=TruncDate("asked_at", tzinfo=clock.LONDON)),
            "pk", "state", Coalesce(NullIf("title", Value("")), "activity__title"), "since",
            number=Window(Count("pk", filter=Q(state__in=Request.OPEN))), most=2 * OF_EACH,
        )  # fmt: skip


def _of_networks(staff: Staff, today: date) -> Iterator[QuerySet]:
    """Networks that invite the school, for who says yes or no."""
    if staff.can(Permission.JOIN_NETWORKS):
        asked = Membership.objects.invited().filter(school=staff.school_id)
        yield _columns(
            Value("invitation"), asked.annotate(seen_on=Value(today, DateField())),
            "network_id", "network__name", "invited_words", "seen_on",
        )  # fmt: skip


def _either(this: Q, then: Any, otherwise: Any) -> Case:
    return Case(When(this, then=then), default=otherwise)


def _columns(
    kind: Any, rows: QuerySet, pk: str, text: Any, more: Any, on: str,
    *, number: Any = NONE, most: int = OF_EACH,
) -> QuerySet:  # fmt: skip
    """The same six columns of every kind; keys are numbers here and UUIDs there."""
    return rows.order_by(on, "pk").values_list(kind, Cast(pk, TextField()), text, more, on, number)[
        :most
    ]


def _milestones(staff: Staff, today: date) -> QuerySet:
    """Due within a week or overdue: one's own priorities, or all for who writes the plan."""
    milestones = Milestone.objects.waiting().filter(due_on__lte=today + MILESTONE_AHEAD)
    return milestones if leads_cpd(staff) else milestones.filter(priority__lead=staff)


def _second_looks(staff: Staff, today: date) -> QuerySet:
    """For a fortnight from the day somebody said they would see what an activity changed, unless
    it was judged meanwhile."""
    judged = ImpactReview.objects.filter(activity=OuterRef("activity"), closed_on__isnull=False)
    due = IntendedImpact.objects.filter(
        ~Exists(judged),
        ~Q(activity__state__in=Activity.NOT_HAPPENING),
        Q(activity__is_private=False) | Q(activity__lead=staff),  # who is in it judges it
        look_again_on__lte=today,
        look_again_on__gt=today - LOOK_AGAIN_WITHIN,
        activity__is_own_learning=False,
    )
    return (
        due if leads_cpd(staff) else due.filter(Q(activity__lead=staff) | Q(activity__owner=staff))
    )
