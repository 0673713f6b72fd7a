"""Places: booked, waited for, given up, and never more than there are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import actions, booking, codes, emails
from activities.models import Activity, Attendance, Booking, NotPossible, Participation, Places
from activities.places import still_to_come
from cpdhub import clock, reminders, sweeps
from cpdhub.models import OutboxMessage, Reminder
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    BookingFactory,
    ExcuseFactory,
    ParticipationFactory,
    PlacesFactory,
    PlacesTeamFactory,
    SessionFactory,
    StaffFactory,
    TeamFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture
def workshop(inside):
    """Two places, in a week."""
    places = PlacesFactory(school=inside, capacity=2)
    SessionFactory(school=inside, activity=places.activity)
    return places.activity


@pytest.fixture
def people(inside):
    return [StaffFactory(school=inside) for _ in range(4)]


def states(activity):
    return list(activity.bookings.order_by("pk").values_list("state", flat=True))


def test_places_go_in_turn_and_the_next_waits(workshop, people):
    for person in people[:3]:
        booking.book(workshop, staff=person)

    assert states(workshop) == ["booked", "booked", "waiting"]
    assert workshop.participations.count() == 2


def test_asked_twice_it_is_one_place(workshop, people):
    booking.book(workshop, staff=people[0])
    booking.book(workshop, staff=people[0])

    assert states(workshop) == ["booked"]
    assert Reminder.objects.filter(kind="place").count() == 1


def test_given_up_the_first_in_the_queue_gets_it(workshop, people):
    for person in people:
        booking.book(workshop, staff=person)

    booking.give_up(workshop, staff=people[0], by=people[0], because="ill")
    booking.give_up(workshop, staff=people[0], by=people[0])

    assert states(workshop) == ["cancelled", "booked", "booked", "waiting"]
    assert Booking.objects.get(staff=people[0]).because == "ill"
    assert Booking.objects.get(staff=people[2]).is_promoted
    assert sorted(workshop.participations.values_list("staff", flat=True)) == sorted(
        [people[1].pk, people[2].pk]
    )


def test_fewer_places_than_are_taken_are_refused_with_the_number(workshop, people):
    for person in people[:2]:
        booking.book(workshop, staff=person)
    places = Places.objects.get()
    places.capacity = 1

    with pytest.raises(NotPossible, match="2 people have a place already"):
        booking.change_places(places, teams=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        Places.objects.update(capacity=1)


def test_more_places_go_to_those_who_wait(workshop, people):
    for person in people:
        booking.book(workshop, staff=person)
    places = Places.objects.get()
    places.capacity = None

    booking.change_places(places, teams=[])

    assert states(workshop) == ["booked"] * 4


def test_the_database_refuses_one_too_many(workshop, people):
    for person in people[:2]:
        booking.book(workshop, staff=person)

    with pytest.raises(IntegrityError), transaction.atomic():
        BookingFactory(school=workshop.school, activity=workshop, staff=people[2])


@pytest.mark.parametrize("state", ["draft", "finished", "closed", "cancelled"])
def test_what_is_not_planned_takes_no_bookings(workshop, people, state):
    because = "No trainer" if state == "cancelled" else ""
    Activity.objects.filter(pk=workshop.pk).update(state=state, cancelled_because=because)

    with pytest.raises(NotPossible, match="nobody can book it"):
        booking.book(workshop, staff=people[0])


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"opens_on": 1}, "Booking opens on"),
        ({"closes_on": -1}, "Booking closed on"),
        ({"opens_on": 0, "closes_on": 0}, ""),
    ],
)
def test_booking_is_open_from_a_day_to_a_day(workshop, people, dates, said):
    today = clock.today()
    Places.objects.update(**{name: today + timedelta(days=n) for name, n in dates.items()})

    if not said:
        assert booking.book(workshop, staff=people[0]).state == "booked"
        return
    with pytest.raises(NotPossible, match=said):
        booking.book(workshop, staff=people[0])


def test_it_is_for_those_it_names(workshop, inside):
    team = TeamFactory(school=inside)
    PlacesTeamFactory(school=inside, places=workshop.places, team=team)
    Places.objects.update(groups=["teacher"])
    fits = StaffFactory(school=inside, team=team)
    other = StaffFactory(school=inside)

    assert booking.book(workshop, staff=fits).state == "booked"
    with pytest.raises(NotPossible, match="for other colleagues"):
        booking.book(workshop, staff=other)


def test_places_kept_back_go_to_who_is_invited(workshop, people):
    Places.objects.update(kept=1)
    leader = people[3]
    booking.book(workshop, staff=people[0])
    assert booking.book(workshop, staff=people[1]).state == "waiting"

    booking.invite(workshop, people=[people[2], people[0]], by=leader)

    assert booking.book(workshop, staff=people[2]).state == "booked"
    assert workshop.participations.count() == 2


def test_an_invitation_may_be_declined_and_booked_later(workshop, people):
    booking.invite(workshop, people=[people[0]], by=people[1])
    booking.decline(workshop, staff=people[0])
    assert states(workshop) == ["declined"]

    booking.book(workshop, staff=people[0])
    assert states(workshop) == ["booked"]


def test_who_is_put_down_by_hand_takes_a_place_too(workshop, people):
    leader, first, second, third = people
    booking.book(workshop, staff=first)
    booking.book(workshop, staff=second)
    booking.book(workshop, staff=third)

    with pytest.raises(NotPossible, match="There are 2 places and you chose 3"):
        actions.choose_people(workshop, people={p.pk for p in people[1:]}, by=leader)
    actions.choose_people(workshop, people={second.pk}, by=leader)

    assert states(workshop) == ["cancelled", "booked", "booked"]


def test_nobody_is_in_two_rooms_at_once(workshop, people):
    """A day with workshops side by side: one or the other."""
    beside = PlacesFactory(school=workshop.school, capacity=1).activity
    SessionFactory(school=workshop.school, activity=beside)
    booking.book(workshop, staff=people[0])

    with pytest.raises(NotPossible, match=f"You are at {workshop} then"):
        booking.book(beside, staff=people[0])

    booking.book(beside, staff=people[1])
    booking.book(beside, staff=people[2])
    booking.book(beside, staff=people[3])
    booking.book(workshop, staff=people[2])
    booking.give_up(beside, staff=people[1], by=people[1])
    assert [(b.staff, b.state) for b in beside.bookings.order_by("pk")] == [
        (people[1], "cancelled"), (people[2], "waiting"), (people[3], "booked")
    ]  # fmt: skip


def test_on_a_register_the_place_stays(workshop, people):
    booking.book(workshop, staff=people[0])
    AttendanceFactory(school=workshop.school, session=workshop.sessions.get(), staff=people[0])

    with pytest.raises(NotPossible, match="marked on a register"):
        booking.give_up(workshop, staff=people[0], by=people[0])


def test_a_leavers_place_goes_to_the_next(workshop, people):
    for person in people[:3]:
        booking.book(workshop, staff=person)
    people[0].ends_on = clock.today() + timedelta(days=2)  # before it takes place
    people[0].save()

    sweeps.run(school_id=workshop.school_id)

    assert states(workshop) == ["cancelled", "booked", "booked"]


def test_letters_say_what_happened_and_only_while_it_is_so(workshop, people, monkeypatch):
    monkeypatch.setattr(reminders, "next_allowed", lambda now: now)
    for person in people[:3]:
        booking.book(workshop, staff=person)
    booking.give_up(workshop, staff=people[0], by=people[0])
    people[1].wants_digest_only = True
    people[1].save()

    for pk in Reminder.objects.order_by("pk").values_list("pk", flat=True):
        reminders.deliver(school_id=workshop.school_id, reminder_id=pk)

    letters = OutboxMessage.across.values_list("to", "subject")
    assert list(letters) == [(people[2].user.email, f"A place came free: {workshop}")]


def test_an_invitation_is_repeated_once_while_it_is_open(workshop, people):
    booking.invite(workshop, people=people[:2], by=people[3])
    booking.decline(workshop, staff=people[1])
    later = clock.now() + timedelta(days=5)

    due = list(emails.invitations_not_answered(workshop.school, later))

    assert [one.staff for one in due] == [people[0]]
    assert not list(emails.invitations_not_answered(workshop.school, clock.now()))


# --- compulsory ------------------------------------------------------------------------------
def test_who_still_has_to_come(inside):
    places = PlacesFactory(school=inside, activity__is_compulsory=True, groups=["assistant"])
    there, away, absent, excused = (
        StaffFactory(school=inside, group="assistant") for _ in range(4)
    )
    StaffFactory(school=inside)
    session = SessionFactory(school=inside, activity=places.activity)
    for person, was_there in ((there, True), (away, False)):
        ParticipationFactory(school=inside, activity=places.activity, staff=person)
        AttendanceFactory(school=inside, session=session, staff=person, was_present=was_there)
    ExcuseFactory(
        school=inside, activity=places.activity, staff=excused,
        decision="excused", decided_at=clock.now(),
    )  # fmt: skip

    due = still_to_come(places, clock.today())

    assert {(person.pk, person.was_away) for person in due} == {
        (away.pk, True), (absent.pk, False)
    }  # fmt: skip


def test_compulsory_is_not_given_up_but_excused(inside, people):
    leader, teacher = people[:2]
    places = PlacesFactory(school=inside, activity__is_compulsory=True, capacity=1)
    booking.book(places.activity, staff=teacher)
    with pytest.raises(NotPossible, match="ask to be excused"):
        booking.give_up(places.activity, staff=teacher, by=teacher)
    excuse = ExcuseFactory(school=inside, activity=places.activity, staff=teacher)

    with pytest.raises(NotPossible, match="your own"):
        booking.decide(excuse, by=teacher, decision="excused", answer="")
    booking.decide(excuse, by=leader, decision="excused", answer="You led it last year")

    assert not places.activity.participations.exists()
    with pytest.raises(NotPossible, match="decided this already"):
        booking.decide(excuse, by=leader, decision="expected", answer="")


# --- the code --------------------------------------------------------------------------------
@pytest.fixture
def on_now(workshop):
    """The workshop's session is on."""
    session = workshop.sessions.get()
    start = clock.now() - timedelta(minutes=20)
    session.move(starts_at=start, ends_at=start + timedelta(hours=1), place="Hall")
    return session


