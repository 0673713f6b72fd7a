"""The list and the map of offers, place credits, and what those who came say."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from cpdhub import clock
from cpdhub.models import Reminder
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import answers, credits, offer_letters, offering, placing
from networks.models import CreditEntry, Membership, Offer, OfferAnswer, OfferPlace, SchoolPlaces
from tests.factories import (
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

WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


def member(network, name="Birch Primary"):
    school = SchoolFactory(name=name)
    MembershipFactory(network=network, school=school)
    ActivityTypeFactory(school=school)
    return school


@pytest.fixture
def visitor(network):
    return member(network)


@pytest.fixture
def their_head(visitor):
    return StaffFactory(school=visitor, roles=[Role.HEAD])


def book(offer, *people):
    with school_scope(people[0].school):
        return placing.book(Offer.objects.get(pk=offer.pk), by=people[0], people=list(people))


# --- the list ------------------------------------------------------------------------------------
def test_list_is_searched_narrowed_and_sorted(sign_in, school, network, visitor):
    theme = ThemeFactory(school=school, network=network, title="Oracy")
    make = {"school": school, "network": network}
    OfferFactory(**make, activity__title="Talk rules", theme=theme)
    OfferFactory(**make, activity__title="Phonics day", price=40)
    OfferFactory(**make, activity__title="Next summer", starts=clock.now() + timedelta(days=200))
    full = OfferFactory(**make, activity__title="Full house", places=1)
    book(full, StaffFactory(school=visitor))
    OfferFactory(**make, activity__title="Over", starts=clock.now() - timedelta(days=3))
    OfferFactory(**make, activity__title="Shut", state="closed")
    client = sign_in(StaffFactory(school=visitor))

    def shown(**asked):
        page = client.get(url(visitor, "networks:offers"), asked)
        return [str(one) for one in page.context["page"]]

    assert shown() == ["Talk rules", "Phonics day", "Full house", "Next summer"]
    assert shown(q="oracy") == ["Talk rules"]
    assert shown(q="RULES talk") == ["Talk rules"]
    assert shown(theme=theme.pk) == ["Talk rules"]
    assert shown(theme="other", free="1", room="1") == ["Next summer"]
    assert shown(when="later") == ["Next summer"]
    assert len(shown(when="4")) == 3
    assert shown(sort="-price")[0] == "Phonics day"
    assert shown(sort="left")[0] == "Full house"
    assert shown(sort="nonsense", theme="x", when="'", school="abc") == shown()
    assert shown(q="nothing like it") == []
    assert shown(school=visitor.pk) == []
    csv = client.get(url(visitor, "networks:offers"), {"format": "csv"}).content.decode()
    assert "Phonics day" in csv
    assert csv.count("\n") == 5


def test_list_of_a_school_in_no_network(sign_in, school, teacher):
    assert "in no network here yet" in sign_in(teacher).get(url(school, "networks:offers")).text


def test_list_of_two_networks_holds_both_and_no_third(sign_in, school, head, network, visitor):
    second = NetworkFactory(school=school)
    OfferFactory(school=school, network=second, activity__title="In the second")
    theirs = OfferFactory(activity__title="Elsewhere")
    page = sign_in(head).get(url(school, "networks:offers")).text
    assert "In the second" in page
    assert "Elsewhere" not in page
    assert theirs.network_id != second.pk
    sign_in(StaffFactory(school=visitor))


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, network, visitor, their_head, head, size, at, django_assert_num_queries
):
    for _ in range(size):
        ThemeFactory(school=school, network=network)
        offer = OfferFactory(school=school, network=network, places=5)
    book(offer, *StaffFactory.create_batch(size, school=visitor))
    arguments = [network.pk, offer.pk]

    for staff, view, queries, args in (
        (their_head, "offers", 18, []),
        (their_head, "offer_map", 18, [network.pk]),
        (their_head, "offer", 17, arguments),
        (their_head, "credits", 16, [network.pk]),
        (their_head, "offer_book", 17, arguments),
        (head, "offers", 18, []),
        (head, "offer", 16, arguments),
        (head, "offer_change", 18, arguments),
        (head, "offer_register", 16, [*arguments, offer.sessions[0]["key"]]),
    ):
        client = sign_in(staff)
        with django_assert_num_queries(queries, info=view):
            answer = client.get(url(staff.school, f"networks:{view}", *args))
        assert answer.status_code == 200


# --- the map -------------------------------------------------------------------------------------
def test_map_names_overlaps_gaps_and_one_day(sign_in, school, network, visitor, teacher):
    phonics = ThemeFactory(school=school, network=network, title="phonics")
    ThemeFactory(school=school, network=network, title="oracy")
    for one in (school, visitor):
        OfferFactory(school=one, network=network, theme=phonics)
    OfferFactory(school=visitor, network=network)
    client, page = sign_in(teacher), url(school, "networks:offer_map", network.pk)

    seen = client.get(page).text

    assert "2 schools offer phonics" in seen
    assert "Nobody offers oracy." in seen
    assert "2 schools begin something on phonics on the same day, 28 November 2026." in seen
    assert "Without a theme" in seen
    cell = f"?network={network.pk}&amp;theme={phonics.pk}&amp;school={visitor.pk}"
    assert cell in seen
    opened = client.get(url(school, "networks:offers") + cell.replace("&amp;", "&"))
    assert [one.school for one in opened.context["page"]] == [visitor]


def test_map_says_which_offers_serve_what_the_network_is_for(sign_in, school, network, teacher):
    with school_scope(school):
        network.pupils_learn = "To reason aloud"
        network.save()
    theme = ThemeFactory(school=school, network=network, title="phonics")
    serves = OfferFactory(
        school=school, network=network, theme=theme, activity__title="Sounds that stay"
    )
    with school_scope(school):
        for week in (2, 4):
            SessionFactory(
                school=school, activity=serves.activity, starts_at=clock.now() + week * WEEK
            )
        offering.follow(serves)
    others = [
        OfferFactory(school=school, network=network, activity__title=f"Talk {number}")
        for number in range(7)
    ]
    with school_scope(school):
        others[0].activity.intended_impact.delete()
        offering.follow(Offer.objects.get(pk=others[0].pk))

    page = sign_in(teacher).get(url(school, "networks:offer_map", network.pk))

    assert "To reason aloud" in page.text
    found = page.context["map"].aims
    assert [(aim.number, aim.of, aim.more) for aim in found] == [
        (1, 8, 2), (7, 8, 0), (1, 8, 2), (7, 8, 0)
    ]  # fmt: skip
    assert {offer.title for offer in found[0].without} == {f"Talk {number}" for number in range(5)}
    assert [offer.title for offer in found[1].without] == ["Talk 0"]


def test_map_of_a_network_without_offers_asks_nothing_of_them(sign_in, school, network, teacher):
    page = sign_in(teacher).get(url(school, "networks:offer_map", network.pk))

    assert page.context["map"].aims == []
    assert "Do they serve" not in page.text


# --- place credits -------------------------------------------------------------------------------
def balance(school):
    with school_scope(school):
        return Membership.objects.get(school=school).credits


def test_lead_gives_credits_and_places_take_them(
    sign_in, school, network, visitor, their_head, cpd_leader
):
    page = url(school, "networks:credits", network.pk)
    client = sign_in(cpd_leader)
    assert "greater than or equal to 1" in client.post(page, {"amount": "-5"}).text
    client.post(page, {"amount": 3, "note": "Allowance for 2026/27"})
    assert (balance(school), balance(visitor)) == (3, 3)
    offer = OfferFactory(school=school, network=network, credits=2)
    ada, ben = StaffFactory.create_batch(2, school=visitor)

    with pytest.raises(NotPossible, match="4 place credits, and your school has 3"):
        book(offer, ada, ben)
    book(offer, ada)
    assert balance(visitor) == 1
    with pytest.raises(NotPossible, match="2 place credits, and your school has 1"):
        book(offer, ben)
    with school_scope(visitor):
        placing.give_back(OfferPlace.objects.get(staff=ada))
        placing.give_back(OfferPlace.objects.get(staff=ada))  # twice returns them once

    assert balance(visitor) == 3
    seen = sign_in(their_head).get(url(visitor, "networks:credits", network.pk)).text
    assert "We have 3 place credits" in seen
    assert "Allowance for 2026/27" in seen
    with school_scope(visitor):
        amounts = [one.amount for one in CreditEntry.objects.filter(school=visitor)]
    assert amounts == [2, -2, 3]


def test_only_who_leads_gives_credits(sign_in, network, visitor, their_head):
    page = url(visitor, "networks:credits", network.pk)
    client = sign_in(their_head)
    assert "Give credits" not in client.get(page).text
    assert client.post(page, {"amount": 50}).status_code == 403
    assert balance(visitor) == 0


def test_whoever_waits_without_credits_is_passed_over(school, network, visitor):
    third = member(network)
    with school_scope(school):
        credits.grant(network, [visitor.pk], amount=1, note="")
    offer = OfferFactory(school=school, network=network, credits=1, places=1)
    ada, poor = StaffFactory(school=visitor), StaffFactory(school=third)
    book(offer, ada)
    book(offer, poor)
    last = StaffFactory(school=visitor)
    book(offer, last)
    with school_scope(visitor):
        placing.give_back(OfferPlace.objects.get(staff=ada))

    with school_scope(school):
        states = {one.staff_id: one.state for one in OfferPlace.objects.all()}
    assert states == {ada.pk: "given_back", poor.pk: "waiting", last.pk: "booked"}
    assert balance(visitor) == 0


def test_withdrawn_offer_returns_credits(school, network, visitor):
    with school_scope(school):
        credits.grant(network, [visitor.pk], amount=2, note="")
    offer = OfferFactory(school=school, network=network, credits=2)
    book(offer, StaffFactory(school=visitor))
    assert balance(visitor) == 0
    with school_scope(school):
        offering.withdraw(offer, "Ill")
    assert balance(visitor) == 2


# --- how it was ----------------------------------------------------------------------------------
SAID = {"useful": "yes", "pitch": "right", "send": "yes"}


@pytest.fixture
def over(school, network, visitor, at):
    """An offer six colleagues of two schools came to, and one who did not."""
    offer = OfferFactory(school=school, network=network)
    people = StaffFactory.create_batch(5, school=visitor)
    book(offer, *people)
    book(offer, *StaffFactory.create_batch(2, school=member(network, "Cedar")))
    at("2026-11-30 20:00")
    with school_scope(school):
        seats = list(OfferPlace.objects.order_by("pk"))
        came = {one.pk: one.pk != seats[4].pk for one in seats}
        placing.take_register(
            Offer.objects.get(pk=offer.pk), key=offer.sessions[0]["key"], came=came
        )
        return Offer.objects.get(pk=offer.pk)


def those_who_came(offer):
    with school_scope(offer.school):
        return [one for one in OfferPlace.objects.order_by("pk") if one.has_come]


def staff_of(place):
    with school_scope(place.school_id):
        return place.staff


def say(offer, place, **said):
    with school_scope(place.school_id):
        answers.answer(offer, staff=place.staff, said=OfferAnswer(**SAID | said))


def test_answers_are_counted_once_and_shown_from_five_on(sign_in, over, at, visitor, head, network):
    places = those_who_came(over)
    client = sign_in(staff_of(places[0]))
    page = url(visitor, "networks:offer_answer", over.network_id, over.pk)
    assert "This field is required" in client.post(page, {"useful": "yes"}).text
    client.post(page, SAID | {"line": "More time to try it"})
    assert "already" in client.post(page, SAID, follow=True).text
    for place in places[1:5]:
        say(over, place, send="no")
    looked = url(over.school, "networks:offer", over.network_id, over.pk)
    assert "More time" not in sign_in(head).get(looked).text
    assert "asked until 12 December 2026" in sign_in(head).get(looked).text

    at("2026-12-13 20:00")
    with school_scope(over.school):
        answers.freeze(over.school, clock.now())
        answers.freeze(over.school, clock.now())
        assert not OfferAnswer.objects.exists()

    seen = sign_in(head).get(looked).text
    assert "5 answers" in seen
    assert "Yes: 1" in seen
    assert "No: 4" in seen
    assert "More time to try it" in seen
    theirs = url(visitor, "networks:offer", over.network_id, over.pk)
    assert "5 answers" in sign_in(StaffFactory(school=visitor, roles=["head"])).get(theirs).text
    third = member(network)
    other = url(third, "networks:offer", over.network_id, over.pk)
    assert "answers" not in sign_in(StaffFactory(school=third, roles=["head"])).get(other).text


def test_four_answers_stay_hidden(sign_in, over, at, head):
    for place in those_who_came(over)[:4]:
        say(over, place, line="Only four of us")
    at("2026-12-13 20:00")
    with school_scope(over.school):
        answers.freeze(over.school, clock.now())

    seen = sign_in(head).get(url(over.school, "networks:offer", over.network_id, over.pk)).text
    assert "Fewer than five answered" in seen
    with school_scope(over.school):
        assert Offer.objects.get().results == {}
        assert not OfferAnswer.objects.exists()


def test_only_who_came_is_asked_and_in_time(sign_in, over, visitor, at):
    with school_scope(visitor):
        due = list(offer_letters.who_came(visitor, clock.now()))
    assert len(due) == 4
    place = those_who_came(over)[0]
    with school_scope(visitor):
        row = Reminder(school=visitor, staff=place.staff, kind="network_answer", object_id=place.pk)
        assert str(over) in offer_letters.ask(row).text
    say(over, place)
    with school_scope(visitor):
        assert offer_letters.ask(row) is None
    at("2026-12-13 20:00")
    with pytest.raises(NotPossible, match="counted"):
        say(over, those_who_came(over)[1])
    with school_scope(visitor):
        assert list(offer_letters.who_came(visitor, clock.now())) == []
        gone = OfferPlace.objects.exclude(pk__in=[one.pk for one in those_who_came(over)])
        missed = gone.of(visitor).get()
        with pytest.raises(NotPossible, match="Whoever came"):
            answers.answer(over, staff=missed.staff, said=OfferAnswer(**SAID))


def test_answers_stand_behind_the_hosts_wall(over, visitor):
    say(over, those_who_came(over)[0])
    with school_scope(visitor):
        assert not OfferAnswer.objects.exists()
    names = {field.name for field in OfferAnswer._meta.fields}
    assert not names & {"staff", "user", "by", "at", "place"}


# --- visits and our own part ---------------------------------------------------------------------
def test_what_a_visit_was_for_stays_at_home(sign_in, school, network, visitor, their_head, head):
    offer = OfferFactory(school=school, network=network, what="visit")
    book(offer, their_head)
    page = url(visitor, "networks:offer_part", network.pk, offer.pk)
    client = sign_in(their_head)

    client.post(page, {"cover": "Ms Shah", "question": "How do they start talk?", "report": "Wow"})

    looked = client.get(url(visitor, "networks:offer", network.pk, offer.pk)).text
    assert "How do they start talk?" in looked
    assert "Ms Shah" in looked
    assert (
        "Ms Shah" not in sign_in(head).get(url(school, "networks:offer", network.pk, offer.pk)).text
    )
    with school_scope(school):
        assert not SchoolPlaces.objects.exists()


# --- the host's pages ----------------------------------------------------------------------------
def test_more_places_go_to_who_waits(sign_in, school, head, network, visitor):
    offer = OfferFactory(school=school, network=network, places=1)
    book(offer, *StaffFactory.create_batch(3, school=visitor))
    client, page = sign_in(head), url(school, "networks:offer_change", network.pk, offer.pk)
    data = {"what": "activity", "price": 0, "credits": 0, "revision": 1}

    client.post(page, data | {"places": 2})
    with school_scope(school):
        assert Offer.objects.get().taken == 2
    assert "2 places are taken already" in client.post(page, data | {"places": 1}).text
    client.post(url(school, "networks:offer_state", network.pk, offer.pk))
    with school_scope(school):
        assert (Offer.objects.get().state, Offer.objects.get().waiting) == ("closed", 1)
    client.post(url(school, "networks:offer_state", network.pk, offer.pk), {"open": "1"})
    withdraw = url(school, "networks:offer_withdraw", network.pk, offer.pk)
    assert "This field is required" in client.post(withdraw, {"because": " "}).text
    client.post(withdraw, {"because": "No room"})
    with school_scope(school):
        row = Offer.objects.get()
    assert (row.state, row.because, row.taken, row.waiting) == ("withdrawn", "No room", 0, 0)


def test_withdrawn_it_is_opened_again_as_the_same_row(school, network, visitor):
    offer = OfferFactory(school=school, network=network)
    with school_scope(school):
        activity = offer.activity
        with pytest.raises(NotPossible, match="open to this network already"):
            offering.publish(Offer(network=network, school=school), activity)
        offering.withdraw(offer, "Ill")
        said = {"asked": 6, "answers": 5}
        Offer.objects.filter(pk=offer.pk).update(results=said, frozen_on=date(2026, 11, 2))
        again = offering.publish(Offer(network=network, school=school, places=3), activity)
        row = Offer.objects.get()
    assert (again.pk, row.state, row.places, row.taken) == (offer.pk, "open", 3, 0)
    assert (row.results, row.frozen_on) == (said, date(2026, 11, 2))
    book(offer, StaffFactory(school=visitor))


def test_database_holds_price_and_reason(school, network):
    offer = OfferFactory(school=school, network=network)
    for changes in ({"price": -1}, {"places": 0}, {"because": "x"}):
        with school_scope(school), pytest.raises(DatabaseError), transaction.atomic():
            Offer.objects.filter(pk=offer.pk).update(**changes)
