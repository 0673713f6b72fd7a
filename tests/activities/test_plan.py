"""Planning an activity on one page, and changing the plan."""

import uuid
from datetime import UTC, date, datetime

import pytest

from activities.models import Activity, ActivityPriority, IntendedImpact, Participation, Session
from cpdhub import clock
from cpdhub.permissions import Role
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ActivityTypeFactory,
    AttendanceFactory,
    HalfTermFactory,
    IntendedImpactFactory,
    ParticipationFactory,
    PriorityFactory,
    SchoolFactory,
    SessionFactory,
    StaffFactory,
    TeamFactory,
    at_four,
)
from tests.helpers import url

BELOW_NOTHING = "A sum is never below £0. Money that comes back is a refund or income."


def errors_of(response):
    return {
        name: list(messages)
        for form in response.context["form"]
        for name, messages in form.errors.items()
    }


def test_plan_writes_everything_down(
    sign_in, cpd_leader, teacher, school, priority, plan_data, only_activity
):
    colleague = StaffFactory(school=school)
    data = plan_data | {
        "priorities": [priority.pk], "people": [teacher.pk, colleague.pk], "lead": teacher.pk,
        "purpose": "Talk first", "audience": "Year 5", "expected_cost": "120.50",
        "is_compulsory": "on", "sessions-2-day": "2027-01-12", "sessions-2-starts": "15:45",
        "sessions-2-ends": "16:45",
    }  # fmt: skip

    response = sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    activity = only_activity()
    assert response.url == url(school, "activities:activity", activity.pk)
    assert activity.state == Activity.State.PLANNED
    assert (activity.owner, activity.lead) == (cpd_leader, teacher)
    assert activity.intended_impact.pupils_will == "Explain in sentences"
    with school_scope(school):
        assert list(activity.priorities.all()) == [priority]
        assert set(activity.participations.values_list("staff", flat=True)) == {
            teacher.pk, colleague.pk
        }  # fmt: skip
        assert [session.starts_at for session in activity.sessions.all()] == [
            datetime(2026, 12, 1, 15, 45, tzinfo=UTC), datetime(2027, 1, 12, 15, 45, tzinfo=UTC)
        ]  # fmt: skip


@pytest.mark.parametrize("field", ["staff_will", "pupils_will", "known_by", "look_again_on"])
def test_plan_of_direct_cpd_says_beside_the_field_what_is_missing(
    sign_in, cpd_leader, school, plan_data, field
):
    response = sign_in(cpd_leader).post(
        url(school, "activities:plan"), plan_data | {field: "", "purpose": "Typed at length"}
    )

    assert errors_of(response) == {
        field: ["Say this before it leaves draft, or save it as a draft for now."]
    }
    assert "Typed at length" in response.text
    with school_scope(school):
        assert not Activity.objects.exists()


@pytest.mark.parametrize("kind", ["indirect", "statutory"])
def test_plan_of_a_briefing_needs_no_impact(
    sign_in, cpd_leader, school, plan_data, only_activity, kind
):
    data = plan_data | {"kind": kind, "staff_will": "", "pupils_will": "", "known_by": "",
                        "look_again_on": ""}  # fmt: skip

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    assert only_activity().state == Activity.State.PLANNED
    with school_scope(school):
        assert not IntendedImpact.objects.exists()


def test_draft_keeps_a_half_written_impact(sign_in, cpd_leader, school, plan_data, only_activity):
    data = plan_data | {"do": "draft", "pupils_will": "", "look_again_on": ""}

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    assert only_activity().is_draft
    assert only_activity().intended_impact.staff_will == "Ask two open questions"


def test_draft_needs_a_title_and_a_type_only(sign_in, cpd_leader, school, a_type, only_activity):
    data = {"do": "draft", "title": "An idea", "type": a_type.pk, "kind": "direct",
            "sessions-TOTAL_FORMS": "3", "sessions-INITIAL_FORMS": "0"}  # fmt: skip

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    assert only_activity().title == "An idea"


def test_more_rows_keep_what_was_typed_and_check_nothing(
    sign_in, cpd_leader, teacher, school, plan_data
):
    data = plan_data | {"do": "more", "title": "", "people": [teacher.pk], "purpose": "Half typed"}

    response = sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    assert response.text.count('<legend class="form-label">Session') == 6
    assert 'value="2026-12-01"' in response.text
    assert "Half typed" in response.text
    assert "There is a problem" not in response.text
    assert f'value="{teacher.pk}" data-in="everyone group-teacher" checked' in response.text


