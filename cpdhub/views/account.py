"""A person's own account, the same in every school they work in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.models import Staff


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What a person can look after themselves: password, devices, and where they work."""
    posts = Staff.across.live(clock.today()).filter(user=request.user.pk)
    return render(
        request,
        "account/overview.html",
        {"posts": posts.select_related("school").order_by("school__name")},
    )