def test_the_code_marks_present_once(on_now, people):
    code = codes.code_of(on_now).lower()

    codes.check_in(people[0], f" {code}")
    codes.check_in(people[0], code)

    assert Attendance.objects.get().was_present
    assert Participation.objects.get().staff == people[0]


@pytest.mark.parametrize("hours", [-3, 3])
def test_an_old_or_early_code_says_so(on_now, people, hours):
    code_before = on_now.starts_at
    start = code_before + timedelta(hours=hours)
    on_now.move(starts_at=start, ends_at=start + timedelta(hours=1), place="")

    with pytest.raises(NotPossible, match="No session that is on now"):
        codes.check_in(people[0], codes.code_of(on_now))


def test_guessing_ends_after_a_few_tries(on_now, people):
    for _ in range(codes.MOST_TRIES):
        with pytest.raises(NotPossible, match="No session"):
            codes.check_in(people[0], "AAAAA")

    with pytest.raises(NotPossible, match="many tries"):
        codes.check_in(people[0], codes.code_of(on_now))


def test_the_register_stays_the_truth(on_now, people):
    actions.take_register(on_now, by=people[1], listed=[], present=[])

    with pytest.raises(NotPossible, match="The register has been taken"):
        codes.check_in(people[0], codes.code_of(on_now))


