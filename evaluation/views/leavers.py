"""Outside schools: what somebody who has left can still fetch, for thirty days."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cpdhub import clock
from cpdhub.models import LogEntry, Staff
from cpdhub.walls import school_scope
from evaluation import portable
from evaluation.models import AFTER_LEAVING, PortfolioLink
from evaluation.views.portfolios import as_file


def left_lately(user: Any) -> Any:
    """Their posts that ended not more than thirty days ago. Governors keep no record."""
    today = clock.today()
    ended = Staff.across.left(today).filter(user=user.pk, ends_on__gt=today - AFTER_LEAVING)
    return ended.exclude(group="").select_related("school").order_by("school__name")


@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Each school somebody left lately, and until when the record can be fetched."""
    posts = list(left_lately(request.user))
    if not posts:
        raise Http404
    for post in posts:
        post.until = post.ends_on + AFTER_LEAVING - timedelta(days=1)
        with school_scope(post.school):
            links = PortfolioLink.objects.working(clock.today())
            post.links = links.filter(portfolio__owner=post).count()
    return render(request, "evaluation/left.html", {"posts": posts})


def _post(request: HttpRequest, pk: int) -> Staff:
    post = left_lately(request.user).filter(pk=pk).first()
    if post is None:
        raise Http404
    return post


@require_GET
def left_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The portable record of the school they left."""
    post = _post(request, pk)
    with school_scope(post.school):
        LogEntry.write(
            LogEntry.Kind.EXPORTED,
            by=post,
            what="portable record",
            object_id=pk,
            note="after leaving",
        )
        return as_file(portable.build(post), "application/zip", portable.file_name(post))


@require_POST
def left_links(request: HttpRequest, pk: int) -> HttpResponse:
    """End every link they gave while they worked there."""
    post = _post(request, pk)
    with school_scope(post.school):
        links = PortfolioLink.objects.working(clock.today()).filter(portfolio__owner=post)
        links.update(ended_at=clock.now())
    messages.success(request, "Ended. Those links show nothing any more.")
    return redirect("left")
