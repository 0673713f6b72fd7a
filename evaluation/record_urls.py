"""My record, and a colleague's."""

from django.urls import path

from evaluation.views import record as views

app_name = "record"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("record.csv", views.mine_csv, name="csv"),
    path("record.json", views.mine_json, name="json"),
    path("everyone/", views.everyone, name="everyone"),
    path("<int:pk>/", views.person, name="person"),
]
