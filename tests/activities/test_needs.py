"""The needs an activity answers: chosen, carried over, followed."""

from datetime import date, timedelta

import pytest

from activities.models import Activity, ActivityNeed
from activities.models.links import follow_activities
from audits.models import Need
from cpdhub import clock
from cpdhub.permissions import Role
from tests.factories import (
    ActivityFactory,
    ActivityNeedFactory,
    NeedFactory,
    NeedSourceFactory,
    ParticipationFactory,
    QuestionFactory,
    RoundFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    TeamFactory,
    TopicFactory,
    publish,
)
from tests.helpers import url

State, Status = Activity.State, Need.Status


@pytest.fixture
def need(school):
    return NeedFactory(school=school, status="agreed")


def status_of(need):
    need.refresh_from_db(fields=["status"])
    return need.status


def plan_address(school, **query):
    """With a list for what comes several times."""
    parts = [
        f"{name}={value}"
        for name, values in query.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return f"{url(school, 'activities:plan')}?{'&'.join(parts)}"


def form_of(client, school, **query):
    return client.get(plan_address(school, **query)).context["form"]


# --- planned with its needs ------------------------------------------------------------------


def test_plan_links_the_needs_ticked_and_they_are_planned(
    sign_in, cpd_leader, school, plan_data, need, only_activity, inside
):
    NeedFactory(school=school, status="agreed", title="Another")
    identified = NeedFactory(school=school)
    data = plan_data | {"needs": [need.pk, identified.pk]}

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    answered = set(only_activity().answered.values_list("need", flat=True))
    assert answered == {need.pk, identified.pk}
    assert {status_of(need), status_of(identified)} == {"planned"}
    assert Need.objects.get(title="Another").status == "agreed"


def test_draft_leaves_its_needs_where_they_are(
    sign_in, cpd_leader, school, plan_data, need, only_activity, inside
):
    sign_in(cpd_leader).post(
        url(school, "activities:plan"), plan_data | {"needs": [need.pk], "do": "draft"}
    )

    assert only_activity().answered.count() == 1
    assert status_of(need) == "agreed"


@pytest.mark.parametrize(
    "hidden", [{"is_shared": False}, {"status": "met", "met_on": date(2026, 9, 1)}]
)
def test_plan_takes_no_need_that_is_private_or_over(
    sign_in, cpd_leader, school, plan_data, hidden, inside
):
    hidden = NeedFactory(school=school, **hidden)

    response = sign_in(cpd_leader).post(
        url(school, "activities:plan"), plan_data | {"needs": [hidden.pk]}
    )

    assert "One of these needs is no longer open." in response.text
    assert not ActivityNeed.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "1", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_plan_with_a_need_that_is_none_says_so(
    sign_in, cpd_leader, school, plan_data, need, value, inside
):
    response = sign_in(cpd_leader).post(
        url(school, "activities:plan"), plan_data | {"needs": [value]}
    )

    assert response.status_code == 200
    assert not Activity.objects.exists()


def test_team_leader_plans_for_needs_of_their_team_only(
    sign_in, school, plan_data, only_activity, inside
):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    team = TeamFactory(school=school, leader=leader)
    theirs = NeedFactory(
        school=school, status="agreed", staff=StaffFactory(school=school, team=team)
    )
    others = NeedFactory(school=school, status="agreed")
    client = sign_in(leader)

    assert [pk for pk, _ in form_of(client, school).activity.fields["needs"].choices] == [theirs.pk]
    assert client.get(plan_address(school, need=others.pk)).status_code == 404


# --- carried over ----------------------------------------------------------------------------


def test_topic_carries_everything_over(sign_in, cpd_leader, school, priority, inside):
    topic = TopicFactory(school=school, title="Open questions in maths")
    ann, bob = StaffFactory(school=school), StaffFactory(school=school)
    asked = QuestionFactory(school=school)
    publish(asked.section.instrument)
    round_ = RoundFactory(school=school, instrument=asked.section.instrument, title="How sure?")
    needs = [
        NeedFactory(school=school, topic=topic, staff=who, title="Ask open questions",
                    status="agreed", pupils="Year 4", level_now=level, level_wanted=3)
        for who, level in ((ann, 1), (bob, 2))
    ]  # fmt: skip
    NeedSourceFactory(school=school, need=needs[0], kind="audit", round=round_, question=asked)
    NeedSourceFactory(school=school, need=needs[1], kind="priority", priority=priority)
    NeedFactory(school=school, topic=topic, is_shared=False)
    NeedFactory(school=school, topic=topic, status="met", met_on=date(2026, 9, 1))

    page = form_of(sign_in(cpd_leader), school, topic=topic.pk)

    activity, impact = page.activity.initial, page.impact.initial
    assert activity["title"] == "Open questions in maths"
    assert set(activity["needs"]) == {need.pk for need in needs}
    assert activity["priorities"] == [priority.pk]
    assert activity["purpose"] == "2 people need this, as “How sure?” showed."
    assert impact["staff_will"] == "Ask open questions (and feel fairly confident)"
    assert impact["pupils_will"] == "Year 4"
    assert impact["known_by"] == "The same statements of “How sure?” asked again"
    assert impact["look_again_on"] == clock.today() + timedelta(weeks=16)
    assert page.people.initial["people"] == sorted([ann.pk, bob.pk])


def test_topic_carries_nobody_over_who_left(sign_in, cpd_leader, school, inside):
    topic = TopicFactory(school=school)
    here = NeedFactory(school=school, status="agreed", topic=topic)
    NeedFactory(school=school, status="agreed", topic=topic, staff__ends_on=clock.today())

    form = form_of(sign_in(cpd_leader), school, topic=topic.pk)

    assert form.activity.initial["needs"] == [here.pk]


def test_level_narrows_a_topic_to_those_who_are_there(sign_in, cpd_leader, school, inside):
    topic = TopicFactory(school=school)
    found = {
        level: NeedFactory(school=school, topic=topic, level_now=level) for level in (None, 1, 2, 3)
    }
    client = sign_in(cpd_leader)

    def asked(*levels):
        needs = form_of(client, school, topic=topic.pk, level=[*levels]).activity.initial["needs"]
        return {level for level, need in found.items() if need.pk in needs}

    assert asked("1") == {1}
    assert asked("2", "3") == {2, 3}
    assert asked("0") == {None}


def test_needs_of_a_team_and_a_group_tick_their_people_and_the_schools_nobody(
    sign_in, cpd_leader, school, inside
):
    team = TeamFactory(school=school, name="Year 4")
    in_team = StaffFactory(school=school, team=team)
    StaffFactory(school=school, team=team, ends_on=clock.today() - timedelta(days=1))
    assistant = StaffFactory(school=school, group="assistant")
    needs = [
        NeedFactory(school=school, whom="team", team=team),
        NeedFactory(school=school, whom="group", group="assistant"),
        NeedFactory(school=school, whom="school"),
    ]

    page = form_of(sign_in(cpd_leader), school, need=[need.pk for need in needs])

    assert page.people.initial["people"] == sorted([in_team.pk, assistant.pk])
    audience = set(page.activity.initial["audience"].split("; "))
    assert audience == {"Year 4", "Teaching assistants", "Whole school"}


@pytest.mark.parametrize(
    "query",
    [
        {"topic": "x"}, {"topic": 0}, {"topic": "999999999999999999999"}, {"need": "x"},
        {"need": "00000000-0000-0000-0000-000000000000"}, {"type": "no-such-type"},
        {"priority": 0},
    ],
)  # fmt: skip
def test_plan_from_what_is_not_there_answers_like_a_missing_page(
    sign_in, cpd_leader, school, query
):
    assert sign_in(cpd_leader).get(plan_address(school, **query)).status_code == 404


def test_plan_from_a_level_that_is_none_answers_like_a_missing_page(sign_in, cpd_leader, school):
    topic = TopicFactory(school=school)

    response = sign_in(cpd_leader).get(plan_address(school, topic=topic.pk, level="5"))

    assert response.status_code == 404


def test_plan_from_another_schools_need_or_topic_answers_like_a_missing_page(
    sign_in, cpd_leader, school
):
    other = SchoolFactory()
    client = sign_in(cpd_leader)

    for query in ({"need": NeedFactory(school=other).pk}, {"topic": TopicFactory(school=other).pk}):
        assert client.get(plan_address(school, **query)).status_code == 404


def test_plan_from_needs_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, priority, django_assert_num_queries, inside
):
    client = sign_in(cpd_leader)
    topic = TopicFactory(school=school)
    for rows in (1, 3):
        for need in NeedFactory.create_batch(rows, school=school, topic=topic, status="agreed"):
            NeedSourceFactory(school=school, need=need, kind="priority", priority=priority)
        with django_assert_num_queries(25):
            client.get(plan_address(school, topic=topic.pk))


