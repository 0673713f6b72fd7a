"""The staffroom: posts written, found, read and answered."""

from datetime import date

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from cpdhub import clock
from cpdhub.models import StoredFile
from cpdhub.walls import school_scope
from evaluation.models import Comment, Post
from evaluation.portfolios import candidates
from tests.evaluation.test_record import attended
from tests.factories import (
    CommentFactory,
    ImpactReviewFactory,
    PostFactory,
    PriorityFactory,
    SharingPlanFactory,
    StaffFactory,
)
from tests.helpers import url

LOG = {"title": "Three seconds", "text": "More hands went up."}
ACCOUNT = {
    "title": "Talk partners", "text": "What our pupils needed\nTo talk more", "is_agreed": "on",
    "review_on": "2027-11-21", "licence": "cc-by-4.0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-21 09:00")


@pytest.fixture
def room(school):
    return url(school, "staffroom:posts")


def new(school, kind):
    return url(school, "staffroom:new") + f"?kind={kind}"


def the_post(school):
    with school_scope(school):
        return Post.objects.select_related("activity", "file").get()


# --- writing ---
def test_a_post_is_read_by_colleagues(sign_in, teacher, head, school, room):
    sign_in(teacher).post(new(school, "log"), LOG)

    page = sign_in(head).get(room).text
    assert "Three seconds" in page
    text = sign_in(head).get(url(school, "staffroom:post", the_post(school).pk)).text
    assert "More hands went up." in text
    assert "Tom Teacher" in text


def test_one_chooses_the_kind_first(sign_in, teacher, school):
    text = sign_in(teacher).get(url(school, "staffroom:new")).text

    for kind in Post.Kind.values:
        assert f"?kind={kind}" in text


def test_a_draft_asks_for_nothing_and_is_read_by_nobody_else(sign_in, teacher, head, school, room):
    sign_in(teacher).post(new(school, "account"), {"text": "Half a", "keep": "1"})
    draft = the_post(school)
    assert draft.is_draft

    assert url(school, "staffroom:edit", draft.pk) in (
        sign_in(teacher).get(url(school, "staffroom:new")).text
    )
    client = sign_in(head)
    for path in (room, f"{room}?show=mine", f"{room}?q=Half"):
        assert "Half a" not in client.get(path).text
    for view in ("post", "edit", "delete", "file", "report", "hide", "look_again"):
        assert client.get(url(school, f"staffroom:{view}", draft.pk)).status_code == 404


def test_a_draft_is_posted_from_its_page(sign_in, teacher, school):
    draft = PostFactory(school=school, by=teacher, posted_at=None, title="", text="Half a")
    path = url(school, "staffroom:edit", draft.pk)
    client = sign_in(teacher)
    assert "This field is required" in client.post(path, {"text": "Half a", "revision": "1"}).text

    client.post(path, {**LOG, "revision": "1"})

    assert (the_post(school).title, the_post(school).is_draft) == ("Three seconds", False)


def test_what_is_typed_is_kept_and_then_posted_once(sign_in, teacher, head, school):
    client = sign_in(teacher)
    page = client.get(new(school, "account"))
    form = page.context["form"]
    key, path = str(form.initial["uuid"]), url(school, "staffroom:draft")
    typed = {"uuid": key, "kind": "account", "title": "", "text": form.initial["text"]}
    assert client.post(path, typed).status_code == 204
    assert client.post(path, {**typed, "kind": "mine"}).status_code == 204
    for text in ("What we did\nSt", "What we did\nStems"):
        assert "kept as a draft" in client.post(path, {**typed, "text": text}).text
    draft = the_post(school)
    assert (draft.text, draft.kind, draft.is_draft) == ("What we did\nStems", "account", True)
    # The key is of one person's page: nobody writes to a colleague's.
    sign_in(head).post(path, {**typed, "text": "Mine"})
    with school_scope(school):
        assert Post.objects.get(by=teacher).text == "What we did\nStems"
        Post.objects.filter(by=head).delete()

    client = sign_in(teacher)
    client.post(new(school, "account"), {**ACCOUNT, "owner": teacher.pk, "uuid": key})

    assert (the_post(school).pk, the_post(school).title) == (draft.pk, "Talk partners")
    assert "posted already" in client.post(path, {**typed, "text": "Late"}).text
    again = client.post(new(school, "account"), {**ACCOUNT, "title": "Twice", "uuid": key})
    assert again.status_code == 200
    assert the_post(school).title == "Talk partners"


