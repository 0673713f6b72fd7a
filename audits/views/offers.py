"""What I can help with: my offers, who asked me, whom I asked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import helpers
from audits.forms import OfferForm
from audits.models import Expertise, HelpRequest
from audits.views.fetch import own_invitation, sub
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

SAID = {
    Expertise.Audience.ONLY_ME: "Kept. Only you see it.",
    Expertise.Audience.COLLEAGUES: "Saved. Colleagues find it under “Who can help”.",
    Expertise.Audience.DISPLAY: "Saved. Colleagues find it, and it is on the list of talents.",
}


@require_GET
@requires(Permission.OFFER_HELP)
def mine(request: StaffRequest) -> HttpResponse:
    """My offers with the thanks I got, and every ask I am one of the two in."""
    staff = request.staff
    offers = Expertise.objects.owned_by(staff).with_thanks().select_related("topic")
    asks = list(HelpRequest.objects.visible_to(staff).with_names())
    context = {
        "offers": offers.order_by("-audience", "topic__title", "pk"),
        "of_me": sorted(
            (ask for ask in asks if ask.helper_id == staff.pk and ask.is_open),
            key=lambda ask: not ask.is_waiting,
        ),
        "by_me": [ask for ask in asks if ask.asker_id == staff.pk][:10],
        "thanks": [ask for ask in asks if ask.helper_id == staff.pk and ask.thanks][:10],
        "sub_links": sub(request, "needs:helpers"),
    }
    context["is_asked"] = any(ask.is_waiting for ask in context["of_me"])
    context["is_paused"] = any(offer.is_paused for offer in context["offers"])
    return render(request, "audits/offers.html", context)


def own_offer(request: StaffRequest, pk: Any) -> Expertise:
    """Another's offer is like a missing one here."""
    own = Expertise.objects.owned_by(request.staff).select_related("topic")
    return get_object_or_404(own, pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.OFFER_HELP)
@once
def offer_add(request: StaffRequest) -> HttpResponse:
    initial = {"topic": request.GET.get("topic", "")[:200]}
    return _edit(request, OfferForm(request.POST or None, by=request.staff, initial=initial))


@require_http_methods(["GET", "POST"])
@requires(Permission.OFFER_HELP)
def offer_change(request: StaffRequest, pk: Any) -> HttpResponse:
    offer = own_offer(request, pk)
    form = OfferForm(request.POST or None, by=request.staff, instance=offer)
    return _edit(request, form, offer)


def _edit(request: StaffRequest, form: OfferForm, offer: Expertise | None = None) -> HttpResponse:
    if form.is_valid():
        saved = form.save()
        messages.success(request, SAID[Expertise.Audience(saved.audience)])
        return redirect("needs:offers")
    context = {
        "form": form,
        "offer": offer,
        "known": helpers.known_topics(request.staff),
        "sub_links": sub(request, "needs:helpers"),
    }
    return render(request, "audits/offer.html", context)


@require_POST
@requires(Permission.OFFER_HELP)
def offer_delete(request: StaffRequest, pk: Any) -> HttpResponse:
    """Gone, with nothing kept of it."""
    own_offer(request, pk).delete()
    messages.success(request, "Deleted.")
    return redirect("needs:offers")


@require_POST
@requires(Permission.OFFER_HELP)
def offers_pause(request: StaffRequest) -> HttpResponse:
    """Not at the moment: colleagues still see the offers and cannot ask. Or open again."""
    is_paused = request.POST.get("do") == "pause"
    Expertise.objects.owned_by(request.staff).update(is_paused=is_paused)
    said = "Nobody can ask you now, until you say so." if is_paused else "You can be asked again."
    messages.success(request, said)
    return redirect("needs:offers")


@require_POST
@requires(Permission.OFFER_HELP)
def offer_from_answer(request: StaffRequest, pk: int, question: int) -> HttpResponse:
    """From one's own answers: what I am sure of I could help others with."""
    response = getattr(own_invitation(request, pk), "response", None)
    if response is None or response.sent_at is None:
        raise Http404
    answer = get_object_or_404(
        response.answers.select_related("question__section__instrument"), question=question
    )
    if not helpers.is_sure(answer.question, answer):
        raise Http404
    offer = helpers.offer_from_answer(answer.question, answer, by=request.staff)
    if not offer.is_shown:
        messages.info(
            request, "Only you see this so far. Say how you would help, and who may see it."
        )
    return redirect("needs:offer_change", offer.pk)
