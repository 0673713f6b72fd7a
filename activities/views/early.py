"""Early career teachers: their two years in six terms of their own."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from activities import entitling
from activities.entitled import State, cells
from activities.forms.entitlement import EarlyCareerForm
from activities.models import EarlyCareer, Entitlement, EntitlementUse, Received
from activities.own_terms import Term, own_terms
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.models import HalfTerm
from cpdhub.permissions import Permission

P = Permission
CODE = "early-career"


@dataclass(frozen=True)
class OwnTerm:
    """One of the six: its days, the time off, and whether its review has taken place."""

    number: int
    term: Term
    share: int
    hours: Decimal | None
    state: State | None
    is_now: bool


@require_GET
@requires(P.SEE_ACTIVITIES)
def early_careers(request: StaffRequest) -> HttpResponse:
    """Those one may see: all, or whom one mentors or tutors, or oneself."""
    today = clock.today()
    rows = list(
        EarlyCareer.objects.visible_to(request.staff).select_related("staff", "tutor", "mentor")
    )
    known = list(HalfTerm.objects.select_related("year")) if rows else []
    found = [
        (row, where_now(row, own_terms(row.staff, row.starts_on, known), today))
        for row in rows
        if row.staff.is_live(today)
    ]
    context = {"found": found, "may_set": request.staff.can(P.SET_ENTITLEMENTS)}
    return render(request, "activities/early_careers.html", context)


def where_now(row: EarlyCareer, terms: list[Term], today: date) -> str:
    """Term 3 of 6, until 31 March 2027."""
    if today < row.starts_on:
        return f"begins on {row.starts_on:%-d %B %Y}"
    for number, term in enumerate(terms, start=1):
        if today <= term.ends_on:
            return f"term {number} of {row.TERMS}, until {term.ends_on:%-d %B %Y}"
    return f"six terms, until {terms[-1].ends_on:%-d %B %Y}"


def visible_early(request: StaffRequest, pk: int) -> EarlyCareer:
    found = EarlyCareer.objects.visible_to(request.staff)
    return get_object_or_404(found.select_related("staff", "tutor", "mentor"), staff=pk)


@require_GET
@requires(P.SEE_ACTIVITIES)
def early(request: StaffRequest, pk: int) -> HttpResponse:
    """One teacher's six terms."""
    row, today = visible_early(request, pk), clock.today()
    states = early_states(request, row)
    by_term = {state.step.number: state for state in states if state.step.due == "term"}
    terms = [
        OwnTerm(
            number, term, int(row.time_off(number) * 100), row.time_off_hours(number),
            by_term.get(number), term.starts_on <= today <= term.ends_on,
        )
        for number, term in enumerate(own_terms(row.staff, row.starts_on), start=1)
    ]  # fmt: skip
    context = {
        "row": row,
        "person": row.staff,
        "terms": terms,
        "others": [state for state in states if state.step.due != "term"],
        "done": sum(state.last_on is not None for state in by_term.values()),
        "where": where_now(row, [each.term for each in terms], today),
        "may_keep": row.may_be_kept_by(request.staff),
        "may_set": request.staff.can(P.SET_ENTITLEMENTS),
        "is_own": row.staff_id == request.staff.pk,
        "last_note": Received.objects.filter(staff=row.staff).exists(),
    }
    return render(request, "activities/early.html", context)


def early_states(request: StaffRequest, row: EarlyCareer) -> list[State]:
    uses = EntitlementUse.objects.filter(entitlement__kind=Entitlement.Kind.EARLY)
    kept = list(uses.values_list("entitlement", flat=True))
    if not kept:
        return []
    found = cells([row.staff], today=clock.today(), by=request.staff, entitlements=kept)
    return [state for cell in found for state in cell.states]


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
@once
def early_add(request: StaffRequest) -> HttpResponse:
    """Begin a teacher's two years; the entitlement is kept from then on."""
    form = EarlyCareerForm(request.POST or None, instance=EarlyCareer(school=request.school))
    if form.is_valid():
        row = form.save()
        if not EntitlementUse.objects.filter(code=CODE).exists():
            shipped = Entitlement.objects.shipped().without_replaced().filter(code=CODE).first()
            if shipped:
                entitling.keep(shipped, by=request.staff)
        messages.success(request, f"The six terms of {row.staff} are laid out.")
        return redirect("activities:early", row.staff_id)
    return render(request, "activities/early_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
def early_change(request: StaffRequest, pk: int) -> HttpResponse:
    row = visible_early(request, pk)
    form = EarlyCareerForm(request.POST or None, instance=row)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("activities:early", pk)
    return render(request, "activities/early_form.html", {"form": form, "row": row})
