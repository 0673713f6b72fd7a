"""The board of a network, its meetings, accounts of practice, and what schools let others use."""

from django.urls import path

from networks.views import accounts, board, meetings, resources

urlpatterns = [
    path("<int:pk>/accounts/", accounts.accounts, name="accounts"),
    path("<int:pk>/accounts/new/", accounts.account_new, name="account_new"),
    path("<int:pk>/accounts/<int:account>/", accounts.account, name="account"),
    path("<int:pk>/accounts/<int:account>/change/", accounts.account_change, name="account_change"),
    path("<int:pk>/board/", board.board, name="board"),
    path("<int:pk>/board/new/", board.thread_new, name="thread_new"),
    path("<int:pk>/board/<int:thread>/", board.thread, name="thread"),
    path("<int:pk>/board/<int:thread>/change/", board.thread_change, name="thread_change"),
    path("<int:pk>/board/<int:thread>/report/", board.thread_report, name="thread_report"),
    path("<int:pk>/board/<int:thread>/hide/", board.thread_hide, name="thread_hide"),
    path("<int:pk>/replies/<int:reply>/", board.reply, name="reply"),
    path("<int:pk>/replies/<int:reply>/report/", board.reply_report, name="reply_report"),
    path("<int:pk>/replies/<int:reply>/hide/", board.reply_hide, name="reply_hide"),
    path("<int:pk>/meetings/", meetings.meetings, name="meetings"),
    path("<int:pk>/meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("<int:pk>/meetings/<int:meeting>/", meetings.meeting, name="meeting"),
    path("<int:pk>/meetings/<int:meeting>/change/", meetings.meeting_change, name="meeting_change"),
    path("<int:pk>/points/<int:point>/", meetings.point, name="point"),
    path("<int:pk>/resources/", resources.resources, name="resources"),
    path("<int:pk>/resources/new/", resources.resource_new, name="resource_new"),
    path("<int:pk>/resources/<int:resource>/", resources.resource, name="resource"),
    path(
        "<int:pk>/resources/<int:resource>/change/",
        resources.resource_change,
        name="resource_change",
    ),
    path("<int:pk>/resources/<int:resource>/version/", resources.version_new, name="version_new"),
    path(
        "<int:pk>/resources/<int:resource>/remove/",
        resources.resource_remove,
        name="resource_remove",
    ),
    path("<int:pk>/versions/<int:version>/file/", resources.version_file, name="version_file"),
]
