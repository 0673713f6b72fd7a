"""Pages that say what went wrong and what to do. 500 and 503 need no database or session."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(loader.get_template("400.html").render(), status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    megabytes = limit // 1_000_000
    page = loader.get_template("413.html").render({"megabytes": megabytes})
    return HttpResponse(page, status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or came from elsewhere: show what was typed, change nothing."""
    typed: list[tuple[str, Any]] = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value and name not in {"csrfmiddlewaretoken", "once"} and "password" not in name
    ]
    return render(request, "403_csrf.html", {"typed": typed}, status=403)
