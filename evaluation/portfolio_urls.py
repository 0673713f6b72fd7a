"""One's own portfolios."""

from django.urls import path

from evaluation.views import portable
from evaluation.views import portfolios as views

app_name = "portfolio"
urlpatterns = [
    path("", views.portfolios, name="list"),
    path("new/", views.new, name="new"),
    path("record.zip", portable.record_zip, name="record"),
    path("bring/", portable.bring_in, name="bring"),
    path("earlier/<uuid:uuid>/", portable.imported, name="imported"),
    path("earlier/<uuid:uuid>/record.zip", portable.imported_file, name="imported_file"),
    path("earlier/<uuid:uuid>/remove/", portable.imported_remove, name="imported_remove"),
    path("<uuid:uuid>/", views.portfolio, name="portfolio"),
    path("<uuid:uuid>/edit/", views.edit, name="edit"),
    path("<uuid:uuid>/delete/", views.delete, name="delete"),
    path("<uuid:uuid>/pick/", views.pick, name="pick"),
    path("<uuid:uuid>/words/", views.words, name="words"),
    path("<uuid:uuid>/items/<int:pk>/", views.item, name="item"),
    path("<uuid:uuid>/items/<int:pk>/move/", views.move, name="move"),
    path("<uuid:uuid>/share/", views.share, name="share"),
    path("<uuid:uuid>/links/<int:pk>/end/", views.end_link, name="end_link"),
    path("<uuid:uuid>/portfolio.pdf", views.pdf, name="pdf"),
]