# --- pages -----------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_what_is_on_in_constant_queries(client, school, count, django_assert_num_queries):
    teacher = StaffFactory(school=school)
    for _ in range(count):
        places = PlacesFactory(school=school, capacity=9)
        SessionFactory(school=school, activity=places.activity)
        PlacesTeamFactory(school=school, places=places)
    client.force_login(teacher.user)

    with django_assert_num_queries(QUERIES_ON):
        response = client.get(url(school, "activities:on") + "?show=all")

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_places_in_constant_queries(client, school, count, django_assert_num_queries):
    leader = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    places = PlacesFactory(school=school, activity__is_compulsory=True)
    for state in ("booked", "waiting", "invited"):
        for _ in range(count):
            BookingFactory(
                school=school, activity=places.activity, state=state,
                staff=StaffFactory(school=school),
            )  # fmt: skip
    client.force_login(leader.user)

    with django_assert_num_queries(QUERIES_PLACES):
        response = client.get(url(school, "activities:places", places.activity_id))

    assert len(response.context["people"]) == count
    assert len(response.context["due"]) == 2 * count + 2  # and the leader, and the owner


QUERIES_ON, QUERIES_PLACES = 15, 20


def test_one_click_books_and_one_gives_up(client, school):
    teacher = StaffFactory(school=school)
    places = PlacesFactory(school=school, capacity=1)
    client.force_login(teacher.user)

    page = client.post(
        url(school, "activities:book", places.activity_id), {"back": "on"}, follow=True
    )
    assert "You have a place" in page.text
    client.post(url(school, "activities:give_up", places.activity_id))

    with school_scope(school):
        assert Booking.objects.get().state == "cancelled"
        assert not Participation.objects.exists()


