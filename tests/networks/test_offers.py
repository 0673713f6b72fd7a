"""An activity opened to a network: the copy, how it follows, and what ends it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import actions
from activities.models import Activity, Attendance, Session
from cpdhub import clock
from cpdhub.models import OutboxMessage
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
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


def test_activity_leads_to_the_networks_it_is_or_could_be_open_to(
    sign_in, school, head, network, offer, visitor, their_head
):
    NetworkFactory(school=school, name="Second")
    client = sign_in(head)
    page = client.get(url(school, "activities:activity", offer.activity_id)).text
    begin = url(school, "networks:offer_begin", offer.activity_id)
    assert begin in page
    seen = client.get(begin).text
    assert "See it<" in seen
    assert "Open it<" in seen
    draft = ActivityFactory(school=school)
    assert "Open it<" not in client.get(url(school, "networks:offer_begin", draft.pk)).text
    own = ActivityFactory(school=school, state="planned", is_private=True)
    assert client.get(url(school, "networks:offer_begin", own.pk)).status_code == 404

    book(offer, their_head)
    theirs = url(visitor, "networks:offer_begin", mirror_of(visitor).pk)
    there = url(visitor, "networks:offer", network.pk, offer.pk)
    assert sign_in(their_head).get(theirs).url == there


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
    with school_scope(visitor):
        text = OutboxMessage.objects.get().text
    assert "has left" in text
    assert url(visitor, "networks:offers") in text


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
