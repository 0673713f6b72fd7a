"""Providers: found, warned about, never rated; notes and terms for leaders only."""

from datetime import timedelta
from decimal import Decimal

import pytest

from activities.models import Contract, Provider, ProviderOffer
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ContractFactory,
    ProviderAnswerFactory,
    ProviderFactory,
    ProviderOfferFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def leader(school):
    return StaffFactory(school=school, roles=[Role.CPD_LEADER])


@pytest.mark.parametrize("count", [1, 3])
def test_list_in_constant_queries(client, school, count, django_assert_num_queries):
    for _ in range(count):
        ProviderOfferFactory(school=school, provider=ProviderFactory(school=school))
    client.force_login(StaffFactory(school=school).user)

    with django_assert_num_queries(QUERIES):
        response = client.get(url(school, "activities:providers"))

    assert len(response.context["page"].object_list) == count


QUERIES = 15


def test_search_kind_and_what_to_look_out_for(client, school):
    hard = ProviderFactory(school=school, name="Scheme Sellers")
    soft = ProviderFactory(school=school, name="The university", kind="university")
    ProviderOfferFactory(school=school, provider=hard, product="Read-a-lot", title="Launch day")
    ProviderOfferFactory(school=school, provider=soft, follow_up="A visit after six weeks")
    ProviderFactory(school=school, name="Long gone", is_current=False)
    client.force_login(StaffFactory(school=school).user)

    def found(query):
        page = client.get(url(school, "activities:providers") + query).context["page"]
        return [provider.name for provider in page]

    assert found("") == ["Scheme Sellers", "The university"]
    assert found("?q=launch") == ["Scheme Sellers"]
    assert found("?kind=university") == ["The university"]
    assert found("?watch=independent") == ["Scheme Sellers"]
    assert found("?watch=follow_up") == ["Scheme Sellers"]
    assert found("?past=1&q=gone") == ["Long gone"]
    assert found("?kind=nonsense&q=nobody") == []


@pytest.mark.parametrize(
    ("offer", "warnings"),
    [
        ({}, ["follow"]),
        ({"follow_up": "A return visit"}, []),
        ({"product": "Read-a-lot"}, ["Read-a-lot", "follow"]),
        ({"product": "Read-a-lot", "independent": "The hub"}, ["follow"]),
    ],
)
def test_offer_warns_of_selling_and_of_nothing_after(offer, warnings):
    found = ProviderOffer(title="A day", **offer).warnings

    assert len(found) == len(warnings)
    assert all(word in text for word, text in zip(warnings, found, strict=True))


def test_contract_asks_to_use_or_drop_what_is_paid_for():
    today = clock.today()
    contract = Contract(
        title="Reading", starts_on=today, days_bought=Decimal(4), days_used=Decimal("2.5")
    )

    assert contract.warnings(today) == [
        "1.5 follow-up days are paid for and not used: use or drop them."
    ]
    contract.dropped_because, contract.review_on = "Trainer left", today
    assert contract.warnings(today) == ["It is time to look at it again."]
    contract.review_on, contract.ends_on = None, today + timedelta(days=30)
    assert "nobody is named" in contract.warnings(today)[0]


def test_notes_and_terms_are_for_leaders(client, school, leader):
    provider = ProviderFactory(school=school, notes="Late twice", checks="Insured")
    ContractFactory(school=school, provider=provider, title="Three years of reading")
    ActivityFactory(school=school, provider=provider, state="planned", expected_cost=900)
    ProviderAnswerFactory(school=school, provider=provider)
    path = url(school, "activities:provider", provider.pk)

    client.force_login(leader.user)
    seen = client.get(path).text
    client.force_login(StaffFactory(school=school).user)
    hidden = client.get(path).text

    for words in ("Late twice", "Insured", "Three years of reading", "£900"):
        assert words in seen
        assert words not in hidden
    assert "Two teachers who taught Year 1" in hidden


def test_team_leader_neither_sees_nor_wipes_notes(client, school):
    provider = ProviderFactory(school=school, notes="Late twice")
    client.force_login(StaffFactory(school=school, roles=[Role.TEAM_LEADER]).user)
    path = url(school, "activities:change_provider", provider.pk)

    assert "Late twice" not in client.get(path).text
    client.post(path, {"name": "Renamed", "kind": "person", "notes": "", "revision": 1})

    with school_scope(school):
        kept = Provider.objects.get()
        assert (kept.name, kept.notes) == ("Renamed", "Late twice")


def test_two_of_a_name_are_refused_beside_the_field(client, school, leader):
    ProviderFactory(school=school, name="Hub")
    client.force_login(leader.user)

    page = client.post(url(school, "activities:add_provider"), {"name": " hub ", "kind": "school"})

    assert "There is a provider of this name already." in page.text


def test_answers_are_dated_and_an_emptied_one_goes(client, school, leader):
    provider = ProviderFactory(school=school)
    ProviderAnswerFactory(school=school, provider=provider)
    client.force_login(leader.user)

    client.post(
        url(school, "activities:provider_answers", provider.pk), {"pupils": "Read 20 books a year"}
    )

    with school_scope(school):
        said = list(provider.answers.values_list("question", "answered_on"))
    assert said == [("pupils", clock.today())]


def test_used_more_than_bought_is_refused(client, school, leader):
    provider = ProviderFactory(school=school)
    client.force_login(leader.user)

    page = client.post(
        url(school, "activities:add_contract", provider.pk),
        {"title": "Days", "starts_on": "2026-09-01", "days_bought": "1", "days_used": "2"},
    )

    assert "More days are used than were bought." in page.text


def test_csv_holds_offers_and_no_notes(client, school):
    provider = ProviderFactory(school=school, notes="Late twice")
    ProviderOfferFactory(school=school, provider=provider, price=250)
    client.force_login(StaffFactory(school=school).user)

    page = client.get(url(school, "activities:providers") + "?format=csv")
    body = page.content.decode() if not page.streaming else b"".join(page).decode()

    assert "250" in body
    assert "Late twice" not in body


def test_an_offer_may_be_taken_off_the_list(client, school, leader):
    offer = ProviderOfferFactory(school=school)
    client.force_login(leader.user)

    client.post(url(school, "activities:change_offer", offer.pk), {"do": "delete"})

    with school_scope(school):
        assert not ProviderOffer.objects.exists()


def test_provider_of_an_activity_is_named_on_its_page(client, school):
    provider = ProviderFactory(school=school, name="Reading Works")
    activity = ActivityFactory(school=school, state="planned", provider=provider)
    client.force_login(StaffFactory(school=school).user)

    assert "Reading Works" in client.get(url(school, "activities:activity", activity.pk)).text