def test_empty_catalogue_says_what_it_is_for(client, school):
    client.force_login(StaffFactory(school=school).user)

    page = client.get(url(school, "activities:on"))

    assert "Nothing to book at the moment" in page.text


def test_opening_for_booking_checks_its_numbers(client, school):
    leader = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    activity = ActivityFactory(school=school, state="planned")
    ParticipationFactory(school=school, activity=activity)
    ParticipationFactory(school=school, activity=activity)
    client.force_login(leader.user)
    path = url(school, "activities:change_places", activity.pk)

    refused = client.post(path, {"capacity": 1})
    assert "2 people have a place already" in refused.text
    assert "keep back no more" in client.post(path, {"capacity": 3, "kept": 4}).text
    client.post(path, {"capacity": 3, "groups": ["teacher"]})

    with school_scope(school):
        assert Places.objects.get().groups == ["teacher"]


def test_what_is_private_is_not_opened_and_nobody_is_invited(client, school):
    leader = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    other = StaffFactory(school=school)
    activity = ActivityFactory(school=school, state="planned", is_private=True)
    client.force_login(leader.user)
    change = url(school, "activities:change_places", activity.pk)

    refused = client.post(change, {"capacity": 3}, follow=True)

    assert "choose its people" in refused.text
    assert change not in refused.text
    PlacesFactory(school=school, activity=activity)
    invite = url(school, "activities:invite", activity.pk)
    assert "choose its people" in client.post(invite, {"people": [other.pk]}).text
    assert invite not in client.get(url(school, "activities:places", activity.pk)).text


def test_asking_twice_to_be_excused_is_one_question(client, school):
    teacher = StaffFactory(school=school)
    activity = ActivityFactory(school=school, state="planned", is_compulsory=True)
    client.force_login(teacher.user)
    path = url(school, "activities:excuse", activity.pk)

    client.post(path, {"because": "I led it last year"})
    client.post(path, {"because": "Again"})

    with school_scope(school):
        assert [one.because for one in activity.excuses.all()] == ["I led it last year"]


def test_a_session_today_shows_its_code_to_its_leader(client, school, monkeypatch):
    leader = StaffFactory(school=school, roles=[Role.CPD_LEADER])
    activity = ActivityFactory(school=school, state="planned")
    start = at_four(clock.today())
    session = SessionFactory(school=school, activity=activity, starts_at=start)
    client.force_login(leader.user)

    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=5))
    page = client.get(url(school, "activities:code", session.pk))

    assert codes.code_of(session) in page.text
