"""Pupils' voice, for staff."""

from django.urls import path

from evaluation.views import voice as views

app_name = "voice"
urlpatterns = [
    path("", views.voices, name="list"),
    path("ask/", views.ask, name="ask"),
    path("<uuid:uuid>/", views.voice, name="voice"),
    path("<uuid:uuid>/close/", views.close, name="close"),
    path("<uuid:uuid>/evidence/", views.evidence, name="evidence"),
    path("<uuid:uuid>/delete/", views.delete, name="delete"),
]
