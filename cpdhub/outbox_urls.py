"""The trial's letters, for the administrator."""

from django.urls import path

from cpdhub.views import outbox

app_name = "outbox"
urlpatterns = [
    path("", outbox.letters, name="letters"),
    path("<int:pk>/", outbox.letter, name="letter"),
    path("<int:pk>/html/", outbox.letter_html, name="letter_html"),
    path("<int:pk>/again/", outbox.again, name="again"),
]
