"""An area of the self-evaluation by many hands: what contributors may, and what they may not."""

from datetime import timedelta

import pytest

from cpdhub import clock
from cpdhub.models import AreaComment, AreaForImprovement, Contributor, Judgement
from cpdhub.walls import school_scope
from tests.factories import (
    AreaCommentFactory,
    AreaForImprovementFactory,
    ContributorFactory,
    EvidencePointerFactory,
    JudgementFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def judgement(school):
    return JudgementFactory(
        school=school,
        item__title="Reading",
        grade="Strong",
        statement="Pupils read",
        internal_note="Check Year 3",
        reviewed_on=clock.today() - timedelta(days=30),
    )


@pytest.fixture
def contributor(school, judgement):
    person = StaffFactory(school=school, first_name="Ada", last_name="Adviser")
    ContributorFactory(school=school, judgement=judgement, staff=person)
    return person


def words(**fields):
    return {"statement": "They read", "strengths": "", "internal_note": "", "revision": 1, **fields}


@pytest.mark.parametrize("count", [1, 3])
def test_area_shows_contributors_and_comments_in_constant_queries(
    sign_in, school, cpd_leader, judgement, count, django_assert_num_queries
):
    for _ in range(count):
        ContributorFactory(school=school, judgement=judgement)
        AreaCommentFactory(school=school, judgement=judgement)
    client = sign_in(cpd_leader)

    # frame, area, judgement, what must get better, evidence, contributors, comments
    with django_assert_num_queries(20):
        response = client.get(url(school, "plan:judgement", judgement.item_id))

    assert len(response.context["comments"]) == count
    assert len(response.context["contributors"]) == count


def test_writer_names_contributors_and_takes_them_away(sign_in, school, cpd_leader, teacher):
    judgement = JudgementFactory(school=school)
    other = StaffFactory(school=school)
    path = url(school, "plan:contributors", judgement.item_id)
    client = sign_in(cpd_leader)

    client.post(path, {"people": [teacher.pk, other.pk]})
    client.post(path, {"people": [teacher.pk]})

    with school_scope(school):
        assert [row.staff for row in Contributor.objects.all()] == [teacher]
    page = client.get(url(school, "plan:judgement", judgement.item_id)).text
    assert "Written with <b>Tom Teacher</b>" in page
    history = client.get(url(school, "plan:judgement_history", judgement.item_id)).text
    assert "Tom Teacher" in history


def test_contributor_finds_the_area_marked(sign_in, school, judgement, contributor, teacher):
    with school_scope(school):
        school.evaluates_by = judgement.item.framework
        school.save()
    path = url(school, "plan:self_evaluation")

    assert "yours to write" in sign_in(contributor).get(path).text
    assert "yours to write" not in sign_in(teacher).get(path).text


def test_contributor_changes_the_words_and_nothing_else(sign_in, school, judgement, contributor):
    before = judgement.reviewed_on
    path = url(school, "plan:judgement_change", judgement.item_id)
    client = sign_in(contributor)
    page = client.get(path).text
    assert 'name="grade"' not in page
    assert 'name="applies"' not in page

    client.post(path, words(grade="Weak", reviewed_on="2020-01-01", next_review_on="2020-01-02"))

    with school_scope(school):
        now = Judgement.objects.get()
    assert (now.statement, now.grade, now.applies) == ("They read", "Strong", True)
    assert (now.reviewed_on, now.reviewed_by, now.next_review_on) == (before, None, None)


def test_contributor_of_one_area_writes_no_other(sign_in, school, contributor):
    other = JudgementFactory(school=school)
    area = AreaForImprovementFactory(school=school, judgement=other)
    client = sign_in(contributor)

    for view, pk in [
        ("plan:judgement_change", other.item_id), ("plan:area_add", other.item_id),
        ("plan:area_change", area.pk), ("plan:area_remove", area.pk),
        ("plan:comment_add", other.item_id),
    ]:  # fmt: skip
        assert client.post(url(school, view, pk), words(text="Mine")).status_code == 403, view


def test_contributor_writes_what_must_get_better(sign_in, school, judgement, contributor):
    area = AreaForImprovementFactory(school=school, judgement=judgement, text="Old")
    client = sign_in(contributor)

    client.post(url(school, "plan:area_add", judgement.item_id), {"text": "New"})
    client.post(url(school, "plan:area_change", area.pk), {"text": "Better"})

    with school_scope(school):
        assert [row.text for row in AreaForImprovement.objects.all()] == ["Better", "New"]
    client.post(url(school, "plan:area_remove", area.pk))
    with school_scope(school):
        assert AreaForImprovement.objects.get().text == "New"


def test_evidence_people_history_and_priorities_stay_the_writers(
    sign_in, school, judgement, contributor
):
    area = AreaForImprovementFactory(school=school, judgement=judgement)
    pointer = EvidencePointerFactory(school=school, judgement=judgement)
    client = sign_in(contributor)

    for view, pk in [
        ("plan:evidence_add", judgement.item_id), ("plan:evidence_change", pointer.pk),
        ("plan:evidence_remove", pointer.pk), ("plan:contributors", judgement.item_id),
        ("plan:make_priority", area.pk),
    ]:  # fmt: skip
        assert client.post(url(school, view, pk)).status_code == 403, view
    history = url(school, "plan:judgement_history", judgement.item_id)
    assert client.get(history).status_code == 403
    page = client.get(url(school, "plan:judgement", judgement.item_id)).text
    assert url(school, "plan:area_change", area.pk) in page
    assert url(school, "plan:evidence_change", pointer.pk) not in page
    assert "Make this a priority" not in page


def test_who_is_not_a_contributor_any_more_writes_nothing(sign_in, school, judgement, contributor):
    with school_scope(school):
        Contributor.objects.all().delete()
    path = url(school, "plan:judgement_change", judgement.item_id)

    assert sign_in(contributor).post(path, words()).status_code == 403


def test_two_who_write_the_same_area_lose_nothing(
    sign_in, school, judgement, contributor, cpd_leader
):
    path = url(school, "plan:judgement_change", judgement.item_id)
    sign_in(contributor).post(path, words())

    refused = sign_in(cpd_leader).post(
        path, words(statement="Mine", grade="Strong", applies="on", reviewed_on="2026-01-01")
    )

    assert "Ada Adviser changed this while you were writing" in refused.text
    assert ">\nMine</textarea>" in refused.text


# --- among themselves -----------------------------------------------------------------------------
def test_notes_and_comments_are_read_by_those_who_write_only(
    sign_in, school, judgement, contributor, cpd_leader, teacher, governor
):
    AreaCommentFactory(school=school, judgement=judgement, by=cpd_leader, text="Are we sure?")
    path = url(school, "plan:judgement", judgement.item_id)
    with school_scope(school):
        school.evaluates_by = judgement.item.framework
        school.save()

    for writer in (contributor, cpd_leader):
        page = sign_in(writer).get(path).text
        assert "Check Year 3" in page
        assert "Are we sure?" in page
    for reader in (teacher, governor):
        for each in (
            path,
            url(school, "plan:self_evaluation"),
            url(school, "plan:self_evaluation_print"),
        ):
            page = sign_in(reader).get(each).text
            assert "Check Year 3" not in page
            assert "Are we sure?" not in page
    printed = sign_in(cpd_leader).get(url(school, "plan:self_evaluation_print")).text
    assert "Check Year 3" not in printed


def test_comment_is_written_once_and_taken_back_by_its_author_alone(
    sign_in, school, judgement, contributor, head
):
    path = url(school, "plan:comment_add", judgement.item_id)
    key = {"once": "11111111-2222-4333-8444-555555555555"}
    for _ in range(2):
        sign_in(contributor).post(path, {"text": "<b>Year 3?</b>", **key})
    with school_scope(school):
        comment = AreaComment.objects.get()
    delete = url(school, "plan:comment_delete", comment.pk)
    page = sign_in(head).get(url(school, "plan:judgement", judgement.item_id)).text
    assert "&lt;b&gt;Year 3?&lt;/b&gt;" in page
    assert delete not in page
    assert sign_in(head).post(delete).status_code == 404

    sign_in(contributor).post(delete)

    with school_scope(school):
        assert AreaComment.objects.count() == 0


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_comment_of_nothing_or_too_much_says_so_and_keeps_it(
    sign_in, school, judgement, contributor, text
):
    response = sign_in(contributor).post(
        url(school, "plan:comment_add", judgement.item_id), {"text": text}
    )

    assert "There is a problem" in response.text
    assert text in response.text


def test_teacher_comments_on_nothing(sign_in, school, judgement, teacher):
    path = url(school, "plan:comment_add", judgement.item_id)

    assert sign_in(teacher).post(path, {"text": "Hello"}).status_code == 403
