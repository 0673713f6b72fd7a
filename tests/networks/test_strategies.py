"""What a network does, and how far each school says it is."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import leaving, strategies
from networks.models import Adoption, Membership, NetworkReview, Partner, Strategy, Theme
from tests.factories import (
    AdoptionFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkReviewFactory,
    PartnerFactory,
    SchoolFactory,
    StaffFactory,
    StrategyFactory,
    ThemeFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def strategy(school, network):
    return StrategyFactory(school=school, network=network, title="Lead practitioners")


@pytest.fixture
def other(network):
    made = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=made)
    return made


@pytest.fixture
def their_head(other):
    return StaffFactory(school=other, roles=[Role.HEAD])


FORM = {"title": "Talk guide", "about": "A booklet", "way": "spread", "begins_on": "2026-09-01"}


def test_lead_writes_a_strategy_and_others_do_not(
    sign_in, school, head, network, other, their_head
):
    theme = ThemeFactory(school=school, network=network, title="Oracy")

    sign_in(head).post(url(school, "networks:strategy_new", network.pk), FORM | {"theme": theme.pk})

    with school_scope(school):
        row = Strategy.objects.get()
    assert (row.title, row.way, row.theme_id) == ("Talk guide", "spread", theme.pk)
    client = sign_in(their_head)
    assert client.get(url(other, "networks:strategy_new", network.pk)).status_code == 403
    assert client.get(url(other, "networks:strategy_change", network.pk, row.pk)).status_code == 403
    assert "Oracy" in client.get(url(other, "networks:strategy", network.pk, row.pk)).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"ends_on": "2027-09-01"}, "Say who carries on"),
        ({"ends_on": "2026-08-01", "after_the_end": "We do"}, "It would end before it began."),
        ({"challenge_note": "Ask governors"}, "Against which of these?"),
        ({"title": "Lead practitioners"}, "has a strategy of this name"),
        ({"way": ""}, "required"),
    ],
)
def test_strategy_that_does_not_hold_together_is_asked_about(
    sign_in, school, head, strategy, sent, said
):
    page = url(school, "networks:strategy_new", strategy.network_id)

    answer = sign_in(head).post(page, FORM | sent)

    assert said in answer.text
    with school_scope(school):
        assert Strategy.objects.count() == 1


def test_two_leads_changing_one_strategy_lose_nothing(sign_in, school, head, strategy):
    client = sign_in(head)
    page = url(school, "networks:strategy_change", strategy.network_id, strategy.pk)
    client.post(page, FORM | {"about": "First", "revision": 1})

    answer = client.post(page, FORM | {"about": "Second", "revision": 1})

    assert "changed this while you were writing" in answer.text
    assert "Second" in answer.text
    with school_scope(school):
        assert Strategy.objects.get().about == "First"


def test_strategy_schools_have_answered_is_not_taken_off(sign_in, school, head, network, strategy):
    client = sign_in(head)
    page = url(school, "networks:strategy_change", network.pk, strategy.pk)
    AdoptionFactory(school=school, strategy=strategy)
    client.post(page, {"remove": "1"})
    blank = StrategyFactory(school=school, network=network)
    client.post(url(school, "networks:strategy_change", network.pk, blank.pk), {"remove": "1"})

    with school_scope(school):
        assert list(Strategy.objects.all()) == [strategy]


# --- how far ---
def test_each_school_says_it_of_itself(sign_in, school, strategy, other, their_head):
    client = sign_in(their_head)
    page = url(other, "networks:adoption", strategy.network_id, strategy.pk)
    assert "has not come yet" in client.post(
        page, {"state": "aware", "since": "2026-12-01"}
    ).text  # fmt: skip
    client.post(page, {"state": "stalled", "since": "2026-10-01", "would_help": "A visit"})
    client.post(page, {"state": "stalled", "since": "2026-10-01", "would_help": "Two visits"})

    with school_scope(school):
        row = Adoption.objects.get()
        assert (row.school_id, row.state, row.would_help) == (other.pk, "stalled", "Two visits")
    seen = client.get(url(other, "networks:strategies", strategy.network_id)).text
    assert "Stalled, and asking for a hand" in seen
    assert "Nothing is agreed yet." in seen
    assert "Has not said" in seen


def test_school_that_switched_nothing_on_still_says_how_far_it_is(
    sign_in, school, strategy, other, their_head
):
    with school_scope(other):
        Membership.objects.filter(school=other).update(
            figures="nothing", shares_offers=False, shares_expertise=False
        )

    page = url(other, "networks:adoption", strategy.network_id, strategy.pk)
    sign_in(their_head).post(page, {"state": "involved", "since": "2026-10-01"})

    with school_scope(school):
        assert Adoption.objects.get().school_id == other.pk


def test_what_was_agreed_stands_when_the_school_says_more(
    sign_in, school, head, strategy, other, their_head
):
    row = AdoptionFactory(school=other, strategy=strategy, state="stalled", would_help="A visit")
    agreed = url(school, "networks:agreed", strategy.network_id, row.pk)
    sign_in(head).post(agreed, {"agreed": "Ada comes on 3 December"})
    their = url(other, "networks:adoption", strategy.network_id, strategy.pk)
    client = sign_in(their_head)
    client.post(their, {"state": "stalled", "since": "2026-10-01", "would_help": "And materials"})

    seen = client.get(url(other, "networks:strategies", strategy.network_id)).text
    assert "Agreed on 21 November 2026: Ada comes on 3 December" in seen
    assert "And materials" in seen
    assert client.get(url(other, "networks:agreed", strategy.network_id, row.pk)).status_code == 403


def test_nobody_agrees_with_who_did_not_ask(sign_in, school, head, strategy):
    row = AdoptionFactory(school=school, strategy=strategy, state="embedded")

    page = url(school, "networks:agreed", strategy.network_id, row.pk)

    assert sign_in(head).get(page).status_code == 404


def test_database_takes_one_word_a_school(school, strategy):
    AdoptionFactory(school=school, strategy=strategy)

    with school_scope(school), pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(
            network=strategy.network, school=school, strategy=strategy, state="aware"
        )


# --- the way ---
def in_words(strategy, way="deepen", states=(), schools=6):
    strategy.way = way
    return strategies.Step(strategy, [Adoption(state=state) for state in states], schools)


@pytest.mark.parametrize(
    ("way", "states", "said", "advice"),
    [
        ("deepen", ["embedded"] * 3 + ["maintained"], "4 of 6", "could now reach every school"),
        ("spread", ["embedded"] * 4 + ["stalled"], "4 of 6", "choose what comes next"),
        ("spread", ["embedded"] * 3 + ["stalled"] * 2, "stalled in 2", "before you begin anything"),
        ("spread", ["involved"], "5 have not said", "ask at the next meeting"),
        ("spread", ["involved"] * 5, "1 has not said", "stay with it"),
    ],
)
def test_what_comes_next_follows_from_where_schools_are(strategy, way, states, said, advice):
    step = in_words(strategy, way, states)

    assert said in step.words
    assert advice in step.advice


def test_end_that_found_it_in_few_schools_asks_for_a_decision(strategy):
    strategy.ends_on = date(2026, 11, 1)

    assert "decide about it now" in in_words(strategy).advice


def test_page_says_on_whose_shoulders_and_which_way(sign_in, school, head, network):
    for title in ("One", "Two"):
        StrategyFactory(
            school=school, network=network, title=title, lead="Ada", challenge="resources"
        )

    seen = sign_in(head).get(url(school, "networks:strategies", network.pk)).text

    assert "Ada leads 2 of 2" in seen
    assert "All of these go deep" in seen
    assert "nobody has said what we do about it" in seen
    assert "One: nobody is named who takes over." in seen


# --- leaving ---
def test_lead_that_leaves_hands_its_strategies_on(school, network, other):
    theme = ThemeFactory(school=school, network=network, hub=school)
    strategy = StrategyFactory(school=school, network=network, theme=theme)
    AdoptionFactory(school=school, strategy=strategy)
    AdoptionFactory(school=other, strategy=strategy)
    NetworkReviewFactory(school=school, network=network, kind="lasting", strategy=strategy)
    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with school_scope(other):
        assert Strategy.objects.get().school_id == other.pk
        assert [row.school_id for row in Adoption.objects.all()] == [other.pk]
        assert NetworkReview.objects.get().strategy_id == strategy.pk
        kept = Theme.objects.get()
        assert (kept.school_id, kept.hub_id) == (other.pk, None)


def test_school_that_led_once_hands_on_what_it_wrote_then(school, network, other):
    """It leads no longer, so the database lets it change nothing of others."""
    theme = ThemeFactory(school=school, network=network)
    with school_scope(school):
        own, theirs = Membership.objects.get(school=school), Membership.objects.get(school=other)
        own.hand_on_lead(theirs)
        leaving.step_back(own)
    StrategyFactory(school=other, network=network, theme=theme)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with school_scope(other):
        assert Strategy.objects.get().theme_id == theme.pk
        assert Theme.objects.get().school_id == other.pk


def test_school_that_steps_back_still_leads_on_its_theme(school, network, other):
    theme = ThemeFactory(school=school, network=network, hub=school)
    partner = PartnerFactory(school=school, network=network)
    with school_scope(school):
        own, theirs = Membership.objects.get(school=school), Membership.objects.get(school=other)
        own.hand_on_lead(theirs)
        leaving.step_back(own)

    with school_scope(other):
        assert Theme.objects.get(pk=theme.pk).hub_id == school.pk
        assert Partner.objects.get(pk=partner.pk).school_id == other.pk


def test_nothing_is_said_of_a_strategy_of_another_network(school, strategy):
    elsewhere = NetworkFactory(school=school)

    AdoptionFactory(school=school, strategy=strategy, network=elsewhere)

    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


# --- pages ---
@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, network, strategy, size, django_assert_num_queries
):
    for number in range(size):
        there = MembershipFactory(network=network).school
        AdoptionFactory(school=there, strategy=strategy, state="stalled", would_help="A visit")
        if number:
            StrategyFactory(school=school, network=network)
    client = sign_in(head)

    for path, queries in (
        (url(school, "networks:strategies", network.pk), 17),
        (url(school, "networks:strategy", network.pk, strategy.pk), 17),
        (url(school, "networks:adoption", network.pk, strategy.pk), 16),
    ):
        with django_assert_num_queries(queries):
            answer = client.get(path)
        assert answer.status_code == 200


def test_first_visit_says_what_a_strategy_is(sign_in, school, head, network, other, their_head):
    page = url(school, "networks:strategies", network.pk)
    assert "Add a strategy" in sign_in(head).get(page).text
    seen = sign_in(their_head).get(url(other, "networks:strategies", network.pk)).text
    assert "A school that leads the network writes down what it does" in seen
