"""Needs: questionnaires, and rounds in which people answer them."""

from django.urls import path

from audits.views import drafts, instruments

app_name = "needs"
urlpatterns = [
    path("questionnaires/", instruments.instruments, name="instruments"),
    path("questionnaires/new/", instruments.instrument_new, name="instrument_new"),
    path("questionnaires/import/", instruments.instrument_import, name="instrument_import"),
    path("questionnaires/<int:pk>/", instruments.instrument, name="instrument"),
    path("questionnaires/<int:pk>/copy/", instruments.instrument_copy, name="instrument_copy"),
    path(
        "questionnaires/<int:pk>/publish/",
        instruments.instrument_publish,
        name="instrument_publish",
    ),
    path(
        "questionnaires/<int:pk>/delete/", instruments.instrument_delete, name="instrument_delete"
    ),
    path(
        "questionnaires/<int:pk>/questionnaire.csv",
        instruments.instrument_csv,
        name="instrument_csv",
    ),
    path("questionnaires/<int:pk>/change/", drafts.instrument_change, name="instrument_change"),
    path("questionnaires/<int:pk>/sections/add/", drafts.section_add, name="section_add"),
    path("sections/<int:pk>/", drafts.section_change, name="section_change"),
    path("sections/<int:pk>/move/<slug:way>/", drafts.section_move, name="section_move"),
    path("sections/<int:pk>/remove/", drafts.section_remove, name="section_remove"),
    path("sections/<int:pk>/questions/add/", drafts.question_add, name="question_add"),
    path("questions/<int:pk>/", drafts.question_change, name="question_change"),
    path("questions/<int:pk>/move/<slug:way>/", drafts.question_move, name="question_move"),
    path("questions/<int:pk>/remove/", drafts.question_remove, name="question_remove"),
]
