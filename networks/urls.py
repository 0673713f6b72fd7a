from django.urls import include, path

from networks import board_urls, review_urls, shared_day_urls
from networks.views import expertise, figures, joining, members, networks, parts

app_name = "networks"
urlpatterns = [
    path("", include("networks.offer_urls")),
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
    path("<int:pk>/expertise/", expertise.expertise, name="expertise"),
    path("<int:pk>/ask/", expertise.ask, name="ask"),
    path("<int:pk>/ask/<int:enquiry>/", expertise.enquiry, name="enquiry"),
    path("<int:pk>/figures/", figures.figures, name="figures"),
    path("<int:pk>/figures/publish/", figures.publish, name="publish"),
    path("figures.pdf", figures.summary_pdf, name="summary_pdf"),
    path("<int:pk>/needs/", figures.needs, name="needs"),
    path("<int:pk>/needs/propose/", figures.propose, name="propose"),
    path("<int:pk>/needs/take/", figures.take, name="take"),
    *shared_day_urls.urlpatterns,
    *review_urls.urlpatterns,
    *board_urls.urlpatterns,
]
