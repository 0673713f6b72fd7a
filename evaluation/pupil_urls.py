"""Where pupils and parents answer by a code, without an account."""

from django.urls import path

from evaluation.views import pupils as views

app_name = "pupils"
urlpatterns = [
    path("", views.enter, name="enter"),
    path("thanks/", views.thanks, name="thanks"),
    path("<str:code>/", views.answer, name="answer"),
]
