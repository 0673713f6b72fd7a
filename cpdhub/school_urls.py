"""The site map of one school, mounted at /s/<slug>/ by `SchoolMiddleware`."""

from django.urls import path

from cpdhub.roof import views as roof
from cpdhub.views import errors

urlpatterns = [
    path("", roof.home, name="home"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
