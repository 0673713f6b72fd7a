"""A portfolio behind a secret link, and everybody else's way to it."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from cpdhub import clock
from cpdhub.models import Staff
from cpdhub.walls import school_scope
from evaluation.models import PortfolioLink
from tests.evaluation.test_record import attended
from tests.factories import (
    PortfolioFactory,
    PortfolioItemFactory,
    PortfolioLinkFactory,
    ReflectionFactory,
    StaffFactory,
)
from tests.helpers import url

TODAY = date(2026, 11, 21)
TOKEN = re.compile(r"\d+|value=\"\w{64}\"")


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")
    cache.clear()


@pytest.fixture
def mine(school, teacher):
    return PortfolioFactory(school=school, owner=teacher, title="Three years")


@pytest.fixture
def link(school, mine):
    return PortfolioLinkFactory(school=school, portfolio=mine)


def path_of(link):
    return link.url.removeprefix("http://127.0.0.1:8000").removeprefix("http://127.0.0.1:8231")


def fresh(link):
    with school_scope(link.school):
        return PortfolioLink.objects.get(pk=link.pk)


def test_a_link_works_for_a_month_unless_said_otherwise(sign_in, teacher, school, mine):
    client = sign_in(teacher)
    page = client.get(url(school, "portfolio:portfolio", mine.uuid))

    client.post(
        url(school, "portfolio:share", mine.uuid),
        {"whom": "Riverside", "ends_on": page.context["form"].initial["ends_on"]},
    )

    with school_scope(school):
        link = PortfolioLink.objects.get()
    assert (link.whom, link.ends_on) == ("Riverside", date(2026, 12, 21))
    assert link.url in client.get(url(school, "portfolio:portfolio", mine.uuid)).text


@pytest.mark.parametrize(
    ("ends_on", "told"),
    [("2026-11-20", "This day is over"), ("2028-01-01", "a year at most"), ("soon", "valid date")],
)
def test_a_link_needs_a_day_that_makes_sense(sign_in, teacher, school, mine, ends_on, told):
    response = sign_in(teacher).post(
        url(school, "portfolio:share", mine.uuid), {"ends_on": ends_on}
    )

    assert told in response.text
    with school_scope(school):
        assert not PortfolioLink.objects.exists()


def test_whoever_has_the_link_reads_it_without_an_account(school, teacher, mine, link):
    row = ReflectionFactory(school=school, owner=teacher, title="Pace", learned="Wait longer")
    PortfolioItemFactory(
        school=school, portfolio=mine, kind="reflection", reflection=row, title="",
        comment="Read this first",
    )  # fmt: skip

    response = Client().get(path_of(link))

    assert response.status_code == 200
    for words in ("Three years", "Tom Teacher", "Pace", "Wait longer", "Read this first"):
        assert words in response.text
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "/s/oakfield/" not in response.text


def test_opening_is_counted_but_not_the_owners(sign_in, teacher, school, mine, link, at):
    Client().get(path_of(link))
    at("2026-11-22 10:30")
    Client().get(path_of(link))
    client = sign_in(teacher)
    client.get(path_of(link))

    assert fresh(link).opened == 2
    text = client.get(url(school, "portfolio:portfolio", mine.uuid)).text
    assert "opened 2 times, last on 22 November 2026, 10:30" in text


def test_after_its_last_day_it_says_so_and_nothing_else(mine, link, at):
    at("2026-12-21 23:30")
    assert Client().get(path_of(link)).status_code == 200
    at("2026-12-22 00:30")

    response = Client().get(path_of(link))

    assert response.status_code == 410
    assert "This link has ended" in response.text
    for words in ("Three years", "Tom", "Teacher", "Oakfield", "oakfield"):
        assert words not in response.text
    assert fresh(link).opened == 1


def test_ended_at_once(sign_in, teacher, school, mine, link):
    client = sign_in(teacher)

    client.post(url(school, "portfolio:end_link", mine.uuid, link.pk))

    assert Client().get(path_of(link)).status_code == 410
    assert "You ended it on 21 November 2026" in (
        client.get(url(school, "portfolio:portfolio", mine.uuid)).text
    )


def test_a_link_of_a_deleted_portfolio_answers_like_one_that_ended(school, mine, link):
    ended = PortfolioLinkFactory(school=school, ended_at=clock.now())
    path = path_of(link)
    with school_scope(school):
        mine.delete()

    assert Client().get(path).content == Client().get(path_of(ended)).content


def test_a_changed_link_is_nobodys(link):
    path = path_of(link)
    other = path[:-3] + ("aa/" if not path.endswith("aa/") else "bb/")

    for wrong in (other, "/portfolio/x/", "/portfolio/" + "a" * 300 + "/"):
        response = Client().get(wrong)
        assert response.status_code == 404
        assert "This link does not work" in response.text


def test_a_leavers_links_work_for_thirty_days(school, teacher, link):
    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(ends_on=TODAY - timedelta(days=29))
    assert Client().get(path_of(link)).status_code == 200

    with school_scope(school):
        Staff.objects.filter(pk=teacher.pk).update(ends_on=TODAY - timedelta(days=30))
    assert Client().get(path_of(link)).status_code == 410


def test_others_read_no_title_of_what_is_private(school, teacher, mine, link):
    private = attended(teacher, title="Support of Zelda", is_private=True, type__title="Coaching")
    PortfolioItemFactory(school=school, portfolio=mine, kind="activity", activity=private, title="")
    about = ReflectionFactory(school=school, owner=teacher, activity=private, learned="Much")
    PortfolioItemFactory(
        school=school, portfolio=mine, kind="reflection", reflection=about, title=""
    )

    text = Client().get(path_of(link)).text

    assert "Coaching" in text
    assert "Much" in text
    assert "Zelda" not in text


def test_a_draft_of_a_reflection_is_read_by_nobody(school, teacher, mine, link):
    row = ReflectionFactory(
        school=school, owner=teacher, learned="Saved", draft={"learned": "Half a thought"},
        draft_at=clock.now(),
    )  # fmt: skip
    PortfolioItemFactory(school=school, portfolio=mine, kind="reflection", reflection=row, title="")

    text = Client().get(path_of(link)).text

    assert "Saved" in text
    assert "Half a thought" not in text


def test_what_was_corrected_in_the_register_goes_from_what_others_read(school, teacher, mine, link):
    absent = attended(teacher, title="Was not there", was_present=False)
    PortfolioItemFactory(school=school, portfolio=mine, kind="activity", activity=absent, title="")

    assert "Was not there" not in Client().get(path_of(link)).text


def test_nobody_asks_faster_than_people_read(link):
    answers = [Client().get(path_of(link)).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
    assert Client().get("/portfolio/x/").status_code == 429


@pytest.mark.parametrize("count", [1, 3])
def test_the_shared_page_costs_the_same_for_one_and_three(
    school, teacher, mine, link, count, django_assert_max_num_queries
):
    for _ in range(count):
        activity = attended(teacher)
        PortfolioItemFactory(
            school=school, portfolio=mine, kind="activity", activity=activity, title=""
        )
    Client().get(path_of(link))

    with django_assert_max_num_queries(18):  # eight of the rate limit and the scope
        Client().get(path_of(link))


# --- nobody without the link --------------------------------------------------------------------
def test_neither_head_nor_anybody_sees_a_portfolio_or_that_there_is_one(
    sign_in, school, teacher, head, mine, link
):
    PortfolioItemFactory(school=school, portfolio=mine, title="Zyzzyva")
    data_manager = StaffFactory(school=school, roles=["data_manager"])
    empty = StaffFactory(school=school, first_name="Tom", last_name="Teacher")

    for person in (head, data_manager):
        client = sign_in(person)
        assert client.get(url(school, "portfolio:portfolio", mine.uuid)).status_code == 404
        assert "Three years" not in client.get(url(school, "portfolio:list")).text
    client = sign_in(head)
    with_one, without = (
        TOKEN.sub("N", client.get(url(school, "record:person", person.pk)).text)
        for person in (teacher, empty)
    )
    assert with_one == without
