"""Long work: progress and files."""

from django.urls import path

from cpdhub.views import jobs

app_name = "jobs"
urlpatterns = [
    path("", jobs.mine, name="mine"),
    path("letters/", jobs.letters, name="letters"),
    path("<uuid:job_uuid>/", jobs.job, name="job"),
    path("<uuid:job_uuid>/file/", jobs.file, name="file"),
    path("<uuid:job_uuid>/again/", jobs.again, name="again"),
]
