"""Reviews of a network: opened, answered, looked at, and what is done about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission
from networks import reviewing
from networks.forms.review import (
    AnswerForm,
    MatchForm,
    ReviewDaysForm,
    ReviewForm,
    lettered,
    shuffled,
)
from networks.membership import Member, member_of, member_that_leads
from networks.models import NetworkReview
from networks.models.review import may_review
from networks.propositions import PROPOSITIONS

CLOSED = (
    "This review has closed, so what you wrote is not in it. It stands below: copy it, or ask the"
    " school that leads the network to open the review again."
)


def reviewer_of(request: StaffRequest, pk: int) -> Member:
    member = member_of(request, pk)
    if not may_review(member.network, member.staff):
        raise PermissionDenied("The leaders of the network answer its reviews and read them.")
    return member


def review_of(pk: int, review: int) -> NetworkReview:
    rows = NetworkReview.objects.select_related("strategy")
    found: NetworkReview = get_object_or_404(rows.filter(network=pk), pk=review)
    return found


@require_GET
@requires(Permission.SEE_NETWORKS)
def reviews(request: StaffRequest, pk: int) -> HttpResponse:
    """Those open now, and earlier ones."""
    member = member_of(request, pk)
    rows = list(
        NetworkReview.objects.filter(network=pk)
        .select_related("strategy")
        .annotate(leaders=Count("ratings__staff", distinct=True))
        .order_by("-opened_on", "-pk")
    )
    context = {
        "member": member,
        "network": member.network,
        "rows": rows,
        "may_review": may_review(member.network, member.staff),
    }
    return render(request, "networks/reviews.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
@once
def review_new(request: StaffRequest, pk: int) -> HttpResponse:
    member = member_that_leads(request, pk)
    row = NetworkReview(network=member.network, school=request.school)
    form = ReviewForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Open. Now the leaders of each school answer, you too.")
        return redirect("networks:review", pk, row.pk)
    context = {"form": form, "member": member, "network": member.network}
    return render(request, "networks/review_write.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_IN_NETWORKS)
def review_change(request: StaffRequest, pk: int, review: int) -> HttpResponse:
    """Another day or name; opened again; or taken off while nobody has answered."""
    member = member_that_leads(request, pk)
    row = review_of(pk, review)
    may_remove = not row.ratings.exists() and not row.pauses.exists()
    if request.method == "POST" and "remove" in request.POST and may_remove:
        row.delete()
        messages.success(request, "Taken off.")
        return redirect("networks:reviews", pk)
    form = ReviewDaysForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Open until {row.closes_on:%-d %B %Y}.")
        return redirect("networks:review", pk, row.pk)
    context = {
        "form": form, "member": member, "network": member.network, "review": row,
        "may_remove": may_remove,
    }  # fmt: skip
    return render(request, "networks/review_write.html", context)


@require_POST
@requires(Permission.WORK_IN_NETWORKS)
def review_close(request: StaffRequest, pk: int, review: int) -> HttpResponse:
    member_that_leads(request, pk)
    row = review_of(pk, review)
    if row.is_open:
        row.close()
        messages.success(request, "Closed. Talk about where you are furthest apart first.")
    return redirect("networks:review", pk, row.pk)


@require_GET
@requires(Permission.SEE_NETWORKS)
def review(request: StaffRequest, pk: int, review: int) -> HttpResponse:
    """What leaders say, where they differ, how it was before, and what they do about it."""
    member = reviewer_of(request, pk)
    row = review_of(pk, review)
    has_answered = bool(reviewing.answers_of(row, member.staff))
    found = reviewing.results(row)
    context = {
        "member": member,
        "network": member.network,
        "review": row,
        "results": found,
        "who": reviewing.who_answered(found),
        "carried": reviewing.carried(row),
        "has_answered": has_answered,
        # Whoever has not said yet what they think hears the others afterwards.
        "shows": has_answered or not row.is_open,
        "apart": [one.item for one in found if one.said.is_far_apart],
    }
    return render(request, "networks/review.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def review_answer(request: StaffRequest, pk: int, review: int) -> HttpResponse:
    member = reviewer_of(request, pk)
    row = review_of(pk, review)
    said = reviewing.answers_of(row, member.staff)
    form = AnswerForm(request.POST or None, items=row.items, said=said)
    if request.method == "POST" and form.is_valid():
        if _kept(form, row, member):
            messages.success(request, "Said. Now read what the others say.")
            return redirect("networks:review", pk, row.pk)
        form.add_error(None, CLOSED)
    context = {"form": form, "member": member, "network": member.network, "review": row}
    return render(request, "networks/review_answer.html", context)


@require_POST
@requires(Permission.SEE_NETWORKS)
def review_draft(request: StaffRequest, pk: int, review: int) -> HttpResponse:
    """While somebody writes."""
    member = reviewer_of(request, pk)
    row = review_of(pk, review)
    form = AnswerForm(request.POST, items=row.items, said={})
    is_kept = form.is_valid() and _kept(form, row, member)
    context = {"is_kept": is_kept, "is_closed": not row.is_open, "now": clock.now()}
    return render(request, "networks/_review_kept.html", context)


def _kept(form: AnswerForm, row: NetworkReview, member: Member) -> bool:
    """False once the review has closed, also where it closed this very moment."""
    if not row.is_open:
        return False
    try:
        with transaction.atomic():
            reviewing.keep(row, member.staff, form.answers)
    except DatabaseError:
        if NetworkReview.objects.filter(pk=row.pk, closed_on=None).exists():
            raise
        return False
    return True


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_NETWORKS)
def cards(request: StaffRequest, pk: int) -> HttpResponse:
    """Which Then belongs to which If: on the screen, or cut out on a table. Nothing is kept."""
    member = member_of(request, pk)
    form = MatchForm(request.POST or None, items=PROPOSITIONS)
    piles = [
        (heading, lettered(shuffled(PROPOSITIONS, position), position))
        for position, heading in ((0, "If"), (1, "Then"), (2, "This means"))
    ]
    context = {"form": form, "member": member, "network": member.network, "piles": piles}
    return render(request, "networks/cards.html", context)
