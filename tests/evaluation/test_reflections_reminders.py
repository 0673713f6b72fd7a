"""The two prompts: a day after an activity began, and a week after."""

from datetime import datetime, timedelta

import pytest
from django.db.models import Q

from activities.models import Activity
from cpdhub import clock, reminders
from cpdhub.models import OutboxMessage, Reminder
from cpdhub.walls import school_scope
from evaluation.reminders import PUPILS, REFLECT
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    ParticipationFactory,
    ReflectionFactory,
    SessionFactory,
    StaffFactory,
)


@pytest.fixture
def activity(school):
    return ActivityFactory(school=school, title="Modelling talk", state="planned")


@pytest.fixture
def session(activity):
    """On a Monday afternoon."""
    start = datetime(2026, 11, 16, 16, tzinfo=clock.LONDON)
    return SessionFactory(
        school=activity.school,
        activity=activity,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
    )


def put_down(activity, **fields):
    person = StaffFactory(school=activity.school, **fields)
    ParticipationFactory(school=activity.school, activity=activity, staff=person)
    return person


def asked(prompt, school):
    with school_scope(school):
        return sorted(due.staff.pk for due in prompt.find(school, clock.now()))


@pytest.mark.parametrize(
    ("now", "is_asked"),
    [
        ("2026-11-16 17:30", False),
        ("2026-11-17 00:00", True),
        ("2026-11-24 08:00", True),
        ("2026-11-26 08:00", False),  # nobody was told in time: too late now
    ],
)
def test_people_are_invited_the_day_after_the_first_session(
    school, activity, session, at, now, is_asked
):
    person = put_down(activity)
    at(now)

    assert asked(REFLECT, school) == ([person.pk] if is_asked else [])


def test_pupils_prompt_comes_a_week_after_the_first_session(school, activity, session, at):
    person = put_down(activity)

    at("2026-11-22 23:00")
    assert asked(PUPILS, school) == []
    at("2026-11-23 07:00")
    assert asked(PUPILS, school) == [person.pk]


def test_register_decides_where_there_is_one(school, activity, session, at):
    present, absent = put_down(activity), put_down(activity)
    guest = StaffFactory(school=school)
    for person, was_present in ((present, True), (absent, False), (guest, True)):
        AttendanceFactory(school=school, session=session, staff=person, was_present=was_present)
    at("2026-11-17 08:00")

    assert asked(REFLECT, school) == sorted([present.pk, guest.pk])


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "cancelled", "cancelled_because": "Snow"},
        {"state": "draft"},
        {"kind": "statutory"},
        {"kind": "indirect"},
        {"is_own_learning": True},
    ],
)
def test_nobody_is_asked_about_what_is_off_or_no_direct_cpd(school, activity, session, at, fields):
    put_down(activity)
    with school_scope(school):
        Activity.objects.filter(pk=activity.pk).update(**fields)
    at("2026-11-17 08:00")

    assert asked(REFLECT, school) == []


@pytest.fixture
def delivered(school):
    """`delivered()` runs sweep and delivery once, and gives the letters there are then."""

    def delivered():
        reminders.sweep(school_id=school.pk)
        with school_scope(school):
            due = list(Reminder.objects.due(clock.now()).values_list("pk", flat=True))
        for pk in due:
            reminders.deliver(school_id=school.pk, reminder_id=pk)
        with school_scope(school):
            prompts = Q(subject__startswith="How did it go") | Q(subject__startswith="What did you")
            return list(OutboxMessage.objects.filter(prompts).order_by("pk"))

    return delivered


def test_each_prompt_is_sent_once_with_a_link_to_the_page(school, activity, session, at, delivered):
    person = put_down(activity)
    at("2026-11-17 08:00")
    delivered()
    [letter] = delivered()

    assert (letter.to, letter.subject) == (person.user.email, "How did it go? Modelling talk")
    link = school.link("reflections:for_activity", activity.pk)
    assert link in letter.text
    assert link in letter.html

    at("2026-11-23 08:00")
    assert [letter.subject for letter in delivered()] == [
        "How did it go? Modelling talk",
        "What did you see in pupils? Modelling talk",
    ]


def test_whoever_has_written_is_not_asked_again(school, activity, session, at, delivered):
    wrote, wrote_of_pupils = put_down(activity), put_down(activity)
    ReflectionFactory(school=school, owner=wrote, activity=activity)
    ReflectionFactory(school=school, owner=wrote_of_pupils, activity=activity, seen_in_pupils="A")

    at("2026-11-17 08:00")
    assert delivered() == []
    at("2026-11-23 08:00")
    assert [letter.to for letter in delivered()] == [wrote.user.email]


def test_letter_is_dropped_when_the_activity_is_called_off_in_between(
    school, activity, session, at, delivered
):
    put_down(activity)
    at("2026-11-17 00:30")  # found at night, sent in the morning
    assert delivered() == []
    with school_scope(school):
        Activity.objects.filter(pk=activity.pk).update(state="cancelled", cancelled_because="Snow")
    at("2026-11-17 08:00")

    assert delivered() == []


def test_letter_says_nothing_of_what_was_written(school, activity, session, at, delivered):
    silent, wrote = (put_down(activity, first_name="Same", last_name="Name") for _ in range(2))
    ReflectionFactory(school=school, owner=wrote, activity=activity, will_try="MARKER")
    at("2026-11-23 08:00")

    texts = {letter.text for letter in delivered() if "pupils" in letter.subject}

    assert len(texts) == 1
    assert "MARKER" not in texts.pop()
