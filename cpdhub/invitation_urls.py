"""Accepting an invitation."""

from django.urls import path

from cpdhub.views import invitation

app_name = "invitation"
urlpatterns = [path("<str:token>/", invitation.accept, name="accept")]
