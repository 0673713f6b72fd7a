"""A school's pages: who gets in."""

from cpdhub import clock
from cpdhub.walls import school_scope
from tests.helpers import url


def test_colleague_gets_in_and_links_stay_in_the_school(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "home"))

    assert response.status_code == 200
    assert f'href="/s/{school.slug}/"' in response.text


def test_outsider_gets_the_page_of_a_missing_school(sign_in, school, outsider):
    theirs = sign_in(outsider).get(url(school, "home"))
    missing = sign_in(outsider).get("/s/no-such-school/")

    assert theirs.status_code == missing.status_code == 404
    assert theirs.text == missing.text


def test_leaver_is_out_at_once(sign_in, teacher, school):
    client = sign_in(teacher)
    teacher.ends_on = clock.today()
    with school_scope(school):
        teacher.save()

    assert client.get(url(school, "home")).status_code == 404


def test_signed_out_goes_to_sign_in_and_comes_back(client, school):
    response = client.get(url(school, "home"))

    assert response.url == f"/accounts/login/?next=/s/{school.slug}/"


def test_part_of_a_page_that_lost_its_sign_in_sends_the_whole_page_there(client, school):
    response = client.get(
        url(school, "jobs:mine"),
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/s/oakfield/jobs/?page=2",
        },
    )

    assert response.headers["HX-Redirect"] == (
        "/accounts/login/?next=%2Fs%2Foakfield%2Fjobs%2F%3Fpage%3D2"
    )
    assert response.text == ""
