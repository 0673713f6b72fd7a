"""Which school could help with what, and asking it."""

import pytest

from audits.models import Expertise
from cpdhub.models import OutboxMessage
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks.models import Enquiry, Membership
from tests.factories import (
    EnquiryFactory,
    ExpertiseFactory,
    MembershipFactory,
    NetworkFactory,
    PublicationFactory,
    SchoolFactory,
    StaffFactory,
    TopicFactory,
)
from tests.helpers import url

MARK = "Zzyzx"


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def network(school):
    return NetworkFactory(school=school)


def offers(network, title, *, shares=True, for_networks=True, **fields):
    """A member school in which somebody offers help with a topic."""
    school = SchoolFactory()
    row = MembershipFactory(network=network, school=school)
    with school_scope(school):
        Membership.objects.filter(pk=row.pk).update(shares_expertise=shares)
    ExpertiseFactory(
        school=school, topic=TopicFactory(school=school, title=title), for_networks=for_networks,
        staff=StaffFactory(school=school, first_name=MARK, last_name=MARK),
        text=MARK, **fields,
    )  # fmt: skip
    return school


def test_topics_of_schools_stand_there_and_no_name(sign_in, school, teacher, network):
    schools = [offers(network, title) for title in ("Phonics games", "phonics  games!", "Drama")]

    page = sign_in(teacher).get(url(school, "networks:expertise", network.pk))

    assert [(row.title, len(row.schools)) for row in page.context["known"]] == [
        ("Phonics games", 2), ("Drama", 1)
    ]  # fmt: skip
    assert all(one.name in page.text for one in schools)
    assert MARK not in page.text
    found = sign_in(teacher).get(url(school, "networks:expertise", network.pk), {"q": "game phon"})
    assert [row.title for row in found.context["known"]] == ["Phonics games"]
    assert "Try fewer" in sign_in(teacher).get(
        url(school, "networks:expertise", network.pk), {"q": "violin"}
    ).text  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"shares": False}, {"for_networks": False}, {"audience": Expertise.Audience.ONLY_ME},
        {"is_paused": True},
    ],
)  # fmt: skip
def test_nothing_stands_there_without_both_yeses(sign_in, school, teacher, network, fields):
    offers(network, "Drama", **fields)

    page = sign_in(teacher).get(url(school, "networks:expertise", network.pk)).text

    assert "Drama" not in page
    assert "Nobody has opened a topic yet" in page


def test_school_outside_the_network_is_not_asked(sign_in, school, teacher, network):
    offers(NetworkFactory(), "Drama")

    assert "Drama" not in sign_in(teacher).get(url(school, "networks:expertise", network.pk)).text


def test_what_nobody_offers_is_a_gap(sign_in, school, teacher, network):
    PublicationFactory(network=network)  # three schools need "Talk"
    page = url(school, "networks:expertise", network.pk)
    assert "offered by none" in sign_in(teacher).get(page).text

    offers(network, "Talk")

    assert "offered by none" not in sign_in(teacher).get(page).text


def test_school_is_asked_answers_and_hears_what_came_of_it(sign_in, school, cpd_leader, network):
    other = offers(network, "Drama")
    theirs = StaffFactory(school=other, roles=[Role.CPD_LEADER])
    ask = url(school, "networks:ask", network.pk)
    asker = sign_in(cpd_leader)
    assert f'value="{other.pk}" selected' in asker.get(ask, {"topic": "Drama", "of": other.pk}).text

    asker.post(ask, {"asked": other.pk, "topic": "Drama", "words": "Could you show us?"})

    with school_scope(other):
        row = Enquiry.objects.get()
        assert "Could you show us?" in OutboxMessage.objects.get(to=theirs.user.email).text
    page = url(other, "networks:enquiry", network.pk, row.pk)
    helper = sign_in(theirs)
    assert "This field is required" in helper.post(page, {"answer": "", "reply": "x"}).text
    helper.post(page, {"answer": "yes", "reply": "In March"})
    with school_scope(school):
        assert "In March" in OutboxMessage.objects.get(to=cpd_leader.user.email).text
    own = url(school, "networks:enquiry", network.pk, row.pk)
    sign_in(cpd_leader).post(own, {"helped": "Two classes tried it", "answer": "no"})

    assert "Two classes tried it" in sign_in(theirs).get(page).text
    with school_scope(school):
        assert Enquiry.objects.get().answer == "yes"  # who asked cannot answer for them


def test_no_third_school_reads_an_enquiry(sign_in, school, network, monkeypatch):
    row = EnquiryFactory(school=school, network=network)
    third = MembershipFactory(network=network).school
    leader = StaffFactory(school=third, roles=[Role.CPD_LEADER])

    assert sign_in(leader).get(
        url(third, "networks:enquiry", network.pk, row.pk)
    ).status_code == 404  # fmt: skip
    monkeypatch.setattr("networks.models.base.get_scope", lambda: {"_enabled": False})
    with school_scope(third):
        assert not Enquiry.objects.exists()
    with school_scope(row.asked):
        assert Enquiry.objects.exists()


@pytest.mark.parametrize("of", ["own", "stranger"])
def test_only_another_member_is_asked(sign_in, school, cpd_leader, network, of):
    asked = school if of == "own" else SchoolFactory()

    answer = sign_in(cpd_leader).post(
        url(school, "networks:ask", network.pk),
        {"asked": asked.pk, "topic": "Drama", "words": "Please"},
    )

    assert "Select a valid choice" in answer.text


@pytest.mark.parametrize("size", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    sign_in, school, head, network, size, django_assert_num_queries
):
    for number in range(size):
        offers(network, f"Drama {number}")
        EnquiryFactory(school=school, network=network)
    client = sign_in(head)

    with django_assert_num_queries(22):
        answer = client.get(url(school, "networks:expertise", network.pk))
    assert answer.text.count("Could somebody") == 0
    assert answer.text.count("We asked") == size