def test_quick_picks_work_without_script(
    sign_in, cpd_leader, school, plan_data, only_activity, inside
):
    team = TeamFactory(school=school)
    in_team = StaffFactory(school=school, team=team, group="support")
    assistant = StaffFactory(school=school, group="assistant")
    named = StaffFactory(school=school, group="support")
    StaffFactory(school=school, group="support")
    StaffFactory(school=school, group="assistant", ends_on=clock.today())
    data = plan_data | {"picks": [f"team-{team.pk}", "group-assistant"], "people": [named.pk]}

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    assert set(Participation.objects.values_list("staff", flat=True)) == {
        in_team.pk, assistant.pk, named.pk
    }  # fmt: skip


def test_session_is_repeated_at_the_same_time_on_the_wall_without_holidays(
    sign_in, cpd_leader, school, year, plan_data, inside
):
    HalfTermFactory(school=school, year=year, name="autumn_1",
                    starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 23))  # fmt: skip
    HalfTermFactory(school=school, year=year, name="autumn_2",
                    starts_on=date(2026, 11, 2), ends_on=date(2026, 12, 18))  # fmt: skip
    data = plan_data | {"sessions-0-day": "2026-10-13", "repeat-weeks": "1", "repeat-times": "3"}

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    starts = [session.starts_at.astimezone(clock.LONDON) for session in Session.objects.all()]
    assert [f"{start:%d %b %H:%M}" for start in starts] == [
        "13 Oct 15:45", "20 Oct 15:45", "03 Nov 15:45", "10 Nov 15:45"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sessions-0-ends": "15:00"}, {"ends": ["It must end after it starts."]}),
        ({"sessions-0-starts": ""}, {"starts": ["From when?"]}),
        ({"sessions-0-day": ""}, {"day": ["Which day?"]}),
        ({"sessions-0-day": "1026-12-01"}, {"day": ["Is the year right? This says 1026."]}),
        ({"expected_cost": "-5"}, {
            "expected_cost": [BELOW_NOTHING]
        }),
        ({"repeat-weeks": "1"}, {"times": ["Say how many more times."]}),
        ({"repeat-weeks": "1", "repeat-times": "400"}, {
            "times": ["Ensure this value is less than or equal to 39."]
        }),
        ({"title": ""}, {"title": ["This field is required."]}),
    ],
)  # fmt: skip
def test_bad_input_answers_beside_the_field(
    sign_in, cpd_leader, school, plan_data, fields, expected
):
    response = sign_in(cpd_leader).post(url(school, "activities:plan"), plan_data | fields)

    assert errors_of(response) == expected
    assert "There is a problem" in response.text


def test_rows_of_another_school_are_refused_everywhere(
    sign_in, cpd_leader, school, plan_data, priority
):
    other = SchoolFactory()
    theirs = {
        "type": ActivityTypeFactory(school=other).pk,
        "lead": StaffFactory(school=other).pk,
        "priorities": [PriorityFactory(school=other, live=True).pk],
        "people": [StaffFactory(school=other).pk],
        "picks": [f"team-{TeamFactory(school=other).pk}"],
    }

    response = sign_in(cpd_leader).post(url(school, "activities:plan"), plan_data | theirs)

    assert set(errors_of(response)) == set(theirs)
    with school_scope(school):
        assert not Activity.objects.exists()


def test_extra_fields_change_nothing(
    sign_in, cpd_leader, teacher, school, plan_data, only_activity
):
    data = plan_data | {
        "school": SchoolFactory().pk, "owner": teacher.pk, "state": "closed", "cost": "5",
        "is_own_learning": "on", "was_logged": "on", "cancelled_because": "x", "do": "draft",
    }  # fmt: skip

    sign_in(cpd_leader).post(url(school, "activities:plan"), data)

    activity = only_activity()
    assert (activity.school, activity.owner, activity.state) == (school, cpd_leader, "draft")
    assert (activity.cost, activity.is_own_learning, activity.was_logged) == (None, False, False)


def test_plan_sent_twice_is_planned_once(sign_in, cpd_leader, school, plan_data, only_activity):
    data = plan_data | {"once": str(uuid.uuid4())}
    client = sign_in(cpd_leader)

    first = client.post(url(school, "activities:plan"), data)
    second = client.post(url(school, "activities:plan"), data)

    assert first.url == second.url == url(school, "activities:activity", only_activity().pk)


