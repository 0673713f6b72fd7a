from django.urls import path

from networks import board_urls, review_urls
from networks.views import joining, members, networks, parts

app_name = "networks"
urlpatterns = [
    path("", networks.networks, name="list"),
    path("found/", networks.found, name="found"),
    path("<int:pk>/", networks.network, name="network"),
    path("<int:pk>/change/", networks.change, name="change"),
    path("<int:pk>/schools/", members.schools, name="schools"),
    path("<int:pk>/invite/", members.invite, name="invite"),
    path("<int:pk>/lead/<int:membership>/", members.lead, name="lead"),
    path("<int:pk>/part/<str:kind>/", parts.add, name="part_add"),
    path("<int:pk>/part/<str:kind>/<int:part>/", parts.change, name="part"),
    path("<int:pk>/look/<int:part>/", parts.look, name="look"),
    path("<int:pk>/answer/", joining.answer, name="answer"),
    path("<int:pk>/weigh/", joining.weigh, name="weigh"),
    path("<int:pk>/arriving/", joining.arriving, name="arriving"),
    path("<int:pk>/sharing/", joining.sharing, name="sharing"),
    path("<int:pk>/contact/", joining.contact, name="contact"),
    path("<int:pk>/leave/", joining.leave, name="leave"),
    *review_urls.urlpatterns,
    *board_urls.urlpatterns,
]
