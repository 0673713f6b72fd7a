"""Reflections."""

from django.urls import URLPattern, URLResolver

app_name = "reflections"
urlpatterns: list[URLPattern | URLResolver] = []
