"""The school's settings, terms, teams, and who sees what."""

from django.urls import path

from cpdhub.views import calendar, school, who_sees_what

app_name = "school"
urlpatterns = [
    path("", school.settings, name="settings"),
    path("urn/", school.urn, name="urn"),
    path("years/", school.year_list, name="years"),
    path("years/<int:first>/", school.year, name="year"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/inset/add/", calendar.inset_add, name="inset_add"),
    path("calendar/inset/<int:pk>/", calendar.inset, name="inset"),
    path("calendar/free/add/", calendar.blocked_add, name="blocked_add"),
    path("calendar/free/<int:pk>/", calendar.blocked, name="blocked"),
    path("teams/", school.team_list, name="teams"),
    path("teams/<int:pk>/", school.team, name="team"),
    path("teams/<int:pk>/delete/", school.team_delete, name="team_delete"),
    path("who-sees-what/", who_sees_what.who_sees_what, name="who_sees_what"),
]
