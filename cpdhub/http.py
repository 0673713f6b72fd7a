"""Types of requests, for views, and where they come from."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from cpdhub.models import School, Staff, User


class StaffRequest(HttpRequest):
    """A request inside a school: `SchoolMiddleware` found the person's live post there."""

    user: User
    staff: Staff
    school: School
    htmx: HtmxDetails


class AdministratorRequest(HttpRequest):
    """A request of the installation's administrator, outside any school."""

    user: User
    htmx: HtmxDetails


def address_of(request: HttpRequest) -> str:
    """Where somebody asks from, also behind the proxies we trust: guesses are counted by it."""
    return str(get_adapter().get_client_ip(request))
