"""Signing in and out, passwords, devices: plain words, and nobody learns who is here."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cpdhub.models import LogEntry, User
from cpdhub.walls import installation_scope
from tests.factories import PASSWORD, StaffFactory
from tests.helpers import url

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(scope="session")
def password_hash():
    """Made once: a good hash is slow on purpose."""
    return make_password(PASSWORD)


@pytest.fixture
def with_password(school, password_hash):
    """`with_password(email)`: somebody of the school who can sign in with PASSWORD."""

    def with_password(email):
        staff = StaffFactory(school=school, user__email=email)
        staff.user.password = password_hash
        staff.user.save()
        return staff

    cache.clear()
    return with_password


@pytest.fixture
def person(with_password):
    return with_password("amina@school.example")


def sign_in(client, email="amina@school.example", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client):
    return client.get("/accounts/").status_code == 200


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.text)


# --- in -------------------------------------------------------------------------------------------
def test_sign_in_leads_to_the_only_school(client, person, school):
    response = sign_in(client)

    assert response.url == "/"
    assert client.get("/").url == f"/s/{school.slug}/"


def test_sign_in_leads_back_to_the_page_asked_for(client, person, school):
    response = sign_in(client, next=f"/s/{school.slug}/?tab=2")

    assert response.url == f"/s/{school.slug}/?tab=2"


def test_sign_in_takes_the_address_in_any_case(client, person):
    assert sign_in(client, email=" AMINA@School.example ").status_code == 302


def test_sign_in_is_written_down(client, person):
    sign_in(client)

    with installation_scope():
        entries = list(LogEntry.across.values_list("kind", "user", "by", "school", "note"))
    assert entries == [(LogEntry.Kind.SIGNED_IN, person.user.pk, None, None, "")]


def test_failed_sign_in_is_not_written_down_as_one(client, person):
    sign_in(client, password="wrong-wrong-wrong")

    with installation_scope():
        assert not LogEntry.across.exists()


def test_sign_in_changes_the_session(client, person):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key

    sign_in(client)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, person):
    sign_in(client)

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 7 * 24 * 60 * 60


def test_wrong_password_and_unknown_address_are_told_the_same(client, person):
    wrong = sign_in(client, password="wrong-wrong-wrong")
    unknown = sign_in(client, email="nobody@school.example", password="wrong-wrong-wrong")

    assert wrong.status_code == unknown.status_code == 200
    assert without_token(wrong).replace("amina@", "nobody@") == without_token(unknown)
    assert "do not belong together" in wrong.text
    assert "<title>Error: Sign in" in wrong.text


def test_wrong_password_keeps_the_address_and_never_the_password(client, person):
    response = sign_in(client, password="wrong-wrong-wrong")

    assert 'value="amina@school.example"' in response.text
    assert "wrong-wrong-wrong" not in response.text


def test_closed_account_cannot_sign_in(client, person):
    User.objects.filter(pk=person.user.pk).update(is_active=False)

    sign_in(client)

    assert not is_signed_in(client)


def test_unknown_address_takes_as_long_as_a_wrong_password(client, person, monkeypatch):
    """Counted, not timed: a password is hashed once in either case."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed = []
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)

        def counted(self, *args, real=real, name=name, **kwargs):
            hashed.append(name)
            return real(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)

    sign_in(client, password="wrong-wrong-wrong")
    known = len(hashed)
    hashed.clear()
    sign_in(client, email="nobody@school.example", password="wrong-wrong-wrong")

    assert len(hashed) == known == 1


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example",
        "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
        "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
        " https://evil.example", "https:evil.example", "https:/evil.example",
        "https:///evil.example", "http:\\\\evil.example", "javascript:alert(1)",
        "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<script>1</script>",
        "vbscript:x", "ftp://evil.example", "mailto:a@evil.example", "//evil.example@testserver/",
        "https://testserver@evil.example/", "https://testserver.evil.example/",
        "//evil%2eexample", "/%09/evil.example@x\\y", "//[::1]/", "///\\evil.example",
        "\x00//evil.example", "//evil\u3002example", "http://[", "x" * 5000 + "://evil.example",
    ],
)  # fmt: skip
def test_hostile_next_stays_here(client, person, target):
    credentials = {"login": "amina@school.example", "password": PASSWORD}

    by_form = client.post(LOGIN, {**credentials, "next": target})
    client.logout()
    by_query = client.post(LOGIN, credentials, query_params={"next": target})

    for response in (by_form, by_query):
        if "\x00" in target and response.status_code == 400:
            continue  # an address with a NUL in it is refused before anybody reads it
        assert response.status_code == 302
        assert re.fullmatch(r"/(?![\s/\\])[^\s\\]*", response.url), response.url


