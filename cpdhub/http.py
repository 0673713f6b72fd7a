"""Types of requests, for views."""

from __future__ import annotations

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
