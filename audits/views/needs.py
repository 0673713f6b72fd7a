"""Needs, one by one: written down, shared, decided on, met. And the register of them all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import needs
from audits.forms import AsideForm, ColleaguesNeedForm, NeedForm, OwnNeedForm
from audits.helpers import known_topics
from audits.models import Need, NeedSource
from audits.register import NeedFilter, in_order, rows_of
from audits.views.fetch import sub
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission

PER_PAGE = 25
HEADER = [
    "Need", "Whose", "Topic", "Subject", "Status", "Stands at", "Should be", "Pupils",
    "Serves mainly", "How soon", "How we know", "Identified on", "Met on", "Set aside because",
]  # fmt: skip


@require_GET
@requires(Permission.SEE_NEEDS)
def register(request: StaffRequest) -> HttpResponse:
    """What the school needs, as far as this person may see it."""
    filters = NeedFilter(request.staff, request.GET)
    if request.GET.get("format") == "csv":
        return _as_file(request, filters)
    page = Paginator(filters.sorted_keys(), PER_PAGE).get_page(request.GET.get("page"))
    counts = Need.objects.visible_to(request.staff).shared().here().by_status()
    context = {
        "filters": filters,
        "page": page,
        "rows": [(need, _in_words(need.known_by)) for need in rows_of(page)],
        "sort": filters.sort,
        "counts": counts,
        "sentence": _sentence(counts),
        "is_deciding": request.staff.can(Permission.DECIDE_NEEDS)
        and filters.chosen["status"] == Need.Status.IDENTIFIED,
        "sub_links": sub(request, "needs:register"),
    }
    return render(request, "audits/register.html", context)


def _in_words(kinds: list[str]) -> str:
    """How we know, without the hints: "An audit, Career aim"."""
    labels = [str(NeedSource.Kind(kind).label).partition(" (")[0] for kind in kinds]
    return ", ".join(dict.fromkeys(labels))


def _sentence(counts: dict[str, int]) -> str:
    """What is waited for, in words."""
    parts = [
        (counts.get(Need.Status.IDENTIFIED, 0), "to decide on"),
        (counts.get(Need.Status.AGREED, 0), "agreed with nothing planned"),
        (counts.get(Need.Status.PLANNED, 0) + counts.get(Need.Status.BEING_MET, 0), "under way"),
        (counts.get(Need.Status.MET, 0), "met"),
    ]
    said = ", ".join(f"{number} {words}" for number, words in parts if number)
    return f"{said[0].upper()}{said[1:]}." if said else "Nothing is written down yet."


def _as_file(request: StaffRequest, filters: NeedFilter) -> HttpResponse:
    """The list as it is filtered and sorted."""
    LogEntry.objects.create(
        school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what="needs"
    )
    whole = Need.objects.with_whom().prefetch_related(
        "sources__round", "sources__question", "sources__priority"
    )
    rows = in_order(whole, filters.sorted_keys())
    return csv_response(
        f"needs-{clock.today().isoformat()}.csv", HEADER, (_cells(need) for need in rows)
    )


def _cells(need: Need) -> list[Any]:
    return [
        need.title, need.whose, need.topic, need.subject, need.get_status_display(),
        need.get_level_now_display(), need.get_level_wanted_display(), need.pupils,
        need.get_balance_display(), need.get_horizon_display(),
        "; ".join(str(source) for source in need.sources.all()), need.identified_on, need.met_on,
        need.because,
    ]  # fmt: skip


# --- one need ---------------------------------------------------------------------------------


def visible_need(request: StaffRequest, pk: UUID) -> Need:
    return get_object_or_404(Need.objects.visible_to(request.staff).with_whom(), pk=pk)


@require_GET
@requires(Permission.WRITE_NEEDS)
def need(request: StaffRequest, pk: UUID) -> HttpResponse:
    found = visible_need(request, pk)
    staff = request.staff
    context = {
        "need": found,
        "sources": found.sources.select_related("round", "question", "priority"),
        "is_own": found.staff_id == staff.pk,
        "may_change": found.may_be_changed_by(staff) and found.is_open,
        "may_decide": found.may_be_decided_by(staff),
        "may_end": found.may_be_ended_by(staff),
        "may_take_back": found.is_shared and found.status not in Need.BEGUN,
        "may_plan": staff.can(Permission.PLAN_ACTIVITIES) and found.is_shared and found.is_open,
        "aside": AsideForm(),
    }
    return render(request, "audits/need.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WRITE_NEEDS)
@once
def need_own_new(request: StaffRequest) -> HttpResponse:
    """One's own, with everything there is to say about it."""
    need = Need(
        whom=Need.Whom.PERSON, staff=request.staff, balance=Need.Balance.INDIVIDUAL,
        is_shared=False, title=request.GET.get("title", "")[:300],
    )  # fmt: skip
    return _write(request, need, OwnNeedForm)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NEEDS)
