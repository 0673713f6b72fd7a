"""Rows for views: through what the person may see, then what they may do with it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from audits.models import Instrument, Question, Section
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
    """The pages of the area side by side, for whoever runs audits."""
    from django.urls import reverse

    if not request.staff.can(Permission.RUN_AUDITS):
        return []
    return [
        {"name": name, "url": reverse(view), "is_current": view == current} for name, view in PAGES
    ]


PAGES = [("Questionnaires", "needs:instruments")]


def in_order(questions: QuerySet[Question]) -> list[Question]:
    return list(questions.order_by("section__position", "position"))
