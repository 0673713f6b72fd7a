"""The site map outside schools. A school's pages are in `school_urls.py`, at /s/<slug>/."""

from django.urls import include, path

from cpdhub.roof import views as roof
from cpdhub.views import errors, health
from evaluation.views import leavers, verify
from evaluation.views import shared_portfolio as shared

urlpatterns = [
    path("", roof.entrance, name="entrance"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/invitation/", include("cpdhub.invitation_urls")),
    path("accounts/", include("cpdhub.account_urls")),
    path("portfolio/<str:token>/", shared.shared_portfolio, name="shared_portfolio"),
    path("left/", leavers.left, name="left"),
    path("left/<int:pk>/record.zip", leavers.left_record, name="left_record"),
    path("left/<int:pk>/links/", leavers.left_links, name="left_links"),
    path("verify/", verify.ask, name="verify_ask"),
    path("verify/school/<str:urn>/", verify.issuer, name="badge_issuer"),
    path("verify/<str:code>/", verify.verify, name="verify"),
    path("hub/outbox/", include("cpdhub.outbox_urls")),
    path("hub/jobs/", include("cpdhub.hub_job_urls")),
    path("hub/", include("cpdhub.hub_urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
