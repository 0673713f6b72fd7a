"""The site map with pages that go wrong on purpose, to look at what they say."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from cpdhub.views import errors


def went_wrong(answer, **arguments):
    return login_not_required(lambda request: answer(request, **arguments))


urlpatterns = [
    path("wrong/400/", went_wrong(errors.bad_request)),
    path("wrong/403/", went_wrong(errors.forbidden)),
    path("wrong/405/", went_wrong(errors.not_allowed, allow="POST")),
    path("wrong/413/", went_wrong(errors.too_large, limit=10_000_000)),
    path("wrong/429/", went_wrong(errors.too_many)),
    path("wrong/500/", went_wrong(errors.server_error)),
    path("wrong/503/", went_wrong(errors.unavailable)),
    path("", include("cpdhub.urls")),
]
handler404 = errors.not_found
