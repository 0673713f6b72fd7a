"""The register of needs and the topics they belong to, as pages."""

import csv
import io

import pytest

from audits.models import Need, Topic
from cpdhub import clock
from cpdhub.models import LogEntry
from cpdhub.walls import school_scope
from tests.factories import (
    ExpertiseFactory,
    NeedFactory,
    NeedSourceFactory,
    PriorityFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
)
from tests.helpers import url


@pytest.fixture
def desk(sign_in, cpd_leader):
    return sign_in(cpd_leader)


def only(school):
    with school_scope(school):
        return Need.objects.select_related("topic").get()


# --- the register -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_register_costs_the_same_for_any_number(desk, school, count, django_assert_num_queries):
    for _ in range(count):
        NeedSourceFactory(school=school, need=NeedFactory(school=school))

    with django_assert_num_queries(18):
        response = desk.get(url(school, "needs:register"))

    assert len(response.context["page"]) == count


def test_register_leaves_out_what_people_keep_to_themselves(desk, school, cpd_leader):
    NeedFactory(school=school, is_shared=False, title="A secret")
    NeedFactory(school=school, staff=cpd_leader, is_shared=False, title="My own secret")
    NeedFactory(school=school, title="Said aloud")

    text = desk.get(url(school, "needs:register")).text

    assert "Said aloud" in text
    assert "secret" not in text


def test_register_leaves_out_people_who_left(desk, school):
    left = StaffFactory(school=school, ends_on=clock.today())
    NeedFactory(school=school, staff=left, topic=TopicFactory(school=school))

    assert len(desk.get(url(school, "needs:register")).context["page"]) == 0
    assert desk.get(url(school, "needs:topics")).context["rows"] == []


def test_register_narrows_and_sorts(desk, school):
    team = TeamFactory(school=school)
    member = NeedFactory(
        school=school, staff=StaffFactory(school=school, team=team), title="Of one"
    )
    whole = NeedFactory(school=school, whom="team", team=team, title="Of the team", level_now=1)
    met = NeedFactory(school=school, title="Met already")
    with school_scope(school):
        met.say_met(today=met.identified_on)

    def shown(**query):
        rows = desk.get(url(school, "needs:register"), query).context["rows"]
        return [need.title for need, _ in rows]

    assert sorted(shown()) == ["Of one", "Of the team"]
    assert sorted(shown(whose=f"team-{team.pk}")) == [member.title, whole.title]
    assert shown(status="met") == ["Met already"]
    assert shown(q="the team") == ["Of the team"]
    assert shown(sort="title") == ["Of one", "Of the team"]
    assert shown(sort="level") == ["Of the team", "Of one"]
    assert shown(whose="people") == ["Of one"]
    assert desk.get(url(school, "needs:register"), {"whose": "team-0"}).status_code == 404


def test_register_by_priority_and_source(desk, school):
    priority = PriorityFactory(school=school, live=True)
    need = NeedFactory(school=school)
    NeedSourceFactory(school=school, need=need, kind="priority", priority=priority)
    NeedFactory(school=school)

    for query in ({"priority": priority.pk}, {"source": "priority"}):
        page = desk.get(url(school, "needs:register"), query).context["page"]
        assert list(page) == [need.pk]


def test_register_as_a_file_is_logged(desk, school):
    NeedFactory(school=school, title="=1+1", pupils="Year 5")

    response = desk.get(url(school, "needs:register"), {"format": "csv"})

    rows = list(csv.reader(io.StringIO(response.text.lstrip("\ufeff"))))
    assert rows[1][0] == "'=1+1"
    with school_scope(school):
        assert LogEntry.objects.filter(kind="exported", what="needs").count() == 1


def test_empty_register_says_what_will_be_there(desk, school):
    assert "No need is written down yet" in desk.get(url(school, "needs:register")).text


