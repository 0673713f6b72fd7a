"""The board: said under one's name, kept in order, gone with the school that leaves."""

import pytest

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import leaving
from networks.models import Membership, Reply, Thread
from tests.factories import (
    MembershipFactory,
    ReplyFactory,
    SchoolFactory,
    StaffFactory,
    ThemeFactory,
    ThreadFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def other(network):
    made = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=made)
    return made


@pytest.fixture
def bo(other):
    """A teacher of another school."""
    return StaffFactory(school=other, first_name="Bo", last_name="Birch", job_title="Teacher")


def page(school, row, view="thread"):
    return url(school, f"networks:{view}", row.network_id, row.pk)


def test_anybody_on_staff_says_something_and_is_answered_from_another_school(
    sign_in, school, teacher, network, other, bo
):
    sign_in(bo).post(
        url(other, "networks:thread_new", network.pk),
        {"title": "Mixed classes", "text": "Who has Years 5 and 6 together?"},
    )
    with school_scope(school):
        row = Thread.objects.get()
    sign_in(teacher).post(page(school, row), {"text": "We do. Come and see."})

    seen = sign_in(bo).get(page(other, row)).text
    assert "Bo Birch, Teacher, Birch Primary" in seen
    assert "We do. Come and see." in seen
    assert "Tom Teacher" in seen
    assert "1 answer" in sign_in(bo).get(url(other, "networks:board", network.pk)).text


def test_announcements_are_made_by_who_writes_for_a_school(sign_in, school, head, teacher, network):
    new = url(school, "networks:thread_new", network.pk)
    sent = {"kind": "notice", "title": "Talk week", "text": "In March"}
    sign_in(teacher).post(new, sent)
    client = sign_in(head)
    assert "Until when should it be shown?" in client.post(new, sent).text
    assert "from today on" in client.post(new, sent | {"ends_on": "2026-11-20"}).text
    assert "Only announcements end" in client.post(
        new, sent | {"kind": "talk", "ends_on": "2026-12-20"}
    ).text  # fmt: skip
    client.post(new, sent | {"ends_on": "2026-12-20"})

    with school_scope(school):
        assert list(Thread.objects.order_by("pk").values_list("kind", flat=True)) == [
            "talk", "notice"
        ]  # fmt: skip


def test_announcement_is_gone_from_the_list_after_its_day(sign_in, school, teacher, network, at):
    ThreadFactory(
        school=school, network=network, kind="notice", title="Talk week", ends_on="2026-11-22"
    )
    client, board = sign_in(teacher), url(school, "networks:board", network.pk)
    assert "Talk week" in client.get(board).text
    at("2026-11-23 09:00")

    assert "Talk week" not in client.get(board).text


def test_board_is_narrowed_by_interest_and_career_stage(sign_in, school, teacher, network):
    theme = ThemeFactory(school=school, network=network, title="Oracy")
    ThreadFactory(school=school, network=network, title="For new ones", stage="early", theme=theme)
    ThreadFactory(school=school, network=network, title="For leaders", stage="leader")
    ThreadFactory(school=school, network=network, title="For all")
    client, board = sign_in(teacher), url(school, "networks:board", network.pk)

    early = client.get(f"{board}?stage=early").text
    about = client.get(f"{board}?theme={theme.pk}").text

    assert "For new ones" in early
    assert "For all" in early
    assert "For leaders" not in early
    assert "For all" not in about
    assert "Nothing fits" in client.get(f"{board}?q=zebra&kind=talk").text


# --- kept in order ---
def test_offensive_thread_is_reported_from_any_school_and_hidden_with_a_reason(
    sign_in, school, head, teacher, network, other, bo
):
    third = MembershipFactory(network=network).school
    reader = StaffFactory(school=third)
    row = ThreadFactory(school=other, network=network, staff=bo, title="Rude words")
    sign_in(reader).post(page(third, row, "thread_report"), {"because": "It hurts people"})

    lead, board = sign_in(head), url(school, "networks:board", network.pk)
    assert "1 reported" in lead.get(board).text
    assert "It hurts people" in lead.get(page(school, row)).text
    assert "It hurts people" not in sign_in(bo).get(page(other, row)).text
    sign_in(head).post(page(school, row, "thread_hide"), {"because": "Not how we talk"})

    assert "Not how we talk" in sign_in(bo).get(page(other, row)).text
    assert "Hidden" in sign_in(bo).get(url(other, "networks:board", network.pk)).text
    assert sign_in(teacher).get(page(school, row)).status_code == 404
    assert "Rude words" not in sign_in(teacher).get(board).text
    assert "reported" not in sign_in(head).get(board).text
    sign_in(head).post(page(school, row, "thread_hide"), {"show": "1"})
    assert sign_in(teacher).get(page(school, row)).status_code == 200


