"""Reviews of a network, its strategies and how far schools are with them."""

from datetime import timedelta

import factory

from cpdhub import clock
from networks import models
from tests.factories.ground import InSchool, StaffFactory, same_school
from tests.factories.networks import of_network


class StrategyFactory(InSchool):
    class Meta:
        model = models.Strategy

    network = of_network()
    title = factory.Sequence(lambda n: f"Strategy {n}")
    about = "Lead teachers visit each school"
    way = "deepen"


class AdoptionFactory(InSchool):
    """What `school` says of itself."""

    class Meta:
        model = models.Adoption

    strategy = factory.SubFactory(StrategyFactory, school=factory.SelfAttribute("..school"))
    network = factory.SelfAttribute("strategy.network")
    state = "involved"


class NetworkReviewFactory(InSchool):
    class Meta:
        model = models.NetworkReview

    network = of_network()
    kind = "propositions"
    title = factory.Sequence(lambda n: f"Review {n}")
    closes_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=14))


class RatingFactory(InSchool):
    class Meta:
        model = models.Rating

    review = factory.SubFactory(NetworkReviewFactory, school=factory.SelfAttribute("..school"))
    network = factory.SelfAttribute("review.network")
    item = "alignment"
    staff = same_school(StaffFactory)
    name = factory.SelfAttribute("staff.name")
    level = "mostly"


class PauseFactory(InSchool):
    class Meta:
        model = models.Pause

    review = factory.SubFactory(NetworkReviewFactory, school=factory.SelfAttribute("..school"))
    network = factory.SelfAttribute("review.network")
    prompt = "p1"
    note = "Talk, in all three"
