"""Recognition and certificates."""

from django.urls import path

from cpdhub.views.jobs import ask_for
from evaluation.invested import INVESTED
from evaluation.views import certificates, keep_recognition, wall
from evaluation.views import recognition as views

app_name = "recognition"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("schemes/<int:pk>/", views.scheme, name="scheme"),
    path("schemes/<int:pk>/begin/", views.begin, name="begin"),
    path("submissions/<uuid:uuid>/", views.submission, name="submission"),
    path("submissions/<uuid:uuid>/edit/", views.edit, name="edit"),
    path("submissions/<uuid:uuid>/delete/", views.delete, name="delete"),
    path("submissions/<uuid:uuid>/entries/<int:pk>/", views.entry, name="entry"),
    path("submissions/<uuid:uuid>/send/", views.send, name="send"),
    path("submissions/<uuid:uuid>/take-back/", views.take_back, name="take_back"),
    path("submissions/<uuid:uuid>/decide/", views.decide, name="decide"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/for/<int:pk>/", certificates.certify, name="certify"),
    path("certificates/<uuid:uuid>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:uuid>/certificate.pdf", certificates.certificate_pdf, name="pdf"),
    path("certificates/<uuid:uuid>/badge.jwt", certificates.badge, name="badge"),
    path("certificates/<uuid:uuid>/show/", wall.show, name="show"),
    path("invested/", ask_for(INVESTED), name="invested"),
    path("keep/", keep_recognition.keep, name="keep"),
    path("keep/schemes/new/", keep_recognition.scheme_new, name="scheme_new"),
    path("keep/schemes/<int:pk>/offer/", keep_recognition.offer, name="offer"),
    path("keep/schemes/<int:pk>/delete/", keep_recognition.scheme_delete, name="scheme_delete"),
    path("keep/verifiers/", keep_recognition.train, name="train"),
    path("keep/verifiers/<int:pk>/remove/", keep_recognition.untrain, name="untrain"),
    path("keep/certificates/", keep_recognition.print_all, name="print_all"),
    path("keep/certificates/<int:pk>/withdraw/", keep_recognition.withdraw, name="withdraw"),
    path("keep/certificates/<int:pk>/allow/", keep_recognition.allow_again, name="allow_again"),
]
