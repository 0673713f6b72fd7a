"""What tests of offers do in one line."""

from datetime import timedelta

from cpdhub import clock
from cpdhub.models import OutboxMessage
from cpdhub.walls import school_scope
from networks import placing
from networks.models import Offer, OfferPlace, SchoolPlaces
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    MembershipFactory,
    SchoolFactory,
    SessionFactory,
    at_four,
)


def another_school(network):
    school = SchoolFactory()
    MembershipFactory(network=network, school=school)
    ActivityTypeFactory(school=school)
    return school


def planned(school, days=20):
    activity = ActivityFactory(school=school, state="planned")
    SessionFactory(
        school=school, activity=activity, starts_at=at_four(clock.today() + timedelta(days=days))
    )
    return activity


def book(offer, *people, by=None):
    by = by or people[0]
    with school_scope(by.school):
        return placing.book(Offer.objects.get(pk=offer.pk), by=by, people=list(people))


def states(offer):
    with school_scope(offer.school):
        return [one.state for one in OfferPlace.objects.filter(offer=offer).order_by("pk")]


def seat_of(offer, staff, **changes):
    """A row somebody would write past the rules."""
    place = OfferPlace(offer_id=offer.pk, host_id=offer.school_id, state="booked")
    place.take_from(staff)
    for name, value in changes.items():
        setattr(place, name, value)
    return place


def fresh(offer):
    with school_scope(offer.school):
        return Offer.objects.get(pk=offer.pk)


def mirror_of(school):
    """The visitor's own entry."""
    with school_scope(school):
        return SchoolPlaces.objects.get().activity


def letters(school):
    with school_scope(school):
        return [one.subject for one in OutboxMessage.objects.order_by("pk")]


def registered(offer, **came):
    """`registered(offer, Ada=True)`: who came to its first session, by first name."""
    with school_scope(offer.school):
        now = Offer.objects.get(pk=offer.pk)
        seats = {one.name.split()[0]: one.pk for one in OfferPlace.objects.filter(offer=now)}
        placing.take_register(
            now, key=now.sessions[0]["key"], came={seats[name]: v for name, v in came.items()}
        )
