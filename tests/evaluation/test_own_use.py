"""Where am I with it? Questions that branch, and an answer that is one's own."""

import itertools

import pytest

from cpdhub.walls import school_scope
from evaluation.models import OwnUse
from evaluation.own_use import LIKE, QUESTIONS, Level, after
from tests.factories import InnovationFactory, OwnUseFactory
from tests.helpers import url


@pytest.fixture
def innovation(school):
    return InnovationFactory(school=school, title="Asking why")


# --- the questions --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ("nnn", "not_using"), ("nny", "finding_out"), ("ny", "about_to_begin"),
        ("ynnny", "first_steps"), ("ynnnn", "settled"), ("ynny", "refining"),
        ("yny", "together"), ("yy", "renewing"),
    ],
)  # fmt: skip
def test_each_level_has_one_way_to_it(answers, level):
    interview = after(answers)

    assert interview.level == level
    assert interview.asked is None
    assert len(interview.answered) == len(answers)
    assert interview.like == LIKE[Level(level)]


def test_every_way_ends_at_a_level_within_five_questions():
    reached = {after("".join(ways)).level for ways in itertools.product("yn", repeat=5)}

    assert reached == set(Level)
    assert all(asked.text.endswith("?") for asked in QUESTIONS.values())


@pytest.mark.parametrize("odd", ["", "x", "Y", "\U0001f600", "y" * 5000, "ny-or-else", "nnnnnnnn"])
def test_what_is_no_answer_is_left_out(odd):
    interview = after(odd)

    assert (interview.asked is None) != (interview.level is None)
    assert len(interview.answers) <= 5


# --- the page -------------------------------------------------------------------------------------
def test_question_after_question_by_links_alone(sign_in, teacher, school, innovation):
    client = sign_in(teacher)
    page = url(school, "innovations:where_am_i", innovation.pk)

    assert "Do you use it with pupils?" in client.get(page).text
    told = client.get(page, {"a": "ynny"}).text

    assert "Refining" in told
    assert "Have you varied it lately" in told
    with school_scope(school):
        assert not OwnUse.objects.exists()  # looking keeps nothing


def test_it_is_kept_when_asked_for_and_once_a_day(sign_in, teacher, school, innovation):
    client = sign_in(teacher)
    page = url(school, "innovations:where_am_i", innovation.pk)

    client.post(page, {"a": "ynnny"})
    response = client.post(page, {"a": "ynnnn"}, follow=True)

    assert "Kept for you. Nobody else reads it." in response.text
    with school_scope(school):
        row = OwnUse.objects.get()
    assert (row.owner_id, row.level) == (teacher.pk, "settled")


def test_unfinished_questions_keep_nothing(sign_in, teacher, school, innovation):
    response = sign_in(teacher).post(
        url(school, "innovations:where_am_i", innovation.pk), {"a": "yn"}
    )

    assert "Answer the questions first." in response.text
    assert "with others" not in response.text.split("What I said before")[1]
    with school_scope(school):
        assert not OwnUse.objects.exists()


def test_nobody_else_reads_it_nor_takes_it_away(sign_in, teacher, head, school, innovation):
    row = OwnUseFactory(school=school, owner=teacher, innovation=innovation, level="renewing")
    client = sign_in(head)

    for view in ("where_am_i", "innovation"):
        assert "Renewing" not in client.get(url(school, f"innovations:{view}", innovation.pk)).text
    assert client.post(url(school, "innovations:forget_use", row.pk)).status_code == 404

    sign_in(teacher).post(url(school, "innovations:forget_use", row.pk))
    with school_scope(school):
        assert not OwnUse.objects.exists()


def test_it_is_in_what_the_person_takes_away(sign_in, teacher, school, innovation):
    OwnUseFactory(
        school=school, owner=teacher, innovation=innovation, level="settled", said_on="2026-10-05"
    )

    record = sign_in(teacher).get(url(school, "record:json")).json()

    assert record["uses"] == [
        {"innovation": "Asking why", "level": "settled", "said_on": "2026-10-05"}
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    sign_in, teacher, school, innovation, count, django_assert_num_queries
):
    for day in range(count):
        OwnUseFactory(
            school=school, owner=teacher, innovation=innovation, said_on=f"2026-10-0{day + 1}"
        )
    client = sign_in(teacher)

    with django_assert_num_queries(15):  # 13 of the frame
        client.get(url(school, "innovations:where_am_i", innovation.pk))