# --- changed ---------------------------------------------------------------------------------


def edit_data(activity, **changes):
    return {"title": activity.title, "type": activity.type_id, "kind": activity.kind,
            "revision": activity.revision} | changes  # fmt: skip


def test_change_links_and_unlinks_and_both_needs_follow(sign_in, cpd_leader, school, need, inside):
    activity = ActivityFactory(school=school, owner=cpd_leader, state="planned")
    before = NeedFactory(school=school, status="planned")
    ActivityNeedFactory(school=school, activity=activity, need=before)

    sign_in(cpd_leader).post(
        url(school, "activities:edit", activity.pk), edit_data(activity, needs=[need.pk])
    )

    assert [status_of(before), status_of(need)] == ["agreed", "planned"]
    assert list(activity.answered.values_list("need", flat=True)) == [need.pk]


def test_change_keeps_needs_the_person_does_not_see(sign_in, school, inside):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    activity = ActivityFactory(school=school, owner=leader, state="planned")
    unseen = NeedFactory(school=school, status="planned")
    ActivityNeedFactory(school=school, activity=activity, need=unseen)
    NeedFactory(school=school, whom="school", status="agreed")

    response = sign_in(leader).post(
        url(school, "activities:edit", activity.pk), edit_data(activity)
    )

    assert response.status_code == 302
    assert activity.answered.count() == 1
    assert status_of(unseen) == "planned"


