"""Private notes end: not before the day, with a word a week before, and the visits stay."""

from datetime import datetime, timedelta

import pghistory.models
import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from activities import keeping
from activities.models import Attendance, NotesEnd, RecordReader, Session, SessionRecord
from cpdhub import clock, reminders, sweeps
from cpdhub.models import Reminder
from cpdhub.walls import school_scope
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    NotesEndFactory,
    ParticipationFactory,
    RecordReaderFactory,
    SchoolFactory,
    SessionFactory,
    SessionRecordFactory,
    StaffFactory,
)
from tests.helpers import url

WEEK = timedelta(weeks=1)


def pair_of(school, coach, teacher, state="finished"):
    """A private activity of two with a note of each, and a visit that took place."""
    activity = ActivityFactory(school=school, state=state, is_private=True)
    ParticipationFactory(school=school, activity=activity, staff=coach, role="coach")
    ParticipationFactory(school=school, activity=activity, staff=teacher, role="coachee")
    session = SessionFactory(school=school, activity=activity, prompts=["What did you see?"])
    AttendanceFactory(school=school, session=session, staff=teacher, was_present=True)
    for author, reader in ((coach, teacher), (teacher, coach)):
        record = SessionRecordFactory(school=school, session=session, author=author)
        RecordReaderFactory(school=school, record=record, staff=reader)
    return activity


@pytest.fixture
def coach(school):
    return StaffFactory(school=school)


@pytest.fixture
def pair(school, coach, teacher):
    return pair_of(school, coach, teacher)


def at(day):
    return datetime.combine(day, datetime.min.time(), tzinfo=clock.LONDON).replace(hour=3)


def night(school, day):
    """What the sweeps do of it in the night to this day: words first, then the deed."""
    with school_scope(school):
        for due in keeping.notes_that_end(school, at(day)):
            Reminder.objects.get_or_create(
                school=school, staff=due.staff, kind=keeping.NOTES,
                key=f"{keeping.NOTES}:{due.key}", object_id=due.object_id,
                defaults={"due_at": due.due_at},
            )  # fmt: skip
        keeping.look_after_notes(school, at(day))


def notes(school):
    with school_scope(school):
        return SessionRecord.objects.count()


def test_notes_go_twelve_weeks_after_the_end_and_not_a_day_before(school, pair):
    today = clock.today()
    night(school, today)
    for week in range(1, 12):
        night(school, today + week * WEEK)
    night(school, today + 12 * WEEK - timedelta(days=1))
    assert notes(school) == 2

    night(school, today + 12 * WEEK)

    assert notes(school) == 0
    with school_scope(school):
        assert not RecordReader.objects.exists()
        assert not NotesEnd.objects.exists()
        assert Session.objects.count() == 1
        assert Attendance.objects.count() == 1


def test_no_history_keeps_what_was_destroyed(school, pair):
    tracked = {model.pgh_tracked_model for model in pghistory.models.Event.__subclasses__()}

    assert SessionRecord not in tracked
    assert RecordReader not in tracked


def test_running_twice_is_running_once(school, pair):
    today = clock.today()
    for _ in range(2):
        for week in (0, 11, 12):
            night(school, today + week * WEEK)
            night(school, today + week * WEEK)

    assert notes(school) == 0


@pytest.mark.parametrize("state", ["draft", "planned", "under_way"])
def test_what_goes_on_keeps_its_notes(school, coach, teacher, state):
    pair_of(school, coach, teacher, state)

    for week in range(0, 30, 5):
        night(school, clock.today() + week * WEEK)

    assert notes(school) == 2


def test_reopened_it_keeps_its_notes_and_ended_again_it_counts_anew(school, pair):
    today = clock.today()
    night(school, today)
    with school_scope(school):
        pair.reopen()
    night(school, today + 12 * WEEK)
    with school_scope(school):
        assert not NotesEnd.objects.exists()
        pair.state = "closed"
        pair.save(update_fields=["state"])
    night(school, today + 13 * WEEK)

    with school_scope(school):
        assert NotesEnd.objects.get().on == today + 25 * WEEK
    assert notes(school) == 2


