"""Founding, inviting, joining, sharing and leaving."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from cpdhub.models import OutboxMessage
from cpdhub.models.base import NotPossible
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import leaving
from networks.models import Commitment, Joining, Membership, Network, NetworkRole, Partner, Theme
from tests.factories import (
    CommitmentFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkRoleFactory,
    PartnerFactory,
    SchoolFactory,
    StaffFactory,
    ThemeFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def other():
    return SchoolFactory(name="Birch Primary")


FORM = {"name": "Talk cluster", "kind": "cluster", "state": "forming", "purpose": "Talk"}


def test_school_that_founds_a_network_leads_it(sign_in, school, cpd_leader):
    answer = sign_in(cpd_leader).post(url(school, "networks:found"), FORM)

    with school_scope(school):
        network = Network.objects.get()
        row = Membership.objects.get()
    assert answer.url == url(school, "networks:schools", network.pk)
    assert (row.is_lead, row.state, row.contact, row.since) == (
        True, "member", cpd_leader.name, date(2026, 11, 21)
    )  # fmt: skip


def test_end_needs_somebody_who_carries_on(sign_in, school, cpd_leader):
    client, page = sign_in(cpd_leader), url(school, "networks:found")

    assert "Say who carries on" in client.post(page, FORM | {"ends_on": "2028-01-01"}).text
    assert "end before it began" in client.post(page, FORM | {"ends_on": "2026-01-01"}).text
    with school_scope(school):
        assert not Network.objects.exists()


def test_head_of_an_invited_school_decides(sign_in, school, cpd_leader, network, other):
    theirs = StaffFactory(school=other, roles=[Role.HEAD])
    leader = StaffFactory(school=other, roles=[Role.CPD_LEADER])

    sign_in(cpd_leader).post(
        url(school, "networks:invite", network.pk), {"school": other.urn, "words": "Come!"}
    )

    with school_scope(other):
        letter = OutboxMessage.objects.get()
        assert letter.to == theirs.user.email
        assert "Come!" in letter.text
        assert url(other, "networks:answer", network.pk) in letter.text
    assert "Talk cluster" in sign_in(leader).get(url(other, "networks:list")).text
    assert sign_in(leader).get(url(other, "networks:answer", network.pk)).status_code == 403
    assert sign_in(leader).get(url(other, "networks:network", network.pk)).status_code == 404

    sign_in(theirs).post(
        url(other, "networks:answer", network.pk),
        {"figures": "totals", "shares_offers": "on", "contact": "Ada", "contact_email": ""},
    )

    with school_scope(other):
        row = Membership.objects.get(school=other)
        assert (row.state, row.figures, row.contact) == ("member", "totals", "Ada")
    assert "Birch Primary" in sign_in(leader).get(url(other, "networks:schools", network.pk)).text


def test_no_is_an_answer_and_is_asked_again_after_a_term(
    sign_in, school, cpd_leader, network, other, at
):
    at("2026-11-23 09:00")
    theirs = StaffFactory(school=other, roles=[Role.HEAD])
    row = MembershipFactory(network=network, school=other, state="invited")

    answer = url(other, "networks:answer", network.pk)
    sign_in(theirs).post(answer, {"decline": "1"}, follow=True)
    assert "Talk cluster" not in sign_in(theirs).get(url(other, "networks:list")).text
    invite = url(school, "networks:invite", network.pk)
    at_once = sign_in(cpd_leader).post(invite, {"school": "birch"})
    at("2027-02-21 09:00")
    later = sign_in(cpd_leader).post(invite, {"school": "birch"})

    assert "You can ask again from 21 February 2027" in at_once.text
    assert later.status_code == 302
    with school_scope(school):
        row = Membership.objects.get(pk=row.pk)
    assert row.state == "invited"


@pytest.mark.parametrize(
    ("asked", "said"),
    [("Birch", "More than one fits"), ("Nowhere", "No school of that name"), ("", "required")],
)
def test_school_to_invite_is_found_or_asked_for_again(
    sign_in, school, cpd_leader, network, other, asked, said
):
    SchoolFactory(name="Birch Secondary")

    answer = sign_in(cpd_leader).post(url(school, "networks:invite", network.pk), {"school": asked})

    assert said in answer.text
    with school_scope(school):
        assert Membership.objects.count() == 1


def test_nobody_is_invited_twice(sign_in, school, cpd_leader, network, other):
    MembershipFactory(network=network, school=other)

    answer = sign_in(cpd_leader).post(
        url(school, "networks:invite", network.pk), {"school": other.name}
    )

    assert "in the network or invited already" in answer.text


def test_member_that_does_not_lead_keeps_no_page_of_the_network(sign_in, network, other):
    MembershipFactory(network=network, school=other)
    client = sign_in(StaffFactory(school=other, roles=[Role.HEAD]))

    for view, arguments in (
        ("change", []), ("invite", []), ("part_add", ["theme"]), ("part_add", ["partner"]),
    ):  # fmt: skip
        assert client.get(url(other, f"networks:{view}", network.pk, *arguments)).status_code == 403
    assert client.get(url(other, "networks:part_add", network.pk, "person")).status_code == 200


def test_another_school_can_lead_and_the_last_one_cannot_step_back(
    sign_in, school, cpd_leader, network, other
):
    row = MembershipFactory(network=network, school=other)
    with school_scope(school):
        own = Membership.objects.get(school=school)
    client = sign_in(cpd_leader)

    answer = client.post(url(school, "networks:lead", network.pk, own.pk), follow=True)
    assert "No other school leads this network yet" in answer.text
    client.post(url(school, "networks:lead", network.pk, row.pk))
    client.post(url(school, "networks:lead", network.pk, own.pk))

    with school_scope(school):
        assert [one.school for one in Membership.objects.leads()] == [other]


def test_school_that_leaves_takes_with_it_what_it_wrote(sign_in, school, network, other):
    MembershipFactory(network=network, school=other)
    with school_scope(other):
        role = NetworkRole(network=network, school=other)
        role.take_from(StaffFactory(school=other))
        role.save()
    NetworkRoleFactory(school=school, network=network)
    client = sign_in(StaffFactory(school=other, roles=[Role.HEAD]))

    assert "At once" in client.get(url(other, "networks:leave", network.pk)).text
    client.post(url(other, "networks:leave", network.pk))

    assert client.get(url(other, "networks:network", network.pk)).status_code == 404
    with school_scope(other):
        assert not Network.objects.exists()
        assert Membership.objects.get().state == "left"
    with school_scope(school):
        assert [one.school_id for one in NetworkRole.objects.all()] == [school.pk]
        assert [one.school_id for one in Membership.objects.members()] == [school.pk]


def test_oldest_member_leads_what_the_only_lead_leaves(school, network, at):
    at("2026-11-20 09:00")
    oldest = MembershipFactory(network=network)
    at("2026-11-21 09:00")
    MembershipFactory(network=network)
    ThemeFactory(school=school, network=network)
    NetworkRoleFactory(school=school, network=network)
    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with school_scope(oldest.school):
        assert [one.pk for one in Membership.objects.leads()] == [oldest.pk]
        assert Theme.objects.get().school_id == oldest.school_id  # the network's, not the leaver's
        assert not NetworkRole.objects.exists()
    with school_scope(school), pytest.raises(NotPossible):
        leaving.leave(Membership.objects.get(school=school))


def test_network_nobody_is_left_in_is_gone(school, network, other):
    MembershipFactory(network=network, school=other, state="invited")
    for factory in (PartnerFactory, NetworkRoleFactory, ThemeFactory, CommitmentFactory):
        factory(school=school, network=network)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    for each in (school, other):
        with school_scope(each):
            assert not Network.objects.exists()
            assert not Membership.objects.exists()


def test_school_that_becomes_an_academy_stays_in_it(school, network):
    with school_scope(school):
        school.change_urn("149999")
        assert Membership.objects.members().get().school.urn == "149999"


def test_database_keeps_the_ways_a_membership_goes(school, network, other):
    row = MembershipFactory(network=network, school=other, state="invited")

    for changes in ({"state": "left"}, {"is_lead": True}, {"credits": -1}):
        with school_scope(other), pytest.raises(DatabaseError), transaction.atomic():
            Membership.objects.filter(pk=row.pk).update(**changes)


# --- the third wall ---
@pytest.fixture
def first_wall_down(monkeypatch):
    monkeypatch.setattr("networks.models.base.get_scope", lambda: {"_enabled": False})


SHARED = [Partner, NetworkRole, Theme, Commitment]


def test_database_shows_a_network_to_its_members_alone(first_wall_down, school, network, other):
    stranger = SchoolFactory()
    MembershipFactory(network=network, school=other, state="invited")
    for factory in (PartnerFactory, NetworkRoleFactory, ThemeFactory, CommitmentFactory):
        factory(school=school, network=network)

    with school_scope(stranger):
        assert not any(model.objects.exists() for model in (Network, Membership, *SHARED))
    with school_scope(other):  # invited: who asks, and for what, and nothing else
        assert [one.pk for one in Network.objects.all()] == [network.pk]
        assert Membership.objects.count() == 2
        assert not any(model.objects.exists() for model in SHARED)
        Membership.objects.filter(school=other).update(state="member", since=date(2026, 11, 21))
    with school_scope(other):
        assert all(model.objects.count() == 1 for model in SHARED)


def test_database_lets_members_change_nothing_of_others(first_wall_down, school, network, other):
    MembershipFactory(network=network, school=other)
    theme = ThemeFactory(school=school, network=network)

    with school_scope(other):
        assert Theme.objects.filter(pk=theme.pk).update(title="Ours") == 0
        assert Theme.objects.filter(pk=theme.pk).delete()[0] == 0
        assert Network.objects.filter(pk=network.pk).update(name="Ours") == 0
        assert Membership.objects.filter(school=school).update(is_lead=False) == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            Theme.objects.create(network=network, school=school, title="In their name")


def test_database_lets_nobody_walk_in(first_wall_down, network, other):
    with school_scope(other), pytest.raises(ProgrammingError), transaction.atomic():
        Membership.objects.create(
            network_id=network.pk, school=other, state="member", since=date(2026, 11, 21)
        )


def test_roles_name_people_of_their_own_school(school, network, other):
    NetworkRoleFactory(school=school, network=network, staff=StaffFactory(school=other))

    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


# --- pages ---
@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, size, django_assert_num_queries
):
    for _ in range(size - 1):
        NetworkFactory(school=school)
    network = NetworkFactory(school=school)
    for _ in range(size):
        MembershipFactory(network=network)
        for factory in (PartnerFactory, NetworkRoleFactory, ThemeFactory, CommitmentFactory):
            factory(school=school, network=network)
    client = sign_in(head)

    for view, queries, arguments in (
        ("list", 15, []), ("network", 17, [network.pk]), ("schools", 17, [network.pk]),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            answer = client.get(url(school, f"networks:{view}", *arguments))
        assert answer.status_code == 200


def test_first_visit_says_what_a_network_is_for(sign_in, school, head, teacher):
    assert "Found a network" in sign_in(head).get(url(school, "networks:list")).text
    seen = sign_in(teacher).get(url(school, "networks:list")).text
    assert "in no network here yet" in seen
    assert "Found a network" not in seen


def test_what_the_network_answers_for_is_looked_at(sign_in, school, head, network):
    client = sign_in(head)
    client.post(
        url(school, "networks:part_add", network.pk, "commitment"),
        {"level": "strategic", "expected": "Talk rules in use", "look_on": "2026-11-20"},
    )
    with school_scope(school):
        row = Commitment.objects.get()
    page = url(school, "networks:network", network.pk)
    assert "Look again on 20 November 2026" in client.get(page).text

    answer = client.post(url(school, "networks:look", network.pk, row.pk), {"found": " "})
    assert "Say in a line or two" in answer.text
    client.post(url(school, "networks:look", network.pk, row.pk), {"found": "In six of nine"})

    assert "In six of nine" in client.get(page).text


def test_same_theme_twice_is_refused_beside_what_was_typed(sign_in, school, head, network):
    theme = ThemeFactory(school=school, network=network)

    answer = sign_in(head).post(
        url(school, "networks:part_add", network.pk, "theme"), {"title": theme.title}
    )

    assert "There is this theme." in answer.text
    assert theme.title in answer.text
    client = sign_in(head)
    client.post(url(school, "networks:part", network.pk, "theme", theme.pk), {"remove": "1"})
    with school_scope(school):
        assert not Theme.objects.exists()


def test_nobody_changes_the_people_of_another_school(sign_in, school, head, network, other):
    MembershipFactory(network=network, school=other)
    with school_scope(other):
        role = NetworkRole(network=network, school=other)
        role.take_from(StaffFactory(school=other))
        role.save()

    page = url(school, "networks:part", network.pk, "person", role.pk)

    assert sign_in(head).get(page).status_code == 404


def test_school_weighs_and_arrives_for_itself(sign_in, school, head, network):
    client, page = sign_in(head), url(school, "networks:weigh", network.pk)
    client.post(page, {"specialists": "A speech therapist", "days": "4", "verdict": "Yes"})
    assert "A speech therapist" in client.get(page).text
    assert "Ensure this value" in client.post(page, {"days": "-1"}).text

    arriving = url(school, "networks:arriving", network.pk)
    client.post(arriving, {"done": ["focus", "meeting", "nonsense"]})

    assert "5 things left" in client.get(arriving).text
    with school_scope(school):
        assert Joining.objects.get().done == ["focus", "meeting"]


def test_switches_and_contact_are_the_schools(sign_in, school, head, network):
    client = sign_in(head)
    client.post(url(school, "networks:sharing", network.pk), {"figures": "name"})
    page = url(school, "networks:contact", network.pk)
    assert "Say who" in client.post(page, {"contact": ""}).text
    client.post(page, {"contact": "Ada Byron"})

    with school_scope(school):
        row = Membership.objects.get()
    assert (row.figures, row.shares_offers, row.contact, row.contact_on) == (
        "name", False, "Ada Byron", date(2026, 11, 21)
    )  # fmt: skip