def test_priority_is_prefilled_and_anothers_does_not_exist(sign_in, cpd_leader, school, priority):
    client = sign_in(cpd_leader)
    foreign = PriorityFactory(school=SchoolFactory(), live=True)
    page = url(school, "activities:plan")

    ours = client.get(page, {"priority": priority.pk})

    assert ours.context["form"].activity["priorities"].value() == [priority.pk]
    for wrong in (foreign.pk, "x", "9" * 30):
        assert client.get(page, {"priority": wrong}).status_code == 404


def test_people_who_are_elsewhere_then_are_named_and_nothing_is_lost(
    sign_in, cpd_leader, teacher, school, plan_data, inside
):
    other = ActivityFactory(school=school, title="Phonics", state="planned")
    ParticipationFactory(school=school, activity=other, staff=teacher)
    SessionFactory(school=school, activity=other, starts_at=at_four(date(2026, 12, 1)))
    data = plan_data | {"people": [teacher.pk]}

    client = sign_in(cpd_leader)

    refused = client.post(url(school, "activities:plan"), data)
    kept = client.post(url(school, "activities:plan"), data | {"do": "draft"})

    assert "Tom Teacher is already at Phonics then (1 December 2026, 16:00–17:00)." in refused.text
    assert 'value="Talk for reasoning"' in refused.text
    assert kept.status_code == 302  # a draft binds nobody
    assert Activity.objects.count() == 2


