"""My record, and a colleague's."""

from django.urls import path

from evaluation.views import qualifications
from evaluation.views import record as views

app_name = "record"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("record.csv", views.mine_csv, name="csv"),
    path("record.json", views.mine_json, name="json"),
    path("everyone/", views.everyone, name="everyone"),
    path("<int:pk>/", views.person, name="person"),
    path("qualifications/", qualifications.mine, name="qualifications"),
    path("qualifications/add/", qualifications.add, name="qualification_add"),
    path("qualifications/step/<int:pk>/", qualifications.step, name="qualification_step"),
    path("qualifications/<uuid:key>/", qualifications.qualification, name="qualification"),
    path("qualifications/<uuid:key>/change/", qualifications.change, name="qualification_change"),
    path("qualifications/<uuid:key>/remove/", qualifications.remove, name="qualification_remove"),
    path("qualifications/<uuid:key>/file/", qualifications.file, name="qualification_file"),
]
