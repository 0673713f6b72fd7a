"""Asking for CPD, following where it stands, deciding."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import request_queue, requests
from activities.deciding import deciders, decides
from activities.forms import AnswerForm, RequestForm, SaidForm, StandInForm
from activities.models import Activity, NotPossible, ProviderOffer, Request, StandIn
from activities.request_checks import checks_of
from audits.models import Need
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.permissions import Permission

PER_PAGE = 25


# --- asking ------------------------------------------------------------------------------------
@require_GET
@requires(Permission.SEE_ACTIVITIES)
def mine(request: StaffRequest) -> HttpResponse:
    """One's own, and those of people one nominated or manages: where each stands and with whom."""
    who = deciders(request.school, clock.today())
    seen = Request.objects.visible_to(request.staff).with_needs().select_related("nominated_by")
    own = list(seen.of(request.staff))
    is_decider = decides(request.staff)
    # Whoever decides has the queue for everybody else's.
    whose = Q(nominated_by=request.staff) if is_decider else ~Q(staff=request.staff)
    theirs = list(seen.filter(whose)[:PER_PAGE])
    context = {
        "own": [line_of(one, who) for one in own],
        "theirs": [line_of(one, who) for one in theirs],
        "decides": is_decider,
    }
    return render(request, "activities/requests.html", context)


