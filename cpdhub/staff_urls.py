"""Colleagues: directory, one person, invitations."""

from django.urls import path

from cpdhub.views import calendar, staff

app_name = "staff"
urlpatterns = [
    path("", staff.staff_list, name="list"),
    path("list.csv", staff.staff_export, name="export"),
    path("add/", staff.staff_add, name="add"),
    path("invite/", staff.staff_invite_all, name="invite_all"),
    path("<int:pk>/", staff.staff_person, name="person"),
    path("<int:pk>/edit/", staff.staff_edit, name="edit"),
    path("<int:pk>/protected/", calendar.protected, name="protected"),
    path("<int:pk>/roles/", staff.staff_roles, name="roles"),
    path("<int:pk>/leave/", staff.staff_leave, name="leave"),
    path("<int:pk>/return/", staff.staff_return, name="return"),
    path("<int:pk>/invite/", staff.staff_invite, name="invite"),
]