# --- followed --------------------------------------------------------------------------------


@pytest.fixture
def answering(school, need):
    """A planned activity that answers the need, with one session."""
    activity = ActivityFactory(school=school)
    ActivityNeedFactory(school=school, activity=activity, need=need)
    activity.kind = Activity.Kind.INDIRECT
    return activity


def test_need_follows_its_activity_from_draft_to_closed(school, answering, need, inside):
    SessionFactory(school=school, activity=answering, register_taken_at=clock.now())
    seen = []
    for move in (answering.plan, answering.start, answering.finish, answering.close):
        answering.save()
        move()
        seen.append(status_of(need))

    assert seen == ["planned", "being_met", "being_met", "being_met"]


def test_need_waits_again_when_its_only_activity_is_cancelled(answering, need, inside):
    answering.save()
    answering.plan()
    answering.cancel("Nobody free")

    assert status_of(need) == "agreed"
    answering.reopen()
    answering.plan()
    assert status_of(need) == "planned"


def test_need_with_another_activity_stays_where_that_has_got_to(school, answering, need, inside):
    other = ActivityFactory(school=school, state="under_way")
    ActivityNeedFactory(school=school, activity=other, need=need)
    answering.save()
    answering.plan()
    assert status_of(need) == "being_met"

    answering.cancel("Nobody free")

    assert status_of(need) == "being_met"


def test_need_waits_again_when_what_was_logged_for_it_is_undone(
    sign_in, cpd_leader, school, need, inside
):
    logged = ActivityFactory(school=school, owner=cpd_leader, was_logged=True, state="finished")
    ActivityNeedFactory(school=school, activity=logged, need=need)
    Need.objects.filter(pk=need.pk).update(status="being_met")

    sign_in(cpd_leader).post(url(school, "activities:undo", logged.pk))

    assert status_of(need) == "agreed"


