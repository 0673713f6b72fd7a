"""The installation's administrator: the register and the schools."""

from django.urls import path

from cpdhub.views import hub

app_name = "hub"
urlpatterns = [
    path("", hub.home, name="home"),
    path("register/", hub.register, name="register"),
    path("register/upload/", hub.register_upload, name="register_upload"),
    path("register/<str:urn>/open/", hub.school_open, name="school_open"),
    path("teams/open/", hub.team_open, name="team_open"),
    path("schools/<slug:slug>/", hub.school, name="school"),
    path("schools/<slug:slug>/urn/", hub.school_urn, name="school_urn"),
    path("schools/<slug:slug>/invite/", hub.school_invite, name="school_invite"),
]
