"""The first page: what needs you."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import requires
from cpdhub.http import StaffRequest
from cpdhub.models import Staff
from cpdhub.permissions import Permission


@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """Straight into the only school somebody works in, else a choice."""
    posts = list(
        Staff.across.live(clock.today())
        .filter(user=request.user.pk)
        .select_related("school")
        .order_by("school__name")
    )
    if len(posts) == 1 and not getattr(request.user, "is_administrator", False):
        return redirect(f"/s/{posts[0].school.slug}/")
    return render(request, "roof/entrance.html", {"posts": posts})


@require_GET
@requires(Permission.SEE_HOME)
def home(request: StaffRequest) -> HttpResponse:
    return render(request, "roof/home.html", {"now": clock.now()})
