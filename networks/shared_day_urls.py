"""Shared INSET days: pages of a network."""

from django.urls import path

from networks.views import choosing, day_lists, day_parts, days, timetable, workshops

DAY = "<int:pk>/days/<int:day>"
urlpatterns = [
    path("<int:pk>/days/", days.days, name="days"),
    path("<int:pk>/days/add/", days.add, name="day_add"),
    path("days/site-pdf/", day_lists.site_pdf, name="day_site_pdf"),
    path(f"{DAY}/", days.day, name="day"),
    path(f"{DAY}/change/", days.change, name="day_change"),
    path(f"{DAY}/remove/", days.remove, name="day_remove"),
    path(f"{DAY}/open/", days.open_choices, name="day_open"),
    path(f"{DAY}/over/", days.over, name="day_over"),
    path(f"{DAY}/add/<str:kind>/", day_parts.add, name="day_part_add"),
    path(f"{DAY}/part/<str:kind>/<int:part>/", day_parts.change, name="day_part"),
    path(f"{DAY}/workshops/", workshops.programme, name="day_programme"),
    path(f"{DAY}/workshops/add/", workshops.add, name="workshop_add"),
    path(f"{DAY}/workshops/upload/", workshops.upload, name="workshops_upload"),
    path(f"{DAY}/workshops/take/", workshops.take, name="workshops_take"),
    path(f"{DAY}/workshops/<int:workshop>/", workshops.change, name="workshop"),
    path(f"{DAY}/workshops/<int:workshop>/copy/", workshops.copy, name="workshop_copy"),
    path(f"{DAY}/workshops/<int:workshop>/drop/", workshops.drop, name="workshop_drop"),
    path(f"{DAY}/taking-part/", choosing.taking_part, name="day_taking_part"),
    path(f"{DAY}/choose/", choosing.choose, name="day_choose"),
    path(f"{DAY}/build/", timetable.build, name="day_build"),
    path(f"{DAY}/mine/", timetable.mine, name="day_mine"),
    path(f"{DAY}/mine.ics", timetable.mine_ics, name="day_mine_ics"),
    path(f"{DAY}/sites/<int:site>/", day_lists.site, name="day_site"),
    path(f"{DAY}/sites/<int:site>/file/", day_lists.site_csv, name="day_site_csv"),
    path(f"{DAY}/our-people/", day_lists.our_people, name="day_people"),
    path(f"{DAY}/our-people/file/", day_lists.our_people_csv, name="day_people_csv"),
    path(f"{DAY}/register/<int:workshop>/", day_lists.register, name="day_register"),
]
