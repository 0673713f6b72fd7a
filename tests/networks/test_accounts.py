"""Accounts of practice: a school's own until it shares them."""

import pytest
from django.db import IntegrityError, transaction

from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import leaving
from networks.models import Account, Membership
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    PostFactory,
    SchoolFactory,
    StaffFactory,
    ThemeFactory,
)
from tests.helpers import url

TOLD = {
    "title": "Talk partners", "wanted": "Longer answers", "did": "Ten minutes a day",
    "changed": "Answers of two sentences", "strength": "observed", "questions": "In Year 1?",
    "is_agreed": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def other(network):
    made = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=made)
    return made


@pytest.fixture
def their_head(other):
    return StaffFactory(school=other, roles=[Role.HEAD])


def test_draft_is_the_schools_own_and_what_is_shared_everybodys(
    sign_in, school, cpd_leader, teacher, network, other, their_head
):
    client = sign_in(cpd_leader)
    client.post(
        url(school, "networks:account_new", network.pk),
        {"title": "Talk partners", "wanted": "Longer answers", "keep": "1"},
    )
    with school_scope(school):
        row = Account.objects.get()
    page = url(school, "networks:account", network.pk, row.pk)
    theirs = url(other, "networks:account", network.pk, row.pk)
    assert "Draft, ours alone" in client.get(url(school, "networks:accounts", network.pk)).text
    assert sign_in(teacher).get(page).status_code == 404
    assert sign_in(their_head).get(theirs).status_code == 404

    change = url(school, "networks:account_change", network.pk, row.pk)
    sign_in(cpd_leader).post(change, TOLD | {"share": "1", "revision": row.revision})

    seen = sign_in(their_head).get(theirs).text
    assert "Seen in our classrooms" in seen
    assert "Oakfield Primary, told by Carla Leader" in seen
    assert sign_in(teacher).get(page).status_code == 200
    their_change = url(other, "networks:account_change", network.pk, row.pk)
    assert sign_in(their_head).get(their_change).status_code == 404


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("did", "Say what you did"),
        ("changed", "Say what changed"),
        ("questions", "Leave others a question"),
        ("is_agreed", "Ask the colleagues you name"),
    ],
)
def test_what_is_shared_is_told_whole(sign_in, school, head, network, left_out, said):
    sent = {name: value for name, value in TOLD.items() if name != left_out}

    answer = sign_in(head).post(
        url(school, "networks:account_new", network.pk), sent | {"share": "1"}
    )

    assert said in answer.text
    with school_scope(school):
        assert not Account.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.create(
                network=network, school=school, title="Half", wanted="Talk",
                shared_on=clock.today(),
            )  # fmt: skip


def test_pupil_who_may_be_named_is_asked_about_once(sign_in, school, head, network):
    client, new = sign_in(head), url(school, "networks:account_new", network.pk)
    sent = TOLD | {"did": "We asked the boy Tom each day", "share": "1"}

    assert "Does it name a pupil?" in client.post(new, sent).text
    client.post(new, sent | {"knowingly": "1"})

    with school_scope(school):
        assert Account.objects.get().is_shared


def test_shared_one_is_taken_back(sign_in, school, head, network, other, their_head):
    row = AccountFactory(school=school, network=network, is_told=True)

    sign_in(head).post(
        url(school, "networks:account_change", network.pk, row.pk),
        TOLD | {"keep": "1", "revision": 1},
    )

    theirs = url(other, "networks:account", network.pk, row.pk)
    assert sign_in(their_head).get(theirs).status_code == 404


def test_database_shows_drafts_to_their_school_alone(monkeypatch, school, network, other):
    draft = AccountFactory(school=other, network=network)
    told = AccountFactory(school=other, network=network, is_told=True)
    monkeypatch.setattr("networks.models.base.get_scope", lambda: {"_enabled": False})

    with school_scope(school):  # which even leads the network
        assert list(Account.objects.all()) == [told]
        assert Account.objects.filter(pk=draft.pk).delete()[0] == 0
    with school_scope(other):
        assert Account.objects.count() == 2


def test_one_begins_with_what_a_colleague_lets_be_passed_on(sign_in, school, head, network):
    text = "What our pupils needed\nWords\n\nWhat we did\nA word a day\n\nWe liked it"
    told = PostFactory(
        school=school, kind="account", title="A word a day", text=text, licence="cc-by-4.0",
        is_agreed=True, review_on=clock.today(), posted_at=clock.now(),
    )  # fmt: skip
    kept = PostFactory(
        school=school, kind="account", title="For us alone", text=text, is_agreed=True,
        review_on=clock.today(), posted_at=clock.now(),
    )  # fmt: skip
    client, new = sign_in(head), url(school, "networks:account_new", network.pk)

    assert "For us alone" not in client.get(new).text
    assert "For us alone" not in client.get(f"{new}?from={kept.pk}").text
    begun = client.get(f"{new}?from={told.pk}").text

    assert 'value="A word a day"' in begun
    assert "A word a day\n\nWe liked it" in begun


def test_accounts_are_found_by_words_and_theme(sign_in, school, teacher, network):
    theme = ThemeFactory(school=school, network=network, title="Oracy")
    AccountFactory(school=school, network=network, is_told=True, title="Partners", theme=theme)
    AccountFactory(school=school, network=network, is_told=True, title="Fractions")
    client, page = sign_in(teacher), url(school, "networks:accounts", network.pk)

    assert "Fractions" not in client.get(f"{page}?theme={theme.pk}").text
    assert "Partners" not in client.get(f"{page}?q=fraction").text
    assert "No account fits" in client.get(f"{page}?q=nothing").text


def test_leaver_takes_its_accounts(school, network, other):
    AccountFactory(school=other, network=network, is_told=True)
    with school_scope(other):
        leaving.leave(Membership.objects.get(school=other))

    with school_scope(school):
        assert not Account.objects.exists()


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, network, size, django_assert_num_queries
):
    for _ in range(size):
        row = AccountFactory(school=school, network=network, is_told=True)
    client = sign_in(head)

    for path, queries in (
        (url(school, "networks:accounts", network.pk), 17),
        (url(school, "networks:account", network.pk, row.pk), 15),
    ):
        with django_assert_num_queries(queries):
            answer = client.get(path)
        assert answer.status_code == 200
