"""One's own portfolios: begun, in which order, on paper."""

from datetime import date, timedelta

import pytest

from cpdhub import clock, pdf
from cpdhub.models import LogEntry
from cpdhub.walls import school_scope
from evaluation import portfolio_pdf
from evaluation.models import Portfolio, PortfolioItem
from tests.evaluation.portfolio_pages import page_of, put_in, titles
from tests.evaluation.test_record import attended
from tests.factories import (
    PortfolioFactory,
    PortfolioItemFactory,
    ReflectionFactory,
)
from tests.helpers import url

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(at):
    at("2026-11-21 09:00")


@pytest.fixture
def mine(school, teacher):
    return PortfolioFactory(school=school, owner=teacher, title="Three years")


# --- beginning one ------------------------------------------------------------------------------
def test_nothing_yet_offers_the_first_step(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "portfolio:list"))

    assert "Show what you learned, when you want to" in response.text
    assert url(school, "portfolio:new") in response.text


def test_beginning_one_leads_to_picking(sign_in, teacher, school):
    response = sign_in(teacher).post(
        url(school, "portfolio:new"), {"title": "Three years", "introduction": "Look at phonics."}
    )

    with school_scope(school):
        made = Portfolio.objects.get()
    assert response.url == page_of(made, "pick")
    assert (made.owner_id, made.title, made.introduction) == (
        teacher.pk, "Three years", "Look at phonics."
    )  # fmt: skip


def test_a_title_is_asked_for(sign_in, teacher, school):
    response = sign_in(teacher).post(url(school, "portfolio:new"), {"title": ""})

    assert "Error:" in response.text
    with school_scope(school):
        assert not Portfolio.objects.exists()


def test_saving_from_an_older_window_shows_both(sign_in, teacher, mine):
    client = sign_in(teacher)
    old = {"title": "Old window", "introduction": "", "revision": 1}
    client.post(page_of(mine, "edit"), {"title": "New window", "introduction": "", "revision": 1})

    response = client.post(page_of(mine, "edit"), old)

    assert "in another window" in response.text
    with school_scope(mine.school):
        assert Portfolio.objects.get().title == "New window"


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    sign_in, teacher, school, count, django_assert_num_queries
):
    for _ in range(count):
        PortfolioItemFactory(school=school, portfolio__owner=teacher)
    client = sign_in(teacher)

    with django_assert_num_queries(15):
        response = client.get(url(school, "portfolio:list"))

    assert [row.number for row in response.context["portfolios"]] == [1] * count


# --- order, comments, own words -----------------------------------------------------------------
def moved(client, portfolio, title, way):
    with school_scope(portfolio.school):
        item = PortfolioItem.objects.get(title=title)
    client.post(page_of(portfolio, "move", item.pk), {"way": way})
    return titles(client, portfolio)


def test_items_move_up_down_and_to_the_top(sign_in, teacher, school, mine):
    for title in ("A", "B", "C"):
        PortfolioItemFactory(school=school, portfolio=mine, title=title)
    client = sign_in(teacher)

    assert moved(client, mine, "C", "up") == ["A", "C", "B"]
    assert moved(client, mine, "A", "down") == ["C", "A", "B"]
    assert moved(client, mine, "B", "top") == ["B", "C", "A"]
    assert moved(client, mine, "B", "up") == ["B", "C", "A"]
    assert moved(client, mine, "A", "down") == ["B", "C", "A"]
    assert moved(client, mine, "C", "sideways") == ["B", "C", "A"]
    assert moved(client, mine, "C", "out") == ["B", "A"]


def test_own_words_and_a_comment(sign_in, teacher, school, mine):
    client = sign_in(teacher)
    client.post(page_of(mine, "words"), {"title": "MA, part-time", "text": "Two years of it."})
    with school_scope(school):
        item = PortfolioItem.objects.get()

    client.post(
        page_of(mine, "item", item.pk),
        {"title": "MA in education", "text": "Two years.", "comment": "It began in Year 4."},
    )

    [line] = client.get(page_of(mine)).context["lines"]
    assert (line.title, line.parts, line.item.comment) == (
        "MA in education", [("", "Two years.")], "It began in Year 4."
    )  # fmt: skip


