"""The school's settings, terms, teams, and who sees what."""

from django.urls import URLPattern, URLResolver

app_name = "school"
urlpatterns: list[URLPattern | URLResolver] = []
