"""A network looks at itself: opened, answered, compared, talked about."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import DatabaseError

from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from networks import leaving, reviewing
from networks.models import Membership, NetworkReview, Pause, Rating
from tests.factories import (
    MembershipFactory,
    NetworkReviewFactory,
    NetworkRoleFactory,
    PauseFactory,
    RatingFactory,
    SchoolFactory,
    StaffFactory,
    StrategyFactory,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def review(school, network):
    return NetworkReviewFactory(
        school=school, network=network, title="Autumn review", closes_on=date(2026, 12, 4)
    )


@pytest.fixture
def other(network):
    made = SchoolFactory(name="Birch Primary")
    MembershipFactory(network=network, school=made)
    return made


@pytest.fixture
def their_head(other):
    return StaffFactory(school=other, first_name="Hana", last_name="Birch", roles=[Role.HEAD])


def page(school, view, review, *more):
    return url(school, f"networks:{view}", review.network_id, review.pk, *more)


def said(school):
    with school_scope(school):
        return list(Rating.objects.order_by("pk").values_list("name", "item", "level", "comment"))


def test_lead_opens_a_review_and_each_leader_answers_under_their_name(
    sign_in, school, head, network, other, their_head
):
    new = url(school, "networks:review_new", network.pk)
    client = sign_in(head)
    assert "This day is over" in client.post(
        new, {"kind": "propositions", "title": "Autumn", "closes_on": "2026-11-20"}
    ).text  # fmt: skip
    client.post(new, {"kind": "propositions", "title": "Autumn", "closes_on": "2026-12-04"})
    with school_scope(school):
        review = NetworkReview.objects.get()

    client = sign_in(their_head)
    form = client.get(page(other, "review_answer", review)).text
    assert "Your name and school stand beside what you say" in form
    client.post(
        page(other, "review_answer", review),
        {"alignment_level": "in_places", "alignment_comment": "Two of four", "diversity_level": ""},
    )

    assert said(school) == [("Hana Birch", "alignment", "in_places", "Two of four")]
    seen = client.get(page(other, "review", review)).text
    assert "Hana Birch, Birch Primary" in seen
    assert "One leader has said so far." in seen


def test_nobody_is_led_by_whoever_was_first(sign_in, school, head, review, other, their_head):
    RatingFactory(school=other, review=review, staff=their_head, comment="Mine, first")
    client = sign_in(head)

    before = client.get(page(school, "review", review)).text
    client.post(page(school, "review_answer", review), {"alignment_level": "not_yet"})
    after = client.get(page(school, "review", review)).text

    assert "Mine, first" not in before
    assert "Say first what you think" in before
    assert "Mine, first" in after
    assert "From “not yet” to “mostly”" in after
    assert "Some way apart" in after


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (["mostly", "mostly"], "All say the same."),
        (["mostly", "in_places"], "Close together."),
        (["not_yet", "throughout"], "Far apart: talk about this first."),
        ([""], "Nobody has said yet."),
    ],
)
def test_spread_is_said_in_words(levels, words):
    assert reviewing.Said([Rating(level=level) for level in levels]).agreement == words


def test_what_was_said_before_stands_beside_it(sign_in, school, head, network, review, at):
    at("2025-11-21 09:00")
    earlier = NetworkReviewFactory(school=school, network=network, closes_on=date(2025, 12, 1))
    RatingFactory(school=school, review=earlier, level="not_yet")
    NetworkReviewFactory(school=school, network=network, kind="lasting")
    at("2026-11-21 09:00")
    RatingFactory(school=school, review=review, staff=head, level="mostly")

    seen = sign_in(head).get(page(school, "review", review)).text

    assert "November 2025: Not yet." in seen


def test_what_is_emptied_is_gone_and_what_is_kept_stays(sign_in, school, head, review):
    client, answer = sign_in(head), page(school, "review_answer", review)
    client.post(answer, {"alignment_level": "mostly", "diversity_comment": "Gaps in music"})
    client.post(answer, {"alignment_level": "", "diversity_comment": "Gaps in music"})

    assert said(school) == [(head.name, "diversity", "", "Gaps in music")]


def test_it_is_kept_while_somebody_writes(sign_in, school, head, review):
    answer = sign_in(head).post(
        page(school, "review_draft", review), {"alignment_comment": "Half a sent"}
    )

    assert "Kept at 9:00" in answer.text
    assert said(school) == [(head.name, "alignment", "", "Half a sent")]


def test_text_of_who_writes_while_it_closes_is_not_lost(sign_in, school, head, review):
    client = sign_in(head)
    client.get(page(school, "review_answer", review))
    client.post(page(school, "review_close", review))

    answer = client.post(
        page(school, "review_answer", review), {"alignment_comment": "A long thought"}
    )
    draft = client.post(page(school, "review_draft", review), {"alignment_comment": "A long"})

    assert "A long thought" in answer.text
    assert "open the review again" in answer.text
    assert "what you write now is not kept" in draft.text
    assert said(school) == []


def test_lead_opens_a_closed_review_again(sign_in, school, head, review):
    client = sign_in(head)
    client.post(page(school, "review_close", review))
    client.post(
        page(school, "review_change", review), {"title": "Autumn", "closes_on": "2026-12-11"}
    )
    client.post(page(school, "review_answer", review), {"alignment_level": "mostly"})

    assert len(said(school)) == 1


def test_a_day_over_closes_it(sign_in, school, head, review, at):
    at("2026-12-05 09:00")
    client = sign_in(head)

    client.post(page(school, "review_answer", review), {"alignment_level": "mostly"})

    assert said(school) == []
    assert "Closed on 4 December 2026" in client.get(page(school, "review", review)).text


def test_closing_this_very_moment_takes_nothing_more(school, head, review, monkeypatch, sign_in):
    """The database knows it before the page does."""
    with school_scope(school):
        NetworkReview.objects.filter(pk=review.pk).update(closed_on=date(2026, 11, 21))
    monkeypatch.setattr(NetworkReview, "is_open", True)

    answer = sign_in(head).post(
        page(school, "review_answer", review), {"alignment_comment": "In the same second"}
    )

    assert "In the same second" in answer.text
    assert "copy it" in answer.text
    with school_scope(school), pytest.raises(DatabaseError), transaction.atomic():
        reviewing.keep(review, head, {"alignment": ("mostly", "")})


def test_review_nobody_answered_is_taken_off_and_an_answered_one_stays(
    sign_in, school, head, review, network
):
    client = sign_in(head)
    RatingFactory(school=school, review=review)
    client.post(page(school, "review_change", review), {"remove": "1"})
    blank = NetworkReviewFactory(school=school, network=network)
    client.post(page(school, "review_change", blank), {"remove": "1"})

    with school_scope(school):
        assert list(NetworkReview.objects.all()) == [review]


# --- who ---
def test_named_people_of_the_network_review_it_and_other_colleagues_do_not(
    sign_in, school, teacher, network, review
):
    assert sign_in(teacher).get(page(school, "review", review)).status_code == 403
    assert "Ask yours what they said" in sign_in(teacher).get(
        url(school, "networks:reviews", network.pk)
    ).text  # fmt: skip
    specialist = NetworkRoleFactory(school=school, network=network, staff=teacher)
    assert specialist.part == "group"

    assert sign_in(teacher).get(page(school, "review_answer", review)).status_code == 200
    assert sign_in(teacher).get(page(school, "review_change", review)).status_code == 403


def test_lead_practitioner_alone_does_not_review(sign_in, school, teacher, network, review):
    NetworkRoleFactory(school=school, network=network, staff=teacher, part="specialist")

    assert sign_in(teacher).get(page(school, "review", review)).status_code == 403


def test_member_that_does_not_lead_opens_and_closes_nothing(
    sign_in, school, review, other, their_head
):
    client = sign_in(their_head)

    assert client.get(url(other, "networks:review_new", review.network_id)).status_code == 403
    assert client.get(page(other, "review_change", review)).status_code == 403
    assert client.post(page(other, "review_close", review)).status_code == 403


def test_lead_who_also_works_in_a_member_school_answers_for_each_from_there(
    sign_in, school, head, review, other
):
    there = StaffFactory(school=other, user=head.user, roles=[Role.CPD_LEADER])
    client = sign_in(head)

    client.post(page(other, "review_answer", review), {"alignment_level": "not_yet"})
    assert client.get(page(other, "review_change", review)).status_code == 403
    assert client.get(page(school, "review_change", review)).status_code == 200

    with school_scope(school):
        row = Rating.objects.get()
        assert (row.school_id, row.staff_id) == (other.pk, there.pk)


def test_stranger_meets_nothing(sign_in, school, review, outsider, other_school):
    client = sign_in(outsider)

    for view in ("review", "review_answer", "review_change"):
        assert client.get(page(other_school, view, review)).status_code == 404


def test_database_lets_nobody_answer_for_another_school(
    monkeypatch, school, review, other, their_head
):
    row = RatingFactory(school=school, review=review)
    monkeypatch.setattr("networks.models.base.get_scope", lambda: {"_enabled": False})

    with school_scope(other):
        assert Rating.objects.filter(pk=row.pk).update(level="not_yet") == 0
        assert NetworkReview.objects.update(title="Ours") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            Rating.objects.create(
                network=review.network, review=review, school=school, staff=row.staff,
                item="diversity", name="Nobody", level="mostly",
            )  # fmt: skip


def test_ratings_are_of_people_of_their_school(school, review, other, their_head):
    RatingFactory(school=school, review=review, staff=their_head)

    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.set_rollback(True)


# --- leaving ---
def test_leaver_takes_what_it_said_and_the_others_words_stay(
    sign_in, school, head, review, other, their_head
):
    RatingFactory(school=other, review=review, staff=their_head, level="not_yet", comment="Gone")
    PauseFactory(school=other, review=review, note="Gone too")
    for _ in range(4):
        another = MembershipFactory(network=review.network).school
        RatingFactory(school=another, review=review)
    RatingFactory(school=school, review=review, staff=head)

    with school_scope(other):
        leaving.leave(Membership.objects.get(school=other))

    seen = sign_in(head).get(page(school, "review", review)).text
    assert "Gone" not in seen
    assert "Hana" not in seen
    assert "not yet" not in seen
    assert "All say the same." in seen
    assert "5 leaders answered" in seen


def test_review_of_a_leader_that_leaves_stays_with_the_new_one(school, review, other, their_head):
    RatingFactory(school=school, review=review)
    RatingFactory(school=other, review=review, staff=their_head)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))

    with school_scope(other):
        assert NetworkReview.objects.get().school_id == other.pk
        assert [row.name for row in Rating.objects.all()] == ["Hana Birch"]
    with school_scope(school):
        assert not NetworkReview.objects.exists()


def test_last_school_takes_everything(school, review):
    RatingFactory(school=school, review=review)

    with school_scope(school):
        leaving.leave(Membership.objects.get(school=school))
        assert not NetworkReview.objects.exists()


# --- stopping at a prompt ---
def test_prompt_is_noted_and_what_is_not_done_comes_up_again(
    sign_in, school, head, network, review, at
):
    client = sign_in(head)
    new = page(school, "pause_new", review, "p4")
    assert "Write down what you noted" in client.post(new, {"note": ""}).text
    assert "What will you do by then?" in client.post(
        new, {"note": "Visits", "by_when": "2027-01-15"}
    ).text  # fmt: skip
    client.post(
        new, {"note": "Visits", "action": "Plan three", "who": "Ada", "by_when": "2027-01-15"}
    )
    with school_scope(school):
        row = Pause.objects.get()
    at("2027-11-21 09:00")
    later = NetworkReviewFactory(school=school, network=network, closes_on=date(2027, 12, 1))

    again = client.get(page(school, "review", later)).text
    assert "Plan three" in again
    assert "by 15 January 2027" in again
    change = url(school, "networks:pause", network.pk, row.pk)
    client.post(
        change,
        {"note": "Visits", "action": "Plan three", "is_done": "on", "revision": row.revision},
    )
    assert "Plan three" not in client.get(page(school, "review", later)).text


def test_two_leaders_saving_one_note_lose_nothing(sign_in, school, head, network, review):
    row = PauseFactory(school=school, review=review, note="Begun")
    client, change = sign_in(head), url(school, "networks:pause", network.pk, row.pk)
    client.post(change, {"note": "First", "revision": 1})

    answer = client.post(change, {"note": "Second", "revision": 1})

    assert "changed this while you were writing" in answer.text
    assert "Second" in answer.text
    with school_scope(school):
        assert Pause.objects.get().note == "First"


def test_note_of_another_school_is_theirs(sign_in, school, head, review, other, their_head):
    ours = PauseFactory(school=school, review=review)
    theirs = PauseFactory(school=other, review=review)
    client = sign_in(their_head)

    assert client.get(url(other, "networks:pause", review.network_id, ours.pk)).status_code == 404
    assert client.get(url(other, "networks:pause", review.network_id, theirs.pk)).status_code == 200
    assert (
        sign_in(head).get(url(school, "networks:pause", review.network_id, theirs.pk)).status_code
        == 200
    )


@pytest.mark.parametrize("prompt", ["p99", "next_fit", "…"])
def test_there_is_no_such_prompt(sign_in, school, head, review, prompt):
    assert sign_in(head).get(page(school, "pause_new", review, prompt)).status_code == 404


def test_script_in_a_comment_is_words(sign_in, school, head, review):
    RatingFactory(school=school, review=review, staff=head, comment="<script>alert(1)</script>")
    PauseFactory(school=school, review=review, note="<img src=x onerror=alert(1)>")

    seen = sign_in(head).get(page(school, "review", review)).text

    assert "<script>alert" not in seen
    assert "&lt;script&gt;alert" in seen
    assert "<img src=x" not in seen


# --- will it last? ---
def test_seven_things_are_asked_of_a_strategy(sign_in, school, head, network):
    strategy = StrategyFactory(school=school, network=network, title="Lead practitioners")
    client, new = sign_in(head), url(school, "networks:review_new", network.pk)
    sent = {"title": "Lasting", "closes_on": "2026-12-04", "strategy": strategy.pk}
    assert "leave this empty" in client.post(new, sent | {"kind": "propositions"}).text
    client.post(new, sent | {"kind": "lasting"})
    with school_scope(school):
        review = NetworkReview.objects.get()

    seen = client.get(page(school, "review_answer", review)).text
    client.post(page(school, "review_answer", review), {"resources_level": "not_yet"})
    client.post(
        page(school, "pause_new", review, "next_resources"),
        {"action": "Ask governors", "by_when": "2027-02-01"},
    )

    assert "How far is this true of Lead practitioners?" in seen
    assert seen.count("How far is this true of us?") == 7
    assert "Ask governors" in client.get(page(school, "review", review)).text


# --- the cards ---
def test_cards_are_matched_and_nothing_is_kept(sign_in, school, teacher, network):
    client, cards = sign_in(teacher), url(school, "networks:cards", network.pk)
    assert "They belong together" not in client.get(cards).text
    codes = ["alignment", "diversity", "accountability", "modelling", "sustainability"]
    right = {f"{code}_{position}": code for code in codes for position in (1, 2)}

    wrong = client.post(cards, right | {"alignment_1": "diversity", "alignment_2": ""}).text

    assert "Try another card." in wrong
    assert "Nothing chosen yet." in wrong
    assert wrong.count("They belong together.") == 8
    assert "All of them belong together" in client.post(cards, right).text
    assert "Try another card." in client.post(cards, right | {"alignment_1": "nonsense"}).text


# --- pages ---
@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, school, head, network, review, size, django_assert_num_queries
):
    earlier = NetworkReviewFactory(
        school=school, network=network, opened_on=date(2025, 11, 1), closes_on=date(2025, 12, 1)
    )
    for number in range(size):
        staff = StaffFactory(school=school) if number else head
        for row in (review, earlier):
            RatingFactory(school=school, review=row, staff=staff)
            PauseFactory(school=school, review=row, action="Do it")
        if number:
            NetworkReviewFactory(school=school, network=network, opened_on=date(2024, 11, 1))
    client = sign_in(head)

    for path, queries in (
        (url(school, "networks:reviews", network.pk), 15),
        (page(school, "review", review), 20),
        (page(school, "review_answer", review), 16),
    ):
        with django_assert_num_queries(queries):
            answer = client.get(path)
        assert answer.status_code == 200


def test_first_visit_says_what_a_review_is_for(sign_in, school, head, network, other, their_head):
    assert "Open a review" in sign_in(head).get(url(school, "networks:reviews", network.pk)).text
    seen = sign_in(their_head).get(url(other, "networks:reviews", network.pk)).text
    assert "A school that leads the network opens a review" in seen
