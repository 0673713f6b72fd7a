"""From any record up to why it is done and down to what pupils have of it, with the gaps."""

import pytest

from cpdhub.walls import school_scope
from tests.evaluation.test_figures import priority, serve, year
from tests.factories import (
    ActivityNeedFactory,
    AreaForImprovementFactory,
    EvidenceFactory,
    ImpactReviewFactory,
    NeedFactory,
    NeedSourceFactory,
    ParticipationFactory,
    ReadingFactory,
    ReflectionFactory,
    StaffFactory,
    SuccessCriterionFactory,
)
from tests.helpers import url

__all__ = ["priority", "year"]
KINDS = ["judgement", "priority", "need", "activity"]


@pytest.fixture
def whole(school, priority):
    """A chain without a gap; its records by kind."""
    area = AreaForImprovementFactory(school=school, text="Talk more in maths")
    with school_scope(school):
        priority.area = area
        priority.save()
    need = NeedFactory(school=school, whom="school", title="Ask better questions")
    NeedSourceFactory(school=school, need=need, kind="priority", priority=priority)
    activity = serve(priority, title="Talk for maths", state="finished")
    ActivityNeedFactory(school=school, activity=activity, need=need)
    ReflectionFactory(
        school=school, activity=activity, audience="everyone", owner__last_name="Sharer"
    )
    ReflectionFactory(school=school, activity=activity, owner__last_name="Private")
    ImpactReviewFactory(school=school, activity=activity, closed=True)
    criterion = SuccessCriterionFactory(
        school=school, priority=priority, measure="Full sentences", unit="%", baseline=41
    )
    ReadingFactory(school=school, criterion=criterion, value=63)
    return {
        "judgement": area.judgement, "priority": priority, "need": need, "activity": activity
    }  # fmt: skip


def chain(client, school, kind, record):
    return client.get(url(school, f"impact:chain_{kind}", record.pk))


@pytest.mark.parametrize("kind", KINDS)
def test_chain_is_whole_from_wherever_one_looks(sign_in, school, teacher, whole, kind):
    page = chain(sign_in(teacher), school, kind, whole[kind])

    assert page.context["gaps"] == []
    for words in (
        "Talk more in maths", "Ask better questions", "Talk for maths", "Sharer",
        "partly met", "Full sentences: 41 → 63 %",
    ):  # fmt: skip
        assert words in page.text
    assert "Private" not in page.text


@pytest.mark.parametrize("kind", ["priority", "need", "activity"])
def test_record_one_came_from_is_marked(sign_in, school, teacher, whole, kind):
    page = chain(sign_in(teacher), school, kind, whole[kind])

    assert sum(row.is_here for step in page.context["steps"] for row in step.rows) == 1


def test_gaps_are_named_and_mended(sign_in, school, cpd_leader, priority):
    page = chain(sign_in(cpd_leader), school, "priority", priority)

    assert page.context["gaps"] == [
        "self-evaluation", "need", "activity", "reflection and practice", "impact on pupils"
    ]  # fmt: skip
    assert f"?priority={priority.pk}" in page.text


def test_what_a_reader_may_not_see_is_not_there(sign_in, school, teacher, head, priority):
    own = NeedFactory(school=school, whom="person", staff=StaffFactory(school=school),
                      is_shared=False, title="My secret need")  # fmt: skip
    NeedSourceFactory(school=school, need=own, kind="priority", priority=priority)
    coach = StaffFactory(school=school)
    private = serve(priority, title="Coaching of two", is_private=True, lead=coach)
    ParticipationFactory(school=school, activity=private, staff=coach)
    EvidenceFactory(school=school, activity=private, claim="Seen by the coach", by=coach)
    ImpactReviewFactory(school=school, activity=private, closed=True)

    page = chain(sign_in(teacher), school, "priority", priority).text
    for words in ("secret", "Coaching of two", "Seen by the coach"):
        assert words not in page
    of_head = chain(sign_in(head), school, "priority", priority).text
    assert "secret" not in of_head
    assert "Seen by the coach" not in of_head
    assert chain(sign_in(teacher), school, "need", own).status_code == 404
    assert chain(sign_in(teacher), school, "activity", private).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_chain_costs_the_same(
    sign_in, school, teacher, priority, number, django_assert_num_queries
):
    for _ in range(number):
        activity = serve(priority)
        ImpactReviewFactory(school=school, activity=activity, closed=True)
        need = NeedFactory(school=school, whom="school")
        ActivityNeedFactory(school=school, activity=activity, need=need)
        ReflectionFactory(school=school, activity=activity, audience="everyone")
    client = sign_in(teacher)

    with django_assert_num_queries(20):
        assert chain(client, school, "priority", priority).status_code == 200
