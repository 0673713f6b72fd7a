"""The staffroom."""

from django.urls import path

from evaluation.views import bulletins, wall
from evaluation.views import post_keeping as keeping
from evaluation.views import posts as views

app_name = "staffroom"
urlpatterns = [
    path("", views.posts, name="posts"),
    path("new/", views.new, name="new"),
    path("draft/", views.draft, name="draft"),
    path("wall/", wall.wall, name="wall"),
    path("<int:pk>/", views.post, name="post"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/comment/", views.comment, name="comment"),
    path("<int:pk>/report/", keeping.report, name="report"),
    path("<int:pk>/hide/", keeping.hide, name="hide"),
    path("<int:pk>/look-again/", keeping.look_again, name="look_again"),
    path("comments/<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/delete/", views.comment_delete, name="comment_delete"),
    path("comments/<int:pk>/report/", keeping.comment_report, name="comment_report"),
    path("comments/<int:pk>/hide/", keeping.comment_hide, name="comment_hide"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/new/", bulletins.bulletin_new, name="bulletin_new"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/edit/", bulletins.bulletin_edit, name="bulletin_edit"),
    path("bulletins/<int:pk>/tick/", bulletins.bulletin_tick, name="bulletin_tick"),
    path("bulletins/<int:pk>/send/", bulletins.bulletin_send, name="bulletin_send"),
    path("bulletins/<int:pk>/delete/", bulletins.bulletin_delete, name="bulletin_delete"),
    path("bulletins/<int:pk>/bulletin.pdf", bulletins.bulletin_pdf, name="bulletin_pdf"),
]
