"""Logging what already happened, for the school and for oneself."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from activities.models import Activity, Attendance, Participation, Session
from cpdhub import clock
from cpdhub.walls import school_scope
from evaluation.models import Reflection
from tests.factories import (
    ActivityFactory,
    PriorityFactory,
    ReflectionFactory,
    SchoolFactory,
    StaffFactory,
)
from tests.helpers import url


@pytest.fixture
def log_data(a_type, teacher):
    """The six fields."""
    return {
        "title": "Talk for reasoning", "type": a_type.pk, "on": "20/11/2026", "hours": "1.5",
        "people": [teacher.pk],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def sunday(at):
    at("2026-11-22 12:00")


def test_log_counts_hours_for_everybody_named(
    sign_in, cpd_leader, teacher, school, log_data, priority, only_activity, inside
):
    data = log_data | {"priority": priority.pk, "picks": ["group-teacher"]}

    response = sign_in(cpd_leader).post(url(school, "activities:log"), data)

    activity = only_activity()
    assert response.url == url(school, "activities:activity", activity.pk)
    assert (activity.state, activity.was_logged) == (Activity.State.FINISHED, True)
    assert activity.is_own_learning is False
    assert list(activity.priorities.all()) == [priority]
    assert Attendance.objects.counted().of_school().time_per_person() == {
        teacher.pk: timedelta(hours=1.5), cpd_leader.pk: timedelta(hours=1.5)
    }  # fmt: skip
    session = Session.objects.get()
    assert (session.day, session.register_taken_by) == ("20 November 2026", cpd_leader)
    assert Participation.objects.count() == 2


def test_log_shows_six_fields_and_folds_the_rest(sign_in, cpd_leader, school):
    response = sign_in(cpd_leader).get(url(school, "activities:log"))

    shown = response.context["log_form"]
    assert [name for name in shown.fields if name not in {"kind", "cost", "is_own_time"}] == [
        "title", "type", "on", "hours", "priority"
    ]  # fmt: skip
    before_fold = response.text.partition('<details class="field"')[0]
    assert 'name="cost"' not in before_fold
    assert 'name="people"' in before_fold


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"people": []}, "Say who took part: hours follow from it."),
        ({"on": "2026-11-23"}, "This day is still to come. Plan it instead."),
        ({"on": "0026-11-20"}, "Is the year right? This says 26."),
        ({"hours": "0"}, "Ensure this value is greater than or equal to 0.25."),
        ({"hours": "25"}, "Ensure this value is less than or equal to 24."),
        ({"hours": "NaN"}, "Enter a number."),
        ({"title": ""}, "This field is required."),
        ({"cost": "-1"}, "A sum is never below £0. Money that comes back is a refund or income."),
    ],
)
def test_bad_log_answers_beside_the_field(
    sign_in, cpd_leader, school, log_data, fields, expected, inside
):
    response = sign_in(cpd_leader).post(url(school, "activities:log"), log_data | fields)

    said = [list(errors) for form in response.context["form"] for errors in form.errors.values()]
    assert said == [[expected]]
    assert not Activity.objects.exists()


def test_rows_of_another_school_are_refused(sign_in, cpd_leader, school, log_data, inside):
    other = SchoolFactory()
    theirs = {
        "people": [StaffFactory(school=other).pk],
        "priority": PriorityFactory(school=other, live=True).pk,
    }

    response = sign_in(cpd_leader).post(url(school, "activities:log"), log_data | theirs)

    form, people = response.context["form"]
    assert set(form.errors) | set(people.errors) == set(theirs)
    assert not Activity.objects.exists()


def test_log_sent_twice_is_logged_once(sign_in, cpd_leader, school, log_data, only_activity):
    data = log_data | {"once": str(uuid.uuid4())}
    client = sign_in(cpd_leader)

    client.post(url(school, "activities:log"), data)
    client.post(url(school, "activities:log"), data)

    assert only_activity().title == "Talk for reasoning"


def test_quick_log_may_leave_the_impact_open_and_shows_it_missing(
    sign_in, cpd_leader, school, log_data
):
    response = sign_in(cpd_leader).post(url(school, "activities:log"), log_data, follow=True)

    assert [link["text"] for link in response.context["missing"]] == [
        "what it should change is not fully said",
        "it was one session with nothing to follow it",
    ]


def test_log_of_six_hours_on_the_night_the_clocks_change_is_six_hours(
    sign_in, cpd_leader, school, log_data, inside
):
    data = log_data | {"on": "2026-10-25", "hours": "24"}

    sign_in(cpd_leader).post(url(school, "activities:log"), data)

    assert Attendance.objects.total_time() == timedelta(hours=24)


def test_teacher_logs_own_learning_counted_apart(
    sign_in, teacher, school, log_data, only_activity, inside
):
    colleague = StaffFactory(school=school)
    data = log_data | {"people": [colleague.pk], "is_own_time": "on", "cost": "90"}

    sign_in(teacher).post(url(school, "activities:log"), data)

    activity = only_activity()
    assert (activity.is_own_learning, activity.is_own_time) == (True, True)
    assert (activity.owner, activity.cost) == (teacher, None)
    assert Attendance.objects.counted().of_own_learning().time_per_person() == {
        teacher.pk: timedelta(hours=1.5)
    }
    assert Attendance.objects.counted().of_school().total_time() == timedelta(0)


def test_planner_logs_own_learning_too(sign_in, cpd_leader, school, log_data, only_activity):
    sign_in(cpd_leader).post(url(school, "activities:log_own"), log_data)

    assert only_activity().is_own_learning


def test_own_learning_is_corrected_by_its_owner_only(
    sign_in, teacher, cpd_leader, school, log_data, only_activity
):
    client = sign_in(teacher)
    client.post(url(school, "activities:log_own"), log_data)
    page = url(school, "activities:edit", only_activity().pk)

    shown = client.get(page)
    client.post(page, log_data | {"title": "A better title", "hours": "2.25"})

    assert shown.context["form"]["hours"].value() == Decimal("1.5")
    with school_scope(school):
        assert only_activity().title == "A better title"
        assert Attendance.objects.total_time() == timedelta(hours=2.25)
    assert sign_in(cpd_leader).get(page).status_code == 403


def test_undo_takes_back_what_one_logged_today(
    sign_in, cpd_leader, school, log_data, only_activity, inside
):
    client = sign_in(cpd_leader)
    client.post(url(school, "activities:log"), log_data)
    undo = url(school, "activities:undo", only_activity().pk)

    client.post(undo)

    assert not Activity.objects.exists()
    assert not Attendance.objects.exists()
    assert client.post(undo).status_code == 404


def test_undo_is_over_the_next_day_and_never_for_others(
    sign_in, cpd_leader, head, school, log_data, only_activity, at, inside
):
    client = sign_in(cpd_leader)
    client.post(url(school, "activities:log"), log_data)
    undo = url(school, "activities:undo", only_activity().pk)

    assert sign_in(head).post(undo).status_code == 403
    at("2026-11-23 00:05")
    response = sign_in(cpd_leader).post(undo, follow=True)

    assert "Only what you logged today can be taken back." in response.text
    assert Activity.objects.exists()


def test_planned_activity_is_never_undone(sign_in, cpd_leader, school, inside):
    activity = ActivityFactory(school=school, owner=cpd_leader, state="finished")

    sign_in(cpd_leader).post(url(school, "activities:undo", activity.pk))

    assert Activity.objects.exists()


def test_undo_says_nothing_about_reflections_and_loses_none(
    sign_in, cpd_leader, teacher, school, log_data, only_activity, inside
):
    """Refusing would tell that somebody wrote something private."""
    client = sign_in(cpd_leader)
    client.post(url(school, "activities:log"), log_data)
    reflection = ReflectionFactory(school=school, owner=teacher, activity=only_activity())

    client.post(url(school, "activities:undo", only_activity().pk))

    assert Reflection.objects.get().will_try == reflection.will_try
    assert not Activity.objects.exists()


def test_log_stays_within_its_statements(
    sign_in, cpd_leader, school, log_data, django_assert_num_queries
):
    client = sign_in(cpd_leader)
    for rows in (1, 3):
        people = StaffFactory.create_batch(rows, school=school)
        with django_assert_num_queries(23):
            client.post(
                url(school, "activities:log"), log_data | {"people": [each.pk for each in people]}
            )


def test_day_the_log_offers_is_today(sign_in, teacher, school):
    response = sign_in(teacher).get(url(school, "activities:log_own"))

    assert response.context["form"]["on"].value() == clock.today()
