"""A month of sessions, files for calendars, and the private feed."""

import uuid
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from activities.calendar import month_of
from activities.models import Session
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)
from tests.helpers import url


@pytest.fixture(autouse=True)
def sunday(at):
    at("2026-11-22 12:00")


def session_on(school, day, *, title="Phonics", staff=(), **fields):
    activity = ActivityFactory(school=school, title=title, **{"state": "planned"} | fields)
    for person in staff:
        ParticipationFactory(school=school, activity=activity, staff=person)
    return SessionFactory(school=school, activity=activity, starts_at=at_four(day), place="Room 12")


def shown(response):
    return {
        (day.date.day, entry.title)
        for week in response.context["weeks"]
        for day in week
        for entry in day.entries
    }


def feed_events(client, school, staff):
    response = client.get(url(school, "activities:feed", staff.feed_token))
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_month_shows_what_one_may_see_in_constant_queries(
    sign_in, teacher, school, other_school, django_assert_num_queries
):
    client = sign_in(teacher)
    session_on(other_school, date(2026, 11, 10), title="Theirs")
    session_on(school, date(2026, 11, 10), title="A draft", state="draft")
    for count in (1, 3):
        for number in range(count):
            session_on(school, date(2026, 11, 10 + number), staff=[teacher])
        with django_assert_num_queries(18):
            response = client.get(url(school, "activities:calendar"), {"month": "2026-11"})

    assert shown(response) == {(10, "Phonics"), (11, "Phonics"), (12, "Phonics")}
    assert (response.context["count"], response.context["mine"]) == (4, 4)


def test_only_mine(sign_in, teacher, school):
    session_on(school, date(2026, 11, 10), title="Mine", staff=[teacher])
    session_on(school, date(2026, 11, 10), title="I lead it", lead=teacher)
    session_on(school, date(2026, 11, 10), title="Not mine")

    response = sign_in(teacher).get(url(school, "activities:calendar"), {"mine": "1"})

    assert shown(response) == {(10, "Mine"), (10, "I lead it")}


def test_own_learning_is_in_nobody_elses_calendar(sign_in, head, teacher, school):
    session_on(school, date(2026, 11, 10), owner=teacher, staff=[teacher], is_own_learning=True,
               was_logged=True, state="finished")  # fmt: skip

    assert shown(sign_in(head).get(url(school, "activities:calendar"))) == set()
    assert shown(sign_in(teacher).get(url(school, "activities:calendar"))) == {(10, "Phonics")}


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "x-y", "9999999-1", "2026-0", "-", "٢٠٢٦-١١x"]
)
def test_month_that_is_none_is_this_month(text):
    assert month_of(text, date(2026, 11, 22)) == date(2026, 11, 1)


def test_month_with_400_sessions_stays_small_and_cheap(
    sign_in, cpd_leader, school, django_assert_max_num_queries
):
    activity = session_on(school, date(2026, 11, 3)).activity
    with school_scope(school):
        Session.objects.bulk_create(
            Session(
                school=school, activity=activity, place="Hall",
                starts_at=datetime(2026, 11, 1, 8, tzinfo=UTC) + timedelta(hours=number),
                ends_at=datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(hours=number),
            )
            for number in range(400)
        )  # fmt: skip

    client = sign_in(cpd_leader)
    with django_assert_max_num_queries(20):
        response = client.get(url(school, "activities:calendar"))

    assert response.context["count"] == 401
    assert len(response.content) < 120_000


def test_session_file_has_place_and_page(sign_in, teacher, school):
    session = session_on(school, date(2026, 11, 24))

    response = sign_in(teacher).get(url(school, "activities:session_ics", session.pk))

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert event["uid"] == f"{session.uid}@cpdhub"
    assert event["location"] == "Room 12"
    assert event["url"] == school.link("activities:activity", session.activity_id)
    assert event["dtstart"].dt.utcoffset() == timedelta(0)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert b"BEGIN:VTIMEZONE" in response.content


def test_summer_session_is_at_the_time_on_the_wall(sign_in, teacher, school):
    session = session_on(school, date(2026, 7, 1))

    response = sign_in(teacher).get(url(school, "activities:session_ics", session.pk))

    assert b"DTSTART;TZID=Europe/London:20260701T160000" in response.content


def test_feed_needs_no_sign_in_and_tells_titles_and_times_only(client, teacher, school):
    session_on(school, date(2026, 11, 24), title="Mine, with; commas", staff=[teacher])
    session_on(school, date(2026, 11, 24), title="Not mine")
    session_on(school, date(2026, 11, 24), title="A draft", staff=[teacher], state="draft")

    (event,) = feed_events(client, school, teacher)

    assert str(event["summary"]) == "Mine, with; commas"
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "STATUS"
    }  # fmt: skip


def test_feed_follows_changes_and_cancellations(client, teacher, school):
    session = session_on(school, date(2026, 11, 24), staff=[teacher])
    (before,) = feed_events(client, school, teacher)
    with school_scope(school):
        session.move(starts_at=session.starts_at + timedelta(hours=1),
                     ends_at=session.ends_at + timedelta(hours=1), place="")  # fmt: skip
        session.activity.cancel("Snow")

    (after,) = feed_events(client, school, teacher)

    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 2)
    assert str(after["status"]) == "CANCELLED"
    assert str(after["summary"]) == "Cancelled: Phonics"


def test_new_address_ends_the_old_one(sign_in, teacher, school):
    old = teacher.feed_token
    client = sign_in(teacher)

    client.post(url(school, "activities:new_feed_address"))

    client.logout()
    assert client.get(url(school, "activities:feed", old)).status_code == 404
    with school_scope(school):
        teacher.refresh_from_db()
    assert client.get(url(school, "activities:feed", teacher.feed_token)).status_code == 200


def test_feed_of_a_leaver_or_of_nobody_does_not_exist(client, school, other_school):
    leaver = StaffFactory(school=school, ends_on=clock.today())
    elsewhere = StaffFactory(school=other_school)

    for token in (leaver.feed_token, elsewhere.feed_token, uuid.uuid4()):
        assert client.get(url(school, "activities:feed", token)).status_code == 404
    nowhere = f"/s/no-such-school/activities/calendar/{elsewhere.feed_token}.ics"
    assert client.get(nowhere).status_code == 404


def test_feed_holds_one_persons_sessions_of_this_school(client, teacher, school, other_school):
    there = StaffFactory(school=other_school, user=teacher.user)
    session_on(other_school, date(2026, 11, 24), title="There", staff=[there])
    session_on(school, date(2026, 11, 24), title="Here", staff=[teacher])

    titles = [str(event["summary"]) for event in feed_events(client, school, teacher)]

    assert titles == ["Here"]
