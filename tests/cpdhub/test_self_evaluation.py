"""What the school says of itself: writing it, keeping it fresh, turning it into a priority."""

from datetime import timedelta

import pytest

from cpdhub import clock, plan_actions
from cpdhub.models import (
    AreaForImprovement,
    EvidencePointer,
    Framework,
    FrameworkItem,
    Judgement,
    Priority,
)
from cpdhub.walls import school_scope
from tests.factories import (
    AreaForImprovementFactory,
    EvidencePointerFactory,
    FrameworkItemFactory,
    JudgementFactory,
    PriorityFactory,
)
from tests.helpers import url


def shipped_item(school, code, version="November 2025"):
    with school_scope(school):
        return FrameworkItem.objects.get(
            code=code, framework__version=version, framework__school=None
        )


@pytest.fixture
def inclusion(school):
    return shipped_item(school, "inclusion")


def sent(**fields):
    today = clock.today()
    return {
        "grade": "Expected standard",
        "statement": "Most pupils do well",
        "reviewed_on": today.isoformat(),
        "next_review_on": (today + timedelta(days=90)).isoformat(),
        "applies": "on",
        "revision": "",
        **fields,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_overview_shows_every_area_in_constant_queries(
    sign_in, school, teacher, count, django_assert_num_queries, other_school
):
    codes = ["inclusion", "achievement", "safeguarding"][:count]
    for code in codes:
        row = JudgementFactory(school=school, item=shipped_item(school, code), grade="Met")
        AreaForImprovementFactory(school=school, judgement=row)
        AreaForImprovementFactory(school=school, judgement=row)
    theirs = JudgementFactory(school=other_school, item=shipped_item(school, "sixth-form"))
    AreaForImprovementFactory(school=other_school, judgement=theirs)
    client = sign_in(teacher)

    with django_assert_num_queries(17):  # frame, framework, items, judgements, earlier ones
        response = client.get(url(school, "plan:self_evaluation"))

    rows = response.context["rows"]
    assert [row["item"].code for row in rows if row["judgement"]] == codes
    assert [row["judgement"].open_count for row in rows if row["judgement"]] == [2] * count
    assert f"{count} of 9 areas judged" in response.text


def test_first_words_make_the_judgement(sign_in, school, cpd_leader, inclusion):
    response = sign_in(cpd_leader).post(url(school, "plan:judgement_change", inclusion.pk), sent())

    assert response.url == url(school, "plan:judgement", inclusion.pk)
    with school_scope(school):
        made = Judgement.objects.get()
        assert (made.grade, made.reviewed_by) == ("Expected standard", cpd_leader)


def test_two_who_write_the_first_words_at_once_lose_none(
    sign_in, school, cpd_leader, head, inclusion
):
    path = url(school, "plan:judgement_change", inclusion.pk)
    sign_in(head).post(path, sent(statement="The head's"))

    refused = sign_in(cpd_leader).post(path, sent(statement="Mine"))

    assert "Helen Head changed this while you were writing" in refused.text
    assert ">\nMine</textarea>" in refused.text
    with school_scope(school):
        assert Judgement.objects.get().statement == "The head's"


def test_reading_a_page_writes_nothing(sign_in, school, cpd_leader, inclusion):
    client = sign_in(cpd_leader)
    for view in ("plan:judgement", "plan:judgement_change", "plan:area_add", "plan:evidence_add"):
        assert client.get(url(school, view, inclusion.pk)).status_code == 200

    with school_scope(school):
        assert Judgement.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "grade", "is_allowed"),
    [
        ("inclusion", "Exceptional", True),
        ("inclusion", "Outstanding", False),
        ("inclusion", "Met", False),
        ("safeguarding", "Met", True),
        ("safeguarding", "Exceptional", False),
        ("safeguarding", "", True),
    ],
)
def test_judgement_takes_only_words_of_its_own_scale(
    sign_in, school, cpd_leader, code, grade, is_allowed
):
    item = shipped_item(school, code)

    response = sign_in(cpd_leader).post(
        url(school, "plan:judgement_change", item.pk), sent(grade=grade)
    )

    assert (response.status_code == 302) is is_allowed


@pytest.mark.parametrize(
    ("field", "days", "sentence"),
    [
        ("reviewed_on", 1, "That day has not come yet."),
        ("next_review_on", 0, "The next review comes after the last one."),
    ],
)
def test_impossible_review_days_are_refused(
    sign_in, school, cpd_leader, inclusion, field, days, sentence
):
    day = (clock.today() + timedelta(days=days)).isoformat()

    response = sign_in(cpd_leader).post(
        url(school, "plan:judgement_change", inclusion.pk), sent(**{field: day})
    )

    assert sentence in response.text
    assert "Most pupils do well" in response.text


