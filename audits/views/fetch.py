"""Rows for views: through what the person may see, then what they may do with it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from audits.models import Instrument, Invitation, Question, Round, Section
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


def visible_instrument(request: StaffRequest, pk: int) -> Instrument:
    return get_object_or_404(Instrument.objects.visible_to(request.staff), pk=pk)


def draft_instrument(request: StaffRequest, pk: int) -> Instrument:
    """A draft to be changed, locked until the request ends: nobody publishes it meanwhile."""
    drafts = Instrument.objects.visible_to(request.staff).drafts()
    return get_object_or_404(drafts.select_for_update(of=("self",)), pk=pk)


def draft_section(request: StaffRequest, pk: int) -> Section:
    section = get_object_or_404(Section.objects.all(), pk=pk)
    section.instrument = draft_instrument(request, section.instrument_id)
    return section


def draft_question(request: StaffRequest, pk: int) -> Question:
    question = get_object_or_404(Question.objects.select_related("section"), pk=pk)
    question.section.instrument = draft_instrument(request, question.section.instrument_id)
    return question


def sub(request: StaffRequest, current: str) -> list[dict[str, Any]]:
    """The pages of the area side by side, as far as they are this person's."""
    links = [
        {"name": name, "url": reverse(view), "is_current": view == current}
        for name, view, permission in PAGES
        if request.staff.can(permission)
    ]
    return links if len(links) > 1 else []


PAGES = [
    ("My needs", "needs:mine", Permission.WRITE_NEEDS),
    ("Who can help", "needs:helpers", Permission.OFFER_HELP),
    ("Register", "needs:register", Permission.SEE_NEEDS),
    ("Topics", "needs:topics", Permission.SEE_NEEDS),
    ("Audits", "needs:rounds", Permission.RUN_AUDITS),
    ("Questionnaires", "needs:instruments", Permission.RUN_AUDITS),
]


def visible_round(request: StaffRequest, pk: int) -> Round:
    rounds = Round.objects.visible_to(request.staff).select_related("instrument", "started_by")
    return get_object_or_404(rounds, pk=pk)


def own_invitation(request: StaffRequest, pk: int) -> Invitation:
    """What this person was asked to answer, by its round; another's answers like a missing one."""
    invitations = Invitation.objects.of(request.staff).select_related(
        "round__instrument", "response"
    )
    return get_object_or_404(invitations, round=pk)