def test_offensive_answer_is_hidden_and_the_rest_stays(
    sign_in, school, head, teacher, network, other, bo
):
    row = ThreadFactory(school=school, network=network, staff=teacher)
    said = ReplyFactory(school=other, thread=row, staff=bo, text="Rude words")
    sign_in(teacher).post(page(school, said, "reply_report"), {"because": "Look"})
    assert "1 reported" in sign_in(head).get(url(school, "networks:board", network.pk)).text
    sign_in(head).post(page(school, said, "reply_hide"), {"because": "No"})

    assert "Rude words" not in sign_in(teacher).get(page(school, row)).text
    assert "Rude words" in sign_in(bo).get(page(other, row)).text
    sign_in(head).post(page(school, said, "reply_hide"), {"show": "1"})
    sign_in(teacher).post(page(school, said, "reply_report"), {"because": "Still"})
    sign_in(head).post(page(school, said, "reply_hide"), {"leave": "1"})
    assert "Still" not in sign_in(head).get(page(school, row)).text


def test_member_that_does_not_lead_hides_nothing(sign_in, school, teacher, network, other):
    row = ThreadFactory(school=school, network=network, staff=teacher)
    client = sign_in(StaffFactory(school=other, roles=[Role.HEAD]))

    assert client.post(page(other, row, "thread_hide"), {"because": "Mine"}).status_code == 403


def test_hidden_thread_takes_no_answer(sign_in, school, head, network):
    row = ThreadFactory(school=school, network=network, staff=head)
    client = sign_in(head)
    client.post(page(school, row, "thread_hide"), {"because": "For now"})

    answer = client.post(page(school, row), {"text": "But"}, follow=True)

    assert "nobody can answer now" in answer.text
    with school_scope(school):
        assert not Reply.objects.exists()


# --- whose it is ---
def test_whoever_wrote_it_changes_it_and_deletes_it_while_nobody_answered(
    sign_in, school, head, teacher, network
):
    row = ThreadFactory(school=school, network=network, staff=teacher)
    assert sign_in(head).get(page(school, row, "thread_change")).status_code == 403
    client = sign_in(teacher)
    client.post(page(school, row, "thread_change"), {"title": "Other", "text": "Words"})
    said = ReplyFactory(school=school, thread=row, staff=head)
    client.post(page(school, row, "thread_change"), {"remove": "1"})
    assert client.get(page(school, said, "reply")).status_code == 403

    client = sign_in(head)
    client.post(page(school, said, "reply"), {"text": "In other words"})
    assert "In other words" in client.get(page(school, row)).text
    client.post(page(school, said, "reply"), {"remove": "1"})
    sign_in(teacher).post(page(school, row, "thread_change"), {"remove": "1"})
    with school_scope(school):
        assert not Thread.objects.exists()


def test_stranger_meets_nothing(sign_in, school, network, outsider, other_school):
    row = ThreadFactory(school=school, network=network)
    client = sign_in(outsider)

    assert client.get(url(other_school, "networks:board", network.pk)).status_code == 404
    assert client.get(page(other_school, row)).status_code == 404
    assert (
        client.post(page(other_school, row, "thread_report"), {"because": "x"}).status_code == 404
    )


def test_script_is_words(sign_in, school, teacher, network):
    row = ThreadFactory(school=school, network=network, text="<script>alert(1)</script>")
    ReplyFactory(school=school, thread=row, text="<img src=x onerror=alert(1)>")

    seen = sign_in(teacher).get(page(school, row)).text

    assert "<script>alert" not in seen
    assert "<img src=x" not in seen


# --- leaving ---
def test_leaver_takes_its_words_and_others_answers_stay(
    sign_in, school, teacher, network, other, bo
):
    answered = ThreadFactory(school=other, network=network, staff=bo, title="Ours", text="Secret")
    ThreadFactory(school=other, network=network, staff=bo, title="Alone")
    ours = ThreadFactory(school=school, network=network, title="Theirs")
    ReplyFactory(school=school, thread=answered, staff=teacher, text="My answer")
    ReplyFactory(school=other, thread=answered, staff=bo, text="Bo again")
    ReplyFactory(school=other, thread=ours, staff=bo, text="Bo here")

    with school_scope(other):
        leaving.leave(Membership.objects.get(school=other))

    client = sign_in(teacher)
    board = client.get(url(school, "networks:board", network.pk)).text
    seen = client.get(page(school, answered)).text
    assert "By a school that has left" in board
    assert "Alone" not in board
    assert "My answer" in seen
    assert not any(word in seen for word in ("Secret", "Bo Birch", "Bo again", "Ours"))
    with school_scope(school):
        assert [row.text for row in Reply.objects.all()] == ["My answer"]


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, network, size, django_assert_num_queries
):
    row = ThreadFactory(school=school, network=network)
    for number in range(size):
        ReplyFactory(school=school, thread=row)
        if number:
            ThreadFactory(school=school, network=network)
    client = sign_in(head)

    for path, queries in (
        (url(school, "networks:board", network.pk), 18),
        (page(school, row), 16),
    ):
        with django_assert_num_queries(queries):
            answer = client.get(path)
        assert answer.status_code == 200
