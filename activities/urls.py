"""Activities, sessions, calendar."""

from django.urls import path

from activities.views import (
    activity,
    calendar,
    early,
    entitled,
    entitlements,
    handover,
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
    path("entitlements/", entitled.entitled, name="entitled"),
    path("entitlements/catch-up/", entitled.catch_up, name="catch_up"),
    path("entitlements/people/<int:pk>/", entitled.entitled_person, name="entitled_person"),
    path("entitlements/people/<int:pk>/<int:step_pk>/", entitled.receive, name="receive"),
    path("entitlements/received/<uuid:pk>/", entitled.take_back, name="take_back"),
    path("entitlements/list/", entitlements.entitlements, name="entitlements"),
    path("entitlements/<int:pk>/", entitlements.entitlement, name="entitlement"),
    path("entitlements/<int:pk>/keep/", entitlements.entitlement_keep, name="entitlement_keep"),
    path("entitlements/<int:pk>/stop/", entitlements.entitlement_stop, name="entitlement_stop"),
    path("entitlements/<int:pk>/copy/", entitlements.entitlement_copy, name="entitlement_copy"),
    path(
        "entitlements/<int:pk>/change/", entitlements.entitlement_change, name="entitlement_change"
    ),
    path(
        "entitlements/<int:pk>/delete/", entitlements.entitlement_delete, name="entitlement_delete"
    ),
    path("entitlements/<int:pk>/people/add/", entitlements.entitled_add, name="entitled_add"),
    path("entitlements/named/<int:pk>/", entitlements.entitled_remove, name="entitled_remove"),
    path("early-career/", early.early_careers, name="early_careers"),
    path("early-career/add/", early.early_add, name="early_add"),
    path("early-career/<int:pk>/", early.early, name="early"),
    path("early-career/<int:pk>/change/", early.early_change, name="early_change"),
    path("handover/<int:pk>/", handover.handover, name="handover"),
    path("handover/note/<uuid:pk>/", handover.handover_delete, name="handover_delete"),
]
