"""The outbox, for the installation's administrator.

In a trial all letters can be read: nothing leaves the machine and the people are invented.
Elsewhere only those that could not be delivered are listed, without what they say, and those of a
school without whom they are for: who is reminded of what is the school's own affair.
"""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cpdhub import outbox
from cpdhub.decorators import administrator_only
from cpdhub.http import AdministratorRequest
from cpdhub.models import OutboxMessage

A_PAGE = 50


@require_GET
@administrator_only
def letters(request: AdministratorRequest) -> HttpResponse:
    found = OutboxMessage.across.select_related("school").defer("text", "html")
    wanted = request.GET.get("q", "").strip()
    if not settings.TRIAL:
        found = found.undelivered()
    if wanted and settings.TRIAL:
        found = found.filter(Q(to__icontains=wanted) | Q(subject__icontains=wanted))
    elif wanted:
        # What is not shown cannot be guessed by searching for it either.
        found = found.filter(
            Q(school=None, to__icontains=wanted) | Q(school__name__icontains=wanted)
        )
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "wanted": wanted, "is_trial": settings.TRIAL}
    return render(request, "cpdhub/outbox/letters.html", context)


@require_GET
@administrator_only
def letter(request: AdministratorRequest, pk: int) -> HttpResponse:
    return render(request, "cpdhub/outbox/letter.html", {"letter": _readable(pk)})


@require_GET
@administrator_only
def letter_html(request: AdministratorRequest, pk: int) -> HttpResponse:
    """The letter as a mail program would show it; nothing in it runs or is fetched."""
    response = HttpResponse(_readable(pk).html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
        " allow-top-navigation-by-user-activation"
    )
    return response


@require_POST
@administrator_only
def again(request: AdministratorRequest, pk: int) -> HttpResponse:
    """One more round of attempts for a letter that could not be delivered."""
    message = get_object_or_404(OutboxMessage.across.undelivered().only("school_id"), pk=pk)
    outbox.send_again(message)
    messages.success(request, "It will be tried again now.")
    return redirect("outbox:letters")


def _readable(pk: int) -> OutboxMessage:
    if not settings.TRIAL:
        raise Http404
    return get_object_or_404(OutboxMessage.across.select_related("school"), pk=pk)
