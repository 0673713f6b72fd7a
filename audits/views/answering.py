"""Answering: one section a page, then a look at everything, then sending.

Named and confidential answers are kept as a draft, section by section. Of an anonymous audit
nothing is kept: what was answered so far travels in the page itself.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import answering, answers
from audits.answering import AlreadyAnswered, RoundClosed
from audits.answers import Page, Sheet
from audits.forms import AnswerForm
from audits.helpers import is_sure
from audits.models import Invitation, Question, Response
from audits.profile import profile_of
from audits.proposals import Rule
from audits.views.fetch import own_invitation, sub
from audits.wording import WHO_READS
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission


def _response(invitation: Invitation) -> Response | None:
    """The answers hanging on it, without another query."""
    return getattr(invitation, "response", None)


@dataclass
class Visit:
    """One person with one audit in hand."""

    request: StaffRequest
    invitation: Invitation

    @classmethod
    def to(cls, request: StaffRequest, pk: int) -> "Visit":
        return cls(request, own_invitation(request, pk))

    @property
    def is_anonymous(self) -> bool:
        return self.invitation.round.is_anonymous

    @cached_property
    def response(self) -> Response | None:
        return _response(self.invitation)

    @cached_property
    def pages(self) -> list[Page]:
        return answers.pages_for(self.invitation, phase=self.request.school.phase)

    @cached_property
    def questions(self) -> list[Question]:
        return answers.questions_of(self.pages)

    @cached_property
    def sheet(self) -> Sheet:
        """What is answered so far: carried by the page, or kept."""
        if self.is_anonymous:
            return answers.read_text(self.request.POST.get("carried", ""), self.questions)
        return answering.given_so_far(self.response, self.questions)

    def page(self, number: int) -> Page:
        if not 1 <= number <= len(self.pages):
            raise Http404
        return self.pages[number - 1]

    def form(self, page: Page, data: Any = None) -> AnswerForm:
        revision = self.response.revision if self.response else 1
        return AnswerForm(data, questions=page.questions, given=self.sheet, revision=revision)

    def over(self) -> HttpResponse | None:
        """Where to go when there is nothing to answer any more."""
        round_, has_sent = self.invitation.round, bool(self.response and self.response.sent_at)
        if self.is_anonymous and self.invitation.spent:
            messages.info(self.request, "You have answered this already: one answer each.")
        elif self.is_anonymous and round_.is_closed and self.request.method == "GET":
            messages.info(self.request, f"“{round_}” has closed.")
        elif round_.is_too_old_to_answer(now=clock.now()):
            messages.info(self.request, f"“{round_}” closed more than a year ago.")
        elif not self.is_anonymous and round_.is_closed and has_sent:
            messages.info(self.request, f"“{round_}” has closed. This is what you sent.")
            return redirect("needs:answer_own", round_.pk)
        else:
            return None
        return redirect("needs:mine")

    def show_section(self, page: Page, form: AnswerForm) -> HttpResponse:
        context = self._context() | {
            "form": form,
            "page": page,
            "asked": list(form.asked()),
            "has_draft": bool(self.response and self.response.draft),
            "has_sent": bool(self.response and self.response.sent_at),
        }
        response = render(self.request, "audits/answer.html", context)
        if not self.is_anonymous:  # the browser's Back shows what is kept, not what was
            add_never_cache_headers(response)
        return response

    def show_check(self, *, refused: str = "") -> HttpResponse:
        context = self._context() | {
            "rows": [
                (page, [(question, self._words(question), "") for question in page.questions])
                for page in self.pages
            ],
            "answered": sum(bool(self._words(question)) for question in self.questions),
            "asked": len(self.questions),
            "refused": refused,
            "is_closed": self.invitation.round.is_closed,
        }
        return render(self.request, "audits/answer_check.html", context)

    def _words(self, question: Question) -> str:
        given = self.sheet.get(question.pk)
        return given.in_words(question) if given else ""

    def _context(self) -> dict[str, Any]:
        round_ = self.invitation.round
        return {
            "round": round_,
            "instrument": round_.instrument,
            "pages": self.pages,
            "who_reads": WHO_READS[round_.mode],
            "is_anonymous": self.is_anonymous,
            "carried": json.dumps(answers.as_json(self.sheet)) if self.is_anonymous else "",
        }


@require_http_methods(["GET", "POST"])
@requires(Permission.ANSWER_AUDITS)
def answer(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """One section. The button says where to go next."""
    visit = Visit.to(request, pk)
    if elsewhere := visit.over():
        return elsewhere
    page = visit.page(number)
    if request.method == "GET" or request.POST.get("do") == "show":
        return visit.show_section(page, visit.form(page))
    form = visit.form(page, request.POST)
    if not form.is_valid():
        return visit.show_section(page, form)
    if visit.is_anonymous:
        visit.sheet.update(form.given())
        return _turn(visit, number)
    if visit.response and form.compare(visit.response.revision):
        return visit.show_section(page, form)
    response = visit.response or answering.begin_response(visit.invitation)
    answering.keep_draft(response, form.given(), questions=visit.questions, is_saved=True)
    return redirect(_next(visit, number))


def _next(visit: Visit, number: int) -> str:
    deed, pk = visit.request.POST.get("do"), visit.invitation.round_id
    if deed == "stop":
        messages.success(visit.request, "Kept. Go on whenever you like.")
        return reverse("needs:mine")
    number += -1 if deed == "back" else 1
    if number > len(visit.pages):
        return reverse("needs:answer_check", args=[pk])
    return reverse("needs:answer", args=[pk, max(number, 1)])


def _turn(visit: Visit, number: int) -> HttpResponse:
    """The next page of an anonymous audit, made at once: there is nothing kept to come back to."""
    if visit.invitation.round.is_closed:
        return visit.show_check(refused="This audit has closed, so nothing can be sent any more.")
    number += -1 if visit.request.POST.get("do") == "back" else 1
    if number > len(visit.pages):
        return visit.show_check()
    page = visit.page(max(number, 1))
    return visit.show_section(page, visit.form(page))


@require_POST
@requires(Permission.ANSWER_AUDITS)
def draft(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """While somebody chooses. Kept for them alone; never of an anonymous audit."""
    visit = Visit.to(request, pk)
    if visit.is_anonymous or visit.over():
        raise Http404
    form = visit.form(visit.page(number), request.POST)
    form.is_valid()  # what can be read is kept; the button says what cannot
    response = visit.response or answering.begin_response(visit.invitation)
    is_elsewhere = form.cleaned_data.get("revision") not in (response.revision, None)
    if not is_elsewhere:
        answering.keep_draft(response, form.given(), questions=visit.questions)
    context = {"is_saved_elsewhere": is_elsewhere, "now": clock.now()}
    return render(request, "audits/_answer_kept.html", context)


@require_GET
@requires(Permission.ANSWER_AUDITS)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything on one page before it is sent."""
    visit = Visit.to(request, pk)
    if elsewhere := visit.over():
        return elsewhere
    if visit.is_anonymous:
        return redirect("needs:answer", pk, 1)
    return visit.show_check()


