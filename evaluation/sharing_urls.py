"""What is passed on."""

from django.urls import path

from evaluation.views import sharing_plan as views

app_name = "sharing"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("activity/<int:pk>/", views.of_activity, name="activity"),
    path("<int:pk>/done/", views.done, name="done"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
