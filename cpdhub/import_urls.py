"""Staff records from a file."""

from django.urls import path

from cpdhub.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.import_list, name="list"),
    path("upload/", imports.upload, name="upload"),
    path("template.csv", imports.template, name="template"),
    path("<int:pk>/", imports.staff_import, name="staff_import"),
    path("<int:pk>/columns/", imports.mapping, name="mapping"),
    path("<int:pk>/choose/", imports.choose, name="choose"),
    path("<int:pk>/confirm/", imports.confirm, name="confirm"),
    path("<int:pk>/undo/", imports.undo, name="undo"),
    path("<int:pk>/discard/", imports.discard, name="discard"),
    path("<int:pk>/problems.csv", imports.problems, name="problems"),
]
