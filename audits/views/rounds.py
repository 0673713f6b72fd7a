"""Rounds, for whoever runs audits: starting, following, closing. On the screen: audits."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import rounds
from audits.forms import ExtendForm, RoundForm
from audits.models import Round
from audits.models.round import MOST_REMINDERS
from audits.views.fetch import sub, visible_instrument, visible_round
from audits.wording import WHO_READS
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models.base import NotPossible
from cpdhub.people_forms import PeopleForm
from cpdhub.permissions import Permission

PER_PAGE = 25


@require_GET
@requires(Permission.RUN_AUDITS)
def round_list(request: StaffRequest) -> HttpResponse:
    found = Round.objects.audits().visible_to(request.staff).with_rate()
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "sub_links": sub(request, "needs:rounds"),
    }
    return render(request, "audits/rounds.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
@once
def round_new(request: StaffRequest, instrument: int) -> HttpResponse:
    chosen = visible_instrument(request, instrument)
    if chosen.is_draft or chosen.is_without_account:
        raise Http404
    return _edit(request, Round(school=request.school, instrument=chosen))


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def round_change(request: StaffRequest, pk: int) -> HttpResponse:
    """While it is a draft everything may change; once open, only its last day."""
    found = visible_round(request, pk)
    if not found.is_draft:
        messages.error(request, "It is open, so only its last day can change.")
        return redirect("needs:round", pk)
    return _edit(request, found)


def _edit(request: StaffRequest, round_: Round) -> HttpResponse:
    chosen = (
        {"people": list(round_.invitations.values_list("staff", flat=True))} if round_.pk else None
    )
    people = PeopleForm(request.POST or None, initial=chosen, by_stage=True)
    people.fields["people"].label = "Whom it asks"
    form = RoundForm(request.POST or None, instance=round_, people=people)
    if request.method == "POST":
        is_start = request.POST.get("do") == "start"
        if [form.is_valid(), people.is_valid()] == [True, True]:
            if is_start:
                form.ask_for_enough_people()
            if not people.errors:
                saved = rounds.save_draft(
                    form.save(commit=False), by=request.staff,
                    people=people.cleaned_data["everybody"],
                )  # fmt: skip
                return _started(request, saved) if is_start else redirect("needs:round", saved.pk)
    context = {"form": PageForms([form, people]), "round_form": form, "people": people,
               "round": round_, "instrument": round_.instrument}  # fmt: skip
    return render(request, "audits/round_change.html", context)


class PageForms(list):
    """Two forms that are one page: the error summary and the title treat them as one."""

    @property
    def errors(self) -> bool:
        return any(form.is_bound and form.errors for form in self)


def _started(request: StaffRequest, round_: Round) -> HttpResponse:
    try:
        is_open = rounds.start(round_, today=clock.today())
    except NotPossible as why:
        messages.error(request, str(why))
    else:
        said = "It is open: people find it on their home page."
        messages.success(request, said if is_open else "It will open by itself on its first day.")
    return redirect("needs:round", round_.pk)


@require_GET
@requires(Permission.RUN_AUDITS)
def round_page(request: StaffRequest, pk: int) -> HttpResponse:
    """How many answered. Who has not is never said of an anonymous one."""
    found = visible_round(request, pk)
    invitations = found.invitations.select_related("staff").order_by("staff__sort_name", "staff")
    everyone = list(invitations)
    waiting = [invitation for invitation in everyone if not invitation.spent]
    context: dict[str, Any] = {
        "round": found,
        "invited": len(everyone),
        "answered": len(everyone) - len(waiting),
        "share": round(100 * (len(everyone) - len(waiting)) / len(everyone)) if everyone else 0,
        "who_reads": WHO_READS[found.mode],
        "may_remind": any(invitation.reminded < MOST_REMINDERS for invitation in waiting),
        "reminder_days": found.reminder_days().values(),
    }
    if not found.is_anonymous or found.is_draft:
        context["waiting"] = [invitation.staff for invitation in waiting]
    return render(request, "audits/round.html", context)


@require_POST
@requires(Permission.RUN_AUDITS)
def round_start(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_round(request, pk)
    return _started(request, found) if found.is_draft else redirect("needs:round", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def round_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft only: answers are not thrown away by a button."""
    found = visible_round(request, pk)
    if not found.is_draft:
        messages.error(request, "It has been open, so it stays.")
        return redirect("needs:round", pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, f"“{found}” is deleted. Nobody was asked.")
        return redirect("needs:rounds")
    return render(request, "audits/round_delete.html", {"round": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def round_extend(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_round(request, pk)
    if not found.is_open:
        messages.error(request, "Only an audit that is open has a last day to move.")
        return redirect("needs:round", pk)
    form = ExtendForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        found.save(update_fields=["closes_on"])
        messages.success(request, "Saved.")
        return redirect("needs:round", pk)
    return render(request, "audits/round_extend.html", {"round": found, "form": form})


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def round_invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask more people while it is open; nobody is taken away again."""
    found = visible_round(request, pk)
    if not found.is_open:
        messages.error(request, "Only while it is open can more people be asked.")
        return redirect("needs:round", pk)
    people = PeopleForm(request.POST or None, by_stage=True)
    if request.method == "POST" and people.is_valid():
        try:
            number = rounds.invite(found, people.cleaned_data["everybody"])
        except NotPossible as why:
            people.add_error("people", str(why))
        else:
            said = f"{number} more {'person is' if number == 1 else 'people are'} asked."
            messages.success(request, said)
            return redirect("needs:round", pk)
    context = {"round": found, "form": people, "people": people}
    return render(request, "audits/round_invite.html", context)


@require_POST
@requires(Permission.RUN_AUDITS)
def round_remind(request: StaffRequest, pk: int) -> HttpResponse:
    number = rounds.remind(visible_round(request, pk), now=clock.now())
    if number:
        whom = "1 person" if number == 1 else f"{number} people"
        messages.success(request, f"A letter goes to {whom} who have not answered.")
    else:
        messages.error(request, "Nobody is left to remind: all have answered or had two letters.")
    return redirect("needs:round", pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.RUN_AUDITS)
def round_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first: it cannot be opened again."""
    found = visible_round(request, pk)
    if not found.is_open:
        messages.error(request, "It is not open.")
        return redirect("needs:round", pk)
    if request.method == "POST":
        if rounds.close(found, now=clock.now()):
            messages.success(request, "Closed.")
        return redirect("needs:round", pk)
    return render(request, "audits/round_close.html", {"round": found})
