"""Pages that say what went wrong and what to do; the plain ones need no database or session."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.permissions import Permission, Role

# What pages put into forms for themselves: nobody typed it.
MACHINERY = {"csrfmiddlewaretoken", "once", "revision", "ticket", "next"}
STYLESHEETS = ("bootstrap/css/bootstrap.min.css", "css/app.css")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return _plain("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Which right is missing, and who can give it."""
    reason = exception.args[0] if exception and exception.args else None
    context: dict[str, Any] = {"helpers": _helpers(request)}
    if isinstance(reason, Permission):
        context["permission"] = reason
    elif reason:
        context["sentence"] = str(reason)
    return render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same for what is missing and for what is somebody else's: it names no address."""
    return render(request, "404.html", {"is_error": True}, status=404)


def not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    response = _plain("405.html", 405)
    response["Allow"] = allow
    return response


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    return _plain("413.html", 413, megabytes=f"{limit / 1_000_000:g}")


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's answer to too many tries at signing in."""
    response = _plain("429.html", 429)
    response["Retry-After"] = "300"
    return response


def too_fast(request: HttpRequest) -> HttpResponse:
    """A page anybody may open, asked for faster than people read."""
    response = _plain("429_pages.html", 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Our mistake; unless the database is out of reach, which passes."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _plain("500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _plain("503.html", 503, is_post=request.method == "POST")
    response["Retry-After"] = "30"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or came from elsewhere: show what was typed, change nothing."""
    context = {"typed": typed(request), "back": back(request)}
    return render(request, "403_csrf.html", context, status=403)


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form came after its sender was signed out: give the words back, lead to sign-in."""
    context = {"typed": typed(request), "back": back(request)}
    return render(request, "403_signed_out.html", context, status=403)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was written into a form that could not be taken, without secrets."""
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, values in request.POST.lists()
        for value in values
        if value.strip()
        and name not in MACHINERY
        and not name.endswith("_FORMS")
        and "password" not in name
    ]


def back(request: HttpRequest) -> str:
    """The page the form was on; the form's own address when that is not known."""
    referer = request.headers.get("Referer", "")
    host = request.get_host()
    if url_has_allowed_host_and_scheme(referer, {host}, require_https=request.is_secure()):
        return "/" + referer.partition(f"//{host}")[2].removeprefix("/")
    return request.path


def _helpers(request: HttpRequest) -> list[str]:
    """Who in this school may give roles."""
    if getattr(request, "school", None) is None:
        return []
    heads = Staff.objects.live(clock.today()).with_role(Role.HEAD)
    return [head.name for head in heads[:3]]


def _plain(template: str, status: int, **context: Any) -> HttpResponse:
    context["stylesheets"] = [_static(path) for path in STYLESHEETS]
    return HttpResponse(loader.get_template(template).render(context), status=status)


def _static(path: str) -> str:
    """A stylesheet's address even where the list of static files is the thing that is broken."""
    try:
        return static(path)
    except ValueError:
        return settings.STATIC_URL + path