@pytest.mark.parametrize(
    "fields",
    [
        {"is_shared": False}, {"status": "met", "met_on": date(2026, 9, 1)},
        {"status": "set_aside", "because": "Not now"},
    ],
)  # fmt: skip
def test_need_that_is_private_or_over_is_left_alone(school, answering, fields, inside):
    other = NeedFactory(school=school, **fields)
    before = other.status
    ActivityNeedFactory(school=school, activity=answering, need=other)
    answering.save()

    answering.plan()

    assert status_of(other) == before


def test_need_agreed_again_is_planned_while_its_activity_is(answering, need, inside):
    answering.save()
    answering.plan()
    need.refresh_from_db()
    need.set_aside("Not now")
    need.reopen()
    assert status_of(need) == "identified"

    need.agree()

    assert status_of(need) == "planned"


def test_moving_writes_no_history_of_needs_that_stay(school, answering, need, inside):
    answering.save()
    answering.plan()
    before = need.events.count()

    ActivityNeedFactory(school=school, activity=ActivityFactory(school=school), need=need)
    follow_activities(Need.objects.all())

    assert need.events.count() == before


# --- shown -----------------------------------------------------------------------------------


def test_page_shows_needs_the_reader_sees_and_counts_the_others(sign_in, teacher, school, inside):
    activity = ActivityFactory(school=school, state="planned")
    for fields in (
        {"title": "Of the school", "whom": "school"},
        {"title": "Their own", "staff": teacher},
        {"title": "Somebody’s"},
        {"title": "Nobody knows", "is_shared": False},
    ):
        ActivityNeedFactory(
            school=school, activity=activity, need=NeedFactory(school=school, **fields)
        )

    text = sign_in(teacher).get(url(school, "activities:activity", activity.pk)).text

    assert "Of the school" in text
    assert "Their own" in text
    assert "Somebody’s" not in text
    assert "Nobody knows" not in text
    assert "And 1 more that colleagues shared with those who plan." in text


def test_page_says_once_what_several_need(sign_in, cpd_leader, school):
    activity = ActivityFactory(school=school, state="planned")
    for _ in range(3):
        need = NeedFactory(school=school, title="Wait after a question")
        ActivityNeedFactory(school=school, activity=activity, need=need)

    text = sign_in(cpd_leader).get(url(school, "activities:activity", activity.pk)).text

    assert text.count("Wait after a question") == 1
    assert "3 needs" in text


def test_page_asks_once_it_is_over_whether_the_need_is_met(sign_in, cpd_leader, teacher, school):
    activity = ActivityFactory(school=school, state="finished")
    need = NeedFactory(school=school, whom="school", status="being_met")
    ActivityNeedFactory(school=school, activity=activity, need=need)
    page = url(school, "activities:activity", activity.pk)

    assert "Is it met?" in sign_in(cpd_leader).get(page).text
    assert "Is it met?" not in sign_in(teacher).get(page).text


def test_page_costs_the_same_for_one_and_three_needs(
    sign_in, cpd_leader, school, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    activity = ActivityFactory(school=school, state="planned")
    ParticipationFactory(school=school, activity=activity)
    for rows in (1, 3):
        for need in NeedFactory.create_batch(rows, school=school):
            ActivityNeedFactory(school=school, activity=activity, need=need)
        with django_assert_num_queries(22):
            client.get(url(school, "activities:activity", activity.pk))


def test_list_finds_direct_cpd_that_answers_no_need(sign_in, cpd_leader, school):
    for title, kind in (
        ("Answers", "direct"),
        ("Answers none", "direct"),
        ("Briefing", "indirect"),
    ):
        made = ActivityFactory(school=school, title=title, kind=kind, state="planned")
        if title == "Answers":
            ActivityNeedFactory(school=school, activity=made)

    response = sign_in(cpd_leader).get(url(school, "activities:list") + "?missing=need&term=all")

    assert [row["title"] for row in response.context["rows"]] == ["Answers none"]