def test_what_the_record_says_is_not_rewritten(sign_in, teacher, school, mine):
    row = PortfolioItemFactory(school=school, portfolio=mine, kind="role", title="Leader of Maths")

    sign_in(teacher).post(
        page_of(mine, "item", row.pk), {"title": "Head of everything", "comment": "Since May"}
    )

    with school_scope(school):
        row = PortfolioItem.objects.get()
    assert (row.title, row.comment) == ("Leader of Maths", "Since May")


def test_a_hundred_items_are_enough(sign_in, teacher, school, mine):
    PortfolioItemFactory.create_batch(100, school=school, portfolio=mine)

    response = sign_in(teacher).post(page_of(mine, "words"), {"title": "More"}, follow=True)

    assert "holds 100 items at most" in response.text
    with school_scope(school):
        assert PortfolioItem.objects.count() == 100


def test_a_reflection_that_is_deleted_leaves_the_portfolio(sign_in, teacher, school, mine):
    row = ReflectionFactory(school=school, owner=teacher, title="Pace")
    PortfolioItemFactory(school=school, portfolio=mine, kind="reflection", reflection=row, title="")
    client = sign_in(teacher)

    client.post(url(school, "reflections:delete", row.uuid))

    assert titles(client, mine) == []


def test_deleting_asks_first_and_leaves_the_record(sign_in, teacher, school, mine):
    attended(teacher, title="Phonics day")
    client = sign_in(teacher)
    put_in(client, mine, "learning", "Phonics day")

    assert "gone for good" in client.get(page_of(mine, "delete")).text
    client.post(page_of(mine, "delete"))

    with school_scope(school):
        assert not Portfolio.objects.exists()
    assert "Phonics day" in client.get(url(school, "record:mine")).text


@pytest.mark.parametrize("count", [1, 3])
def test_portfolio_costs_the_same_for_one_and_three(
    sign_in, teacher, school, mine, count, django_assert_num_queries
):
    for _ in range(count):
        activity = attended(teacher)
        PortfolioItemFactory(
            school=school, portfolio=mine, kind="activity", activity=activity, title=""
        )
        reflection = ReflectionFactory(school=school, owner=teacher)
        PortfolioItemFactory(
            school=school, portfolio=mine, kind="reflection", reflection=reflection, title=""
        )
    client = sign_in(teacher)

    with django_assert_num_queries(19):
        response = client.get(page_of(mine))

    assert len(response.context["lines"]) == 2 * count


# --- on paper -----------------------------------------------------------------------------------
def test_pdf_says_what_others_read(sign_in, teacher, school, mine):
    private = attended(teacher, title="Support of Tom", is_private=True, type__title="Coaching")
    PortfolioItemFactory(
        school=school, portfolio=mine, kind="activity", activity=private, title="",
        comment="It changed my questions.",
    )  # fmt: skip
    with school_scope(school):
        data = portfolio_pdf.data_of(Portfolio.objects.get())

    [item] = data["items"]
    assert (item["title"], item["comment"]) == ("Coaching", "It changed my questions.")
    assert pdf.render("portfolio", data).startswith(b"%PDF")


def test_pdf_is_fetched_and_kept_nowhere(sign_in, teacher, school, mine):
    PortfolioItemFactory(school=school, portfolio=mine, text="# *not* markup 🎉")

    response = sign_in(teacher).get(page_of(mine, "pdf"))

    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="portfolio-Three-years.pdf"'
    assert response["Cache-Control"] == "no-store"
    with school_scope(school):
        assert LogEntry.objects.get().what == "portfolio"


def test_pdf_of_a_hundred_long_items_is_quick(school, teacher, mine):
    PortfolioItemFactory.create_batch(100, school=school, portfolio=mine, text="Word " * 300)
    began = clock.now()

    with school_scope(school):
        portfolio_pdf.render(Portfolio.objects.get())

    assert clock.now() - began < timedelta(seconds=10)
