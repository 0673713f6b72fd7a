"""The staffroom kept in order: reported, hidden with a reason, looked at again; its letters."""

from datetime import date, datetime, timedelta

import pytest

from cpdhub import clock, reminders
from cpdhub.models import OutboxMessage, Reminder
from cpdhub.walls import school_scope
from evaluation.models import Comment, Post
from tests.factories import CommentFactory, PostFactory, StaffFactory
from tests.helpers import url

FRIDAY, SATURDAY, MONDAY = "2026-11-20 16:00", "2026-11-21 11:00", "2026-11-23 08:00"


@pytest.fixture(autouse=True)
def _today(at, db):
    at(FRIDAY)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.LONDON)


def letters(school):
    """What the worker would send now, without digests: everything found, then settled."""
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        before = set(OutboxMessage.objects.values_list("pk", flat=True))
        due = list(Reminder.objects.due(clock.now()).values_list("pk", flat=True))
    for pk in due:
        reminders.deliver(school_id=school.pk, reminder_id=pk)
    with school_scope(school):
        new = OutboxMessage.objects.exclude(pk__in=before).exclude(subject__startswith="Your week")
        return list(new.order_by("pk"))


# --- moderation ---
@pytest.mark.parametrize("factory", [PostFactory, CommentFactory])
def test_hidden_with_a_reason_its_writer_reads(sign_in, teacher, head, cpd_leader, school, factory):
    row = factory(school=school, by=teacher, text="Something unkind")
    is_post = isinstance(row, Post)
    page = url(school, "staffroom:post", row.pk if is_post else row.post_id)
    path = url(school, "staffroom:hide" if is_post else "staffroom:comment_hide", row.pk)
    client = sign_in(cpd_leader)
    assert "This field is required" in client.post(path, {"because": ""}).text
    client.post(path, {"because": "It names a family"})

    for person in (teacher, cpd_leader, head):
        text = sign_in(person).get(page).text
        assert "Something unkind" in text
        assert "It names a family" in text
    other = sign_in(StaffFactory(school=school))
    assert "Something unkind" not in other.get(url(school, "staffroom:posts")).text
    answer = other.get(page)
    assert answer.status_code == (404 if is_post else 200)
    assert "Something unkind" not in answer.text
    with school_scope(school):
        post = Post.objects.get()
    if is_post:
        assert other.post(f"{page}comment/", {"text": "Hello"}).status_code == 404
    assert post.pk

    sign_in(cpd_leader).post(path, {"show": "1"})

    assert "Something unkind" in sign_in(StaffFactory(school=school)).get(page).text


def test_what_is_reported_is_read_by_keepers_and_settled(sign_in, teacher, cpd_leader, school):
    post = PostFactory(school=school, by=teacher, title="A post")
    reporter = StaffFactory(school=school, first_name="Rita", last_name="Reporter")
    sign_in(reporter).post(url(school, "staffroom:report", post.pk), {"because": "Not true"})
    page = url(school, "staffroom:post", post.pk)
    kept = url(school, "staffroom:posts") + "?show=keep"

    for person in (teacher, reporter):
        text = sign_in(person).get(page).text
        assert "Not true" not in text
        assert "Rita Reporter" not in text
    client = sign_in(cpd_leader)
    assert "Reported by Rita Reporter" in client.get(page).text
    assert "A post" in client.get(kept).text

    client.post(url(school, "staffroom:hide", post.pk), {"leave": "1"})

    assert "Reported by" not in client.get(page).text
    assert "A post" not in client.get(kept).text
    assert "A post" in sign_in(teacher).get(url(school, "staffroom:posts")).text


def test_a_reported_comment_brings_its_post_to_keepers(sign_in, teacher, cpd_leader, school):
    comment = CommentFactory(school=school, post__title="Of a comment")
    path = url(school, "staffroom:comment_report", comment.pk)
    sign_in(teacher).post(path, {"because": "Rude"})
    kept = url(school, "staffroom:posts") + "?show=keep"

    assert "Of a comment" in sign_in(cpd_leader).get(kept).text
    # Asked for by somebody else, it is everybody's list.
    assert 'value="keep"' not in sign_in(teacher).get(kept).text


# --- looked at again ---
def test_who_looks_after_it_says_it_is_still_right(sign_in, teacher, head, school):
    post = PostFactory(school=school, by=teacher, resource=True, review_on=date(2026, 11, 1))
    listed = url(school, "staffroom:posts") + "?show=look"
    path = url(school, "staffroom:look_again", post.pk)
    assert "was due on 1 November 2026" in sign_in(teacher).get(
        url(school, "staffroom:post", post.pk)
    ).text  # fmt: skip
    client = sign_in(teacher)
    assert post.title in client.get(listed).text
    today = {"review_on": "2026-11-20", "owner": head.pk}
    assert "still to come" in client.post(path, today).text

    client.post(path, {"review_on": "2027-11-01", "owner": head.pk})

    assert post.title not in client.get(listed).text
    with school_scope(school):
        kept = Post.objects.get()
    assert (kept.review_on, kept.owner_id, kept.looked_at_on) == (
        date(2027, 11, 1), head.pk, date(2026, 11, 20)
    )  # fmt: skip


