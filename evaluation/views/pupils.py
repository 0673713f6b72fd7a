"""Where pupils and parents answer: a code, five questions, thanks. No account, no name."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cpdhub import clock
from cpdhub.http import address_of
from cpdhub.models import School
from cpdhub.models.base import NotPossible
from cpdhub.views.errors import too_many
from cpdhub.walls import school_scope
from evaluation import pupils_voice
from evaluation.forms.voice import CodeForm, SheetForm

WRONG = "This code does not work. Look at it again, letter by letter, or ask who gave it to you."


def school_of(request: HttpRequest) -> School:
    return get_object_or_404(School, slug=request.school_slug)  # type: ignore[attr-defined]


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    school = school_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if pupils_voice.has_guessed(school, address_of(request)):
        return too_many(request)
    if form.is_valid():
        code = "".join(form.cleaned_data["code"].upper().split())
        with school_scope(school):
            if pupils_voice.found_by(code, now=clock.now()):
                return redirect("pupils:answer", code)
        pupils_voice.count_wrong(school, address_of(request))
        form.add_error("code", WRONG)
    return render(request, "evaluation/pupils_enter.html", {"form": form, "at": school})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """All questions on one page. Sent twice it counts once: the sheet has its key already."""
    school = school_of(request)
    if pupils_voice.has_guessed(school, address_of(request)):
        return too_many(request)
    with school_scope(school):
        voice = pupils_voice.found_by(code[:20], now=clock.now())
        if voice is None:
            pupils_voice.count_wrong(school, address_of(request))
            form: Any = CodeForm({"code": code[:20]})
            form.is_valid()
            form.add_error("code", WRONG)
            context = {"form": form, "at": school}
            return render(request, "evaluation/pupils_enter.html", context, status=404)
        sheet_form = SheetForm(
            request.POST if request.method == "POST" else None, questions=voice.questions()
        )
        if sheet_form.is_valid():
            try:
                pupils_voice.hand_in(voice, sheet=key_of_sheet(request), chosen=sheet_form.chosen())
            except NotPossible as why:
                sheet_form.add_error(None, str(why))
            else:
                return redirect("pupils:thanks")
        context = {
            "form": sheet_form,
            "at": school,
            "voice": voice,
            "section": voice.instrument.sections.first(),
        }
        return render(request, "evaluation/pupils_answer.html", context)


def key_of_sheet(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("once", ""))
    except ValueError:
        return uuid4()


@login_not_required
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluation/pupils_thanks.html", {"at": school_of(request)})
