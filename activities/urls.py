"""Activities, sessions, calendar."""

from django.urls import path

from activities.views import (
    activity,
    calendar,
    design,
    help,
    listing,
    log,
    plan,
    register,
    sessions,
    suggest,
)

app_name = "activities"
urlpatterns = [
    path("", listing.activities, name="list"),
    path("plan/", plan.plan, name="plan"),
    path("suggest/", suggest.suggest_page, name="suggest"),
    path("log/", log.log, name="log"),
    path("log/own/", log.log_own, name="log_own"),
    path("calendar/", calendar.month, name="calendar"),
    path("calendar/new-address/", calendar.new_feed_address, name="new_feed_address"),
    path("calendar/<uuid:token>.ics", calendar.feed, name="feed"),
    path("help/<uuid:pk>/", help.help_page, name="help"),
    path("help/<uuid:pk>/accept/", help.help_accept, name="help_accept"),
    path("help/<uuid:pk>/decline/", help.help_decline, name="help_decline"),
    path("help/<uuid:pk>/thank/", help.help_thank, name="help_thank"),
    path("help/<uuid:pk>/<slug:move>/", help.help_move, name="help_move"),
    path("<int:pk>/", activity.activity, name="activity"),
    path("<int:pk>/edit/", plan.edit, name="edit"),
    path("<int:pk>/impact/", plan.impact, name="impact"),
    path("<int:pk>/design/", design.design, name="design"),
    path("<int:pk>/people/", plan.people, name="people"),
    path("<int:pk>/move/<slug:move>/", activity.move, name="move"),
    path("<int:pk>/cancel/", activity.cancel, name="cancel"),
    path("<int:pk>/delete/", activity.delete, name="delete"),
    path("<int:pk>/undo/", log.undo, name="undo"),
    path("<int:pk>/sessions/add/", sessions.add_session, name="add_session"),
    path("sessions/<int:pk>/", sessions.change_session, name="change_session"),
    path("sessions/<int:pk>/cancel/", sessions.cancel_session, name="cancel_session"),
    path("sessions/<int:pk>/restore/", sessions.restore_session, name="restore_session"),
    path("sessions/<int:pk>/register/", register.register, name="register"),
    path("sessions/<int:pk>/cpd.ics", calendar.session_ics, name="session_ics"),
]