def test_stale_judgement_and_old_evidence_say_so(sign_in, school, teacher, inclusion):
    today = clock.today()
    row = JudgementFactory(
        school=school, item=inclusion, reviewed_on=today - timedelta(days=200),
        next_review_on=today - timedelta(days=1),
    )  # fmt: skip
    EvidencePointerFactory(school=school, judgement=row, dated_on=today - timedelta(days=400))
    client = sign_in(teacher)

    assert "review overdue since" in client.get(url(school, "plan:self_evaluation")).text
    page = client.get(url(school, "plan:judgement", inclusion.pk)).text
    assert "This was due for review on" in page
    assert "over a year old" in page


def test_area_that_does_not_apply_is_not_counted(sign_in, school, teacher):
    JudgementFactory(school=school, item=shipped_item(school, "sixth-form"), applies=False)

    page = sign_in(teacher).get(url(school, "plan:self_evaluation")).text

    assert "0 of 8 areas judged" in page
    assert "Not for our school:" in page


def test_area_for_improvement_becomes_a_priority_and_both_link(
    sign_in, school, cpd_leader, inclusion
):
    row = AreaForImprovementFactory(
        school=school, judgement=JudgementFactory(school=school, item=inclusion), text="Talk more"
    )
    client = sign_in(cpd_leader)

    first = client.post(url(school, "plan:make_priority", row.pk))
    second = client.post(url(school, "plan:make_priority", row.pk))

    with school_scope(school):
        made = Priority.objects.get()
    assert first.url == second.url == url(school, "plan:priority_change", made.pk)
    assert 'value="Talk more"' in client.get(first.url).text
    assert (
        url(school, "plan:priority", made.pk)
        in client.get(url(school, "plan:judgement", inclusion.pk)).text
    )
    assert (
        url(school, "plan:judgement", inclusion.pk)
        in client.get(url(school, "plan:priority", made.pk)).text
    )


def test_reader_is_not_shown_the_draft_an_area_became(sign_in, school, teacher, inclusion):
    row = AreaForImprovementFactory(
        school=school, judgement=JudgementFactory(school=school, item=inclusion)
    )
    PriorityFactory(school=school, area=row, title="Secret draft")

    page = sign_in(teacher).get(url(school, "plan:judgement", inclusion.pk)).text

    assert "Secret draft" not in page
    assert "not a priority yet" in page


def test_area_that_became_a_priority_is_kept(sign_in, school, cpd_leader, inclusion):
    row = AreaForImprovementFactory(
        school=school, judgement=JudgementFactory(school=school, item=inclusion)
    )
    PriorityFactory(school=school, area=row)

    response = sign_in(cpd_leader).post(url(school, "plan:area_remove", row.pk), follow=True)

    assert "It has become a priority, and stays" in response.text
    with school_scope(school):
        assert AreaForImprovement.objects.count() == 1


def test_removed_area_is_put_back(sign_in, school, cpd_leader, inclusion):
    row = AreaForImprovementFactory(
        school=school, judgement=JudgementFactory(school=school, item=inclusion)
    )
    client = sign_in(cpd_leader)

    gone = client.post(url(school, "plan:area_remove", row.pk))
    client.post(url(school, "plan:put_back", "area", int(gone.url.rpartition("-")[2])))

    with school_scope(school):
        assert AreaForImprovement.objects.get() == row


def test_ninth_piece_of_evidence_is_refused_with_a_sentence(sign_in, school, cpd_leader, inclusion):
    row = JudgementFactory(school=school, item=inclusion)
    EvidencePointerFactory.create_batch(8, school=school, judgement=row)
    client = sign_in(cpd_leader)

    response = client.post(
        url(school, "plan:evidence_add", inclusion.pk), {"title": "My ninth", "claim": "More"}
    )

    assert "that is enough to convince anyone" in response.text
    assert 'value="My ninth"' in response.text
    with school_scope(school):
        assert EvidencePointer.objects.count() == 8
        pointer = EvidencePointer.objects.first()
    changed = client.post(url(school, "plan:evidence_change", pointer.pk), {"title": "Better"})
    assert changed.status_code == 302


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "not a link"])
def test_evidence_links_only_to_addresses(sign_in, school, cpd_leader, inclusion, link):
    response = sign_in(cpd_leader).post(
        url(school, "plan:evidence_add", inclusion.pk), {"title": "Book look", "link": link}
    )

    assert response.status_code == 200
    with school_scope(school):
        assert EvidencePointer.objects.count() == 0


def test_choosing_other_areas_keeps_what_was_said_and_converts_nothing(
    sign_in, school, cpd_leader, inclusion
):
    JudgementFactory(school=school, item=inclusion, grade="Strong standard", statement="Well")
    with school_scope(school):
        older = Framework.objects.get(code="inspection", version="September 2019")
    client = sign_in(cpd_leader)

    client.post(url(school, "plan:framework"), {"evaluates_by": older.pk})

    response = client.get(url(school, "plan:self_evaluation"))
    assert [row["item"].code for row in response.context["rows"]][0] == "quality-of-education"
    assert not any(row["judgement"] for row in response.context["rows"])
    assert "Strong standard" in response.text
    assert "School inspection: report card (November 2025)" in response.text