# --- too many tries -------------------------------------------------------------------------------
def test_five_wrong_passwords_ask_to_wait_even_with_the_right_one(client, person):
    for _ in range(5):
        assert sign_in(client, password="wrong-wrong-wrong").status_code == 200

    response = sign_in(client)

    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert "wait five minutes" in response.text
    assert not is_signed_in(client)


def test_waiting_is_per_account_not_per_staffroom(client, person, with_password):
    with_password("ben@school.example")
    for _ in range(6):
        sign_in(client, password="wrong-wrong-wrong")

    assert sign_in(client, email="ben@school.example").status_code == 302


def test_unknown_address_is_asked_to_wait_just_the_same(client, person):
    for _ in range(5):
        sign_in(client, email="nobody@school.example", password="wrong-wrong-wrong")

    assert sign_in(client, email="nobody@school.example").status_code == 429


def test_right_passwords_do_not_count_as_tries(client, person):
    for _ in range(7):
        assert sign_in(client).status_code == 302
        client.logout()


# --- forged forms ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        LOGIN, "/accounts/logout/", "/accounts/signup/", "/accounts/reauthenticate/",
        "/accounts/password/change/", "/accounts/password/set/", "/accounts/password/reset/",
        "/accounts/password/reset/key/1-set-password/", "/accounts/sessions/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_form_from_elsewhere_is_refused(person, address, method):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user)

    response = getattr(client, method)(address, {"password": PASSWORD})

    assert response.status_code == 403
    assert "Please send that again" in response.text
    assert is_signed_in(client)


# --- out ------------------------------------------------------------------------------------------
def test_sign_out_asks_first_when_it_is_only_a_link(client, person):
    client.force_login(person.user)

    page = client.get("/accounts/logout/")

    assert "Sign out of CPD Hub?" in page.text
    assert is_signed_in(client)


def test_sign_out_ends_the_session(client, person):
    client.force_login(person.user)
    key = client.session.session_key

    response = client.post("/accounts/logout/")

    assert response.url == LOGIN
    assert not Session.objects.filter(session_key=key).exists()
    assert "You are signed out." in client.get(LOGIN).text


def test_sign_out_everywhere_else_ends_the_other_sessions(person):
    here, there = Client(), Client(headers={"user-agent": "Mozilla (Windows NT 10.0) Chrome/140"})
    sign_in(here)
    sign_in(there)
    page = here.get("/accounts/sessions/")

    response = here.post("/accounts/sessions/")

    assert "In 2 places." in page.text
    assert "Chrome on Windows" in page.text
    assert response.url == "/accounts/sessions/"
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert "Only here." in here.get("/accounts/sessions/").text


def test_sign_out_everywhere_leaves_other_people_alone(person, with_password):
    with_password("ben@school.example")
    here, theirs = Client(), Client()
    sign_in(here)
    sign_in(theirs, email="ben@school.example")

    here.post("/accounts/sessions/")

    assert is_signed_in(theirs)


# --- passwords ------------------------------------------------------------------------------------
NEW = "three unrelated words"


