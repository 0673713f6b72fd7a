from django.urls import path

from networks.views import hosting, offers, places

OFFER = "<int:pk>/offers/<int:offer>/"

urlpatterns = [
    path("offers/", offers.offers, name="offers"),
    path("offers/activity/<int:activity>/", hosting.offer_begin, name="offer_begin"),
    path("<int:pk>/offers/", offers.offer_map, name="offer_map"),
    path("<int:pk>/offers/open/", hosting.offer_open, name="offer_open"),
    path("<int:pk>/credits/", places.place_credits, name="credits"),
    path(OFFER, offers.offer, name="offer"),
    path(f"{OFFER}change/", hosting.offer_change, name="offer_change"),
    path(f"{OFFER}state/", hosting.offer_state, name="offer_state"),
    path(f"{OFFER}withdraw/", hosting.offer_withdraw, name="offer_withdraw"),
    path(f"{OFFER}register/<int:session>/", hosting.offer_register, name="offer_register"),
    path(f"{OFFER}book/", places.offer_book, name="offer_book"),
    path(f"{OFFER}take/", places.offer_take, name="offer_take"),
    path(f"{OFFER}back/<int:seat>/", places.offer_give_back, name="offer_give_back"),
    path(f"{OFFER}ours/", places.offer_part, name="offer_part"),
    path(f"{OFFER}how/", places.offer_answer, name="offer_answer"),
]
