"""The entitlements themselves: shipped and own, kept or not, copied and changed."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import entitling
from activities.forms.entitlement import (
    EntitledPersonForm,
    EntitlementForm,
    KeepForm,
    StepFormSet,
    free_code,
)
from activities.models import (
    EntitledPerson,
    Entitlement,
    EntitlementUse,
    NotPossible,
)
from activities.views.asking import ask_first
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

P = Permission


@require_GET
@requires(P.SEE_ACTIVITIES)
def entitlements(request: StaffRequest) -> HttpResponse:
    """What we promise each other; for who sets them, also what could be promised."""
    may_set = request.staff.can(P.SET_ENTITLEMENTS)
    found = Entitlement.objects.without_replaced().prefetch_related("steps", "uses")
    kept: list[Entitlement] = []
    others: list[Entitlement] = []
    for entitlement in found:
        (kept if entitlement.uses.all() else others).append(entitlement)
    context = {"kept": kept, "others": others if may_set else [], "may_set": may_set}
    return render(request, "activities/entitlements.html", context)


def visible_entitlement(request: StaffRequest, pk: int) -> Entitlement:
    """Kept ones to everyone on the staff; the others to who sets them."""
    found = Entitlement.objects.prefetch_related("uses")
    entitlement = get_object_or_404(found, pk=pk)
    if not entitlement.uses.all() and not request.staff.can(P.SET_ENTITLEMENTS):
        raise Http404
    return entitlement


@require_GET
@requires(P.SEE_ACTIVITIES)
def entitlement(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_entitlement(request, pk)
    use = next(iter(found.uses.all()), None)
    may_set = request.staff.can(P.SET_ENTITLEMENTS)
    named = use.people.select_related("staff", "supporter") if use and may_set else []
    other = EntitlementUse.objects.filter(code=found.code).exclude(entitlement=found)
    context = {
        "entitlement": found,
        "steps": found.steps.select_related("type"),
        "use": use,
        "named": named,
        "may_set": may_set,
        "other": other.select_related("entitlement").first() if may_set and not use else None,
    }
    return render(request, "activities/entitlement.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
def entitlement_keep(request: StaffRequest, pk: int) -> HttpResponse:
    """Promise it, in place of the version promised until now; or change from when."""
    found = get_object_or_404(Entitlement.objects, pk=pk)
    before = EntitlementUse.objects.filter(code=found.code).first()
    use = before or EntitlementUse(
        school=request.school, code=found.code, joined_since=usual_joiners(found)
    )
    form = KeepForm(request.POST or None, instance=use)
    if form.is_valid():
        cleaned = form.cleaned_data
        entitling.keep(
            found, by=request.staff, since=cleaned["since"], joined=cleaned["joined_since"]
        )
        messages.success(request, f"From now on we keep this: {found}.")
        return redirect("activities:entitlement", pk)
    context = {"form": form, "entitlement": found, "before": before}
    return render(request, "activities/entitlement_keep.html", context)


def usual_joiners(entitlement: Entitlement) -> Any:
    """Induction is for who joins from this school year on; everything else for all."""
    today = clock.today()
    if entitlement.kind != Entitlement.Kind.INDUCTION or entitlement.is_by_name:
        return None
    return today.replace(month=9, day=1, year=today.year - (today.month < 9))


@require_POST
@requires(P.SET_ENTITLEMENTS)
def entitlement_stop(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Entitlement.objects, pk=pk)
    entitling.stop(found)
    messages.success(request, "It is not promised any more. What was received stays on record.")
    return redirect("activities:entitlement", pk)


@require_POST
@requires(P.SET_ENTITLEMENTS)
@once
def entitlement_copy(request: StaffRequest, pk: int) -> HttpResponse:
    made = entitling.copy(get_object_or_404(Entitlement.objects, pk=pk), by=request.staff)
    messages.success(request, f"This is your version {made.version}: change it, then keep it.")
    return redirect("activities:entitlement_change", made.pk)


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
def entitlement_delete(request: StaffRequest, pk: int) -> HttpResponse:
    found = own_unkept(pk)
    if found is None:
        messages.error(request, "Stop keeping it first.")
        return redirect("activities:entitlement", pk)
    if request.method != "POST":
        return ask_first(
            request, question=f"Delete {found}, version {found.version}?",
            text="Nobody is promised it. What it was copied from stays.", deed="Delete it",
            back=reverse("activities:entitlement", args=[pk]),
        )  # fmt: skip
    try:
        entitling.delete(found)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("activities:entitlement", pk)
    messages.success(request, "Deleted.")
    return redirect("activities:entitlements")


def own_unkept(pk: int) -> Entitlement | None:
    """One of the school's own that may still be changed; nothing when it is kept."""
    found = get_object_or_404(Entitlement.objects.own(), pk=pk)
    return None if found.uses.exists() else found


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
def entitlement_change(request: StaffRequest, pk: int) -> HttpResponse:
    """A version nobody keeps yet: what it says, and its steps."""
    found = own_unkept(pk)
    if found is None:
        messages.error(request, "It is kept, and so stays as it is: copy it and change the copy.")
        return redirect("activities:entitlement", pk)
    form = EntitlementForm(request.POST or None, instance=found)
    steps = StepFormSet(
        request.POST or None, queryset=found.steps.order_by("position", "pk"), prefix="steps"
    )
    if request.method == "POST" and form.is_valid() & steps.is_valid():
        save_changes(form, steps)
        messages.success(request, "Saved.")
        return redirect("activities:entitlement", pk)
    context = {"form": form, "steps": steps, "forms": [form, *steps.forms], "entitlement": found}
    return render(request, "activities/entitlement_change.html", context)


@transaction.atomic
def save_changes(form: EntitlementForm, steps: Any) -> None:
    entitlement = form.save()
    taken = set(entitlement.steps.values_list("code", flat=True))
    for position, row in enumerate(steps.forms, start=1):
        if row.instance.pk and row.cleaned_data.get("DELETE"):
            row.instance.delete()
        elif row.cleaned_data.get("title") and not row.cleaned_data.get("DELETE"):
            step = row.step()
            step.school_id, step.entitlement = entitlement.school_id, entitlement
            step.position = position
            if not step.code:
                step.code = free_code(step.title, taken)
                taken.add(step.code)
            step.save()


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
@once
def entitled_add(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose somebody by name: for a pathway, a duty, or with a buddy."""
    use = get_object_or_404(EntitlementUse.objects.select_related("entitlement"), entitlement=pk)
    if use.entitlement.kind == Entitlement.Kind.EARLY:
        return redirect("activities:early_add")
    form = EntitledPersonForm(
        request.POST or None, instance=EntitledPerson(school=request.school, use=use)
    )
    if form.is_valid():
        row = form.save()
        messages.success(request, f"{row.staff} is in it.")
        return redirect("activities:entitlement", pk)
    context = {"form": form, "entitlement": use.entitlement}
    return render(request, "activities/entitled_add.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.SET_ENTITLEMENTS)
def entitled_remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        EntitledPerson.objects.select_related("use__entitlement", "staff"), pk=pk
    )
    if request.method != "POST":
        return ask_first(
            request, question=f"Take {row.staff} out?", deed="Take out",
            text=f"{row.use.entitlement}. What they received stays on record.",
            back=reverse("activities:entitlement", args=[row.use.entitlement_id]),
        )  # fmt: skip
    row.delete()
    messages.success(request, f"{row.staff} is no longer in it. What they received stays.")
    return redirect("activities:entitlement", row.use.entitlement_id)
