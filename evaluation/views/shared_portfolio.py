"""A portfolio behind a secret link: for whoever has it, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cpdhub import clock
from cpdhub.decorators import rate_limited
from cpdhub.walls import school_scope
from evaluation.models import PortfolioLink
from evaluation.portfolio_shown import shown


@login_not_required
@never_cache
@require_GET
@rate_limited
def shared_portfolio(request: HttpRequest, token: str) -> HttpResponse:
    """What its owner put together, as it is now; of a link that has ended nothing but that."""
    read = PortfolioLink.read(token)
    if read is None:
        return unseen(render(request, "evaluation/shared_nothing.html", status=404))
    school_id, uuid = read
    with school_scope(school_id):
        links = PortfolioLink.objects.working(clock.today()).filter(uuid=uuid)
        link = links.select_related("portfolio__owner__school").first()
        if link is None:
            return unseen(render(request, "evaluation/shared_ended.html", status=410))
        portfolio = link.portfolio
        if not request.user.is_authenticated or portfolio.owner.user_id != request.user.pk:
            links.count_opening(at=clock.now())
        context = {
            "portfolio": portfolio,
            "owner": portfolio.owner,
            "lines": shown(portfolio, for_others=True),
            "link": link,
        }
        return unseen(render(request, "evaluation/shared_portfolio.html", context))


def unseen(response: HttpResponse) -> HttpResponse:
    """Found by no search engine, told to no other site."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
