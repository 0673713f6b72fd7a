"""One ask for help, for the two it is between: answer it, end it, say thanks."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from activities.clashes import DoubleBooked
from activities.forms import AcceptPage, WordForm
from activities.helping import accept_help
from activities.models import Activity, NotPossible
from audits.forms import ThanksForm
from audits.models import HelpRequest
from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission


def own_ask(request: StaffRequest, pk: uuid.UUID, *, role: str = "") -> HelpRequest:
    """One of the two; for what only the asker or only the helper does, the other meets 404."""
    asks = HelpRequest.objects.visible_to(request.staff).with_names().select_related("activity")
    if role:
        asks = asks.filter(**{role: request.staff})
    return get_object_or_404(asks, pk=pk)


@require_GET
@requires(Permission.OFFER_HELP)
def help_page(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What was asked and what came of it. Home stops telling the asker of the answer."""
    ask = own_ask(request, pk)
    HelpRequest.objects.answers_for(request.staff).filter(pk=ask.pk).update(is_answer_seen=True)
    return show(request, ask)


def show(request: StaffRequest, ask: HelpRequest, form: Any = None) -> HttpResponse:
    is_helper = ask.helper_id == request.staff.pk
    context: dict[str, Any] = {"ask": ask, "is_helper": is_helper, "form": form}
    if is_helper and ask.is_waiting:
        context["accept"] = form if isinstance(form, AcceptPage) else AcceptPage()
    elif not is_helper and ask.may_be_thanked_for and has_begun(ask):
        context["thanks_form"] = form or ThanksForm(instance=ask)
    return render(request, "activities/help.html", context)


def has_begun(ask: HelpRequest) -> bool:
    """Whether there is something to be thankful for yet: they met, or a word was the answer."""
    activity: Activity | None = getattr(ask, "activity", None)
    return activity is None or activity.state not in {
        Activity.State.DRAFT,
        Activity.State.PLANNED,
    }


@require_POST
@requires(Permission.OFFER_HELP)
def help_accept(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    ask = own_ask(request, pk, role="helper")
    page = AcceptPage(request.POST)
    if not page.are_valid():
        return show(request, ask, page)
    word = page.word.cleaned_data["answer"]
    try:
        activity = accept_help(ask, word=word, sessions=page.sessions(), today=clock.today())
    except DoubleBooked as why:
        page.word.add_error(None, str(why))
        return show(request, own_ask(request, pk, role="helper"), page)
    except NotPossible as why:
        messages.error(request, str(why))
        return redirect("activities:help", pk)
    messages.success(request, f"Thank you. {ask.asker.first_name} finds your answer on Home.")
    if activity and activity.is_draft:
        messages.info(request, "It is a draft until one of you says what pupils will gain.")
    return redirect("activities:help", pk)


@require_POST
@requires(Permission.OFFER_HELP)
def help_decline(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    ask = own_ask(request, pk, role="helper")
    form = WordForm(request.POST)
    word = form.cleaned_data["answer"] if form.is_valid() else ""
    said = f"{ask.asker.first_name} reads that it does not suit you now."
    return _move(request, ask, lambda: ask.decline(word, today=clock.today()), said)


@require_POST
@requires(Permission.OFFER_HELP)
def help_move(request: StaffRequest, pk: uuid.UUID, move: str) -> HttpResponse:
    """Take back what one asked, or say that it is done: either of the two."""
    if move == "take-back":
        ask = own_ask(request, pk, role="asker")
        return _move(request, ask, lambda: ask.take_back(today=clock.today()), "Taken back.")
    if move == "done":
        ask = own_ask(request, pk)
        return _move(request, ask, lambda: ask.finish(today=clock.today()), "Done.")
    raise Http404


def _move(
    request: StaffRequest, ask: HelpRequest, deed: Callable[[], None], said: str
) -> HttpResponse:
    try:
        deed()
    except NotPossible as why:
        messages.error(request, str(why))
    else:
        messages.success(request, said)
    return redirect("activities:help", ask.pk)


@require_POST
@requires(Permission.OFFER_HELP)
def help_thank(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    ask = own_ask(request, pk, role="asker")
    form = ThanksForm(request.POST, instance=ask)
    if not ask.may_be_thanked_for:
        messages.error(request, "There is nothing to say thanks for yet, or you have said it.")
        return redirect("activities:help", pk)
    if not form.is_valid():
        return show(request, own_ask(request, pk, role="asker"), form)
    words, can_do_it = form.cleaned_data["thanks"], form.cleaned_data["can_do_it"]
    ask = own_ask(request, pk, role="asker")  # as it is kept: the form has written on the other
    return _move(
        request, ask, lambda: ask.thank(words, can_do_it=can_do_it, today=clock.today()),
        f"{ask.helper.first_name} will be glad to read it.",
    )  # fmt: skip