# --- topics -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_topics_cost_the_same_for_any_number(desk, school, count, django_assert_num_queries):
    for _ in range(count):
        NeedFactory(school=school, topic=TopicFactory(school=school))

    with django_assert_num_queries(16):
        response = desk.get(url(school, "needs:topics"))

    assert len(response.context["rows"]) == count


def test_topics_count_by_level_what_is_shared_and_open(desk, school):
    topic = TopicFactory(school=school)
    for level in (1, 1, 3, None):
        NeedFactory(school=school, topic=topic, level_now=level)
    NeedFactory(school=school, topic=topic, level_now=1, is_shared=False)
    met = NeedFactory(school=school, topic=topic, level_now=1)
    with school_scope(school):
        met.say_met(today=met.identified_on)

    [(_, row, counts)] = desk.get(url(school, "needs:topics")).context["rows"]

    assert (row["number"], row["people"], row["undecided"], counts) == (4, 4, 4, [2, 0, 1, 0])


@pytest.mark.parametrize("count", [1, 3])
def test_topic_costs_the_same_for_any_number(desk, school, count, django_assert_num_queries):
    topic = TopicFactory(school=school)
    NeedFactory.create_batch(count, school=school, topic=topic, level_now=2)

    with django_assert_num_queries(16):
        response = desk.get(url(school, "needs:topic", topic.pk))

    assert response.context["number"] == count


def test_topic_is_split_by_where_people_stand(desk, school):
    topic = TopicFactory(school=school)
    for level in (3, None, 1, 1):
        NeedFactory(school=school, topic=topic, level_now=level)

    groups = desk.get(url(school, "needs:topic", topic.pk)).context["groups"]

    assert [(word, len(found)) for _, word, found in groups] == [
        ("Not yet", 2),
        ("Fairly", 1),
        ("Not said where they stand", 1),
    ]


def test_topic_of_the_name_of_another_is_joined_after_asking(desk, school):
    kept, gone = TopicFactory(school=school, title="Phonics"), TopicFactory(school=school)
    need = NeedFactory(school=school, topic=gone)
    ExpertiseFactory(school=school, topic=kept)
    page = url(school, "needs:topic_change", gone.pk)

    asked = desk.post(page, {"title": "phonics"})
    assert "Join with" in asked.text
    desk.post(page, {"title": "phonics", "join": "1"})

    with school_scope(school):
        assert list(Topic.objects.all()) == [kept]
    assert (only(school).pk, only(school).topic) == (need.pk, kept)


def test_topic_of_private_offers_and_needs_is_like_a_missing_one(desk, school):
    topic = TopicFactory(school=school, title="Nobody is told")
    NeedFactory(school=school, topic=topic, is_shared=False)
    NeedFactory(school=school)

    assert desk.get(url(school, "needs:topic", topic.pk)).status_code == 404
    assert desk.get(url(school, "needs:topic_change", topic.pk)).status_code == 404
    assert "Nobody is told" not in desk.get(url(school, "needs:register")).text
    assert "Nobody is told" not in desk.get(url(school, "needs:need_new")).text


def test_renaming_a_topic_tells_of_none_that_is_private(desk, school):
    private = TopicFactory(school=school, title="Sign language")
    ExpertiseFactory(school=school, topic=private, audience="me")
    topic = TopicFactory(school=school)
    NeedFactory(school=school, topic=topic)
    page = url(school, "needs:topic_change", topic.pk)

    response = desk.post(page, {"title": "sign language"})

    assert response.url == url(school, "needs:topic", topic.pk)
    with school_scope(school):
        only_one = Topic.objects.get()
        assert (only_one.pk, only_one.title) == (topic.pk, "sign language")
        assert only_one.offers.count() == only_one.needs.count() == 1


def test_topic_is_renamed(desk, school):
    topic = TopicFactory(school=school)
    NeedFactory(school=school, topic=topic)

    desk.post(url(school, "needs:topic_change", topic.pk), {"title": "Talk  in maths"})

    with school_scope(school):
        assert Topic.objects.get().title == "Talk in maths"
