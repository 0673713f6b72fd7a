"""Which school a request is in, and what it may carry."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.walls import installation_scope, person_scope, school_scope

SCHOOL_PATH = re.compile(r"^/s/(?P<slug>[-a-z0-9]+)(?P<rest>/.*)$")
NEEDS_NOTHING = {"/livez", "/readyz"}

GetResponse = Callable[[HttpRequest], HttpResponse]


class SchoolMiddleware:
    """Mounts a school's pages at /s/<slug>/ and opens both walls around them.

    Inside, `reverse()` answers with that school's addresses, as for an application mounted
    below a path; nothing about the school is kept in the session, so two tabs can show two.
    Somebody without a live post there gets the 404 of a page that does not exist.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.staff = request.school = request.school_slug = None  # type: ignore[attr-defined]
        if request.path_info in NEEDS_NOTHING:
            return self.get_response(request)
        match = SCHOOL_PATH.match(request.path_info)
        if match is None:
            return self._respond(request)
        request.urlconf = "cpdhub.school_urls"
        request.school_slug = match["slug"]  # type: ignore[attr-defined]
        request.path_info = match["rest"]
        before = get_script_prefix()
        set_script_prefix(f"/s/{match['slug']}/")
        try:
            return self._respond(request)
        finally:
            set_script_prefix(before)

    def _respond(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)  # LoginRequiredMiddleware decides
        with person_scope(request.user.pk):
            if request.school_slug:  # type: ignore[attr-defined]
                response = self._respond_in_school(request)
            elif getattr(request.user, "is_administrator", False):
                with installation_scope():
                    response = self.get_response(request)
            else:
                response = self.get_response(request)
            if response.status_code >= 500:
                # Django made a page of the view's error: what went before it must not stay.
                transaction.set_rollback(True)
            return response

    def _respond_in_school(self, request: Any) -> HttpResponse:
        posts = Staff.across.live(clock.today()).filter(user=request.user).select_related("school")
        staff = next((post for post in posts if post.school.slug == request.school_slug), None)
        if staff is None:
            raise Http404
        request.staff, request.school = staff, staff.school
        request.staff.has_other_posts = len(posts) > 1
        with school_scope(staff.school):
            return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in; words sent too late are given back, not thrown away."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        from cpdhub.views.errors import signed_out, typed

        if request.method == "POST" and typed(request):
            return signed_out(request)
        answer = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request") == "true":
            # A part of a page asks for itself: the whole page goes to sign-in, and comes back.
            back = urlsplit(request.headers.get("HX-Current-URL", ""))
            target = urlencode({"next": back.path + (f"?{back.query}" if back.query else "")})
            return HttpResponse(headers={"HX-Redirect": f"{settings.LOGIN_URL}?{target}"})
        return answer


class NotAllowedMiddleware:
    """Gives a page to whoever reloads an address that only takes forms; Django leaves it blank."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            from cpdhub.views.errors import not_allowed

            return not_allowed(request, response["Allow"])
        return response


class NulMiddleware:
    """Refuses addresses with the one character PostgreSQL cannot keep.

    Forms refuse it in their fields; what pages read from an address has nobody to look at it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class BodyLimitMiddleware:
    """Refuses what is too large before anybody parses it, and says how large it may be."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.limit(request):
            from cpdhub.views.errors import too_large

            return too_large(request, self.limit(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            from cpdhub.views.errors import too_large

            return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return None

    @staticmethod
    def limit(request: HttpRequest) -> int:
        if request.path_info.startswith("/hub/"):
            return settings.MAX_EXTRACT_BYTES
        if request.content_type == "multipart/form-data":
            return settings.MAX_UPLOAD_BYTES
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
