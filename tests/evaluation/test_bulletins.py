"""The staff bulletin: only what people agreed to show, sent once, stopped until it leaves."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cpdhub import pdf
from cpdhub.walls import school_scope
from evaluation import bulletins
from evaluation.models import Bulletin, Certificate
from tests.evaluation.test_posts_kept import letters
from tests.factories import (
    ActivityFactory,
    BulletinFactory,
    CertificateFactory,
    ParticipationFactory,
    PostFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url

SHOWN = "2026-11-18T09:00:00+00:00"
SENT = {"title": "November", "first": "2026-10-24", "last": "2026-11-20"}


@pytest.fixture(autouse=True)
def _today(at, db):
    at("2026-11-20 10:00")


def coming(school, title, people=5, on=date(2026, 11, 25), **fields):
    activity = ActivityFactory(school=school, title=title, **{"state": "planned", **fields})
    SessionFactory(school=school, activity=activity, starts_at=at_four(on))
    for _ in range(people):
        ParticipationFactory(school=school, activity=activity, staff=StaffFactory(school=school))
    return activity


def page_of(client, bulletin):
    return client.get(url(bulletin.school, "staffroom:bulletin", bulletin.pk))


def test_the_leader_makes_one_and_ticks_posts(sign_in, cpd_leader, teacher, school):
    agreed = PostFactory(school=school, by=teacher, title="Agreed", may_be_printed=True)
    other = PostFactory(school=school, by=teacher, title="Not agreed")
    client = sign_in(cpd_leader)
    answer = client.post(url(school, "staffroom:bulletin_new"), SENT, follow=True)
    assert "Agreed" in answer.text
    assert "Not agreed" not in answer.text
    with school_scope(school):
        bulletin = Bulletin.objects.select_related("school").get()

    client.post(
        url(school, "staffroom:bulletin_tick", bulletin.pk), {"post": [agreed.pk, other.pk, "x"]}
    )

    with school_scope(school):
        assert Bulletin.objects.get().posts == [agreed.pk]
    assert [post.title for post in page_of(client, bulletin).context["inside"].posts] == ["Agreed"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"),
        ({"last": "2026-10-01"}, "last"),
        ({"last": "2026-11-21"}, "last"),
        ({"first": "2024-10-01"}, "first"),
    ],
)
def test_what_is_wrong_is_said_beside_it(sign_in, cpd_leader, school, sent, field):
    answer = sign_in(cpd_leader).post(
        url(school, "staffroom:bulletin_new"), {**SENT, "words": "Dear all", **sent}
    )

    assert list(answer.context["form"].errors) == [field]
    assert "Dear all" in answer.text


def test_only_what_people_agreed_to_show_stands_in_it(sign_in, cpd_leader, teacher, school):
    CertificateFactory(school=school, owner=teacher, title="Shown", shown_at=SHOWN)
    CertificateFactory(school=school, owner=teacher, title="Not on the wall")
    CertificateFactory(
        school=school, owner=teacher, title="Long ago", shown_at="2026-05-18T09:00:00+00:00"
    )
    hidden = PostFactory(
        school=school, title="A hidden one", may_be_printed=True,
        hidden_at=SHOWN, hidden_because="Rude",
    )  # fmt: skip
    changed = PostFactory(school=school, title="Not any more")
    coming(school, "For many")
    coming(school, "For two", people=2)
    coming(school, "Support", is_private=True)
    coming(school, "In draft", state="draft")
    coming(school, "Far off", on=date(2027, 2, 1))
    bulletin = BulletinFactory(school=school, posts=[hidden.pk, changed.pk, 999])

    text = page_of(sign_in(cpd_leader), bulletin).text

    for words in ("Shown", "For many"):
        assert words in text
    others = ("Not on the wall", "Long ago", "A hidden one", "Not any more", "For two", "Support")
    for words in (*others, "In draft", "Far off"):
        assert words not in text


def test_colleagues_read_what_was_sent(sign_in, teacher, school):
    unsent = BulletinFactory(school=school, title="In the making")
    sent = BulletinFactory(school=school, title="Sent one", leaves_at=SHOWN)
    client = sign_in(teacher)

    text = client.get(url(school, "staffroom:bulletins")).text
    assert "Sent one" in text
    assert "In the making" not in text
    assert page_of(client, unsent).status_code == 404
    assert client.get(url(school, "staffroom:bulletin_pdf", unsent.pk)).status_code == 404
    assert page_of(client, sent).status_code == 200


def test_it_is_sent_once_and_only_when_it_leaves(sign_in, cpd_leader, teacher, school, at):
    post = PostFactory(school=school, by=teacher, title="Stems", may_be_printed=True)
    bulletin = BulletinFactory(school=school, title="November", posts=[post.pk])
    path = url(school, "staffroom:bulletin_send", bulletin.pk)
    client = sign_in(cpd_leader)
    assert "Send this bulletin?" in client.get(path).text
    client.post(path)
    assert "leaves on Friday 20 November, 10:15" in page_of(client, bulletin).text
    assert letters(school) == []
    assert client.get(url(school, "staffroom:bulletin_edit", bulletin.pk)).status_code == 403
    at("2026-11-20 10:16")

    sent = letters(school)

    assert {letter.to for letter in sent} == {cpd_leader.email, teacher.email}
    assert {letter.subject for letter in sent} == {"November"}
    assert "Stems" in sent[0].text
    assert "It is on its way already." in client.post(path, follow=True).text
    assert "letters cannot be called back" in client.post(path, {"stop": "1"}, follow=True).text
    at("2026-11-20 12:00")
    assert letters(school) == []


def test_it_can_be_stopped_and_sent_again(sign_in, cpd_leader, school, at):
    bulletin = BulletinFactory(school=school)
    path = url(school, "staffroom:bulletin_send", bulletin.pk)
    client = sign_in(cpd_leader)
    client.post(path)
    letters(school)
    at("2026-11-20 10:05")
    assert "Stopped." in client.post(path, {"stop": "1"}, follow=True).text
    at("2026-11-20 10:30")
    assert letters(school) == []

    client.post(path)
    at("2026-11-20 10:46")

    assert [letter.to for letter in letters(school)] == [cpd_leader.email]


def test_in_the_evening_it_leaves_on_the_next_school_day(sign_in, cpd_leader, school, at):
    at("2026-11-20 20:00")
    bulletin = BulletinFactory(school=school)
    client = sign_in(cpd_leader)

    client.post(url(school, "staffroom:bulletin_send", bulletin.pk))

    assert "leaves on Monday 23 November, 07:00" in page_of(client, bulletin).text


def test_it_is_a_pdf_that_says_what_the_page_says(sign_in, teacher, school):
    CertificateFactory(school=school, owner=teacher, title="Shown", shown_at=SHOWN)
    post = PostFactory(
        school=school, account=True, title="Stems", may_be_printed=True,
        text="What we did\nOne stem #at a time*",
    )  # fmt: skip
    coming(school, "For many")
    bulletin = BulletinFactory(
        school=school, leaves_at=SHOWN, posts=[post.pk], words="Dear all", thanks="Ben, for tea"
    )
    with school_scope(school):
        data = bulletins.data_of(bulletin)

    assert [row["title"] for row in data["celebrated"]] == ["Shown"]
    assert data["posts"][0]["parts"] == [{"heading": "What we did", "text": "One stem #at a time*"}]
    assert [row["title"] for row in data["coming"]] == ["For many"]
    assert pdf.render("bulletin", data).startswith(b"%PDF-")
    answer = sign_in(teacher).get(url(school, "staffroom:bulletin_pdf", bulletin.pk))
    assert answer.content.startswith(b"%PDF-")


def test_one_that_was_not_sent_is_deleted_after_asking(sign_in, cpd_leader, school):
    bulletin = BulletinFactory(school=school)
    path = url(school, "staffroom:bulletin_delete", bulletin.pk)
    client = sign_in(cpd_leader)
    assert "Delete this bulletin?" in client.get(path).text

    client.post(path)

    assert "No bulletin yet" in client.get(url(school, "staffroom:bulletins")).text


def test_it_ends_after_it_begins(school):
    with pytest.raises(IntegrityError, match="bulletin_ends_after"), transaction.atomic():
        BulletinFactory(school=school, last=date(2020, 1, 1))


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    sign_in, cpd_leader, teacher, school, count, django_assert_num_queries
):
    posts = [
        PostFactory(school=school, by=StaffFactory(school=school), may_be_printed=True)
        for _ in range(count)
    ]
    CertificateFactory.create_batch(count, school=school, owner=teacher, shown_at=SHOWN)
    for n in range(count):
        coming(school, f"For many {n}")
    bulletin = BulletinFactory.create_batch(
        count, school=school, posts=[post.pk for post in posts], leaves_at=SHOWN
    )[0]
    client = sign_in(cpd_leader)

    with django_assert_num_queries(15):
        assert len(client.get(url(school, "staffroom:bulletins")).context["rows"]) == count
    with django_assert_num_queries(18):
        inside = page_of(client, bulletin).context["inside"]
    assert len(inside.posts) == len(inside.celebrated) == len(inside.coming) == count
    with school_scope(school):
        assert Certificate.objects.count() == count
