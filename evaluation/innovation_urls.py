"""Innovations."""

from django.urls import path

from evaluation.views import innovations as views
from evaluation.views import own_use

app_name = "innovations"
urlpatterns = [
    path("", views.innovations, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.innovation, name="innovation"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/copy/", views.copy, name="copy"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/place/", views.place, name="place"),
    path("<int:pk>/where-am-i/", own_use.where_am_i, name="where_am_i"),
    path("my-use/<int:pk>/forget/", own_use.forget, name="forget_use"),
    path("components/<int:pk>/step/", views.step_add, name="step_add"),
    path("steps/<int:pk>/done/", views.step_done, name="step_done"),
]