def line_of(one: Request, who: Any) -> dict[str, Any]:
    one.school = who.school
    return {"request": one, "with": who.holder(one) if one.is_open else None}


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def ask(request: StaffRequest) -> HttpResponse:
    """Apply in one screen, or keep it as a draft."""
    new = Request(school=request.school, staff=request.staff)
    initial = {} if request.method == "POST" else from_address(request.GET, request.staff)
    form = RequestForm(request.POST or None, instance=new, initial=initial, by=request.staff)
    return written(request, form, "activities/request_form.html")


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACTIVITIES)
@once
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Change it and send it again: whoever decides sees that."""
    found = seen_request(request, pk)
    if not found.may_be_changed_by(request.staff):
        raise PermissionDenied
    if found.state in {Request.State.ASKED, Request.State.APPEALED}:
        messages.error(request, "It is with somebody now. Withdraw it first, then change it.")
        return redirect("activities:request", pk)
    form = RequestForm(request.POST or None, instance=found, by=request.staff)
    return written(request, form, "activities/request_form.html")


def written(request: StaffRequest, form: RequestForm, template: str) -> HttpResponse:
    """Saved and sent, or kept for later; nothing typed is lost."""
    is_kept = form.instance.state == Request.State.DRAFT and request.POST.get("do") == "keep"
    if form.is_valid() and (is_kept or form.refuse_half_done()):
        is_new = not form.is_of_saved
        try:
            found = saved(form, None if is_kept else request.staff)
        except NotPossible as refusal:
            form.refuse(str(refusal), is_new=is_new)
        else:
            kept, sent = "Kept. Nobody else sees it until you send it.", SAID["send"]
            messages.success(request, kept if is_kept else sent)
            return redirect("activities:request", found.pk)
    return render(request, template, {"form": form, "found": form.instance})


@transaction.atomic
def saved(form: RequestForm, by: Staff | None) -> Request:
    """And sent, by somebody; if that cannot be, neither."""
    with requests.one_for_a_place(form.instance) if form.is_live else nullcontext():
        found: Request = form.save()
    if by is not None:
        requests.ask(found, by=by)
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def nominate(request: StaffRequest) -> HttpResponse:
    """Think of a colleague: they say yes or no."""
    new = Request(school=request.school)
    form = RequestForm(request.POST or None, instance=new, by=request.staff, nominates=True)
    if form.is_valid():
        try:
            found = requests.nominate(form.save(commit=False), by=request.staff)
        except NotPossible as refusal:
            form.refuse(str(refusal), is_new=True)
        else:
            messages.success(request, f"{found.staff} gets a letter and says yes or no.")
            return redirect("activities:request", found.pk)
    context = {"form": form, "found": new, "nominates": True}
    return render(request, "activities/request_form.html", context)


def from_address(query: QueryDict, staff: Staff) -> dict[str, Any]:
    """`?need=`, `?priority=`, `?activity=`, `?provider=`, `?offer=`: what another page knows."""
    initial: dict[str, Any] = {}
    for name in ("priority", "activity", "provider", "offer"):
        wanted = query.get(name, "")
        if wanted and not (key := key_of(wanted)):
            raise Http404
        if wanted:
            initial[name] = key
    if "offer" in initial:
        offer = get_object_or_404(ProviderOffer, pk=initial.pop("offer"))
        initial |= {"provider": offer.provider_id, "title": offer.title, "fee": offer.price}
    if "activity" in initial:
        get_object_or_404(Activity.objects.visible_to(staff), pk=initial["activity"])
    if wanted := query.get("need", ""):
        found = [one for one in Need.objects.owned_by(staff) if str(one.pk) == wanted]
        if not found:
            raise Http404
        initial |= {"need": found[0].pk, "pupils_will": found[0].pupils[:300]}
    return initial


# --- one request --------------------------------------------------------------------------------
def seen_request(request: StaffRequest, pk: int) -> Request:
    rows = Request.objects.visible_to(request.staff).with_needs()
    return get_object_or_404(
        rows.select_related("school", "nominated_by", "budget", "type", "staff__line_manager"),
        pk=pk,
    )


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def request_page(request: StaffRequest, pk: int) -> HttpResponse:
    return one_page(request, seen_request(request, pk))


def one_page(
    request: StaffRequest,
    found: Request,
    *,
    form: AnswerForm | None = None,
    refusal: str = "",
    typed: str = "",
) -> HttpResponse:
    """What is asked, every step, and beside it what whoever decides should know."""
    today = clock.today()
    who = deciders(request.school, today)
    found.school = request.school
    may_decide = found.is_open and who.may_decide(request.staff, found)
    others = [one for one in who.others(found) if one != request.staff] if may_decide else []
    is_own = found.staff_id == request.staff.pk
    need = found.need
    context = {
        "found": found,
        "steps": list(found.steps.select_related("by", "to")),
        "with": who.holder(found) if found.is_open else None,
        "is_own": is_own,
        "may_decide": may_decide,
        "may_comment": found.is_open
        and (may_decide or found.staff.line_manager_id == request.staff.pk),
        "may_see_need": need and (is_own or Need.objects.visible_to(request.staff)
                                  .filter(pk=need.pk).exists()),
        "usual": request_queue.usual_days(today) if is_own and found.is_open else None,
        "may_appeal": is_own and found.state == Request.State.DECLINED and not found.was_appealed,
        "refusal": refusal,
        "typed": typed,
    }  # fmt: skip
    if may_decide:
        checks = checks_of(found, reader=request.staff, today=today)
        context["checks"] = checks
        context["form"] = form or AnswerForm(others=others, initial={"budget": checks.usual_budget})
    return render(request, "activities/request.html", context)


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def answer(request: StaffRequest, pk: int, way: str) -> HttpResponse:
    """Yes, wait, no, or somebody else; with a sentence where one is owed."""
    found = seen_request(request, pk)
    deed: Callable[..., str] | None = ANSWERS.get(way)
    if deed is None:
        raise Http404
    who = deciders(request.school, clock.today())
    if not who.may_decide(request.staff, found):
        raise PermissionDenied
    form = AnswerForm(request.POST, others=who.others(found))
    if not form.is_valid():
        return one_page(request, found, form=form)
    try:
        said = deed(found, request.staff, form.cleaned_data)
    except NotPossible as refusal:
        found = seen_request(request, pk)
        if not found.is_open:
            messages.error(request, str(refusal))
            return redirect("activities:request", pk)
        return one_page(request, found, form=form, refusal=str(refusal))
    messages.success(request, said)
    return redirect("activities:request", pk)


def approve(found: Request, by: Staff, data: dict[str, Any]) -> str:
    requests.approve(
        found, by=by, budget=data["budget"], because=data["because"], change=data["change"],
        fee=data["fee"], day=data["day"],
    )  # fmt: skip
    return f"Approved: {found} is planned, and {found.staff} gets a letter."


def let_wait(found: Request, by: Staff, data: dict[str, Any]) -> str:
    if data["until"] is None:
        raise NotPossible("Say until when it waits: choose a day.")
    requests.let_wait(found, by=by, until=data["until"], words=data["words"])
    return f"It waits, and {found.staff} gets a letter."


def decline(found: Request, by: Staff, data: dict[str, Any]) -> str:
    requests.decline(found, by=by, words=data["words"])
    return f"Declined: {found.staff} gets a letter with your reason."


def send_on(found: Request, by: Staff, data: dict[str, Any]) -> str:
    if not data["to"]:
        raise NotPossible("Choose who decides instead.")
    to_whom = get_object_or_404(Staff, pk=data["to"])
    requests.send_on(found, by=by, to_whom=to_whom, words=data["words"])
    return f"{to_whom} has it now."


ANSWERS: dict[str, Callable[..., str]] = {
    "approve": approve, "wait": let_wait, "decline": decline, "pass-on": send_on,
}  # fmt: skip


@require_POST
@requires(Permission.SEE_ACTIVITIES)
def say(request: StaffRequest, pk: int, way: str) -> HttpResponse:
    """What whoever asked does about it, and what their manager says."""
    found = seen_request(request, pk)
    form = SaidForm(request.POST)
    if way not in SAID:
        raise Http404
    if not form.is_valid():
        return one_page(request, found, refusal="At most 1,000 letters.")
    words, reference = form.cleaned_data["words"], form.cleaned_data["reference"]
    try:
        if way == "booked":
            may_book = request.staff.pk == found.staff_id or decides(request.staff)
            if not may_book:
                raise PermissionDenied
            requests.book_with_provider(found, by=request.staff, reference=reference)
        elif way == "send":
            requests.ask(found, by=request.staff, words=words)
        else:
            deed = getattr(requests, way)
            deed(found, by=request.staff, words=words)
    except NotPossible as refusal:
        return one_page(request, found, refusal=str(refusal), typed=words)
    messages.success(request, SAID[way])
    if not Request.objects.filter(pk=pk).exists():  # a draft nobody has seen
        return redirect("activities:requests")
    return redirect("activities:request", pk)


SAID = {
    "comment": "Your comment stands beside the request.",
    "withdraw": "Withdrawn.",
    "appeal": "Sent. Somebody looks at it again.",
    "send": "Sent. You get a letter at every step.",
    "booked": "Noted: the provider knows.",
}


# --- deciding -----------------------------------------------------------------------------------
@require_GET
@requires(Permission.SEE_ACTIVITIES)
def queue(request: StaffRequest) -> HttpResponse:
    """Everything that waits, longest first, with who has it."""
    if not decides(request.staff):
        raise PermissionDenied
    today = clock.today()
    chosen = request_queue.Queue(request.staff, request.school, request.GET)
    page = Paginator(chosen.rows(today), PER_PAGE).get_page(request.GET.get("page"))
    who = deciders(request.school, today)
    own = StandIn.objects.filter(staff=request.staff).select_related("stand_in").first()
    context = {
        "chosen": chosen,
        "sort": chosen.sort,
        "page": page,
        "rows": [request_queue.row_of(one, who) for one in page],
        "usual": request_queue.usual_days(today),
        "reasons": request_queue.reasons(today),
        "stand_in": own if own and own.ends_on >= today else None,
    }
    return render(request, "activities/request_queue.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECIDE_REQUESTS)
def stand_in(request: StaffRequest) -> HttpResponse:
    """Who decides while somebody is away, until a day."""
    own = StandIn.objects.filter(staff=request.staff).first()
    if request.POST.get("do") == "end":
        if own:
            own.delete()
        messages.success(request, "Requests come to you again.")
        return redirect("activities:request_queue")
    new = own or StandIn(school=request.school, staff=request.staff)
    form = StandInForm(request.POST or None, instance=new, by=request.staff)
    if form.is_valid():
        row = form.save()
        messages.success(request, f"{row.stand_in} decides for you until {row.ends_on:%-d %B}.")
        return redirect("activities:request_queue")
    return render(request, "activities/stand_in.html", {"form": form, "own": own})
