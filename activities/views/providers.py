"""Who helps from outside: found, compared by what they answered, never by stars."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from activities.forms import AnswersForm, ContractForm, OfferForm, ProviderForm
from activities.models import Contract, Provider, ProviderAnswer, ProviderOffer
from activities.providers import ProviderFilter, activities_with
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from cpdhub.templatetags.cpdhub import hours, pounds

PER_PAGE = 25
HEADER = [
    "Provider", "Kind", "What they are good for", "Website", "Declared interest", "Offer",
    "Price", "Price for", "Hours", "Where", "Follow-up", "Product", "Award", "Seen on",
]  # fmt: skip


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def providers(request: StaffRequest) -> HttpResponse:
    filters = ProviderFilter(request.GET)
    if request.GET.get("format") == "csv":
        return as_file(request, filters)
    page = Paginator(filters.providers(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "may_change": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/providers.html", context)


def as_file(request: StaffRequest, filters: ProviderFilter) -> HttpResponse:
    """A line for each offer; notes for leaders stay here."""
    LogEntry.objects.create(
        school=request.school, by=request.staff, kind=LogEntry.Kind.EXPORTED, what="providers"
    )
    rows = (
        cells(provider, offer)
        for provider in filters.providers().prefetch_related("offers")
        for offer in list(provider.offers.all()) or [None]
    )
    return csv_response(f"providers-{clock.today().isoformat()}.csv", HEADER, rows)


def cells(provider: Provider, offer: ProviderOffer | None) -> list[Any]:
    who = [
        provider.name, provider.get_kind_display(), provider.specialisms, provider.website,
        provider.interest,
    ]  # fmt: skip
    if offer is None:
        return [*who, *[""] * 9]
    return [
        *who, offer.title, offer.price, offer.get_basis_display(), offer.hours,
        offer.get_mode_display(), offer.follow_up, offer.product, offer.award, offer.seen_on,
    ]  # fmt: skip


@require_GET
@requires(Permission.SEE_ACTIVITIES)
def provider(request: StaffRequest, pk: int) -> HttpResponse:
    """What they offer, what they answered, and, for leaders, terms and what came of it."""
    provider = get_object_or_404(Provider, pk=pk)
    sees_all = request.staff.can(Permission.SEE_EVERYONES_RECORD)
    answers = {row.question: row for row in provider.answers.select_related("by")}
    held = list(activities_with(provider, request.staff))
    context = {
        "provider": provider,
        "offers": list(provider.offers.all()),
        "answers": [
            {"question": label, "row": answers[code]}
            for code, label in ProviderAnswer.Question.choices
            if code in answers
        ],
        "unasked": len(ProviderAnswer.Question.values) - len(answers),
        "held": [line_of(activity, sees_all) for activity in held],
        "total": total_of(held) if sees_all else "",
        "contracts": contracts_of(provider) if sees_all else [],
        "sees_all": sees_all,
        "may_change": request.staff.can(Permission.PLAN_ACTIVITIES),
    }
    return render(request, "activities/provider.html", context)


def line_of(activity: Any, sees_all: bool) -> dict[str, Any]:
    cost = activity.cost if activity.cost is not None else activity.expected_cost
    return {
        "activity": activity,
        "first_at": activity.first_at,
        "people": activity.people or 0,
        "hours": hours(activity.time) if activity.time else "",
        "cost": pounds(cost) if sees_all and cost is not None else "",
    }


def total_of(held: list[Any]) -> str:
    """Over all the years."""
    costs = [a.cost if a.cost is not None else a.expected_cost for a in held]
    spent = sum((cost for cost in costs if cost is not None), Decimal(0))
    return f"{len(held)} {'activity' if len(held) == 1 else 'activities'}, {pounds(spent)}"


def contracts_of(provider: Provider) -> list[dict[str, Any]]:
    today = clock.today()
    return [{"row": row, "warnings": row.warnings(today)} for row in provider.contracts.all()]


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def add_provider(request: StaffRequest) -> HttpResponse:
    return change(request, Provider(school=request.school))


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
def change_provider(request: StaffRequest, pk: int) -> HttpResponse:
    return change(request, get_object_or_404(Provider, pk=pk))


def change(request: StaffRequest, provider: Provider) -> HttpResponse:
    form = ProviderForm(
        request.POST if request.method == "POST" else None,
        instance=provider,
        is_leader=request.staff.can(Permission.SEE_EVERYONES_RECORD),
    )
    if form.is_valid():
        saved = form.save()
        messages.success(request, "Saved.")
        return redirect("activities:provider", saved.pk)
    title = f"Change {provider}" if provider.pk else "Add a provider"
    return page_of(request, form, title, provider if provider.pk else None)


def page_of(
    request: StaffRequest, form: forms.BaseForm, title: str, provider: Provider | None, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "provider": provider, **more}
    return render(request, "activities/provider_form.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
@once
def add_offer(request: StaffRequest, pk: int) -> HttpResponse:
    provider = get_object_or_404(Provider, pk=pk)
    new = ProviderOffer(school=request.school, provider=provider, seen_on=clock.today())
    return part(request, OfferForm, new, "What do they offer?")


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
def change_offer(request: StaffRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(ProviderOffer.objects.select_related("provider"), pk=pk)
    if request.POST.get("do") == "delete":
        offer.delete()
        messages.success(request, "It is off the list.")
        return redirect("activities:provider", offer.provider_id)
    return part(request, OfferForm, offer, "Change what they offer", may_delete=True)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_EVERYONES_RECORD)
@once
def add_contract(request: StaffRequest, pk: int) -> HttpResponse:
    new = Contract(school=request.school, provider=get_object_or_404(Provider, pk=pk))
    return part(request, ContractForm, new, "What was agreed?")


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_EVERYONES_RECORD)
def change_contract(request: StaffRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.select_related("provider"), pk=pk)
    return part(request, ContractForm, contract, "Change what was agreed")


def part(
    request: StaffRequest, form_class: type[forms.ModelForm], row: Any, title: str, **more: Any
) -> HttpResponse:
    """An offer or a contract, new or changed."""
    provider = row.provider
    form = form_class(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("activities:provider", provider.pk)
    return page_of(request, form, title, provider, row=row, **more)


@require_http_methods(["GET", "POST"])
@requires(Permission.PLAN_ACTIVITIES)
def answers(request: StaffRequest, pk: int) -> HttpResponse:
    """Questions worth asking, and what was answered."""
    provider = get_object_or_404(Provider, pk=pk)
    form = AnswersForm(request.POST if request.method == "POST" else None, provider=provider)
    if form.is_valid():
        keep_answers(provider, form, request)
        messages.success(request, "Saved.")
        return redirect("activities:provider", pk)
    return page_of(request, form, "What did they answer?", provider)


def keep_answers(provider: Provider, form: AnswersForm, request: StaffRequest) -> None:
    """What changed gets today's date; what was emptied goes."""
    for question in form.changed_data:
        said = form.cleaned_data[question].strip()
        if not said:
            provider.answers.filter(question=question).delete()
            continue
        provider.answers.update_or_create(
            question=question,
            defaults={
                "school": request.school, "answer": said, "answered_on": clock.today(),
                "by": request.staff,
            },
        )  # fmt: skip
