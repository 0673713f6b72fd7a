"""Changing a draft: one plain page for what it is, one for each section, one for a question."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from audits import actions
from audits.forms import InstrumentForm, QuestionForm, SectionForm
from audits.models import Question, Section
from audits.views.fetch import draft_instrument, draft_question, draft_section
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def instrument_change(request: StaffRequest, pk: int) -> HttpResponse:
    """What it is, and its sections."""
    found = draft_instrument(request, pk)
    form = InstrumentForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("needs:instrument_change", pk)
    sections = list(found.sections.annotate(size=Count("questions")).order_by("position"))
    context = {"form": form, "instrument": found, "sections": sections}
    return render(request, "audits/instrument_change.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
@once
def section_add(request: StaffRequest, pk: int) -> HttpResponse:
    found = draft_instrument(request, pk)
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        section = actions.add_section(found, form.save(commit=False))
        return redirect("needs:section_change", section.pk)
    return render(request, "audits/section_add.html", {"form": form, "instrument": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def section_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Heading, and the questions in their order."""
    section = draft_section(request, pk)
    form = SectionForm(request.POST or None, instance=section)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("needs:section_change", pk)
    context = {
        "form": form,
        "section": section,
        "instrument": section.instrument,
        "questions": list(section.questions.all()),
    }
    return render(request, "audits/section_change.html", context)


@require_POST
@requires(Permission.RUN_AUDITS)
def section_move(request: StaffRequest, pk: int, way: str) -> HttpResponse:
    section = draft_section(request, pk)
    _move(section, way)
    return redirect("needs:instrument_change", section.instrument_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def section_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first where its questions would go with it."""
    section = draft_section(request, pk)
    size = section.questions.count()
    if request.method == "POST":
        section.delete()
        messages.success(request, f"“{section}” is removed.")
        return redirect("needs:instrument_change", section.instrument_id)
    return render(request, "audits/section_remove.html", {"section": section, "size": size})


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
@once
def question_add(request: StaffRequest, pk: int) -> HttpResponse:
    section = draft_section(request, pk)
    form = QuestionForm(request.POST or None, initial={"kind": _last_kind(section)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_question(section, form.save(commit=False))
        except actions.NotPossible as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Added at the end.")
            more = request.POST.get("do") == "more"
            return redirect("needs:question_add" if more else "needs:section_change", pk)
    return _question_page(request, form, section)


def _last_kind(section: Section) -> str:
    """Questions of a section are mostly answered alike."""
    last = section.questions.order_by("-position").values_list("kind", flat=True).first()
    return str(last or "confidence")


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def question_change(request: StaffRequest, pk: int) -> HttpResponse:
    question = draft_question(request, pk)
    form = QuestionForm(request.POST or None, instance=question)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("needs:section_change", question.section_id)
    return _question_page(request, form, question.section, question=question)


def _question_page(
    request: StaffRequest, form: QuestionForm, section: Section, **more: Any
) -> HttpResponse:
    folded = ("phases", "tag", "item")
    context = {
        "form": form,
        "section": section,
        "instrument": section.instrument,
        "has_more": any(form[name].errors or form[name].value() for name in folded),
        **more,
    }
    return render(request, "audits/question.html", context)


@require_POST
@requires(Permission.RUN_AUDITS)
def question_move(request: StaffRequest, pk: int, way: str) -> HttpResponse:
    question = draft_question(request, pk)
    _move(question, way)
    return redirect("needs:section_change", question.section_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def question_remove(request: StaffRequest, pk: int) -> HttpResponse:
    question = draft_question(request, pk)
    if request.method == "POST":
        question.delete()
        messages.success(request, f"“{question}” is removed.")
        return redirect("needs:section_change", question.section_id)
    return render(request, "audits/question_remove.html", {"question": question})


def _move(row: Section | Question, way: str) -> None:
    if way not in ("up", "down"):
        raise Http404
    actions.move(row, up=way == "up")
