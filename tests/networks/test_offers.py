"""An activity opened to a network: the copy, the places, the register, and what ends them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.utils import DatabaseError

from activities import actions
from activities.models import Activity, Attendance, Session
from cpdhub import clock
from cpdhub.models import OutboxMessage
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from evaluation.record import Record
from networks import leaving, offering, placing
from networks.models import Membership, Offer, OfferPlace, SchoolPlaces
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    MembershipFactory,
    NetworkFactory,
    OfferFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    ThemeFactory,
    UserFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def network(school):
    return NetworkFactory(school=school, name="Talk cluster")


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


def another_school(network):
    school = SchoolFactory()
    MembershipFactory(network=network, school=school)
    ActivityTypeFactory(school=school)
    return school


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


# --- opening ---------------------------------------------------------------------------------
def test_activity_is_opened_and_seen_by_other_schools(sign_in, school, head, network, visitor):
    activity = ActivityFactory(school=school, state="planned", title="Talk rules")
    SessionFactory(school=school, activity=activity, starts_at=clock.now() + timedelta(days=5))
    page = url(school, "networks:offer_open", network.pk)

    sign_in(head).post(
        page, {"activity": activity.pk, "what": "activity", "places": 4, "price": "0", "credits": 0}
    )

    client = sign_in(StaffFactory(school=visitor))
    assert "Talk rules" in client.get(url(visitor, "networks:offers")).text
    with school_scope(school):
        row = Offer.objects.get()
    seen = client.get(url(visitor, "networks:offer", network.pk, row.pk)).text
    assert "I would like a place" in seen
    assert "4</b> of 4 places left" in seen


@pytest.mark.parametrize("kind", ["draft", "private", "own", "past"])
def test_what_is_not_for_others_cannot_be_opened(sign_in, school, head, network, kind):
    state = "draft" if kind == "draft" else "planned"
    row = ActivityFactory(
        school=school, state=state, is_private=kind == "private", is_own_learning=kind == "own"
    )
    when = clock.now() + timedelta(days=-5 if kind == "past" else 5)
    SessionFactory(school=school, activity=row, starts_at=when, ends_at=when + timedelta(hours=1))

    page = url(school, "networks:offer_open", network.pk)
    assert "Nothing to open yet" in sign_in(head).get(page).text
    sign_in(head).post(page, {"activity": row.pk, "what": "activity", "places": 4, "price": 0})

    with school_scope(school):
        assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"places": 0}, "greater than or equal to 1"),
        ({"most_per_school": 9}, "more than there are places"),
        ({"what": "programme"}, "Say which school"),
        ({"price": "-1"}, "greater than or equal to 0"),
        ({"theme": "999"}, "Select a valid choice"),
        ({"places": "many"}, "Enter a whole number"),
    ],
)
def test_what_cannot_be_is_asked_for_again(sign_in, school, head, network, sent, said):
    activity = ActivityFactory(school=school, state="planned")
    SessionFactory(school=school, activity=activity, starts_at=clock.now() + timedelta(days=5))
    right = {"activity": activity.pk, "what": "activity", "places": 4, "price": 0, "credits": 0}

    answer = sign_in(head).post(url(school, "networks:offer_open", network.pk), right | sent)

    assert said in answer.text


def test_day_of_a_specialist_is_one_day(sign_in, school, head, network):
    activity = ActivityFactory(school=school, state="planned")
    for days in (5, 6):
        SessionFactory(
            school=school, activity=activity, starts_at=clock.now() + timedelta(days=days)
        )
    page = url(school, "networks:offer_open", network.pk)
    data = {"activity": activity.pk, "what": "day", "places": 1, "price": 0, "credits": 0}

    assert "plan one activity for each" in sign_in(head).post(page, data).text


def test_what_another_school_offers_is_not_ours_to_open(
    sign_in, school, network, offer, visitor, their_head
):
    book(offer, their_head)
    page = url(visitor, "networks:offer_open", network.pk)
    assert "Nothing to open yet" in sign_in(their_head).get(page).text


def test_switched_off_an_offer_is_gone_for_others(sign_in, school, offer, visitor):
    with school_scope(school):
        Membership.objects.filter(school=school).update(shares_offers=False)
    person = StaffFactory(school=visitor)
    client = sign_in(person)

    assert str(offer) not in client.get(url(visitor, "networks:offers")).text
    page = url(visitor, "networks:offer", offer.network_id, offer.pk)
    assert client.get(page).status_code == 404
    with pytest.raises(NotPossible, match="no offers"):
        book(offer, person)


def test_what_is_made_for_one_school_shows_to_it_alone(sign_in, school, network, visitor):
    row = OfferFactory(school=school, network=network, for_school=visitor, what="programme")
    third = another_school(network)
    person = StaffFactory(school=third)

    assert (
        str(row) in sign_in(StaffFactory(school=visitor)).get(url(visitor, "networks:offers")).text
    )
    with school_scope(third):
        assert not Offer.objects.exists()
    seat = seat_of(row, person)
    with (
        school_scope(school),
        pytest.raises(IntegrityError, match="no place"),
        transaction.atomic(),
    ):
        seat.save()


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


# --- when it changes ---------------------------------------------------------------------------
def test_moved_session_moves_for_visitors_who_are_told(
    offer, visitor, django_capture_on_commit_callbacks
):
    person = StaffFactory(school=visitor)
    book(offer, person)
    with school_scope(offer.school), django_capture_on_commit_callbacks(execute=True):
        session = Session.objects.get(activity=fresh(offer).activity_id)
        start = session.starts_at + timedelta(days=7)
        actions.move_session(session, starts_at=start, ends_at=start + timedelta(hours=3))

    assert fresh(offer).starts_at == start
    with school_scope(visitor):
        mine = Session.objects.get()
    assert (mine.starts_at, mine.ends_at - mine.starts_at) == (start, timedelta(hours=3))
    assert mine.sequence == 1
    assert letters(visitor) == [f"Other times: {offer}"]
    with school_scope(offer.school):
        assert not offering.follow(offer)  # done twice, it changes nothing


def test_added_and_cancelled_sessions_are_found_by_the_sweep(offer, visitor, school):
    book(offer, StaffFactory(school=visitor))
    with school_scope(school):
        activity = Activity.objects.get(pk=fresh(offer).activity_id)
        start = clock.now() + timedelta(days=20)
        actions.add_sessions(
            activity, [Session(starts_at=start, ends_at=start + timedelta(hours=1))]
        )
        activity.sessions.first().cancel()
        offering.catch_up(school, clock.now())
        offering.catch_up(school, clock.now())

    with school_scope(visitor):
        assert [one.cancelled_at is None for one in Session.objects.all()] == [False, True]
    assert len(letters(visitor)) == 1


def test_cancelled_activity_ends_it_for_visitors(
    offer, visitor, django_capture_on_commit_callbacks
):
    book(offer, StaffFactory(school=visitor))
    with school_scope(offer.school), django_capture_on_commit_callbacks(execute=True):
        Activity.objects.get(pk=fresh(offer).activity_id).cancel("The hall is flooded.")

    assert fresh(offer).is_withdrawn
    assert states(offer) == ["given_back"]
    assert mirror_of(visitor).cancelled_because == "The hall is flooded."
    assert letters(visitor) == [f"Will not take place for us: {offer}"]


def test_withdrawn_mid_way_what_was_attended_stays(offer, visitor, at):
    ada = StaffFactory(school=visitor, first_name="Ada")
    ben = StaffFactory(school=visitor, first_name="Ben")
    with school_scope(offer.school):
        SessionFactory(
            school=offer.school, activity=offer.activity,
            starts_at=clock.now() + timedelta(days=30),
            ends_at=clock.now() + timedelta(days=30, hours=1),
        )  # fmt: skip
        offering.follow(offer)
    book(offer, ada, ben)
    at("2026-11-28 20:00")
    registered(offer, Ada=True, Ben=False)

    with school_scope(offer.school):
        offering.withdraw(offer, "Our expert is ill.")
        offering.withdraw(offer, "Twice")

    assert fresh(offer).because == "Our expert is ill."
    assert states(offer) == ["booked", "given_back"]
    mirror = mirror_of(visitor)
    with school_scope(visitor):
        assert mirror.state == "finished"
        assert [bool(one.cancelled_at) for one in mirror.sessions.all()] == [False, True]
        assert Attendance.objects.present().get().staff == ada
    assert letters(visitor)[1:] == [f"Will not take place for us: {offer}"] * 2
    with school_scope(visitor), pytest.raises(NotPossible, match="has been there"):
        placing.give_back(OfferPlace.objects.get(staff=ada))


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


# --- who goes ------------------------------------------------------------------------------------
def test_host_that_leaves_ends_its_offers(offer, visitor, network, school):
    book(offer, StaffFactory(school=visitor))
    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with school_scope(visitor):
        assert not Offer.objects.exists()
        assert not OfferPlace.objects.exists()
        part = SchoolPlaces.objects.get()
        assert part.offer_id is None
        assert "has left" in part.activity.cancelled_because
    assert letters(visitor) == [f"Will not take place for us: {offer}"]


def test_school_that_leaves_gives_its_places_back(offer, visitor, network):
    third = another_school(network)
    book(offer, *StaffFactory.create_batch(2, school=visitor))
    book(offer, StaffFactory(school=third))
    with school_scope(visitor):
        leaving.leave(Membership.objects.get(school=visitor))

    assert states(offer) == ["booked"]
    assert letters(third) == [f"A place came free: {offer}"]
    assert (fresh(offer).taken, fresh(offer).waiting) == (1, 0)


def test_leaver_gives_the_place_back(offer, visitor):
    person = StaffFactory(school=visitor)
    book(offer, person)
    with school_scope(visitor):
        person.ends_on = "2026-11-25"
        person.save()
        placing.of_leavers(visitor, clock.now())
    assert states(offer) == ["given_back"]


def test_theme_that_goes_leaves_the_offer(offer, school, network, visitor):
    theme = ThemeFactory(school=school, network=network)
    theirs = OfferFactory(school=visitor, network=network, theme=theme)
    with school_scope(school):
        theme.delete()
    assert fresh(theirs).theme_id is None


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
