"""Reviews of a network, and the strategies it works by."""

from django.urls import path

from networks.views import pauses, reviews, strategies

urlpatterns = [
    path("<int:pk>/reviews/", reviews.reviews, name="reviews"),
    path("<int:pk>/reviews/new/", reviews.review_new, name="review_new"),
    path("<int:pk>/reviews/cards/", reviews.cards, name="cards"),
    path("<int:pk>/reviews/<int:review>/", reviews.review, name="review"),
    path("<int:pk>/reviews/<int:review>/change/", reviews.review_change, name="review_change"),
    path("<int:pk>/reviews/<int:review>/close/", reviews.review_close, name="review_close"),
    path("<int:pk>/reviews/<int:review>/answer/", reviews.review_answer, name="review_answer"),
    path("<int:pk>/reviews/<int:review>/draft/", reviews.review_draft, name="review_draft"),
    path("<int:pk>/reviews/<int:review>/pause/<str:prompt>/", pauses.pause_new, name="pause_new"),
    path("<int:pk>/pauses/<int:pause>/", pauses.pause, name="pause"),
    path("<int:pk>/strategies/", strategies.strategies, name="strategies"),
    path("<int:pk>/strategies/new/", strategies.strategy_new, name="strategy_new"),
    path("<int:pk>/strategies/<int:strategy>/", strategies.strategy, name="strategy"),
    path(
        "<int:pk>/strategies/<int:strategy>/change/",
        strategies.strategy_change,
        name="strategy_change",
    ),
    path("<int:pk>/strategies/<int:strategy>/we/", strategies.adoption, name="adoption"),
    path("<int:pk>/agreed/<int:adoption>/", strategies.agreed, name="agreed"),
]
