"""The site map of one school, mounted at /s/<slug>/ by `SchoolMiddleware`."""

from django.urls import include, path

from cpdhub.roof import views as roof
from cpdhub.views import errors

urlpatterns = [
    path("", roof.home, name="home"),
    path("plan/", include("cpdhub.plan_urls")),
    path("needs/", include("audits.urls")),
    path("activities/", include("activities.urls")),
    path("reflections/", include("evaluation.reflection_urls")),
    path("observations/", include("evaluation.observation_urls")),
    path("innovations/", include("evaluation.innovation_urls")),
    path("voice/", include("evaluation.voice_urls")),
    path("pupils/", include("evaluation.pupil_urls")),
    path("record/", include("evaluation.record_urls")),
    path("portfolio/", include("evaluation.portfolio_urls")),
    path("recognition/", include("evaluation.recognition_urls")),
    path("staffroom/", include("evaluation.staffroom_urls")),
    path("sharing/", include("evaluation.sharing_urls")),
    path("impact/", include("evaluation.impact_urls")),
    path("networks/", include("networks.urls")),
    path("staff/", include("cpdhub.staff_urls")),
    path("imports/", include("cpdhub.import_urls")),
    path("jobs/", include("cpdhub.job_urls")),
    path("school/", include("cpdhub.settings_urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