def test_another_schools_own_areas_cannot_be_chosen(sign_in, school, cpd_leader, other_school):
    with school_scope(other_school):
        theirs = plan_actions.own_framework(other_school)

    response = sign_in(cpd_leader).post(url(school, "plan:framework"), {"evaluates_by": theirs.pk})

    assert "Select a valid choice" in response.text


def test_own_areas_are_added_used_and_only_removed_unwritten(sign_in, school, cpd_leader):
    client = sign_in(cpd_leader)
    client.post(url(school, "plan:own_areas"), {"title": "Reading", "text": "All of it"})
    client.post(url(school, "plan:own_areas"), {"title": "Talk", "text": ""})
    again = client.post(url(school, "plan:own_areas"), {"title": "READING"})
    assert "You have an area of that name already." in again.text
    with school_scope(school):
        reading, talk = FrameworkItem.objects.filter(framework__code="own-areas")
        framework = reading.framework
    client.post(url(school, "plan:framework"), {"evaluates_by": framework.pk})
    JudgementFactory(school=school, item=reading, grade="Secure")

    page = client.get(url(school, "plan:self_evaluation")).text
    assert "1 of 2 areas judged" in page
    for item in (reading, talk):
        client.post(url(school, "plan:own_area_remove", item.pk))

    with school_scope(school):
        assert list(FrameworkItem.objects.filter(framework__code="own-areas")) == [reading]


def test_shipped_areas_are_never_changed_or_removed(sign_in, school, head, inclusion):
    client = sign_in(head)

    assert client.get(url(school, "plan:own_area", inclusion.pk)).status_code == 404
    assert client.post(url(school, "plan:own_area_remove", inclusion.pk)).status_code == 404


def test_items_of_other_frameworks_are_no_areas(sign_in, school, head, other_school):
    menu = FrameworkItemFactory(school=school, framework__kind=Framework.Kind.MENU)
    theirs = FrameworkItemFactory(school=other_school)
    client = sign_in(head)

    for item in (menu, theirs):
        for view in ("plan:judgement", "plan:judgement_change", "plan:evidence_add"):
            assert client.get(url(school, view, item.pk)).status_code == 404


def test_history_of_an_area_says_who_changed_what(sign_in, school, cpd_leader, inclusion):
    client = sign_in(cpd_leader)
    client.post(url(school, "plan:judgement_change", inclusion.pk), sent())
    client.post(
        url(school, "plan:judgement_change", inclusion.pk),
        sent(grade="Strong standard", revision=2),
    )

    page = client.get(url(school, "plan:judgement_history", inclusion.pk)).text

    assert "Judgement: Expected standard → Strong standard" in page
    assert "Carla Leader" in page


def test_two_sides_hold_everything_said(sign_in, school, governor, inclusion):
    row = JudgementFactory(
        school=school, item=inclusion, grade="Met", statement="Well <b>", strengths="Calm"
    )
    AreaForImprovementFactory(school=school, judgement=row, text="Talk more")
    EvidencePointerFactory(school=school, judgement=row, title="Book look")

    page = sign_in(governor).get(url(school, "plan:self_evaluation_print")).text

    for words in ("Well &lt;b&gt;", "Calm", "Talk more", "Book look"):
        assert words in page


# --- from one version to the next ----------------------------------------------------------------
def test_new_area_shows_what_was_said_of_those_it_takes_up(sign_in, school, teacher):
    old = "September 2019"
    for code, said in (("quality-of-education", "Good reading"), ("early-years", "Bright start")):
        JudgementFactory(
            school=school, item=shipped_item(school, code, old), grade="Good", statement=said
        )
    client = sign_in(teacher)

    def page(code):
        return client.get(url(school, "plan:judgement", shipped_item(school, code).pk)).text

    assert "Quality of education</a>: Good" in page("achievement")
    assert "Good reading" in page("curriculum-and-teaching")
    assert "Bright start" in page("early-years")
    assert "Good reading" not in page("attendance-and-behaviour")
    assert "What we said before" not in page("attendance-and-behaviour")


def test_old_area_does_not_show_what_came_after(sign_in, school, teacher):
    JudgementFactory(school=school, item=shipped_item(school, "early-years"), statement="Newer")
    old = shipped_item(school, "early-years", "September 2019")

    response = sign_in(teacher).get(url(school, "plan:judgement", old.pk))

    assert "Newer" not in response.text


def test_own_list_read_in_again_takes_up_items_of_the_same_code(school):
    old = FrameworkItemFactory(school=school, framework__code="ours", code="reading")
    new = FrameworkItemFactory(
        school=school, framework__code="ours", framework__version="2", code="reading"
    )
    merged = FrameworkItemFactory(
        school=school, framework=new.framework, code="words", follows=["reading", "writing"]
    )

    with school_scope(school):
        assert list(new.before()) == list(merged.before()) == [old]
        assert not old.before()
