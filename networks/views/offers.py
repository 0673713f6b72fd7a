"""What schools open to each other: the list, the map of a network, and the page of one offer."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.exports import csv_response
from cpdhub.http import StaffRequest
from cpdhub.models import LogEntry
from cpdhub.permissions import Permission
from networks import answers, catalogue
from networks.membership import Member, member_of
from networks.models import Offer, OfferPlace, SchoolPlaces

PER_PAGE = 25
HEADER = [
    "Title", "What", "School", "Network", "Theme", "First session", "Who it is for", "Price",
    "Place credits", "Places", "Left", "Last day to book",
]  # fmt: skip


@require_GET
@requires(Permission.SEE_NETWORKS)
def offers(request: StaffRequest) -> HttpResponse:
    """What is open to us in all our networks, and where we have places."""
    filters = catalogue.Filter(request.school, request.GET)
    if request.GET.get("format") == "csv":
        LogEntry.write(LogEntry.Kind.EXPORTED, by=request.staff, what="offers", object_id="all")
        rows = map(_cells, filters.rows())
        return csv_response(f"offers-{clock.today().isoformat()}.csv", HEADER, rows)
    page = Paginator(filters.rows(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "sort": filters.sort,
        # Whoever searches looks for something else than what is ours already.
        "ours": [] if filters.is_narrow else _our_places(request),
        "opened": [] if filters.is_narrow else _our_offers(request),
        "members": filters.members,
    }
    return render(request, "networks/offers.html", context)


def _cells(offer: Offer) -> list[Any]:
    first = offer.starts_at and offer.starts_at.astimezone(clock.LONDON).date()
    return [
        offer.title, offer.get_what_display(), offer.school, offer.network, offer.theme or "",
        first, offer.audience, offer.price, offer.credits, offer.places, offer.left,
        offer.closes_on,
    ]  # fmt: skip


def _our_places(request: StaffRequest) -> list[OfferPlace]:
    """Of half a year and to come: everybody's for who arranges them, else one's own."""
    places = OfferPlace.objects.of(request.school).open().lately()
    if not request.staff.can(Permission.WORK_IN_NETWORKS):
        places = places.filter(staff=request.staff)
    found = places.select_related("offer__school").only(
        "name", "state", "came", "credits", "staff",
        "offer__title", "offer__starts_at", "offer__ends_at", "offer__network",
        "offer__school__name",
    )  # fmt: skip
    return list(found.order_by("-offer__starts_at", "offer", "name")[:50])


def _our_offers(request: StaffRequest) -> list[dict[str, Any]]:
    """What we opened, newest first, and where nobody has said yet who of the visitors came."""
    if not request.staff.can(Permission.WORK_IN_NETWORKS):
        return []
    seats = OfferPlace.objects.filter(host=request.school, offer=OuterRef("pk")).booked()
    own = Offer.objects.filter(school=request.school).lately().select_related("network").only(
        "title", "state", "starts_at", "sessions", "places", "taken", "waiting", "network__name"
    )  # fmt: skip
    rows = own.annotate(marks=ArraySubquery(seats.order_by().values("came")))
    return [
        {"offer": row, "waits": _unregistered(row, row.marks)}
        for row in rows.order_by("-starts_at", "-pk")[:50]
    ]


def _unregistered(offer: Offer, came: list[dict[str, bool]]) -> Any:
    """The first session that is over and of which no visitor is on a register."""
    if offer.is_withdrawn or not came:
        return None
    over = (one for one in offer.held if one.ends_at < clock.now())
    return next((one for one in over if not any(str(one.key) in m for m in came)), None)


@require_GET
@requires(Permission.SEE_NETWORKS)
def offer_map(request: StaffRequest, pk: int) -> HttpResponse:
    """Which school offers what: where several do the same, and what nobody does."""
    member = member_of(request, pk)
    found = catalogue.map_of(member.network)
    context = {
        "member": member, "network": member.network, "map": found,
        "use": catalogue.use_of(member.network, found.schools),
    }  # fmt: skip
    return render(request, "networks/offer_map.html", context)


def seen_offer(request: StaffRequest, pk: int, offer: int) -> tuple[Member, Offer]:
    """An offer of a network: our own, one that is shared, or one where we have or had a place."""
    member = member_of(request, pk)
    been = OfferPlace.objects.filter(offer=OuterRef("pk"), school=request.school)
    rows = Offer.objects.filter(network=pk, pk=offer).annotate(been=Exists(been))
    shared = Offer.objects.shared().filter(pk=OuterRef("pk"))
    rows = rows.annotate(is_shared=Exists(shared))
    found = rows.select_related("school", "network", "theme", "for_school", "practitioner").first()
    if found is None or not (found.school_id == request.school.pk or found.is_shared or found.been):
        raise Http404
    return member, found


@require_GET
@requires(Permission.SEE_NETWORKS)
def offer(request: StaffRequest, pk: int, offer: int) -> HttpResponse:
    """One offer: to its host who comes, to everybody else what it is and how to get a place."""
    member, found = seen_offer(request, pk, offer)
    is_host = found.school_id == request.school.pk
    context: dict[str, Any] = {
        "member": member, "network": member.network, "offer": found, "is_host": is_host,
        "refusal": found.why_not_now(), "meetings": found.meetings,
    }  # fmt: skip
    context |= _of_host(found, member) if is_host else _of_visitor(found, member)
    if context["reads_results"]:
        context["results"] = answers.shown(found)
    return render(request, "networks/offer.html", context)


def _of_host(offer: Offer, member: Member) -> dict[str, Any]:
    """Names, jobs and schools of those who come, for who keeps it and who leads it."""
    seats = OfferPlace.objects.filter(offer=offer).open().select_related("school")
    rows = list(seats.order_by("state", "asked_at", "pk")) if member.works else []
    return {
        "seats": [one for one in rows if one.is_booked],
        "queue": [one for one in rows if not one.is_booked],
        "reads_results": True,
    }


def _of_visitor(offer: Offer, member: Member) -> dict[str, Any]:
    ours = list(OfferPlace.objects.filter(offer=offer).of(member.membership.school_id).open())
    mine = next((one for one in ours if one.staff_id == member.staff.pk), None)
    can_book = not offer.why_not_now()
    return {
        "ours": ours if member.works else [one for one in ours if one is mine],
        "mine": mine,
        "part": SchoolPlaces.objects.filter(offer=offer).first() if ours and member.works else None,
        "reads_results": bool(ours),
        "may_answer": bool(mine and mine.has_come and offer.is_asking and not mine.has_answered),
        "may_take": can_book and mine is None and (offer.costs_nothing or member.works),
        "may_send": can_book and member.works,
    }
