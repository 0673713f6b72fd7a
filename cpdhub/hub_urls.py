"""The installation's administrator: the register and the schools."""

from django.urls import URLPattern, URLResolver

app_name = "hub"
urlpatterns: list[URLPattern | URLResolver] = []
