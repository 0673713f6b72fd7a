"""Places at another school: booked, waited for, attended; and who sees them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.utils import DatabaseError

from activities import actions
from activities.models import Attendance, Session
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation.record import Record
from networks import offering, placing
from networks.models import Offer, OfferPlace, SchoolPlaces
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    MembershipFactory,
    OfferFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    UserFactory,
)
from tests.helpers import url
from tests.networks.offering import (
    another_school,
    book,
    fresh,
    letters,
    mirror_of,
    registered,
    seat_of,
    states,
)


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def visitor(network):
    """A school in the network, with a head."""
    school = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=school)
    ActivityTypeFactory(school=school)
    return school


@pytest.fixture
def their_head(visitor):
    return StaffFactory(school=visitor, roles=[Role.HEAD])


@pytest.fixture
def offer(school, network):
    return OfferFactory(school=school, network=network, places=2)


# --- places ------------------------------------------------------------------------------------
def test_place_puts_it_into_calendar_and_record(sign_in, offer, visitor, at):
    person = StaffFactory(school=visitor, first_name="Ada")
    sign_in(person).post(url(visitor, "networks:offer_take", offer.network_id, offer.pk))

    mirror = mirror_of(visitor)
    with school_scope(visitor):
        assert mirror.state == "planned"
        assert [one.staff for one in mirror.participations.all()] == [person]
        assert Session.objects.of(person).count() == 1
    assert (fresh(offer).taken, fresh(offer).left) == (1, 1)

    at("2026-11-28 20:00")
    registered(offer, Ada=True)
    registered(offer, Ada=True)  # taken again, it is the same

    with school_scope(visitor):
        assert Attendance.objects.get().was_present
        mirror.refresh_from_db()
        assert mirror.state == "finished"
        record = Record(person, person)
        assert [one.pk for one in record.activities()] == [mirror.pk]
        assert Attendance.objects.counted().total_time() == timedelta(hours=2)
    registered(offer, Ada=False)
    with school_scope(visitor):
        assert not Attendance.objects.get().was_present


def test_whoever_comes_too_late_waits_across_schools(offer, visitor, network):
    third = another_school(network)
    ada, ben = StaffFactory(school=visitor), StaffFactory(school=visitor)
    cat, dan = StaffFactory(school=third), StaffFactory(school=third)
    book(offer, ada)
    first, second = book(offer, cat), book(offer, dan)
    book(offer, ben)
    assert states(offer) == ["booked", "booked", "waiting", "waiting"]
    assert (first[0].is_booked, second[0].is_booked) == (True, False)

    with school_scope(visitor):
        placing.give_back(OfferPlace.objects.get(staff=ada))

    assert states(offer) == ["given_back", "booked", "booked", "waiting"]
    assert letters(third) == [f"A place came free: {offer}"]
    with school_scope(third):
        assert mirror_of(third).participations.count() == 2
    with school_scope(visitor):
        assert mirror_of(visitor).state == "cancelled"
        again = placing.book(offer, by=ada, people=[ada])
    assert not again[0].is_booked


def test_asking_twice_is_harmless(offer, visitor):
    person = StaffFactory(school=visitor)
    book(offer, person)
    book(offer, person)
    assert states(offer) == ["booked"]


def test_one_school_gets_no_more_than_its_most(school, network, visitor):
    row = OfferFactory(school=school, network=network, places=5, most_per_school=1)
    people = StaffFactory.create_batch(2, school=visitor)
    book(row, *people)
    assert states(row) == ["booked", "waiting"]

    full = pytest.raises(IntegrityError, match="no more places")
    with school_scope(visitor), full, transaction.atomic():
        OfferPlace.objects.filter(state="waiting").update(state="booked")
    other = StaffFactory(school=another_school(network))
    book(row, other)
    assert states(row) == ["booked", "waiting", "booked"]


def test_whoever_is_elsewhere_at_that_hour_is_refused(offer, visitor):
    person = StaffFactory(school=visitor)
    own = ActivityFactory(school=visitor, state="planned")
    start = fresh(offer).starts_at
    SessionFactory(
        school=visitor, activity=own, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    with school_scope(visitor):
        actions.add_people(own, [person.pk])

    with pytest.raises(NotPossible, match="already at"):
        book(offer, person)
    assert states(offer) == []
    with school_scope(visitor):
        assert not SchoolPlaces.objects.exists()


def test_person_with_two_posts_takes_one_place(offer, visitor, network):
    user, third = UserFactory(), another_school(network)
    here, there = StaffFactory(school=visitor, user=user), StaffFactory(school=third, user=user)
    book(offer, here)

    with pytest.raises(NotPossible, match="another school they work at"):
        book(offer, there)
    assert states(offer) == ["booked"]


def test_staff_book_for_themselves_what_is_free(sign_in, school, network, visitor, offer):
    paid = OfferFactory(school=school, network=network, price=20)
    client = sign_in(StaffFactory(school=visitor))

    page = client.get(url(visitor, "networks:offer", network.pk, paid.pk)).text
    assert "I would like a place" not in page
    took = client.post(url(visitor, "networks:offer_take", network.pk, paid.pk))
    assert took.status_code == 403
    assert client.get(url(visitor, "networks:offer_book", network.pk, offer.pk)).status_code == 403
    assert states(paid) == []


def test_head_books_for_colleagues_who_are_told(sign_in, offer, visitor, their_head):
    people = StaffFactory.create_batch(3, school=visitor)
    client = sign_in(their_head)
    page = url(visitor, "networks:offer_book", offer.network_id, offer.pk)

    assert "Tick who should go" in client.post(page, {}).text
    stranger = StaffFactory()
    assert "Select a valid choice" in client.post(page, {"people": [stranger.pk]}).text
    answer = client.post(page, {"people": [one.pk for one in people]}, follow=True)

    assert "Booked for 2 people. Waiting: 1 person." in answer.text
    assert letters(visitor) == [f"You have a place: {offer}"] * 2


def test_host_sees_names_jobs_and_schools(sign_in, offer, visitor, head, teacher):
    person = StaffFactory(school=visitor, first_name="Ada", job_title="Year 4", email="a@b.example")
    book(offer, person)
    page = url(offer.school, "networks:offer", offer.network_id, offer.pk)

    seen = sign_in(head).get(page).text
    assert "Ada" in seen
    assert "Year 4" in seen
    assert "Birch Primary" in seen
    assert "a@b.example" not in seen
    assert "Ada" not in sign_in(teacher).get(page).text


def test_nobody_books_at_home(sign_in, offer, head):
    for view in ("offer_take", "offer_book"):
        page = url(offer.school, f"networks:{view}", offer.network_id, offer.pk)
        assert sign_in(head).post(page).status_code == 404
    assert states(offer) == []


@pytest.mark.parametrize("why", ["closed", "begun", "late"])
def test_booking_ends(offer, visitor, at, why):
    with school_scope(offer.school):
        if why == "closed":
            offering.set_state(offer, "closed")
        if why == "late":
            Offer.objects.filter(pk=offer.pk).update(closes_on="2026-11-20")
    if why == "begun":
        at("2026-11-28 09:30")

    with pytest.raises(NotPossible):
        book(offer, StaffFactory(school=visitor))


# --- the register ---
def test_register_waits_for_the_day(offer, visitor):
    book(offer, StaffFactory(school=visitor, first_name="Ada"))
    with pytest.raises(NotPossible, match="from the day"):
        registered(offer, Ada=True)


def test_register_is_written_on_a_page(sign_in, offer, visitor, head, at):
    ada = StaffFactory(school=visitor, first_name="Ada")
    book(offer, ada)
    at("2026-11-28 20:00")
    client = sign_in(head)
    key = fresh(offer).sessions[0]["key"]
    page = url(offer.school, "networks:offer_register", offer.network_id, offer.pk, key)
    assert "Ada" in client.get(page).text
    with school_scope(offer.school):
        seat = OfferPlace.objects.get()

    client.post(page, {"listed": [seat.pk, "x"], "present": [seat.pk, "99"]})
    with school_scope(visitor):
        assert Attendance.objects.get().was_present
    client.post(page, {"listed": seat.pk})
    with school_scope(visitor):
        assert not Attendance.objects.get().was_present
    gone = url(offer.school, "networks:offer_register", offer.network_id, offer.pk, key + 1)
    assert client.get(gone).status_code == 404


def test_school_that_deleted_its_own_entry_is_let_be(offer, visitor, at):
    book(offer, StaffFactory(school=visitor, first_name="Ada"))
    with school_scope(visitor):
        mirror_of(visitor).delete()
    at("2026-11-28 20:00")
    registered(offer, Ada=True)
    with school_scope(visitor):
        assert not Attendance.objects.exists()


# --- the walls -----------------------------------------------------------------------------------
@pytest.fixture
def first_wall_down(monkeypatch):
    open_to_all = lambda: {"_enabled": False}  # noqa: E731
    monkeypatch.setattr("networks.models.base.get_scope", open_to_all)
    monkeypatch.setattr("networks.models.place.get_scope", open_to_all)


def test_places_are_between_two_schools(first_wall_down, offer, visitor, network, school):
    third = another_school(network)
    book(offer, StaffFactory(school=visitor))

    for one, seen in ((school, 1), (visitor, 1), (third, 0), (SchoolFactory(), 0)):
        with school_scope(one):
            assert OfferPlace.objects.count() == seen
    with school_scope(third):
        assert OfferPlace.objects.filter(offer=offer.pk).update(state="given_back") == 0
        assert Offer.objects.filter(pk=offer.pk).update(places=99) == 0


def test_lead_sees_no_places_and_changes_no_offer(first_wall_down, school, network, visitor):
    theirs = OfferFactory(school=visitor, network=network)
    third = another_school(network)
    book(theirs, StaffFactory(school=third))

    with school_scope(school):
        assert Offer.objects.filter(pk=theirs.pk).exists()
        assert not OfferPlace.objects.exists()
        assert Offer.objects.filter(pk=theirs.pk).update(state="closed") == 0


def test_stranger_takes_no_place(first_wall_down, offer):
    stranger = StaffFactory()
    seat = seat_of(offer, stranger)
    with school_scope(stranger.school), pytest.raises(DatabaseError), transaction.atomic():
        seat.save()


def test_nobody_writes_a_place_in_anothers_name(first_wall_down, offer, visitor, network):
    third = another_school(network)
    seat = seat_of(offer, StaffFactory(school=visitor), state="waiting")
    with school_scope(third), pytest.raises(ProgrammingError), transaction.atomic():
        seat.save()
