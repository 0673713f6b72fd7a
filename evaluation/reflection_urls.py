"""Reflections."""

from django.urls import path

from evaluation.views import reflections as views

app_name = "reflections"
urlpatterns = [
    path("", views.reflections, name="list"),
    path("write/", views.write, name="write"),
    path("draft/", views.draft, name="draft"),
    path("activity/<int:pk>/", views.for_activity, name="for_activity"),
    path("<uuid:uuid>/", views.reflection, name="reflection"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/delete/", views.delete, name="delete"),
]
