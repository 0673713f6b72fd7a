"""What has a day and waits for somebody: milestones, audits, the CPD policy, asks for help.

Asked in one statement: home is opened more often than anything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import CharField, Count, IntegerField, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Cast

from activities.models import Activity, IntendedImpact
from audits.models import HelpRequest, Invitation, Need, Round
from cpdhub.models import Milestone, Policy, Staff
from cpdhub.permissions import Permission, Role

MILESTONE_AHEAD = timedelta(days=7)
LOOK_AGAIN_WITHIN = timedelta(days=14)
OF_EACH = 2


class Dated(NamedTuple):
    """One thing that is waited for: which, in words, and by (a policy: since) when."""

    kind: str
    pk: str
    text: str
    more: str
    on: date
    minutes: int


def leads_cpd(staff: Staff) -> bool:
    """The CPD leader chases the school's registers and milestones; others have their own."""
    return staff.has_role(Role.CPD_LEADER)


def dated_rows(staff: Staff, *, today: date) -> dict[str, list[Dated]]:
    """At most two of each kind, the soonest first."""
    asked = [*_of_the_plan(staff, today), *_of_colleagues(staff)]
    found: dict[str, list[Dated]] = defaultdict(list)
    modes = {mode.value: str(mode.label) for mode in Round.Mode}
    for values in asked[0].union(*asked[1:], all=True):
        row = Dated(*values)
        found[row.kind].append(row._replace(more=modes[row.more]) if row.kind == "audit" else row)
    return found


def _of_the_plan(staff: Staff, today: date) -> Iterator[QuerySet]:
    """Milestones, second looks, and the CPD policy to be read."""
    yield _columns(
        "milestone", _milestones(staff, today), "pk", "expected", "priority__title", "due_on"
    )
    yield _columns(
        "impact", _second_looks(staff, today),
        "activity_id", "activity__title", "known_by", "look_again_on",
    )  # fmt: skip
    if staff.group and staff.can(Permission.SEE_PLAN):
        yield _columns(
            "policy", Policy.objects.in_force().not_read_by(staff),
            "pk", "version", "vision", "published_on",
        )  # fmt: skip


def _of_colleagues(staff: Staff) -> Iterator[QuerySet]:
    """Audits to answer, needs to decide on and how many, asks for help and answers to one's own."""
    if staff.can(Permission.ANSWER_AUDITS):
        yield _columns(
            "audit", Invitation.objects.filter(staff=staff).waiting(),
            "round_id", "round__title", "round__mode", "round__closes_on",
            minutes="round__instrument__minutes",
        )  # fmt: skip
    if staff.can(Permission.DECIDE_NEEDS):
        waiting = Need.objects.waiting().annotate(number=Window(Count("pk")))
        yield _columns("need", waiting, "pk", "number", "title", "identified_on")
    if staff.can(Permission.OFFER_HELP):
        yield _columns(
            "help", HelpRequest.objects.waiting_for(staff),
            "pk", "asker__first_name", "topic__title", "asked_on",
        )  # fmt: skip
        yield _columns(
            "answer", HelpRequest.objects.answers_for(staff),
            "pk", "helper__first_name", "topic__title", "answered_on",
        )  # fmt: skip


def _columns(
    kind: str, rows: QuerySet, pk: str, text: str, more: str, on: str, *, minutes: str = ""
) -> QuerySet:
    """The same six columns of every kind; PostgreSQL wants the same types, too."""
    return rows.order_by(on, "pk").values_list(
        Value(kind, CharField()),
        Cast(pk, TextField()),
        Cast(text, TextField()),
        Cast(more, TextField()),
        on,
        Cast(minutes, IntegerField()) if minutes else Value(0, IntegerField()),
    )[:OF_EACH]


def _milestones(staff: Staff, today: date) -> QuerySet:
    """Due within a week or overdue: one's own priorities, or all for who writes the plan."""
    milestones = Milestone.objects.waiting().filter(due_on__lte=today + MILESTONE_AHEAD)
    return milestones if leads_cpd(staff) else milestones.filter(priority__lead=staff)


def _second_looks(staff: Staff, today: date) -> QuerySet:
    """For a fortnight from the day somebody said they would see what an activity changed."""
    due = IntendedImpact.objects.filter(
        look_again_on__lte=today,
        look_again_on__gt=today - LOOK_AGAIN_WITHIN,
        activity__in=Activity.objects.of_school().happening(),
    )
    return (
        due if leads_cpd(staff) else due.filter(Q(activity__lead=staff) | Q(activity__owner=staff))
    )