def test_who_looks_after_it_takes_it_down_and_shows_it_again(sign_in, teacher, head, school):
    owner = StaffFactory(school=school)
    post = PostFactory(school=school, by=teacher, resource=True, owner=owner)
    page = url(school, "staffroom:post", post.pk)
    path = url(school, "staffroom:look_again", post.pk)
    other = StaffFactory(school=school)
    assert sign_in(other).post(path, {"down": "1"}).status_code == 403

    sign_in(owner).post(path, {"down": "1"})
    assert sign_in(other).get(page).status_code == 404
    assert "it is not right any more" in sign_in(teacher).get(page).text
    assert sign_in(teacher).post(path, {"up": "1"}).status_code == 403
    sign_in(owner).post(path, {"up": "1"})

    assert sign_in(other).get(page).status_code == 200


def test_a_log_is_not_looked_at_again(sign_in, teacher, school):
    post = PostFactory(school=school, by=teacher)

    path = url(school, "staffroom:look_again", post.pk)

    assert sign_in(teacher).get(path).status_code == 403


# --- letters ---
def test_comments_are_told_once_on_the_next_school_day(teacher, head, school, at):
    post = PostFactory(school=school, by=teacher, title="Three seconds")
    CommentFactory(school=school, post=post, by=head, text="On Friday")
    CommentFactory(school=school, post=post, by=teacher, text="My own")
    assert letters(school) == []
    at(SATURDAY)
    CommentFactory(school=school, post=post, by=StaffFactory(school=school), text="On Saturday")
    CommentFactory(school=school, text="To another post")
    assert letters(school) == []
    at(MONDAY)

    sent = [letter for letter in letters(school) if letter.to == teacher.email]

    assert [letter.subject for letter in sent] == ["Comments on what you posted"]
    assert "Three seconds: Helen Head, Priya" in sent[0].text
    assert url(school, "staffroom:post", post.pk) in sent[0].text
    for words in ("On Friday", "On Saturday"):
        assert words not in sent[0].text
    at("2026-11-23 17:00")
    assert letters(school) == []


def test_what_was_taken_back_or_hidden_is_not_told(teacher, school, at):
    post = PostFactory(school=school, by=teacher)
    gone = CommentFactory(school=school, post=post)
    hidden = CommentFactory(school=school, post=post)
    reminders.sweep(school_id=school.pk)
    with school_scope(school):
        Comment.objects.filter(pk=gone.pk).delete()
        Comment.objects.filter(pk=hidden.pk).update(
            hidden_at=clock.now() - timedelta(days=9), hidden_because="Rude"
        )
    at(MONDAY)

    assert letters(school) == []


def test_those_who_want_only_the_digest_read_it_there(head, school, at):
    writer = StaffFactory(school=school, wants_digest_only=True)
    CommentFactory(school=school, by=head, post__by=writer, post__title="Three seconds")
    at(MONDAY)

    assert letters(school) == []
    with school_scope(school):
        [digest] = OutboxMessage.objects.filter(to=writer.email)
    assert "Three seconds: Helen Head" in digest.text


def test_whoever_looks_after_it_is_reminded_once_on_the_day(teacher, head, school, at):
    post = PostFactory(
        school=school, by=head, resource=True, owner=teacher, review_on=date(2026, 11, 23),
        title="Stems",
    )  # fmt: skip
    assert letters(school) == []
    at(MONDAY)

    [letter] = letters(school)

    assert (letter.to, letter.subject) == (teacher.email, "Is it still right? Stems")
    assert url(school, "staffroom:look_again", post.pk) in letter.text
    at("2026-11-24 08:00")
    assert letters(school) == []


def test_the_writer_is_told_that_it_was_hidden_and_keepers_what_was_reported(
    sign_in, teacher, cpd_leader, head, school
):
    post = PostFactory(school=school, by=teacher, title="A post")
    sign_in(head).post(url(school, "staffroom:report", post.pk), {"because": "Not true"})

    [letter] = letters(school)
    assert (letter.to, letter.subject) == (
        cpd_leader.email, "A post in the staffroom was reported"
    )  # fmt: skip
    for words in ("Helen Head", "Not true"):
        assert words not in letter.text

    sign_in(cpd_leader).post(url(school, "staffroom:hide", post.pk), {"because": "Guessed"})
    [letter] = letters(school)
    assert (letter.to, letter.subject) == (teacher.email, "A post of yours was hidden")
    assert "Guessed" in letter.text
    assert letters(school) == []
