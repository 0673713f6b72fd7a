"""Who can help with it: the directory, the printed list of talents, asking somebody."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from audits import helpers as helping
from audits.forms import AskForm, HelperFilter
from audits.models import Expertise, HelpRequest, Need, Topic
from audits.views.fetch import sub
from cpdhub import clock
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.keys import key_of
from cpdhub.models import Staff
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Permission
from cpdhub.queries import counted

PER_PAGE = 25


@require_GET
@requires(Permission.OFFER_HELP)
def helpers(request: StaffRequest) -> HttpResponse:
    """Everybody who offers help, whatever their post; `?topic=` is what one thing needs."""
    topic, need = asked_topic(request), asked_need(request)
    asked = HelperFilter(request.GET)
    context: dict[str, Any] = {
        "filter": asked,
        "topic": topic,
        "need": need,
        "sub_links": sub(request, "needs:helpers"),
    }
    if topic:
        context["people"] = helping.people_for(topic, reader=request.staff, today=clock.today())
    else:
        page = Paginator(people_of(asked.offers()), PER_PAGE).get_page(request.GET.get("page"))
        context["page"] = page
        context["people"] = [
            (person, [helping.Line(offer, request.staff, person) for offer in person.found])
            for person in page
        ]
    return render(request, "audits/helpers.html", context)


def people_of(offers: Any) -> Any:
    """Who made these offers, those asked least first; each with the offers `found`."""
    load = counted(HelpRequest.objects.open().filter(helper=OuterRef("pk")))
    return (
        Staff.objects.filter(pk__in=offers.values("staff"))
        .annotate(load=load)
        .select_related("team")
        .prefetch_related(
            Prefetch(
                "offers",
                offers.with_thanks().select_related("topic").order_by("-level", "topic__title"),
                to_attr="found",
            )
        )
        .order_by("load", "sort_name", "pk")
    )


def asked_topic(request: StaffRequest) -> Topic | None:
    wanted = request.GET.get("topic", "")
    if not wanted:
        return None
    return get_object_or_404(helping.known_topics(request.staff), pk=key_of(wanted))


def asked_need(request: StaffRequest) -> Need | None:
    """The need somebody came from; one they may not see is like none."""
    try:
        wanted = uuid.UUID(request.GET.get("need", ""))
    except ValueError:
        return None
    found: Need | None = Need.objects.visible_to(request.staff).open().filter(pk=wanted).first()
    return found


@require_GET
@requires(Permission.OFFER_HELP)
def talents(request: StaffRequest) -> HttpResponse:
    """What people do outside school and want to be known for: for a wall, or an assembly."""
    offers = (
        Expertise.objects.on_display(today=clock.today())
        .select_related("staff", "topic").order_by("topic__title", "staff__sort_name", "pk")
    )  # fmt: skip
    context = {"offers": offers, "sub_links": sub(request, "needs:helpers")}
    return render(request, "audits/talents.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.OFFER_HELP)
@once
def ask(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the person who made an offer."""
    offer = get_object_or_404(
        Expertise.objects.offered(today=clock.today()).exclude(staff=request.staff)
        .with_load().with_thanks().select_related("staff__team", "topic"),
        pk=pk,
    )  # fmt: skip
    form = AskForm(request.POST or None, offer=offer, by=request.staff, need=asked_need(request))
    if form.is_valid():
        try:
            made = helping.ask_for_help(offer, form.save(commit=False), by=request.staff)
        except NotPossible as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"Asked. {offer.staff.first_name} finds it on the home page.")
            return redirect("activities:help", made.pk)
    busy = helping.why_busy(offer)
    context = {
        "form": form,
        "line": helping.Line(offer, request.staff),
        "busy": busy,
        "others": others_than(offer, request.staff) if busy else [],
        "thanks": thanks_for(offer),
        "sub_links": sub(request, "needs:helpers"),
    }
    return render(request, "audits/ask.html", context)


def others_than(offer: Expertise, staff: Staff) -> list[Any]:
    """Who else might be asked about the same."""
    found = helping.who_can_help(offer.topic, for_staff=staff, today=clock.today())
    return [one for one in found if one.pk != offer.pk and not helping.is_busy(one)]


def thanks_for(offer: Expertise) -> list[HelpRequest]:
    """What colleagues wrote, where the person shows it."""
    if not offer.shows_thanks:
        return []
    thanked = HelpRequest.objects.thanked().filter(helper=offer.staff_id, topic=offer.topic_id)
    return list(thanked.select_related("asker")[:5])
