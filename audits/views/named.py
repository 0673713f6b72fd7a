"""A named audit person by person: the one kind whose answers others read."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from audits.answers import Given
from audits.forms import NamedFilter
from audits.models import Answer, Question, Response, Round
from audits.views.fetch import visible_round
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission

PER_PAGE = 10


@require_GET
@requires(Permission.RUN_AUDITS)
def answers_by_name(request: StaffRequest, pk: int) -> HttpResponse:
    """Whose answers were opened is in the log. Of other audits there is no such page."""
    round_ = visible_round(request, pk)
    if not round_.is_named:
        raise Http404
    if not round_.is_closed:
        messages.info(request, "Answers can be read by name when it has closed.")
        return redirect("needs:round", pk)
    sections = round_.instrument.with_questions()
    questions = [question for section in sections for question in section.questions.all()]
    responses = Response.objects.by_name(request.staff).filter(round=round_)
    asked = NamedFilter(request.GET, round_=round_, responses=responses, questions=questions)
    wanted = [q for q in questions if asked.chosen("question") in (None, q.pk)]
    answers = Prefetch("answers", Answer.objects.filter(question__in=wanted))
    page = Paginator(asked.found().prefetch_related(answers), PER_PAGE).get_page(
        request.GET.get("page")
    )
    _log(request, round_, page)
    context = {
        "round": round_,
        "filter": asked,
        "page": page,
        "rows": [(response.invitation, _told(response, wanted)) for response in page],
    }
    return render(request, "audits/answers_by_name.html", context)


def _told(response: Response, questions: list[Question]) -> list[tuple[Question, str, str]]:
    """What they answered, in their words; nothing beside it from last time."""
    given = {answer.question_id: Given.of(answer) for answer in response.answers.all()}
    return [(q, given[q.pk].in_words(q), "") for q in questions if q.pk in given]


def _log(request: StaffRequest, round_: Round, responses: Iterable[Any]) -> None:
    """One entry for each person, as when their record is opened."""
    by = request.staff
    LogEntry.objects.bulk_create(
        LogEntry(
            school_id=by.school_id, by=by, user_id=by.user_id, kind=LogEntry.Kind.OPENED,
            what="answers", object_id=str(response.invitation.staff_id), note=str(round_)[:200],
        )
        for response in responses
        if response.invitation.staff_id != by.pk
    )  # fmt: skip
