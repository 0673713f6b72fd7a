"""Offers of a school to a network, and places of other schools at them."""

from datetime import timedelta

import factory

from cpdhub import clock
from cpdhub.walls import school_scope
from networks import models, offering
from tests.factories.activities import ActivityFactory, SessionFactory
from tests.factories.ground import InSchool, SchoolFactory, StaffFactory, same_school
from tests.factories.networks import MembershipFactory, of_network


class OfferFactory(InSchool):
    """A planned activity of the school with a session in a week, opened to a network it leads."""

    class Meta:
        model = models.Offer

    network = of_network()
    activity = same_school(ActivityFactory, state="planned")
    places = 10

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        activity = kwargs.pop("activity")
        starts = kwargs.pop("starts", clock.now() + timedelta(days=7))
        state = kwargs.pop("state", None)
        SessionFactory(
            school=activity.school, activity=activity, starts_at=starts,
            ends_at=starts + timedelta(hours=2),
        )  # fmt: skip
        with school_scope(kwargs["school"]):
            offer = offering.publish(model_class(**kwargs), activity)
            if state:
                offer.state = state
                offer.save(update_fields=["state"])
            return offer


class OfferPlaceFactory(InSchool):
    """`school`'s person at another school's offer, in a network both are in."""

    class Meta:
        model = models.OfferPlace

    staff = same_school(StaffFactory)
    state = "booked"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        offer = kwargs.pop("offer", None) or OfferFactory(school=SchoolFactory())
        school, staff = kwargs["school"], kwargs.pop("staff")
        is_in = models.Membership.across.filter(network=offer.network, school=school)
        with school_scope(offer.school):
            is_new = not is_in.exists()
        if is_new:
            MembershipFactory(network=offer.network, school=school)
        with school_scope(school):
            place = model_class(offer=offer, host_id=offer.school_id, **kwargs)
            place.take_from(staff)
            place.save()
            return place


class OfferAnswerFactory(InSchool):
    class Meta:
        model = models.OfferAnswer

    offer = same_school(OfferFactory)
    useful, pitch, send = "yes", "right", "yes"


class SchoolPlacesFactory(InSchool):
    """What the school keeps about an offer of another; no places yet."""

    class Meta:
        model = models.SchoolPlaces

    offer = factory.LazyFunction(lambda: OfferFactory(school=SchoolFactory()))


class CreditEntryFactory(InSchool):
    class Meta:
        model = models.CreditEntry

    network = of_network()
    amount = 5
    why = "allowance"
