"""The front page of needs: what I am asked, and what I need."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from audits import needs, proposals
from audits.forms import QuickNeedForm
from audits.models import Invitation, Need, NeedSource, Response
from audits.proposals import Rule
from audits.views.fetch import sub
from cpdhub.decorators import once, requires
from cpdhub.http import StaffRequest
from cpdhub.permissions import Permission

MOST_SUGGESTED = 5


@require_GET
@requires(Permission.WRITE_NEEDS)
def mine(request: StaffRequest) -> HttpResponse:
    return _page(request, QuickNeedForm())


def _page(request: StaffRequest, form: QuickNeedForm) -> HttpResponse:
    staff = request.staff
    invitations = list(
        Invitation.objects.of(staff)
        .select_related("round__instrument", "response")
        .defer("response__draft")
        .order_by("round__closes_on", "pk")
    )
    waiting = [each for each in invitations if each.round.is_open and not each.spent]
    others = [each for each in reversed(invitations) if each not in waiting]
    suggested = proposals.for_oneself(staff, Rule.of(request.school))
    own = list(Need.objects.owned_by(staff))
    context: dict[str, Any] = {
        "form": form,
        "waiting": [(each, _response(each)) for each in waiting],
        "others": [(each, _response(each)) for each in others],
        "needs": [need for need in own if need.is_open],
        "over": [need for need in own if not need.is_open],
        "suggested": suggested[:MOST_SUGGESTED],
        "more": suggested[MOST_SUGGESTED:],
        "ticked": request.GET.getlist("ticked"),
        "sub_links": sub(request, "needs:mine"),
    }
    return render(request, "audits/mine.html", context)


def _response(invitation: Invitation) -> Response | None:
    """The answers hanging on it, without another query."""
    return getattr(invitation, "response", None)


@require_POST
@requires(Permission.WRITE_NEEDS)
@once
def own_add(request: StaffRequest) -> HttpResponse:
    """One line, and it is written down."""
    staff = request.staff
    need = Need(
        whom=Need.Whom.PERSON, staff=staff, balance=Need.Balance.INDIVIDUAL, is_shared=False
    )
    form = QuickNeedForm(request.POST, instance=need)
    if not form.is_valid():
        return _page(request, form)
    saved = needs.write_down(
        form.save(commit=False), by=staff, sources=[NeedSource(kind=NeedSource.Kind.OWN)]
    )
    if "share" in request.POST:
        saved.share()
    messages.success(
        request,
        "Written down and shared." if saved.is_shared else "Written down. Only you can read it.",
    )
    return redirect("needs:mine")


@require_POST
@requires(Permission.WRITE_NEEDS)
@once
def suggested(request: StaffRequest) -> HttpResponse:
    """Yes or no to what one's own answers suggest."""
    rule = Rule.of(request.school)
    chosen = request.POST.getlist("need")
    if value := request.POST.get("decline"):
        needs.decline_for_oneself(request.staff, value, rule=rule)
        messages.success(request, "It is not suggested again.")
        return redirect(reverse("needs:mine", query={"ticked": chosen}))
    number = needs.take_for_oneself(
        request.staff, chosen, is_shared="share" in request.POST, rule=rule
    )
    if number:
        things = "1 need is" if number == 1 else f"{number} needs are"
        messages.success(request, f"{things} on your list.")
    else:
        messages.error(request, "Nothing was ticked.")
    return redirect("needs:mine")
