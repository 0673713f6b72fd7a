"""The same for the installation's own work (the register of schools)."""

from django.urls import path

from cpdhub.views import jobs

app_name = "jobs"
urlpatterns = [
    path("<uuid:job_uuid>/", jobs.hub_job, name="job"),
    path("<uuid:job_uuid>/file/", jobs.hub_file, name="file"),
    path("<uuid:job_uuid>/again/", jobs.hub_again, name="again"),
]