@pytest.mark.parametrize(
    ("kind", "sent", "field"),
    [
        ("log", {"text": ""}, "text"),
        ("account", {"is_agreed": ""}, "is_agreed"),
        ("account", {"review_on": "2026-11-20"}, "review_on"),
        ("account", {"review_on": "2036-11-20"}, "review_on"),
        ("account", {"licence": "mine"}, "licence"),
        ("notice", {"ends_on": ""}, "ends_on"),
        ("notice", {"ends_on": "2026-11-20"}, "ends_on"),
        ("log", {"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    sign_in, teacher, school, kind, sent, field
):
    answer = sign_in(teacher).post(
        new(school, kind),
        {**ACCOUNT, "ends_on": "2026-12-01", "owner": teacher.pk, "title": "Kept", **sent},
    )

    assert list(answer.context["form"].errors) == [field]
    assert 'value="Kept"' in answer.text
    with school_scope(school):
        assert not Post.objects.exists()


def test_the_headings_alone_are_no_account(sign_in, teacher, school):
    client = sign_in(teacher)
    starter = client.get(new(school, "account")).context["form"].initial["text"]

    answer = client.post(new(school, "account"), {**ACCOUNT, "owner": teacher.pk, "text": starter})

    assert "Write something below the headings." in answer.text


def test_an_account_says_who_may_use_it_and_is_looked_at_again(sign_in, teacher, school):
    sign_in(teacher).post(new(school, "account"), {**ACCOUNT, "owner": teacher.pk})

    post = the_post(school)
    assert (post.licence, post.owner_id, post.review_on) == (
        "cc-by-4.0", teacher.pk, date(2027, 11, 21)
    )  # fmt: skip
    text = sign_in(teacher).get(url(school, "staffroom:post", post.pk)).text
    assert "CC BY 4.0" in text
    assert "on 21 November 2027" in text


def test_where_a_pupil_may_be_named_it_asks_once(sign_in, teacher, school):
    client = sign_in(teacher)
    sent = {"title": "A pupil Amina", "text": "She spoke"}

    answer = client.post(new(school, "log"), sent)

    assert "Does it name a pupil?" in answer.text
    assert answer.context["form"]["knowingly"].value() == "1"
    with school_scope(school):
        assert not Post.objects.exists()
    client.post(new(school, "log"), sent | {"knowingly": "1"})
    assert the_post(school).title == "A pupil Amina"


def test_a_file_is_checked_kept_replaced_and_destroyed(sign_in, teacher, head, school):
    client = sign_in(teacher)
    bad = SimpleUploadedFile("x.html", b"<script>alert(1)</script>")
    assert "Only pictures" in client.post(new(school, "log"), {**LOG, "upload": bad}).text
    client.post(new(school, "log"), {**LOG, "upload": SimpleUploadedFile("a.txt", b"Stems")})
    post = the_post(school)

    answer = sign_in(head).get(url(school, "staffroom:file", post.pk))
    assert b"".join(answer.streaming_content) == b"Stems"
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'

    edit = url(school, "staffroom:edit", post.pk)
    client = sign_in(teacher)
    client.post(
        edit, {**LOG, "revision": "1", "upload": SimpleUploadedFile("b.txt", b"More stems")}
    )
    with school_scope(school):
        assert [row.name for row in StoredFile.objects.all()] == ["b.txt"]
    client.post(url(school, "staffroom:delete", post.pk))
    with school_scope(school):
        assert not StoredFile.objects.exists()


def test_a_file_that_was_chosen_is_asked_for_again(sign_in, teacher, school):
    sent = {"title": "", "text": "T", "upload": SimpleUploadedFile("a.txt", b"Stems")}

    answer = sign_in(teacher).post(new(school, "log"), sent)

    assert "Choose the file again" in answer.text


def test_two_windows_see_each_others_change(sign_in, teacher, school):
    post = PostFactory(school=school, by=teacher)
    client = sign_in(teacher)
    path = url(school, "staffroom:edit", post.pk)
    client.post(path, {**LOG, "title": "The first", "revision": "1"})

    answer = client.post(path, {**LOG, "title": "The second", "revision": "1"})

    assert answer.status_code == 200
    assert 'value="The second"' in answer.text
    assert the_post(school).title == "The first"


def test_only_its_writer_changes_or_deletes_it(sign_in, teacher, head, cpd_leader, school):
    post = PostFactory(school=school, by=teacher)

    for person in (head, cpd_leader):
        client = sign_in(person)
        for view in ("edit", "delete"):
            assert client.post(url(school, f"staffroom:{view}", post.pk)).status_code == 403
    client = sign_in(teacher)
    assert "Delete this post?" in client.get(url(school, "staffroom:delete", post.pk)).text
    client.post(url(school, "staffroom:delete", post.pk))
    with school_scope(school):
        assert not Post.objects.exists()


# --- what it comes from ---
def test_it_may_say_which_activity_it_comes_from(sign_in, teacher, school, room):
    day = attended(teacher, title="Phonics day")
    client = sign_in(teacher)
    assert "Phonics day" in client.get(new(school, "log")).text
    of_activity = client.get(url(school, "sharing:activity", day.pk)).text
    assert f"{url(school, 'staffroom:new')}?activity={day.pk}" in of_activity

    client.post(new(school, "log"), {**LOG, "activity": day.pk})

    text = client.get(url(school, "staffroom:post", the_post(school).pk)).text
    assert "Phonics day" in text
    assert "Three seconds" in client.get(url(school, "sharing:activity", day.pk)).text
    assert "Three seconds" in client.get(f"{room}?q=phonics").text
    assert "Three seconds" in client.get(f"{room}?type={day.type.code}").text
    assert "Three seconds" not in client.get(f"{room}?type=another").text


def test_private_and_own_learning_are_not_offered_and_never_shown(
    sign_in, teacher, head, cpd_leader, school, room
):
    private = attended(teacher, title="Support with marking", is_private=True)
    own = attended(
        teacher, title="My therapy", owner=teacher, is_own_learning=True, was_logged=True,
        state="finished",
    )  # fmt: skip
    theirs = attended(StaffFactory(school=school), title="Not mine")
    client = sign_in(teacher)
    offered = client.get(new(school, "log")).text
    for title in ("Support with marking", "My therapy", "Not mine"):
        assert title not in offered
    for activity in (private, own, theirs):
        answer = client.post(new(school, "log"), {**LOG, "activity": activity.pk})
        assert list(answer.context["form"].errors) == ["activity"]

    # Made private after it was named.
    PostFactory(school=school, by=teacher, title="Of support", activity=private)
    post = the_post(school)
    for person in (teacher, head, cpd_leader):
        client = sign_in(person)
        for path in (url(school, "staffroom:post", post.pk), room, f"{room}?q=Of"):
            assert "Support with marking" not in client.get(path).text
        for path in (f"{room}?q=marking", f"{room}?type={private.type.code}"):
            assert "Of support" not in client.get(path).text
        assert f'value="{private.type.code}"' not in client.get(room).text


def test_who_looks_after_it_does_not_learn_where_its_writer_was(sign_in, teacher, head, school):
    attended(teacher, title="Phonics day")
    post = PostFactory(school=school, by=teacher, resource=True, owner=head)
    path = url(school, "staffroom:edit", post.pk)

    page = sign_in(head).get(path)

    assert not {"activity", "may_be_printed"} & page.context["form"].fields.keys()
    assert "Phonics day" not in page.text


def test_a_draft_of_the_plan_is_not_shown(sign_in, teacher, school):
    priority = PriorityFactory(school=school, title="Secret plan", state="draft")
    post = PostFactory(school=school, by=teacher, priority=priority)
    client = sign_in(teacher)

    assert "Secret plan" not in client.get(url(school, "staffroom:post", post.pk)).text
    assert "Secret plan" not in client.get(new(school, "log")).text


# --- finding ---
def test_notices_come_first_and_go_after_their_last_day(sign_in, teacher, school, room, at):
    PostFactory(school=school, notice=True, title="A notice", ends_on=date(2026, 11, 21))
    at("2026-11-21 10:00")
    PostFactory(school=school, title="A newer log")
    client = sign_in(teacher)
    posts = client.get(room).context["page"].object_list
    assert [post.title for post in posts] == ["A notice", "A newer log"]

    at("2026-11-22 09:00")

    posts = client.get(room).context["page"].object_list
    assert [post.title for post in posts] == ["A newer log"]


def test_search_finds_posts_and_what_worked_here(sign_in, teacher, school, room):
    PostFactory(school=school, title="Sentence stems")
    PostFactory(school=school, title="Something else")
    day = attended(StaffFactory(school=school), title="Stems in maths")
    ImpactReviewFactory(school=school, activity=day, closed=True)
    SharingPlanFactory(
        school=school, what="Stems on cards", done_on=date(2026, 11, 2), became="All use them"
    )
    private = attended(StaffFactory(school=school), title="Stems for one", is_private=True)
    ImpactReviewFactory(school=school, activity=private, closed=True)

    text = sign_in(teacher).get(f"{room}?q=stems").text

    for words in ("Sentence stems", "Stems in maths", "Stems on cards", "All use them"):
        assert words in text
    for words in ("Something else", "Stems for one"):
        assert words not in text


def test_a_colleagues_posts_alone(sign_in, teacher, head, school, room):
    PostFactory(school=school, by=teacher, title="By Tom")
    PostFactory(school=school, by=head, title="By Helen")

    text = sign_in(head).get(f"{room}?by={teacher.pk}").text

    assert "Posts by Tom Teacher" in text
    assert "By Helen" not in text
    silent = StaffFactory(school=school, last_name="Silent")
    assert "Silent" not in sign_in(head).get(f"{room}?by={silent.pk}").text


def test_an_empty_staffroom_says_how_it_fills(sign_in, teacher, school, room):
    client = sign_in(teacher)

    assert "Nothing here yet" in client.get(room).text
    assert "No post fits" in client.get(f"{room}?kind=reading").text


def test_governors_and_other_schools_read_nothing(sign_in, governor, outsider, school, room):
    post = PostFactory(school=school)

    assert sign_in(governor).get(room).status_code == 403
    assert sign_in(outsider).get(url(school, "staffroom:post", post.pk)).status_code == 404


# --- comments ---
def test_colleagues_comment_change_and_delete(sign_in, teacher, head, school):
    post = PostFactory(school=school, by=teacher)
    path = url(school, "staffroom:post", post.pk)
    client = sign_in(head)
    assert "This field is required" in client.post(f"{path}comment/", {"text": " "}).text
    client.post(f"{path}comment/", {"text": "Thank you"})
    with school_scope(school):
        comment = Comment.objects.get()
    assert "Thank you" in sign_in(teacher).get(path).text
    assert client.get(url(school, "staffroom:comment_edit", comment.pk)).status_code == 403

    client = sign_in(head)
    client.post(url(school, "staffroom:comment_edit", comment.pk), {"text": "Thanks, Tom"})
    assert "Thanks, Tom" in client.get(path).text
    assert ", changed" in client.get(path).text
    assert (
        "Delete this comment?"
        in client.get(url(school, "staffroom:comment_delete", comment.pk)).text
    )
    client.post(url(school, "staffroom:comment_delete", comment.pk))

    assert "Nobody has said anything yet." in client.get(path).text


def test_nobody_deletes_a_colleagues_comment(sign_in, teacher, head, school):
    comment = CommentFactory(school=school, by=head)

    path = url(school, "staffroom:comment_delete", comment.pk)

    assert sign_in(teacher).post(path).status_code == 403


# --- picked, taken away ---
def test_own_posts_can_be_picked_into_a_portfolio(teacher, head, school):
    private = attended(teacher, title="Support with marking", is_private=True)
    mine = PostFactory(school=school, by=teacher, title="Mine", activity=private)
    PostFactory(school=school, by=teacher, title="A draft", posted_at=None)
    PostFactory(
        school=school, by=teacher, title="Hidden", hidden_at=clock.now(), hidden_because="Rude"
    )
    PostFactory(school=school, by=head, title="Hers")
    CommentFactory(school=school, post=mine, text="Said by another")

    with school_scope(school):
        found = candidates(teacher, "posts")
        item = found[0].item()

    assert [row.title for row in found] == ["Mine"]
    assert item.text.startswith("Learning log for colleagues, 21 November 2026\nIt felt long")
    for words in ("Support with marking", "Said by another"):
        assert words not in item.text


def test_own_posts_and_comments_are_in_the_record(sign_in, teacher, head, school):
    private = attended(teacher, title="Support with marking", is_private=True)
    post = PostFactory(school=school, by=teacher, title="Mine", activity=private, account=True)
    PostFactory(school=school, by=teacher, title="A draft", posted_at=None)
    CommentFactory(school=school, post=post, by=head, text="Said by another")
    CommentFactory(school=school, by=teacher, post__title="Hers", text="Thank you")

    answer = sign_in(teacher).get(url(school, "record:json"))

    record = answer.json()
    assert {row["title"]: row["posted_at"] is None for row in record["posts"]} == {
        "Mine": False, "A draft": True
    }  # fmt: skip
    assert all(row["activity"] is None for row in record["posts"])
    assert [(row["post"], row["text"]) for row in record["comments"]] == [("Hers", "Thank you")]
    assert "Said by another" not in answer.text
    documented = (settings.BASE_DIR / "docs" / "record-format.md").read_text()
    for key in {*record["posts"][0], *record["comments"][0], "posts[]", "comments[]"}:
        assert f"`{key}`" in documented


# --- the database ---
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"title": ""}, "posted_says_something"),
        ({"ends_on": date(2026, 12, 1)}, "notices_and_only_they_end"),
        ({"kind": "notice"}, "notices_and_only_they_end"),
        ({"kind": "resource"}, "what_is_kept_is_looked_at_again"),
        ({"review_on": date(2026, 12, 1)}, "what_is_kept_is_looked_at_again"),
        ({"licence": "cc-by-4.0"}, "accounts_have_a_licence"),
        ({"account": True, "is_agreed": False}, "accounts_are_agreed"),
        ({"hidden_because": "So"}, "post_hidden_with_a_reason"),
        ({"reported_at": "2026-11-20T09:00:00+00:00"}, "post_reported_with_a_reason"),
    ],
)
def test_what_must_never_be(school, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PostFactory(school=school, **fields)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, teacher, school, count, django_assert_num_queries, room
):
    days = [attended(teacher, title=f"Day {n}") for n in range(count)]
    posts = [
        PostFactory(school=school, by=StaffFactory(school=school), activity=day) for day in days
    ]
    for _ in range(count):
        CommentFactory(school=school, post=posts[0])
        ImpactReviewFactory(
            school=school, activity=attended(teacher, title="Waiting"),
            closed=True,
        )  # fmt: skip
        SharingPlanFactory(school=school, what="Waiting", done_on=clock.today())
    client = sign_in(teacher)

    with django_assert_num_queries(18):
        assert client.get(f"{room}?q=waiting").text.count("Waiting three seconds") == count
    with django_assert_num_queries(15):
        page = client.get(url(school, "staffroom:post", posts[0].pk))
    assert page.text.count("I tried it") == count