@once
def need_new(request: StaffRequest) -> HttpResponse:
    """Of the school, a staff group, a team or a colleague."""
    return _write(request, Need(), ColleaguesNeedForm)


@require_http_methods(["GET", "POST"])
@requires(Permission.WRITE_NEEDS)
def need_change(request: StaffRequest, pk: UUID) -> HttpResponse:
    found = visible_need(request, pk)
    if not found.may_be_changed_by(request.staff):
        raise PermissionDenied
    if not found.is_open:
        messages.error(request, "It is over. Open it again before you change it.")
        return redirect("needs:need", pk)
    return _write(request, found, OwnNeedForm if found.is_persons else ColleaguesNeedForm)


def _write(request: StaffRequest, need: Need, form_class: type[NeedForm]) -> HttpResponse:
    form = form_class(request.POST or None, instance=need, by=request.staff)
    if request.method == "POST" and form.is_valid():
        saved = needs.write_down(
            form.save(commit=False), by=request.staff, sources=form.sources(),
            topic=form.cleaned_data["topic"],
        )  # fmt: skip
        if "share" in request.POST and not saved.is_shared:
            saved.share()
        if "agree" in request.POST and saved.may_be_agreed_to_by(request.staff):
            saved.agree()
        messages.success(request, "Saved.")
        return redirect("needs:need", saved.pk)
    titles = known_topics(request.staff).values_list("title", flat=True)
    context = {
        "form": form, "need": need, "topics": titles,
        "may_agree": not need.staff_id and need.may_be_agreed_to_by(request.staff),
    }  # fmt: skip
    return render(request, "audits/need_change.html", context)


@require_POST
@requires(Permission.WRITE_NEEDS)
def need_deed(request: StaffRequest, pk: UUID, deed: str) -> HttpResponse:
    """Share, take back, agree, say it is met, open it again: one button each."""
    found = visible_need(request, pk)
    _check(found, request, deed)
    try:
        match deed:
            case "share":
                found.share()
            case "take-back":
                found.take_back()
            case "agree":
                found.agree()
            case "met":
                found.say_met(today=clock.today())
            case "reopen":
                found.reopen()
    except NotPossible as why:
        messages.error(request, str(why))
    else:
        messages.success(request, SAID[deed])
    return _back_from(found, request.POST.get("from", ""))


def _back_from(need: Need, where: str) -> HttpResponse:
    """To the list it was decided in, where the next one waits; else to its page."""
    if where == "register":
        return redirect(f"{reverse('needs:register')}?status={Need.Status.IDENTIFIED}")
    if where == "topic" and need.topic_id:
        return redirect("needs:topic", need.topic_id)
    return redirect("needs:need", need.pk)


SAID = {
    "share": "Shared: the CPD leader, the headteacher, your line manager and whoever leads your"
    " team can read it.",
    "take-back": "Only you can read it again.",
    "agree": "Agreed.",
    "met": "Written down as met.",
    "reopen": "Open again.",
}


def _check(need: Need, request: StaffRequest, deed: str) -> None:
    staff = request.staff
    allowed = {
        "share": need.staff_id == staff.pk,
        "take-back": need.staff_id == staff.pk,
        "agree": need.may_be_decided_by(staff),
    }
    if not allowed.get(deed, need.may_be_ended_by(staff)):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
@requires(Permission.WRITE_NEEDS)
def need_set_aside(request: StaffRequest, pk: UUID) -> HttpResponse:
    """With a reason: whoever needed it will ask."""
    found = visible_need(request, pk)
    if not found.may_be_ended_by(request.staff):
        raise PermissionDenied
    form = AsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found.set_aside(form.cleaned_data["because"])
        except NotPossible as why:
            messages.error(request, str(why))
        else:
            messages.success(request, "Set aside.")
        return redirect("needs:need", pk)
    return render(request, "audits/need_set_aside.html", {"form": form, "need": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.WRITE_NEEDS)
def need_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A slip of the pen: what is shared, or a group's, only while nobody decided on it."""
    found = visible_need(request, pk)
    if not found.may_be_changed_by(request.staff):
        raise PermissionDenied
    if found.is_shared and not found.is_identified:
        instead = " You can set it aside." if found.is_open else ""
        messages.error(request, f"It was decided on, so it stays on record.{instead}")
        return redirect("needs:need", pk)
    if request.method == "POST":
        was_own = found.is_persons
        found.delete()
        messages.success(request, "Deleted.")
        return redirect("needs:mine" if was_own else "needs:register")
    return render(request, "audits/need_delete.html", {"need": found})
