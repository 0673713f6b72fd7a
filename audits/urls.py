"""Needs: questionnaires, and rounds in which people answer them."""

from django.urls import path

from audits.views import answering, drafts, instruments, needs_to_come, results, rounds

app_name = "needs"
urlpatterns = [
    path("", answering.mine, name="mine"),
    path("answer/<int:pk>/<int:number>/", answering.answer, name="answer"),
    path("answer/<int:pk>/<int:number>/draft/", answering.draft, name="answer_draft"),
    path("answer/<int:pk>/check/", answering.check, name="answer_check"),
    path("answer/<int:pk>/send/", answering.send, name="answer_send"),
    path("answer/<int:pk>/own/", answering.own, name="answer_own"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/new/<int:instrument>/", rounds.round_new, name="round_new"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/change/", rounds.round_change, name="round_change"),
    path("rounds/<int:pk>/start/", rounds.round_start, name="round_start"),
    path("rounds/<int:pk>/delete/", rounds.round_delete, name="round_delete"),
    path("rounds/<int:pk>/extend/", rounds.round_extend, name="round_extend"),
    path("rounds/<int:pk>/invite/", rounds.round_invite, name="round_invite"),
    path("rounds/<int:pk>/remind/", rounds.round_remind, name="round_remind"),
    path("rounds/<int:pk>/close/", rounds.round_close, name="round_close"),
    path("rounds/<int:pk>/results/", results.results, name="results"),
    path("rounds/<int:pk>/results.csv", results.results_csv, name="results_csv"),
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
    path("register/", needs_to_come.register, name="register"),
    path("<uuid:pk>/", needs_to_come.need, name="need"),
    path("topics/<int:pk>/", needs_to_come.topic, name="topic"),
]
