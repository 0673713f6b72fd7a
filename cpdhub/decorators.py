"""What a view asks for before it runs."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from cpdhub import clock
from cpdhub.http import address_of
from cpdhub.models import Submission
from cpdhub.permissions import Permission

View = Callable[..., Any]


def rate_limited(view: View) -> View:
    """The page is for anybody: from one address it is asked for no faster than people read.

    Counted by the minute; of one that is over nothing is kept.
    """

    @wraps(view)
    def limited(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        minute = int(clock.now().timestamp() // 60)
        address = salted_hmac("rate", address_of(request)).hexdigest()[:20]
        key = f"rate-{view.__name__}-{minute}-{address}"
        asked = cache.get(key, 0) + 1
        cache.set(key, asked, 120)
        if asked > settings.PUBLIC_PAGES_A_MINUTE:
            from cpdhub.views.errors import too_fast

            return too_fast(request)
        return view(request, *args, **kwargs)

    return limited


def requires(permission: Permission) -> Callable[[View], View]:
    """The view is for people with a post in the school whose roles allow this."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.staff is None:
                raise Http404
            if not request.staff.can(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def administrator_only(view: View) -> View:
    """The view is for the installation's administrator; others do not learn that it exists."""

    @wraps(view)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated or not request.user.is_administrator:
            raise Http404
        return view(request, *args, **kwargs)

    checked.administrator_only = True  # type: ignore[attr-defined]
    return checked


def once(view: View) -> View:
    """A form sent twice (double click, back, retry) has one effect.

    The form carries `{% once %}`, a random key. The second answer is the first one's
    result. Two at the same moment take turns on the key's unique constraint.
    """

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            key = uuid.UUID(request.POST.get("once", ""))
        except ValueError:
            return view(request, *args, **kwargs)
        submission, is_new = Submission.objects.get_or_create(
            key=key, defaults={"school": request.school, "created_at": clock.now()}
        )
        if not is_new:
            return redirect(submission.location or request.path)
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect):
            Submission.objects.filter(pk=submission.pk).update(location=response.url)
        else:
            submission.delete()  # it had errors: the corrected form may come again
        return response

    return guarded
