"""Observations, open doors, look-fors and learning walks."""

from django.urls import path

from evaluation.views import classrooms
from evaluation.views import observation as one
from evaluation.views import observation_notes as notes
from evaluation.views import observations as views

app_name = "observations"
urlpatterns = [
    path("", views.observations, name="list"),
    path("ask/", views.ask, name="ask"),
    path("offer/", views.offer, name="offer"),
    path("look-fors/", classrooms.look_fors, name="look_fors"),
    path("look-fors/change/", classrooms.look_fors_change, name="look_fors_change"),
    path("doors/", classrooms.doors, name="doors"),
    path("doors/open/", classrooms.door_open, name="door_open"),
    path("doors/<int:pk>/close/", classrooms.door_close, name="door_close"),
    path("walks/", classrooms.walks, name="walks"),
    path("walks/write/", classrooms.walk_write, name="walk_write"),
    path("walks/<uuid:uuid>/", classrooms.walk, name="walk"),
    path("walks/<uuid:uuid>/change/", classrooms.walk_change, name="walk_change"),
    path("walks/<uuid:uuid>/delete/", classrooms.walk_delete, name="walk_delete"),
    path("<uuid:uuid>/", one.observation, name="observation"),
    path("<uuid:uuid>/arrange/", one.arrange, name="arrange"),
    path("<uuid:uuid>/agree/", one.agree, name="agree"),
    path("<uuid:uuid>/withdraw/", one.withdraw, name="withdraw"),
    path("<uuid:uuid>/held/", one.held, name="held"),
    path("<uuid:uuid>/notes/", notes.notes, name="notes"),
    path("<uuid:uuid>/notes/draft/", notes.notes_draft, name="notes_draft"),
    path("<uuid:uuid>/talk/", notes.talk, name="talk"),
    path("<uuid:uuid>/own-words/", notes.own_words, name="own_words"),
    path("<uuid:uuid>/close/", one.close, name="close"),
    path("<uuid:uuid>/share/", one.share, name="share"),
    path("<uuid:uuid>/destroy/", one.destroy, name="destroy"),
]