def test_plan_page_costs_the_same_for_one_and_three(
    sign_in, cpd_leader, school, priority, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    counts = []
    for rows in (1, 3):
        StaffFactory.create_batch(rows, school=school)
        PriorityFactory.create_batch(rows, school=school, plan=priority.plan, live=True)
        with django_assert_num_queries(22):
            counts.append(client.get(url(school, "activities:plan")).text.count('name="people"'))

    assert counts == [2, 5]


# --- changing the plan -----------------------------------------------------------------------


@pytest.fixture
def planned(school, cpd_leader):
    return ActivityFactory(school=school, owner=cpd_leader, state="planned", title="Before")


def edit_data(activity, **changes):
    return {
        "title": "After", "type": activity.type_id, "kind": activity.kind,
        "revision": activity.revision,
    } | changes  # fmt: skip


def test_edit_saves_and_counts_up(sign_in, cpd_leader, school, planned, priority):
    data = edit_data(planned, priorities=[priority.pk], cost="80")

    sign_in(cpd_leader).post(url(school, "activities:edit", planned.pk), data)

    with school_scope(school):
        planned.refresh_from_db()
        assert (planned.title, planned.revision, planned.cost) == ("After", 2, 80)
        assert ActivityPriority.objects.filter(activity=planned, priority=priority).exists()


def test_second_of_two_editors_sees_the_difference_and_keeps_their_text(
    sign_in, cpd_leader, school, planned
):
    client = sign_in(cpd_leader)
    page = url(school, "activities:edit", planned.pk)
    client.post(page, edit_data(planned, title="Theirs"))

    response = client.post(page, edit_data(planned, title="Mine"))

    assert response.status_code == 200
    assert "Theirs" in response.text
    assert 'value="Mine"' in response.text


def test_planned_briefing_becomes_direct_only_with_its_impact(sign_in, cpd_leader, school):
    briefing = ActivityFactory(school=school, kind="indirect", state="planned")
    client = sign_in(cpd_leader)
    page = url(school, "activities:edit", briefing.pk)

    refused = client.post(page, edit_data(briefing, kind="direct"))
    IntendedImpactFactory(school=school, activity=briefing)
    accepted = client.post(page, edit_data(briefing, kind="direct"))

    assert "add its intended impact first" in refused.context["form"].errors["kind"][0]
    assert accepted.status_code == 302


def test_team_leader_changes_only_what_is_theirs(sign_in, school, planned):
    leader = StaffFactory(school=school, roles=[Role.TEAM_LEADER])
    mine = ActivityFactory(school=school, owner=leader, state="planned")
    client = sign_in(leader)

    assert client.get(url(school, "activities:edit", mine.pk)).status_code == 200
    assert client.get(url(school, "activities:edit", planned.pk)).status_code == 403


def test_impact_is_added_to_a_draft_and_not_rewritten_once_planned(sign_in, cpd_leader, school):
    draft = ActivityFactory(school=school)
    client = sign_in(cpd_leader)
    page = url(school, "activities:impact", draft.pk)
    data = {"staff_will": "A", "pupils_will": "B", "known_by": "C", "look_again_on": "2027-01-10"}

    client.post(page, data)
    client.post(url(school, "activities:move", draft.pk, "plan"))
    client.post(page, data | {"pupils_will": "Whatever happened"})

    with school_scope(school):
        activity = Activity.objects.select_related("intended_impact").get(pk=draft.pk)
        assert activity.state == Activity.State.PLANNED
        assert activity.intended_impact.pupils_will == "B"


def test_impact_of_a_logged_activity_needs_all_four(sign_in, cpd_leader, school):
    logged = ActivityFactory(school=school, was_logged=True, state="finished")

    response = sign_in(cpd_leader).post(
        url(school, "activities:impact", logged.pk), {"staff_will": "A"}
    )

    assert set(response.context["form"].errors) == {"pupils_will", "known_by", "look_again_on"}


def test_whoever_is_on_a_register_stays(sign_in, cpd_leader, teacher, school, planned, inside):
    session = SessionFactory(school=school, activity=planned)
    for staff in (teacher, cpd_leader):
        ParticipationFactory(school=school, activity=planned, staff=staff)
    AttendanceFactory(school=school, session=session, staff=teacher)
    page = url(school, "activities:people", planned.pk)
    client = sign_in(cpd_leader)

    refused = client.post(page, {"people": []})
    accepted = client.post(page, {"people": [teacher.pk]})

    assert "Tom Teacher cannot be taken out" in refused.context["form"].errors["people"][0]
    assert accepted.status_code == 302
    assert [row.staff for row in planned.participations.all()] == [teacher]


def test_participant_who_has_left_stays_on_the_list(sign_in, cpd_leader, school, planned, inside):
    leaver = StaffFactory(school=school, ends_on=clock.today())
    ParticipationFactory(school=school, activity=planned, staff=leaver)

    sign_in(cpd_leader).post(
        url(school, "activities:people", planned.pk),
        {"people": [leaver.pk, cpd_leader.pk], "picks": ["everyone"]},
    )

    assert planned.participations.filter(staff=leaver).exists()


def test_sessions_are_added_changed_cancelled_and_brought_back(
    sign_in, cpd_leader, school, planned, inside
):
    client = sign_in(cpd_leader)
    data = {"day": "2026-12-01", "starts": "15:45", "ends": "17:00", "place": "Hall"}

    client.post(url(school, "activities:add_session", planned.pk),
                data | {"repeat-weeks": "2", "repeat-times": "1"})  # fmt: skip
    session = planned.sessions.first()
    client.post(url(school, "activities:change_session", session.pk), data | {"place": "Room 2"})
    client.post(url(school, "activities:cancel_session", session.pk))
    client.post(url(school, "activities:cancel_session", session.pk))

    session.refresh_from_db()
    assert planned.sessions.count() == 2
    assert (session.place, session.sequence) == ("Room 2", 2)
    assert session.cancelled_at is not None
    client.post(url(school, "activities:restore_session", session.pk))
    session.refresh_from_db()
    assert (session.cancelled_at, session.sequence) == (None, 3)


def test_cancelling_without_a_reason_says_so_beside_the_field(sign_in, cpd_leader, school, planned):
    client = sign_in(cpd_leader)
    page = url(school, "activities:cancel", planned.pk)

    refused = client.post(page, {"because": " "})
    client.post(page, {"because": "The trainer is ill"})

    assert refused.context["form"].errors["because"] == [
        "Say why it is cancelled: people will ask."
    ]
    shown = client.get(url(school, "activities:activity", planned.pk))
    assert "Cancelled: The trainer is ill" in shown.text


def test_only_a_draft_is_deleted(sign_in, cpd_leader, school, planned):
    draft = ActivityFactory(school=school)
    client = sign_in(cpd_leader)

    for activity in (draft, planned):
        client.post(url(school, "activities:delete", activity.pk))

    with school_scope(school):
        assert list(Activity.objects.all()) == [planned]


def test_people_are_not_chosen_by_career_stage_where_planners_may_not_know_it(sign_in, school):
    planner = StaffFactory(school=school, roles=["team_leader"], career_stage="early")

    response = sign_in(planner).get(url(school, "activities:plan"))

    assert "group-teacher" in response.text
    assert "stage-early" not in response.text
