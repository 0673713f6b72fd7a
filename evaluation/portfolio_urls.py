"""One's own portfolios."""

from django.urls import path

from evaluation.views import portfolios as views

app_name = "portfolio"
urlpatterns = [
    path("", views.portfolios, name="list"),
    path("new/", views.new, name="new"),
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
