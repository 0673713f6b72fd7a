"""A register nobody has taken: the lead is asked the morning after."""

from datetime import date, datetime, timedelta

import pytest

from activities import emails
from activities.models import Session
from cpdhub import clock
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    ParticipationFactory,
    ReminderFactory,
    SessionFactory,
    StaffFactory,
    at_four,
)


@pytest.fixture
def session(school, at):
    at("2026-11-25 08:00")
    lead = StaffFactory(school=school, first_name="Lena")
    activity = ActivityFactory(school=school, state="planned", title="Phonics", lead=lead)
    ParticipationFactory(school=school, activity=activity)
    return SessionFactory(school=school, activity=activity, starts_at=at_four(date(2026, 11, 24)))


def found(school):
    with school_scope(school):
        return list(emails.registers_not_taken(school, clock.now()))


def letter(session, staff):
    reminder = ReminderFactory(
        school=session.school, staff=staff, kind=emails.REGISTER, object_id=session.pk
    )
    with school_scope(session.school):
        return emails.ask_for_register(reminder)


def test_lead_is_asked_the_morning_after(school, session):
    (due,) = found(school)

    assert due.staff == session.activity.lead
    assert due.due_at == datetime(2026, 11, 25, 7, tzinfo=clock.LONDON)
    written = letter(session, due.staff)
    assert written.subject == "Who was at Phonics?"
    assert school.link("activities:register", session.pk) in written.text
    assert school.link("activities:register", session.pk) in written.html
    assert "24 November 2026, 16:00–17:00" in written.text


def test_owner_is_asked_where_the_lead_is_from_outside_or_has_left(school, session):
    with school_scope(school):
        lead = session.activity.lead
        lead.ends_on = clock.today()
        lead.save()

    (due,) = found(school)

    assert due.staff == session.activity.owner
    assert letter(session, lead) is None


@pytest.mark.parametrize("what", ["taken", "cancelled", "moved", "activity cancelled", "old"])
def test_nobody_is_asked_for_nothing(school, session, what):
    later = clock.now() + timedelta(days=3)
    with school_scope(school):
        if what == "taken":
            Session.objects.update(register_taken_at=clock.now())
        elif what == "cancelled":
            session.cancel()
        elif what == "moved":
            session.move(starts_at=later, ends_at=later + timedelta(hours=1), place="")
        elif what == "activity cancelled":
            session.activity.cancel("Snow")
        else:
            Session.objects.update(
                starts_at=later - timedelta(days=90), ends_at=later - timedelta(days=89, hours=5)
            )

    assert found(school) == []
    if what != "old":
        assert letter(session, session.activity.lead) is None


def test_finding_is_one_query_however_many(school, session, django_assert_num_queries):
    for rows in (1, 3):
        for _ in range(rows):
            SessionFactory(school=school, activity=session.activity, starts_at=session.starts_at)
        with school_scope(school), django_assert_num_queries(1):
            list(emails.registers_not_taken(school, clock.now()))