def test_change_of_password_keeps_this_session_and_ends_the_others(person):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)

    response = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert response.status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert sign_in(Client(), password=NEW).status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["Your password for CPD Hub was changed"]
    assert mail.outbox[0].to == ["amina@school.example"]


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "at least 12 characters"),
        ("passwordpassword1", None),
        ("amina@school.example", "too similar"),
        ("password1234", "too common"),
    ],
)
def test_weak_password_is_refused_beside_the_field(client, person, password, sentence):
    client.force_login(person.user)

    response = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    if sentence is None:
        assert response.status_code == 302
    else:
        assert response.status_code == 200
        assert sentence in response.text


def reset(client, email):
    return client.post("/accounts/password/reset/", {"email": email}, follow=True)


def test_reset_says_the_same_for_known_and_unknown_addresses(client, person):
    known = reset(client, "amina@school.example")
    letters = len(mail.outbox)
    unknown = reset(client, "nobody@school.example")

    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content
    assert (letters, len(mail.outbox)) == (1, 1)


def link_in(letter):
    return re.search(re.escape(settings.BASE_URL) + r"(/accounts/password/reset/key/\S+)", letter)[
        1
    ]


def test_reset_link_works_once_and_signs_out_everywhere(client, person):
    elsewhere = Client()
    sign_in(elsewhere)
    reset(client, "amina@school.example")
    letter = mail.outbox[0]
    link = link_in(letter.body)

    form = client.get(link, follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    again = Client().get(link, follow=True)

    assert letter.subject == "Choose a new password for CPD Hub"
    assert link in letter.alternatives[0][0]
    assert done.url == "/accounts/password/reset/key/done/"
    assert "This link no longer works" in again.text
    assert not is_signed_in(elsewhere)
    assert sign_in(Client(), password=NEW).status_code == 302
    assert mail.outbox[1].subject == "Your password for CPD Hub was changed"


def test_reset_link_names_our_own_address_whatever_the_host_header(client, person, settings):
    settings.ALLOWED_HOSTS = ["*"]

    client.post(
        "/accounts/password/reset/",
        {"email": "amina@school.example"},
        headers={"host": "evil.example"},
    )

    assert "evil.example" not in mail.outbox[0].body + mail.outbox[0].alternatives[0][0]
    assert f"{settings.BASE_URL}/accounts/password/reset/key/" in mail.outbox[0].body


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzz-set-password", "1-" + "x" * 3000])
def test_made_up_reset_link_is_refused_politely(client, person, key):
    response = client.get(f"/accounts/password/reset/key/{key}/")

    assert response.status_code == 200
    assert "This link no longer works" in response.text


def test_reset_for_a_closed_account_sends_nothing(client, person):
    User.objects.filter(pk=person.user.pk).update(is_active=False)

    reset(client, "amina@school.example")

    assert mail.outbox == []


def test_right_reset_lifts_the_wait(client, person):
    for _ in range(6):
        sign_in(client, password="wrong-wrong-wrong")
    reset(client, "amina@school.example")
    form = client.get(link_in(mail.outbox[0].body), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})

    assert sign_in(Client(), password=NEW).status_code == 302


# --- nobody signs up ------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, person, method):
    before = User.objects.count()

    response = getattr(client, method)(
        "/accounts/signup/", {"email": "new@school.example", "password1": NEW}
    )

    assert "Accounts are by invitation" in response.text
    assert User.objects.count() == before


@pytest.mark.parametrize("address", ["email/", "confirm-email/", "login/code/", "3rdparty/"])
def test_pages_we_do_not_offer_do_not_exist(client, person, address):
    client.force_login(person.user)

    assert client.get(f"/accounts/{address}").status_code == 404


def test_account_page_shows_address_and_schools(client, person, school):
    client.force_login(person.user)

    page = client.get("/accounts/")

    assert "You sign in as amina@school.example." in page.text
    assert f'href="/s/{school.slug}/"' in page.text


def test_sign_out_stands_in_the_frame_of_every_page(client, person, school):
    client.force_login(person.user)

    page = client.get(url(school, "home"))

    assert (
        page.text.count('action="/accounts/logout/"') == 2
    )  # at the side, and in the phone's menu
