"""Error pages: what went wrong, what to do, nothing typed lost, nothing given away."""

import html
import re

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_POST

from cpdhub import clock
from cpdhub.permissions import Permission, Role
from cpdhub.views import errors
from tests.factories import StaffFactory, UserFactory
from tests.helpers import url


# --- a site map of its own, whose pages go wrong on purpose -----------------------------------
@login_not_required
def broken(request):
    raise RuntimeError("a mistake of ours")


@login_not_required
def suspicious(request):
    raise SuspiciousOperation("not ours")


@login_not_required
def refused(request):
    raise PermissionDenied


@login_not_required
def loses_database(request):
    UserFactory(email="half@school.example")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")  # the plain role may end nobody's connection
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("never")


@login_not_required
def takes_words(request):
    return HttpResponse(request.POST.get("words", ""))


@login_not_required
def half_done(request):
    UserFactory(email="half@school.example")
    raise RuntimeError("after writing")


@login_not_required
@require_POST
def only_forms(request):
    return HttpResponse("taken")


urlpatterns = [
    path("only-forms/", only_forms),
    path("broken/", broken),
    path("suspicious/", suspicious),
    path("refused/", refused),
    path("loses-database/", loses_database),
    path("takes-words/", takes_words),
    path("half-done/", half_done),
    path("", include("cpdhub.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error


@pytest.fixture
def visitor(settings):
    """A browser that sees error pages instead of tracebacks."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def words_of(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


# --- 400, 403, 404, 413, 500 --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/suspicious/", 400, "We could not read that"),
        ("/refused/", 403, "This page is not open to you"),
        ("/nowhere/", 404, "There is no such page"),
        ("/only-forms/", 405, "There is nothing to show here"),
        ("/broken/", 500, "Something went wrong on our side"),
    ],
)
def test_error_page_says_what_happened_in_our_look(visitor, db, address, status, sentence):
    response = visitor.get(address)

    assert response.status_code == status
    assert sentence in words_of(response)
    assert "css/app.css" in response.text
    assert "<title>" in response.text


def test_error_after_a_write_leaves_nothing_behind(visitor, transactional_db, django_user_model):
    visitor.force_login(UserFactory())

    response = visitor.get("/half-done/")

    assert response.status_code == 500
    assert not django_user_model.objects.filter(email="half@school.example").exists()


def test_refused_page_names_the_right_and_who_gives_it(sign_in, school, head):
    StaffFactory(school=school, first_name="Olga", roles=[Role.HEAD], ends_on=clock.today())
    without_any_right = StaffFactory(school=school, roles=[], group="")

    response = sign_in(without_any_right).get(url(school, "home"))

    assert response.status_code == 403
    assert f"people who may {Permission.SEE_HOME} ." in words_of(response)
    assert "ask Helen Head , who can give roles" in words_of(response)
    assert "Olga" not in response.text  # she has left


def test_missing_page_gives_away_neither_address_nor_token(sign_in, school, outsider, teacher):
    client = sign_in(outsider)
    other = client.get(url(school, "home"))
    missing = client.get("/s/no-such-school/")
    page_of_missing = client.get("/s/no-such-school/plan/")

    assert other.status_code == 404
    assert other.content == missing.content == page_of_missing.content
    assert "no-such-school" not in missing.text
    assert "csrfmiddlewaretoken" not in missing.text


def test_missing_page_in_a_school_is_the_same_every_time(sign_in, school, teacher):
    client = sign_in(teacher)

    one = client.get(f"/s/{school.slug}/no/such/page/")
    two = client.get(f"/s/{school.slug}/another/7/")

    assert one.status_code == two.status_code == 404
    assert one.content == two.content
    assert "csrfmiddlewaretoken" not in one.text
    assert 'href="/accounts/logout/"' in one.text  # the way out stays


def test_body_that_is_too_large_is_refused_with_the_limit(visitor, db):
    response = visitor.post("/takes-words/", {"words": "x" * 10_500_000})

    assert response.status_code == 413
    assert "At most 10 MB" in words_of(response)


def test_text_that_is_too_large_is_refused_with_the_limit(visitor, db):
    response = visitor.post(
        "/takes-words/",
        "words=" + "x" * 2_600_000,
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 413
    assert "At most 2.5 MB" in words_of(response)


def test_text_inside_a_file_form_that_is_too_large_says_its_own_limit(visitor, db):
    response = visitor.post("/takes-words/", {"words": "x" * 2_600_000})

    assert response.status_code == 413
    assert "At most 2.5 MB" in words_of(response)


# --- the database is out of reach ----------------------------------------------------------------
@pytest.fixture
def no_database(transactional_db, monkeypatch):
    """Nobody listens where the database was."""
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        yield
    connection.close()


@pytest.mark.parametrize("address", ["/", "/s/oakfield/", "/accounts/login/"])
def test_lost_database_is_a_page_that_says_wait(visitor, no_database, address):
    visitor.cookies[django_settings.SESSION_COOKIE_NAME] = "somebodys-session"

    response = visitor.get(address)

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Wait half a minute" in words_of(response)


def test_lost_database_tells_a_sender_that_nothing_was_saved(visitor, no_database):
    visitor.cookies[django_settings.SESSION_COOKIE_NAME] = "somebodys-session"

    response = visitor.post("/s/oakfield/plan/")

    assert response.status_code == 503
    assert "What you sent was not saved" in words_of(response)


def test_database_lost_in_the_middle_undoes_all_and_says_wait(
    visitor, transactional_db, django_user_model
):
    visitor.force_login(UserFactory())

    response = visitor.get("/loses-database/")
    connection.close()

    assert response.status_code == 503
    assert not django_user_model.objects.filter(email="half@school.example").exists()


def test_next_request_after_a_lost_connection_works(visitor, transactional_db):
    visitor.get("/loses-database/")
    connection.close()  # as the end of a real request does with an unusable connection

    assert visitor.get("/accounts/login/").status_code == 200


# --- nothing typed is lost ------------------------------------------------------------------------
@pytest.fixture
def strict(settings):
    settings.ROOT_URLCONF = __name__
    return Client(enforce_csrf_checks=True, headers={"referer": "http://testserver/plan/?page=2"})


def test_stale_form_gives_the_words_back(strict, db):
    response = strict.post(
        "/takes-words/",
        {
            "what_i_will_try": "Sentence <stems>",
            "password": "hunter2-secret",
            "empty": " ",
            "revision": "7",
            "sessions-TOTAL_FORMS": "3",
        },
    )

    assert response.status_code == 403
    assert "Sentence &lt;stems&gt;</textarea>" in response.text
    assert ">What i will try</label>" in response.text
    assert "hunter2-secret" not in response.text
    assert response.text.count("<textarea") == 1
    assert 'href="/plan/?page=2"' in response.text


def test_form_from_elsewhere_leads_back_here_not_there(strict, db):
    response = strict.post(
        "/takes-words/", {"words": "x"}, headers={"referer": "https://evil.example/form"}
    )

    assert response.status_code == 403
    assert "evil.example" not in response.text
    assert 'href="/takes-words/"' in response.text


def test_words_sent_after_signing_out_are_given_back(sign_in, school, teacher):
    client = sign_in(teacher)
    Session.objects.all().delete()

    response = client.post(
        url(school, "home"),
        {"what_i_learned": "Wait longer"},
        headers={"referer": f"http://testserver/s/{school.slug}/reflections/"},
    )

    assert response.status_code == 403
    assert "Wait longer</textarea>" in response.text
    assert f"/accounts/login/?next=%2Fs%2F{school.slug}%2Freflections%2F" in response.text


def test_empty_form_sent_after_signing_out_leads_to_sign_in(client, school):
    response = client.post(url(school, "home"))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


# --- the plain pages need nothing ----------------------------------------------------------------
@pytest.mark.parametrize("name", ["400", "405", "413", "429", "500", "503"])
def test_plain_page_renders_without_the_list_of_static_files(settings, tmp_path, name):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = str(tmp_path)  # nothing was collected there

    response = errors._plain(f"{name}.html", int(name))

    assert response.status_code == int(name)
    assert 'href="/static/css/app.css"' in response.text
