"""The installation's administrator: the register, opening a school, its head."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cpdhub import jobs, openings, outbox
from cpdhub.models import (
    AcademicYear,
    Establishment,
    HalfTerm,
    Job,
    LogEntry,
    OutboxMessage,
    School,
    Staff,
)
from cpdhub.permissions import Role
from cpdhub.walls import installation_scope, school_scope
from tests.cpdhub.test_gias import extract
from tests.factories import EstablishmentFactory, SchoolFactory, StaffFactory, UserFactory


@pytest.fixture
def administrator(db):
    return UserFactory(email="admin@hub.example", is_administrator=True)


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def establishment(db):
    return EstablishmentFactory(
        urn="138130", name="St Zoë's CE Primary School", dfe_number="3557025", town="Eccles"
    )


def answers(**changes):
    return {
        "name": "St Zoë's", "slug": "st-zoes", "phase": "primary", "first_name": "Helen",
        "last_name": "Head", "email": "Helen@Zoes.example",
    } | changes  # fmt: skip


def test_words_of_the_register_are_no_markup(admin_client):
    EstablishmentFactory(urn="138131", name="<b>Name</b>", phase_name="<b>Phase</b>")

    page = admin_client.get("/hub/register/138131/open/").text

    assert "The register says “&lt;b&gt;Phase&lt;/b&gt;”" in page
    assert "<b>" not in page


def test_opening_a_school_makes_year_half_terms_head_and_invitation(
    admin_client, administrator, establishment, at
):
    at("2026-11-22 09:00")

    response = admin_client.post("/hub/register/138130/open/", answers())

    assert (response.status_code, response.url) == (302, "/hub/schools/st-zoes/")
    school = School.objects.get(slug="st-zoes")
    assert (school.urn, school.dfe_number, school.gias_phase) == ("138130", "3557025", "Primary")
    with school_scope(school):
        assert AcademicYear.objects.get().name == "2026/27"
        assert HalfTerm.objects.count() == 6
        head = Staff.objects.get()
        assert (head.email, head.roles, head.user) == ("helen@zoes.example", [Role.HEAD], None)
        assert head.invited_at is not None
        letter = OutboxMessage.objects.get()
        assert (letter.to, "admin@hub.example has added you" in letter.text) == (
            "helen@zoes.example",
            True,
        )
        assert set(LogEntry.objects.values_list("kind", "user_id")) == {
            ("school_opened", administrator.pk),
            ("invited", administrator.pk),
        }


def test_teams_that_are_no_school_are_opened_without_a_urn(admin_client):
    page = admin_client.get("/hub/teams/open/").text
    assert "Trust central team" in page
    assert "Primary" not in page
    for number, phase in enumerate(("trust", "la")):
        admin_client.post(
            "/hub/teams/open/", answers(slug=f"team-{number}", phase=phase, name=f"Team {number}")
        )

    teams = list(School.objects.order_by("urn"))
    assert [(team.urn, team.phase, team.slug) for team in teams] == [
        ("T00001", "trust", "team-0"), ("T00002", "la", "team-1")
    ]  # fmt: skip
    with school_scope(teams[0]):
        lead = Staff.objects.get()
    assert (lead.job_title, lead.roles) == ("Lead", [Role.HEAD])
    assert "Choose what it is." in admin_client.post(
        "/hub/teams/open/", answers(slug="x", phase="")
    ).text  # fmt: skip
    assert "Another school has this address" in admin_client.post(
        "/hub/teams/open/", answers(slug="team-0", phase="la")
    ).text  # fmt: skip


def test_sent_twice_one_school_is_opened(admin_client, establishment):
    first = admin_client.post("/hub/register/138130/open/", answers())
    second = admin_client.post("/hub/register/138130/open/", answers(slug="another"))

    assert first.url == second.url == "/hub/schools/st-zoes/"
    assert School.objects.count() == 1
    with installation_scope():
        assert OutboxMessage.across.count() == 1


def test_form_proposes_address_and_phase_and_warns_of_a_closed_school(admin_client):
    EstablishmentFactory(
        urn="140134", name="St Zoë's School", status_name="Closed", phase_name="Not applicable",
        type_name="Other independent school",
    )  # fmt: skip
    SchoolFactory(slug="st-zoes-school")

    page = admin_client.get("/hub/register/140134/open/")

    assert page.context["form"].initial["slug"] == "st-zoes"
    assert page.context["form"].initial["phase"] == ""
    assert "please choose what fits" in page.text
    assert "The register says that this school closed" in page.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "taken"}, "slug"),
        ({"slug": "Not an address"}, "slug"),
        ({"slug": "under_score"}, "slug"),
        ({"phase": ""}, "phase"),
        ({"phase": "kindergarten"}, "phase"),
        ({"email": "nobody"}, "email"),
        ({"first_name": " "}, "first_name"),
    ],
)
def test_wrong_answers_are_told_beside_their_field_and_kept(
    admin_client, establishment, changes, field
):
    SchoolFactory(slug="taken")

    page = admin_client.post("/hub/register/138130/open/", answers(**changes))

    assert list(page.context["form"].errors) == [field]
    assert 'value="Head"' in page.text
    assert School.objects.count() == 1


def test_nothing_is_half_open_when_the_letter_cannot_be_written(
    administrator, establishment, monkeypatch
):
    def broken(*args, **kwargs):
        raise RuntimeError("no letter")

    monkeypatch.setattr(outbox, "send", broken)
    head = {"first_name": "Helen", "last_name": "Head", "email": "h@zoes.example"}
    with pytest.raises(RuntimeError), installation_scope():
        openings.open_school(
            establishment, name="Zoë", slug="zoe", phase="primary", head=head, by=administrator
        )

    assert not School.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_schools_are_listed_with_numbers_in_constant_queries(
    admin_client, count, django_assert_num_queries
):
    for _ in range(count):
        school = SchoolFactory()
        StaffFactory.create_batch(count, school=school, job_title="Told to nobody")

    with django_assert_num_queries(21):
        page = admin_client.get("/hub/")

    assert [line["people"] for line in page.context["lines"]] == [count] * count
    assert "Told to nobody" not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_register_is_searched_in_constant_queries(admin_client, count, django_assert_num_queries):
    EstablishmentFactory.create_batch(count, town="Eccles", postcode="M30 9DY")
    EstablishmentFactory(town="London")
    EstablishmentFactory(town="Eccles", status_name="Closed")

    with django_assert_num_queries(16):
        page = admin_client.get("/hub/register/?q=eccles+m30")

    assert len(page.context["lines"]) == count


@pytest.mark.parametrize("wanted", ["zoë", "138130", "355/7025", "3557025", "ECCLES zoë"])
def test_school_is_found_by_name_number_and_town(admin_client, establishment, wanted):
    EstablishmentFactory(name="Another")

    page = admin_client.get("/hub/register/", {"q": wanted})

    assert [line["urn"] for line in page.context["lines"]] == ["138130"]


def test_empty_register_says_what_to_do(admin_client):
    assert "Upload the register" in admin_client.get("/hub/").text
    assert "The register is empty" in admin_client.get("/hub/register/").text


def test_uploaded_extract_becomes_a_job_and_fills_the_register(admin_client):
    upload = SimpleUploadedFile("extract.csv", extract().getvalue())

    response = admin_client.post("/hub/register/upload/", {"file": upload})

    with installation_scope():
        job = Job.across.get()
    assert response.url == f"/hub/jobs/{job.uuid}/"
    jobs.run(school_id=None, job_id=job.pk)
    assert Establishment.objects.count() == 2
    assert "Done." in admin_client.get(response.url).text
    assert "2 new" in admin_client.get("/hub/register/").text


def test_uploading_twice_starts_one_job(admin_client):
    for _ in range(2):
        upload = SimpleUploadedFile("extract.csv", extract().getvalue())
        admin_client.post("/hub/register/upload/", {"file": upload})

    with installation_scope():
        assert Job.across.count() == 1


def test_web_page_for_an_extract_fails_with_a_sentence(admin_client):
    upload = SimpleUploadedFile("extract.csv", b"<html><body>Sign in</body></html>")
    response = admin_client.post("/hub/register/upload/", {"file": upload})
    with installation_scope():
        job = Job.across.get()

    jobs.run(school_id=None, job_id=job.pk)

    assert "This is a web page" in admin_client.get(response.url).text


def test_head_is_invited_again_and_the_urn_changed(admin_client, establishment, at):
    at("2026-11-22 09:00")
    admin_client.post("/hub/register/138130/open/", answers())
    at("2026-11-23 09:00")
    admin_client.post("/hub/schools/st-zoes/invite/")
    EstablishmentFactory(urn="150000", dfe_number="3552222")
    admin_client.post("/hub/schools/st-zoes/urn/", {"urn": "150000"})

    with installation_scope():
        assert OutboxMessage.across.count() == 2
    school = School.objects.get()
    assert (school.urn, school.former_urns) == ("150000", ["138130"])
    assert school.dfe_number == "3552222"


def test_administrator_has_no_way_into_a_school(admin_client, head):
    assert admin_client.get(f"/s/{head.school.slug}/").status_code == 404


@pytest.mark.parametrize(
    "path", ["schools/oakfield/", "schools/oakfield/urn/", "register/138130/open/"]
)
def test_pages_are_hidden_from_a_head(client, head, establishment, path):
    client.force_login(head.user)

    assert client.get(f"/hub/{path}").status_code == 404
    assert client.post(f"/hub/{path}").status_code in {404, 405}