def test_cancelled_it_ends_as_well(school, coach, teacher):
    activity = pair_of(school, coach, teacher, "under_way")
    with school_scope(school):
        activity.cancel("One of them left")

    for week in (0, 11, 12):
        night(school, clock.today() + week * WEEK)

    assert notes(school) == 0


def test_both_are_told_a_week_before(school, pair, coach, teacher):
    today = clock.today()
    night(school, today)
    night(school, today + 11 * WEEK - timedelta(days=1))
    with school_scope(school):
        assert not Reminder.objects.exists()

    night(school, today + 11 * WEEK)

    with school_scope(school):
        told = Reminder.objects.filter(kind=keeping.NOTES)
        assert {one.staff_id for one in told} == {coach.pk, teacher.pk}
        letter = keeping.tell_of_the_end(told.get(staff=teacher))
    assert "are destroyed on" in letter.subject
    assert "Much" not in letter.text


def test_nobody_is_told_of_what_goes_on_again(school, pair):
    today = clock.today()
    night(school, today)
    night(school, today + 11 * WEEK)
    with school_scope(school):
        pair.reopen()
        keeping.look_after_notes(school, at(today + 11 * WEEK))

        assert all(keeping.tell_of_the_end(one) is None for one in Reminder.objects.all())


def test_after_a_standstill_people_are_told_first(school, pair):
    today = clock.today()
    night(school, today)

    night(school, today + 14 * WEEK)
    assert notes(school) == 2
    night(school, today + 14 * WEEK + timedelta(days=1))
    night(school, today + 15 * WEEK)

    assert notes(school) == 0


def test_another_school_is_untouched(school, pair):
    other = SchoolFactory()
    theirs = pair_of(other, StaffFactory(school=other), StaffFactory(school=other))
    NotesEndFactory(school=other, activity=theirs, on=clock.today() - WEEK)

    for week in (0, 11, 12):
        night(school, clock.today() + week * WEEK)

    assert notes(school) == 0
    assert notes(other) == 2


def test_notes_that_others_read_anyway_stay(school, pair):
    with school_scope(school):
        session = pair.sessions.get()
    SessionRecordFactory(school=school, session=session, is_private=False)

    for week in (0, 11, 12):
        night(school, clock.today() + week * WEEK)

    assert notes(school) == 1


def test_killed_half_way_all_of_it_is_left_for_the_next_night(school, pair, monkeypatch):
    today = clock.today()
    for week in (0, 11):
        night(school, today + week * WEEK)
    delete = QuerySet.delete

    def killed(rows):
        if rows.model is SessionRecord:
            delete(rows)
            raise DatabaseError("the machine went off")
        return delete(rows)

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "delete", killed)
        with pytest.raises(DatabaseError):
            night(school, today + 12 * WEEK)
    assert notes(school) == 2

    night(school, today + 12 * WEEK)

    assert notes(school) == 0


def test_the_sweep_knows_of_it():
    assert sweeps.WORKS["private notes"] is keeping.look_after_notes
    assert keeping.NOTES in reminders.KINDS


def test_the_pages_say_the_day(school, pair, teacher, sign_in):
    with school_scope(school):
        session = pair.sessions.get()
    client = sign_in(teacher)
    before = client.get(url(school, "activities:record", session.pk)).text
    NotesEndFactory(school=school, activity=pair, on=clock.today() + 3 * WEEK)

    shown = client.get(url(school, "activities:record", session.pk)).text

    day = clock.today() + 3 * WEEK
    assert "12 weeks after the activity is over these notes are destroyed" in before
    assert f"destroyed on {day.day} {day:%B %Y}" in shown
    page = client.get(url(school, "activities:activity", pair.pk)).text
    assert f"destroyed on {day.day} {day:%B %Y}" not in page  # no form, nothing said of it
