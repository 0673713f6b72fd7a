"""Invitations: who gets a letter, and what its link opens, once."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client

from cpdhub import actions, clock
from cpdhub.models import LogEntry, OutboxMessage, Staff, User
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import StaffFactory, UserFactory
from tests.helpers import url

PASSWORD = "three-words-apart"


@pytest.fixture
def data_manager(school):
    return StaffFactory(school=school, last_name="Data", roles=[Role.DATA_MANAGER])


@pytest.fixture
def newcomer(school):
    return StaffFactory(
        school=school, first_name="Nina", last_name="New", user=None, email="nina@school.example"
    )


def letters(school):
    with school_scope(school):
        return list(OutboxMessage.objects.order_by("to"))


def link(person):
    return f"/accounts/invitation/{token(person)}/"


def token(person):
    with school_scope(person.school):
        return actions.invitation_token(person)


def saved(person):
    with school_scope(person.school):
        return Staff.objects.get(pk=person.pk)


# --- sending -----------------------------------------------------------------------------------
def test_invite_sends_a_letter_whose_link_opens_the_page(
    sign_in, client, data_manager, newcomer, school
):
    sign_in(data_manager).post(url(school, "staff:invite", newcomer.pk))

    [letter] = letters(school)
    [path] = set(re.findall(r"http://[^/]+(/accounts/invitation/\S+/)", letter.text))
    page = Client().get(path)
    assert (letter.to, letter.subject) == (
        "nina@school.example", "Your invitation to CPD Hub at Oakfield Primary",
    )  # fmt: skip
    assert path in letter.html
    assert "Join Oakfield Primary" in page.text
    assert saved(newcomer).invited_at is not None
    with school_scope(school):
        assert list(LogEntry.objects.values_list("kind", "by_id", "object_id")) == [
            ("invited", data_manager.pk, str(newcomer.pk))
        ]


def test_invite_pressed_twice_sends_one_letter(sign_in, data_manager, newcomer, school):
    client, path = sign_in(data_manager), url(school, "staff:invite", newcomer.pk)

    client.post(path)
    again = client.post(path, follow=True)

    assert len(letters(school)) == 1
    assert "has just been sent" in again.text


def test_invite_again_later_sends_again(sign_in, data_manager, newcomer, school, at):
    at("2026-11-23 08:00")
    client, path = sign_in(data_manager), url(school, "staff:invite", newcomer.pk)

    client.post(path)
    at("2026-11-23 09:00")
    client.post(path)

    assert len(letters(school)) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "has no e-mail address yet"),
        ({"ends_on": clock.today()}, "has left"),
        ({"user": True}, "can sign in already"),
    ],
)
def test_invite_that_makes_no_sense_says_why(
    sign_in, data_manager, newcomer, school, changes, words
):
    with school_scope(school):
        Staff.objects.filter(pk=newcomer.pk).update(
            **{key: UserFactory() if value is True else value for key, value in changes.items()}
        )

    page = sign_in(data_manager).post(url(school, "staff:invite", newcomer.pk), follow=True)

    assert words in page.text
    assert letters(school) == []


def test_invite_all_shows_whom_then_writes_to_them_only(
    sign_in, data_manager, newcomer, school, other_school
):
    StaffFactory(school=school, user=None, email="", last_name="Paper")
    StaffFactory(school=school, user=None, email="was@school.example", invited_at=clock.now())
    StaffFactory(school=school, user=None, email="left@school.example", ends_on=clock.today())
    StaffFactory(school=school, user=None, email="zoe@school.example")
    StaffFactory(school=other_school, user=None, email="their@school.example")
    client, path = sign_in(data_manager), url(school, "staff:invite_all")

    page = client.get(path)
    client.post(path, {"count": "2"})
    again = client.post(path, {"count": "2"})

    assert [person.email for person in page.context["people"]] == [
        "nina@school.example", "zoe@school.example",
    ]  # fmt: skip
    assert [person.last_name for person in page.context["without_email"]] == ["Paper"]
    assert [letter.to for letter in letters(school)] == [
        "nina@school.example", "zoe@school.example",
    ]  # fmt: skip
    assert letters(other_school) == []
    assert again.status_code == 200


def test_invite_all_asks_again_when_the_list_has_changed(sign_in, data_manager, newcomer, school):
    response = sign_in(data_manager).post(url(school, "staff:invite_all"), {"count": "7"})

    assert "has changed since" in response.text
    assert letters(school) == []


@pytest.mark.parametrize("count", [1, 3])
def test_invite_all_page_takes_constant_queries(
    sign_in, data_manager, school, count, django_assert_num_queries
):
    for number in range(count):
        StaffFactory(school=school, user=None, email=f"p{number}@school.example")
    client = sign_in(data_manager)

    with django_assert_num_queries(14):
        client.get(url(school, "staff:invite_all"))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_invite_at_once_send_one_letter(transactional_db):
    person = StaffFactory(user=None, email="nina@school.example")
    by = StaffFactory(school=person.school, roles=[Role.HEAD])
    gate, refused = threading.Barrier(2), []

    def invite():
        try:
            gate.wait()
            with school_scope(person.school):
                actions.invite(person, by=by)
        except actions.NotInvitable as reason:
            refused.append(str(reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=invite) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(letters(person.school)) == 1
    assert len(refused) == 1


# --- accepting ---------------------------------------------------------------------------------
def test_newcomer_chooses_a_password_and_is_at_home(client, newcomer, school):
    response = client.post(link(newcomer), {"password": PASSWORD})

    assert response.url == f"/s/{school.slug}/"
    assert client.get(response.url).status_code == 200
    user = User.objects.get(email="nina@school.example")
    assert user.check_password(PASSWORD)
    assert not user.is_administrator
    assert saved(newcomer).user_id == user.pk


def test_extra_fields_of_the_acceptance_change_nothing(client, newcomer, school):
    sent = {
        "password": PASSWORD, "email": "evil@evil.example", "is_administrator": "on",
        "roles": "head", "staff": "1",
    }  # fmt: skip

    client.post(link(newcomer), sent)

    user = User.objects.get()
    assert (user.email, user.is_administrator) == ("nina@school.example", False)
    assert saved(newcomer).roles == []


@pytest.mark.parametrize("password", ["", "short", "administrator", "nina@school.example"])
def test_weak_password_is_refused_beside_the_field(client, newcomer, password):
    response = client.post(link(newcomer), {"password": password})

    assert "password" in response.context["form"].errors
    assert User.objects.count() == 0


def test_link_works_once(client, newcomer):
    path = link(newcomer)
    client.post(path, {"password": PASSWORD})

    again = Client().post(path, {"password": "another-password-altogether"})

    assert again.status_code == 410
    assert "has been used" in again.text
    assert User.objects.get().check_password(PASSWORD)


def test_link_runs_out_after_two_weeks(client, newcomer, at):
    at("2026-11-01 12:00")
    path = link(newcomer)

    at("2026-11-15 11:59")
    in_time = client.get(path)
    at("2026-11-15 12:01")
    late = client.get(path)

    assert (in_time.status_code, late.status_code) == (200, 410)
    assert "has run out" in late.text


def test_link_dies_with_the_address_or_the_post(client, newcomer, school):
    path = link(newcomer)
    with school_scope(school):
        Staff.objects.filter(pk=newcomer.pk).update(email="other@school.example")
    moved = client.get(path)
    with school_scope(school):
        Staff.objects.filter(pk=newcomer.pk).update(
            email="nina@school.example", ends_on=clock.today()
        )

    assert (moved.status_code, client.get(path).status_code) == (410, 410)


def test_tampered_link_opens_nothing(client, newcomer, outsider):
    good = token(newcomer)
    forged = actions.signing.dumps([newcomer.school_id, newcomer.pk, "nina@school.example", 9e9])
    for bad in (good[:-1], good.swapcase(), "x", forged):
        response = client.get(f"/accounts/invitation/{bad}/")
        assert response.status_code == 410
        assert "Oakfield" not in response.text


def test_person_with_an_account_signs_in_first_then_adds_the_post(client, newcomer, school):
    user = UserFactory(email="nina@school.example")
    path = link(newcomer)

    asked = client.get(path)
    sent = client.post(path, {"password": PASSWORD})
    before = saved(newcomer).user_id
    client.force_login(user)
    offered = client.get(path)
    response = client.post(path)

    assert "already has an account" in asked.text
    assert "next=/accounts/invitation/" in asked.text.replace("%2F", "/")
    assert (sent.status_code, before) == (200, None)
    assert "Add this post" in offered.text
    assert response.url == f"/s/{school.slug}/"
    assert saved(newcomer).user_id == user.pk
    assert User.objects.count() == 1


def test_somebody_else_signed_in_is_asked_before_the_post_becomes_theirs(client, newcomer):
    other = UserFactory(email="shared@computer.example")
    client.force_login(other)

    page = client.get(link(newcomer))

    assert "Is that you as well?" in page.text
    assert "Sign out and go on" in page.text
    assert saved(newcomer).user_id is None


def test_account_of_another_person_cannot_take_the_post_of_one_with_an_account(client, newcomer):
    UserFactory(email="nina@school.example")
    client.force_login(UserFactory(email="other@school.example"))

    client.post(link(newcomer))

    assert saved(newcomer).user_id is None


def test_colleague_cannot_take_a_second_post_here(sign_in, teacher, newcomer):
    response = sign_in(teacher).post(link(newcomer))

    assert "already has a post" in response.text
    assert saved(newcomer).user_id is None


@pytest.mark.django_db(transaction=True)
def test_link_opened_twice_at_once_makes_one_account(transactional_db):
    person = StaffFactory(user=None, email="nina@school.example")
    path, gate, codes = link(person), threading.Barrier(2), []

    def accept():
        try:
            gate.wait()
            codes.append(Client().post(path, {"password": PASSWORD}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [302, 410]
    assert User.objects.count() == 1
    assert saved(person).user_id == User.objects.get().pk