@require_POST
@requires(Permission.ANSWER_AUDITS)
def send(request: StaffRequest, pk: int) -> HttpResponse:
    visit = Visit.to(request, pk)
    if visit.is_anonymous:
        return _send_anonymously(visit)
    if visit.response is None:
        return visit.show_check(refused=answering.NOTHING_YET)
    try:
        answering.send_response(visit.response, questions=visit.questions)
    except RoundClosed as why:
        messages.error(request, str(why))
        return redirect("needs:answer_own", pk)
    except NotPossible as why:
        return visit.show_check(refused=str(why))
    if visit.response.is_late:
        said = "Kept for you. The audit had closed, so it counts in no result."
    else:
        said = "Sent. Thank you! You can change it until the audit closes."
    messages.success(request, said)
    return redirect("needs:answer_own", pk)


def _send_anonymously(visit: Visit) -> HttpResponse:
    try:
        answering.send_anonymously(visit.invitation, visit.sheet)
    except AlreadyAnswered as why:
        messages.info(visit.request, str(why))
    except NotPossible as why:
        return visit.show_check(refused=str(why))
    else:
        messages.success(visit.request, "Sent. Thank you! Nobody can tell which answers are yours.")
    return redirect("needs:mine")


@require_GET
@requires(Permission.ANSWER_AUDITS)
def own(request: StaffRequest, pk: int) -> HttpResponse:
    """What I sent. Of an anonymous audit there is nothing to show: nobody knows whose is whose."""
    visit = Visit.to(request, pk)
    if visit.response is None or visit.response.sent_at is None:
        raise Http404
    given = answering.sent(visit.response)
    is_over = visit.invitation.round.is_closed
    earlier = answering.last_time(visit.invitation) if is_over else None
    before = answering.in_words(earlier) if earlier else {}
    context = {
        "round": visit.invitation.round,
        "response": visit.response,
        "who_reads": WHO_READS[visit.invitation.round.mode],
        "rows": [
            (
                page,
                [
                    (q, given[q.pk].in_words(q) if q.pk in given else "", before.get(q.wording, ""))
                    for q in page.questions
                ],
            )
            for page in visit.pages
        ],
        "earlier": earlier,
        "profile": profile_of(visit.response, Rule.of(request.school), earlier=earlier),
        "offers": {q.pk for q in visit.questions if q.pk in given and is_sure(q, given[q.pk])},
        "sub_links": sub(request, "needs:mine"),
    }
    return render(request, "audits/answer_own.html", context)
