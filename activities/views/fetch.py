"""Rows for views: through what the person may see, then what they may do with it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404

from activities import fitting
from activities.models import Activity, Session, SessionRecord
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission

RELATED = (
    "type",
    "lead",
    "owner",
    "intended_impact",
    "places",
    "provider",
    "form",
    "design",
    "notes_end",
)
MOST_WARNINGS = 3


def visible_activity(request: StaffRequest, pk: int) -> Activity:
    activities = Activity.objects.visible_to(request.staff).select_related(*RELATED)
    return get_object_or_404(activities, pk=pk)


def changeable_activity(request: StaffRequest, pk: int) -> Activity:
    activity = visible_activity(request, pk)
    if not activity.may_be_changed_by(request.staff):
        raise PermissionDenied
    return activity


def visible_session(request: StaffRequest, pk: int) -> Session:
    return get_object_or_404(
        Session.objects.select_related(
            "activity", "activity__intended_impact", "activity__notes_end"
        ).filter(activity__in=Activity.objects.visible_to(request.staff)),
        pk=pk,
    )


def own_session(request: StaffRequest, pk: int) -> Session:
    """Also one somebody wrote about before they were taken out: the words are theirs."""
    seen = Activity.objects.visible_to(request.staff).filter(pk=OuterRef("activity"))
    written = SessionRecord.objects.filter(session=OuterRef("pk"), author=request.staff)
    sessions = Session.objects.annotate(is_seen=Exists(seen)).select_related(
        "activity", "activity__intended_impact", "activity__notes_end"
    )
    return get_object_or_404(sessions.filter(Q(is_seen=True) | Exists(written)), pk=pk)


def changeable_session(request: StaffRequest, pk: int) -> Session:
    session = visible_session(request, pk)
    if not session.activity.may_be_changed_by(request.staff) or session.activity.is_own_learning:
        raise PermissionDenied
    return session


def reads_notes_of(activity: Activity, staff: Staff) -> bool:
    """Besides those who take part: of a private activity nobody does."""
    return not activity.is_private and (
        activity.lead_id == staff.pk or staff.can(Permission.SEE_EVERYONES_RECORD)
    )


def warn_of_findings(request: StaffRequest, activity: Activity) -> None:
    """Say what the calendar's rules find; it is for people to decide what gives way."""
    found = list(dict.fromkeys(one.sentence for one in fitting.of_activity(activity)))
    for sentence in found[:MOST_WARNINGS]:
        messages.warning(request, sentence)
    if len(found) > MOST_WARNINGS:
        messages.warning(
            request,
            f"And {len(found) - MOST_WARNINGS} more: open a session to see whether it fits.",
        )
